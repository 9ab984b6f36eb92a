using Cete.Core;

namespace Cete.Simulation.World;

/// <summary>
/// Runs a machine in a process: steps it with a host's clock, then has its effects carried out in order. What an effect
/// causes at once is stepped when all effects of the step before are done, as a mailbox would have it.
/// </summary>
public sealed class MachineDriver<TInput, TEffect>(IMachine<TInput, TEffect> machine, Func<Instant> clock, Action<TEffect> carryOut)
{
    private readonly EffectSink<TEffect> _effects = new();
    private readonly Queue<TInput> _inputs = new();
    private bool _isStepping;

    /// <summary>Gives the machine an input.</summary>
    public void Step(in TInput input)
    {
        _inputs.Enqueue(input);
        if (_isStepping)
        {
            return;
        }

        _isStepping = true;
        while (_inputs.TryDequeue(out var next))
        {
            machine.Step(next, clock(), _effects);
            foreach (var effect in _effects.Effects)
            {
                carryOut(effect);
            }

            _effects.Clear();
        }

        _isStepping = false;
    }
}
