using Cete.Core;
using Cete.Simulation.World;

namespace Cete.Simulation.WorldTests;

public sealed class MachineDriverTests
{
    [Fact]
    public void Effects_are_carried_out_in_order_and_what_they_cause_comes_after_them()
    {
        var (done, now) = (new List<string>(), new Instant(7));
        MachineDriver<int, string> driver = null!;
        driver = new(new Countdown(), () => now, effect =>
        {
            done.Add(effect);
            if (effect.StartsWith("send 2", StringComparison.Ordinal))
            {
                driver.Step(1);
                done.Add("sent");
            }
        });
        driver.Step(2);
        Assert.Equal(["persist 2 at 7", "send 2", "sent", "apply 2", "persist 1 at 7", "send 1", "apply 1"], done);
    }

    private sealed class Countdown : IMachine<int, string>
    {
        public void Step(in int input, Instant now, EffectSink<string> effects)
        {
            effects.Add($"persist {input} at {now.Microseconds}");
            effects.Add($"send {input}");
            effects.Add($"apply {input}");
        }
    }
}
