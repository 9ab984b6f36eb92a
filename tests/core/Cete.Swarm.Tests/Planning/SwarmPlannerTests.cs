using Cete.Swarm.Planning;

namespace Cete.Swarm.Tests.Planning;

public sealed class SwarmPlannerTests
{
    [Fact]
    public void With_slots_free_no_chain_forms_and_with_the_last_one_taken_the_next_one_joins_it()
    {
        var bench = new PlannerBench(4);
        Assert.Empty(bench.Whole(0, slots: 2).Neighbours);
        Assert.Equal([0], PlannerBench.Numbers(bench.Announce(1)));
        Assert.Equal([0], PlannerBench.Numbers(bench.Announce(2)));
        Assert.False(bench.Planner.IsHot);

        Assert.Contains(PlannerBench.Numbers(bench.Announce(3)), peer => peer is 1 or 2);
        Assert.True(bench.Planner.IsHot);
        Assert.Contains(3, PlannerBench.Numbers(bench.Announce(1)));
    }

    [Fact]
    public void A_source_that_reports_before_it_hears_of_those_that_were_sent_to_it_has_no_more_slots_than_before()
    {
        var bench = new PlannerBench(4);
        bench.Whole(0, slots: 1);
        Assert.Equal([0], PlannerBench.Numbers(bench.Announce(1)));
        bench.Whole(0, slots: 1);
        Assert.Equal([1], PlannerBench.Numbers(bench.Announce(2)));
        Assert.True(bench.Planner.IsHot);
    }

    [Fact]
    public void Neighbours_are_mutual_and_no_more_than_each_wants()
    {
        var bench = new PlannerBench(16);
        bench.Whole(0);
        for (var round = 0; round < 3; round++)
        {
            for (var peer = 1; peer <= 200; peer++)
            {
                bench.Announce(peer, bench.Report() with { NeighboursMax = peer % 7 == 0 ? 5 : 20 });
            }
        }

        var lists = Enumerable.Range(1, 200).ToDictionary(
            peer => peer, peer => PlannerBench.Numbers(bench.Announce(peer, bench.Report() with { NeighboursMax = peer % 7 == 0 ? 5 : 20 })));
        foreach (var (peer, list) in lists)
        {
            Assert.InRange(list.Length, 4, peer % 7 == 0 ? 5 : 20);
            Assert.DoesNotContain(peer, list);
            Assert.Equal(list.Length, list.Distinct().Count());
        }

        // An announce may change another one's list, but few of them.
        var oneSided = lists.Sum(pair => pair.Value.Count(other => other != 0 && !lists[other].Contains(pair.Key)));
        Assert.InRange(oneSided, 0, 40);
    }

    [Fact]
    public void Who_does_not_announce_is_forgotten_and_replaced_at_once()
    {
        var bench = new PlannerBench(4, new PlannerSettings { NeighboursMax = 2 });
        bench.Whole(0);
        for (var peer = 1; peer <= 6; peer++)
        {
            bench.Announce(peer);
        }

        var before = PlannerBench.Numbers(bench.Announce(1));
        bench.Now += TimeSpan.FromSeconds(2);
        int[] stay = [0, 1, .. Enumerable.Range(2, 5).Except(before)];
        foreach (var peer in stay)
        {
            _ = peer == 0 ? bench.Whole(0) : bench.Announce(peer);
        }

        bench.Now += TimeSpan.FromSeconds(2);
        var after = PlannerBench.Numbers(bench.Announce(1));
        Assert.Equal(2, after.Length);
        Assert.All(after, peer => Assert.Contains(peer, stay));
        Assert.Equal(stay.Length, bench.Planner.Peers.Count);

        bench.Planner.Leave(PlannerBench.Key(after[0]));
        Assert.DoesNotContain(after[0], PlannerBench.Numbers(bench.Announce(1)));
    }

