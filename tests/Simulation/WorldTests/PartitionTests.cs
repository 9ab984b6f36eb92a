using Cete.Simulation.World;

namespace Cete.Simulation.WorldTests;

public sealed class PartitionTests
{
    [Fact]
    public void Groups_reach_their_own_and_the_rest_is_a_group_too()
    {
        var world = Recorder.World(6);
        var partition = world.Network.Partition([0, 1], [2, 3]);
        Assert.Equal(["0>1", "1>0", "2>3", "3>2", "4>5", "5>4"], Reached(world));
        partition.Heal();
        Assert.Equal(30, Reached(world).Count);
    }

    [Fact]
    public void A_cut_one_way_leaves_the_way_back_open()
    {
        var world = Recorder.World(3);
        world.Network.CutOneWay([0], [1, 2]);
        Assert.Equal(["1>0", "1>2", "2>0", "2>1"], Reached(world));
    }

    [Fact]
    public void Two_that_do_not_reach_each_other_may_both_reach_a_third()
    {
        var world = Recorder.World(3);
        world.Network.Cut(0, 1);
        Assert.Equal(["0>2", "1>2", "2>0", "2>1"], Reached(world));
    }

    [Fact]
    public void Partitions_overlap_and_heal_one_by_one()
    {
        var world = Recorder.World(3);
        var alone = world.Network.Isolate(0);
        var cut = world.Network.Cut(1, 2);
        Assert.Empty(Reached(world));
        alone.Heal();
        Assert.False(alone.IsActive);
        Assert.Equal(["0>1", "0>2", "1>0", "2>0"], Reached(world));
        Assert.True(cut.IsActive);
        world.Network.HealPartitions();
        Assert.Equal(6, Reached(world).Count);
    }

    [Fact]
    public void What_is_on_its_way_when_the_cut_comes_is_lost_and_healing_does_not_bring_it_back()
    {
        var world = Recorder.World(2, delayMs: 10);
        world.Hosts[0].Send(1, SimMessage.Of("on its way"));
        world.RunFor(TimeSpan.FromMilliseconds(5));
        var cut = world.Network.Cut(0, 1);
        world.RunFor(TimeSpan.FromMilliseconds(10));
        world.Hosts[0].Send(1, SimMessage.Of("into the cut"));
        cut.Heal();
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Empty(Recorder.Of(world, 1).Datagrams);
    }

    /// <summary>Who reaches whom when all send to all.</summary>
    private static List<string> Reached(SimWorld world)
    {
        foreach (var from in world.Hosts)
        {
            from.ProcessAs<Recorder>().Datagrams.Clear();
            foreach (var to in world.Hosts.Where(to => to != from))
            {
                from.Send(to.Id, SimMessage.Of("hello"));
            }
        }

        world.RunFor(TimeSpan.FromSeconds(1));
        return [.. world.Hosts
            .SelectMany(to => to.ProcessAs<Recorder>().Datagrams.Select(datagram => $"{datagram.From}>{to.Id}"))
            .Order(StringComparer.Ordinal)];
    }
}
