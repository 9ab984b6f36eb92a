using Cete.Simulation.World;

namespace Cete.Simulation.WorldTests;

public sealed class NemesisTests
{
    private static readonly NemesisOptions Busy = new()
    {
        Duration = TimeSpan.FromMinutes(5),
        DownMost = 2,
        Rates = [.. NemesisOptions.Everything(TimeSpan.FromSeconds(10)).Select(rate => rate with { AtOnce = 2 })],
    };

    [Fact]
    public void No_more_is_down_at_once_than_allowed_and_each_kind_comes()
    {
        var (kinds, downMost) = (new SortedSet<FaultKind>(), 0);
        Seeds.ForEach(20, seed =>
        {
            var world = Recorder.World(5, seed: seed);
            var nemesis = Nemesis.Unleash(world, Busy);
            kinds.UnionWith(nemesis.Schedule.Select(fault => fault.Kind));
            while (!nemesis.IsOver)
            {
                world.RunEvents(1);
                var down = world.Hosts.Count(host => !host.IsRunning);
                Assert.InRange(down, 0, 2);
                downMost = Math.Max(downMost, down);
            }

            foreach (var fault in nemesis.Schedule)
            {
                var holding = nemesis.Schedule.Where(other => other.At <= fault.At && other.Until > fault.At);
                Assert.All(holding.CountBy(other => other.Kind), count => Assert.InRange(count.Value, 1, 2));
                Assert.True(fault.Until <= Busy.Duration);
            }
        });
        Assert.Equal(Enum.GetValues<FaultKind>(), kinds);
        Assert.Equal(2, downMost);
    }

    [Fact]
    public void In_the_end_everything_is_healed()
    {
        Seeds.ForEach(20, seed =>
        {
            var world = Recorder.World(5, seed: seed);
            var (calm, nemesis) = (world.Network.Defaults, Nemesis.Unleash(world, Busy));
            world.RunUntil(nemesis.End);
            Assert.True(nemesis.IsOver);
            Assert.Empty(world.Network.Partitions);
            Assert.Equal(calm, world.Network.Defaults);
            Assert.All(world.Hosts, host => Assert.True(
                host is { IsUp: true, IsRunning: true, IsPaused: false, Disk: { IsFull: false, StopAtOperation: 0 }, Clock.DriftPpm: 0 }));
            Assert.All(world.Hosts, host => Assert.InRange(host.Clock.Offset.TotalMinutes, -1, 1));

            // All reach all, at once.
            foreach (var (from, to) in world.Hosts.SelectMany(from => world.Hosts.Where(to => to != from).Select(to => (from, to))))
            {
                to.ProcessAs<Recorder>().Datagrams.Clear();
                from.Send(to.Id, SimMessage.Of("hello"));
                world.RunFor(TimeSpan.FromMilliseconds(1));
                Assert.Single(to.ProcessAs<Recorder>().Datagrams);
            }

            var told = world.Trace.Lines().Count(line => nemesis.Schedule.Any(fault => line.EndsWith($"Fault {fault}", StringComparison.Ordinal)));
            Assert.Equal(nemesis.Schedule.Count, told);
        });
    }

    [Fact]
    public void Changing_one_rate_leaves_the_other_kinds_as_they_were()
    {
        var options = Busy with { Rates = [new(FaultKind.Pause, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2))] };
        var alone = Nemesis.Unleash(Recorder.World(5), options).Schedule;
        var more = Nemesis.Unleash(Recorder.World(5), options with
        {
            Rates = [new(FaultKind.Clog, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)), .. options.Rates],
        }).Schedule;
        Assert.Equal(alone.Select(Plain), more.Where(fault => fault.Kind == FaultKind.Pause).Select(Plain));
        Assert.NotEmpty(alone);
    }

    private static (TimeSpan At, TimeSpan Until, int Host) Plain(Fault fault) => (fault.At, fault.Until, fault.Host);
}