    [Fact]
    public void The_rarest_pieces_that_a_peer_lacks_come_first()
    {
        var bench = new PlannerBench(4);
        bench.Announce(1, 0, 1, 2);
        bench.Announce(2, 0, 1);
        bench.Announce(3, 0);
        bench.Now += TimeSpan.FromSeconds(1);
        Assert.Equal([2, 1, 0], bench.Announce(4).Rarest.Take(3));
        Assert.Equal([2, 1], bench.Announce(3, 0).Rarest.Take(2));
        Assert.Empty(bench.Whole(9).Rarest);
        Assert.InRange(new PlannerBench(1_000).Announce(1).Rarest.Count, 0, 64);
    }

    [Fact]
    public void Who_has_a_last_copy_is_asked_to_stay_also_when_two_go_at_once()
    {
        var bench = new PlannerBench(4);
        bench.Announce(1, 0);
        Assert.True(bench.Announce(2, 1).IsAskedToStay);
        Assert.True(bench.Announce(1, bench.Report(0) with { IsLeaving = true }).IsAskedToStay);
        bench.Announce(3, 0);
        Assert.False(bench.Announce(1, bench.Report(0) with { IsLeaving = true }).IsAskedToStay);
        Assert.True(bench.Announce(3, bench.Report(0) with { IsLeaving = true }).IsAskedToStay);
        Assert.True(bench.Announce(1, bench.Report(0) with { IsLeaving = true }).IsAskedToStay);
    }

    [Fact]
    public void Nobody_is_asked_to_stay_for_nobody()
    {
        var bench = new PlannerBench(4);
        Assert.False(bench.Whole(0).IsAskedToStay);
    }

    [Fact]
    public void The_only_whole_one_super_seeds_until_each_piece_has_another_copy()
    {
        var bench = new PlannerBench(2);
        Assert.True(bench.Whole(0).IsSuperSeeding);
        bench.Announce(1, 0);
        Assert.True(bench.Whole(0).IsSuperSeeding);
        bench.Announce(2, 1);
        Assert.False(bench.Whole(0).IsSuperSeeding);
        bench.Planner.Leave(PlannerBench.Key(2));
        bench.Whole(3);
        Assert.False(bench.Whole(0).IsSuperSeeding);
    }

    [Fact]
    public void A_planner_that_comes_back_empty_builds_the_swarm_again()
    {
        var (first, second) = (new PlannerBench(8), new PlannerBench(8, seed: 2));
        foreach (var bench in (PlannerBench[])[first, second])
        {
            bench.Whole(0);
            for (var round = 0; round < 2; round++)
            {
                for (var peer = 1; peer <= 30; peer++)
                {
                    bench.Announce(peer);
                }
            }

            Assert.True(bench.Announce(7).Neighbours.Count >= 18);
        }
    }

    [Fact]
    public void Poor_neighbourhoods_are_evened_out()
    {
        var bench = new PlannerBench(8);
        bench.Whole(0);
        for (var round = 0; round < 20; round++)
        {
            for (var peer = 1; peer <= 200; peer++)
            {
                bench.Announce(peer, bench.Report() with { Uplink = peer % 2 == 0 ? 600_000 : 6_000_000 });
            }
        }

        var fast = Enumerable.Range(1, 200).Select(peer => PlannerBench.Numbers(
            bench.Announce(peer, bench.Report() with { Uplink = peer % 2 == 0 ? 600_000 : 6_000_000 })).Count(other => other % 2 == 1)).ToList();
        Assert.InRange(fast.Min(), 7, 20);
    }

    [Fact]
    public void Some_neighbours_are_near_ones_and_not_all()
    {
        var bench = new PlannerBench(8);
        bench.Whole(0);
        for (var round = 0; round < 3; round++)
        {
            for (var peer = 1; peer <= 300; peer++)
            {
                bench.Announce(peer, bench.Report() with { Near = peer % 30 == 0 ? "here" : peer % 30 == 1 ? new string('x', 100) : string.Empty });
            }
        }

        var near = PlannerBench.Numbers(bench.Announce(30, bench.Report() with { Near = "here" })).Count(peer => peer % 30 == 0 && peer > 0);
        Assert.InRange(near, 3, 12);
    }
}
