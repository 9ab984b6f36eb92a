using Cete.Core;
using Cete.Swarm.Planning;

namespace Cete.Swarm.Tests.Planning;

public sealed class HostileReportsTests
{
    [Fact]
    public void Three_independent_reporters_shun_a_liar_for_a_time()
    {
        var bench = Swarm(out var accusers);
        Accuse(bench, accusers[0], "a");
        Accuse(bench, accusers[1], "a");
        Accuse(bench, accusers[2], "b");
        Assert.NotEmpty(bench.Announce(1).Neighbours);
        Accuse(bench, accusers[3], "c");
        Assert.Empty(bench.Announce(1).Neighbours);
        Assert.DoesNotContain(1, PlannerBench.Numbers(bench.Announce(accusers[5])));

        bench.Now += TimeSpan.FromMinutes(11);
        bench.Announce(2);
        Assert.NotEmpty(bench.Announce(1).Neighbours);
    }

    [Fact]
    public void Who_accuses_is_not_given_the_liar_again()
    {
        var bench = Swarm(out var accusers);
        Accuse(bench, accusers[0], "a");
        for (var i = 0; i < 10; i++)
        {
            Assert.DoesNotContain(1, PlannerBench.Numbers(bench.Announce(accusers[0])));
        }
    }

    [Fact]
    public void Slander_of_who_was_no_neighbour_has_no_effect()
    {
        var bench = Swarm(out var accusers);
        var strangers = Enumerable.Range(2, 60).Except(accusers).ToList();
        for (var i = 0; i < 5; i++)
        {
            Accuse(bench, strangers[i], $"s{i}");
        }

        Assert.NotEmpty(bench.Announce(1).Neighbours);
        bench.Announce(2, bench.Report() with { Liars = [PlannerBench.Key(999)], Reporter = "x" });
    }

    [Fact]
    public void One_report_names_few_liars()
    {
        var bench = Swarm(out _);
        var all = Enumerable.Range(1, 61).Select(PlannerBench.Key).ToList();
        var before = PlannerBench.Numbers(bench.Announce(2)).ToHashSet();
        bench.Announce(2, bench.Report() with { Liars = [.. before.Select(PlannerBench.Key), .. all], Reporter = "x" });
        var after = PlannerBench.Numbers(bench.Announce(2));
        Assert.InRange(before.Count(peer => !after.Contains(peer)), 1, 8 + 4);
    }

    [Fact]
    public void Rates_counts_and_wishes_beyond_all_bounds_do_no_harm()
    {
        var bench = new PlannerBench(8);
        bench.Whole(0);
        for (var peer = 1; peer <= 50; peer++)
        {
            var report = bench.Report() with
            {
                Uplink = peer % 2 == 0 ? long.MaxValue : long.MinValue,
                Slots = peer % 3 == 0 ? int.MaxValue : int.MinValue,
                NeighboursMax = peer % 5 == 0 ? int.MaxValue : peer % 5 == 1 ? int.MinValue : 20,
            };
            for (var again = 0; again < 3; again++)
            {
                Assert.InRange(bench.Announce(peer, report).Neighbours.Count, 0, 20);
            }
        }
    }

    [Fact]
    public void More_peers_than_the_bound_get_neighbours_and_take_no_memory()
    {
        var bench = new PlannerBench(8, new PlannerSettings { PeersMax = 10 });
        for (var peer = 0; peer < 30; peer++)
        {
            var answer = bench.Announce(peer);
            Assert.True(peer < 10 || answer.Neighbours.Count > 0);
        }

        Assert.Equal(10, bench.Planner.Peers.Count);
        bench.Now += TimeSpan.FromSeconds(4);
        bench.Announce(29);
        Assert.Equal(29, Assert.Single(bench.Planner.Peers, peer => peer.Have == 0) is { } left ? PlannerBench.NumberOf(left.Key) : -1);
    }

    [Fact]
    public void A_map_that_flips_back_and_forth_leaves_the_counts_right()
    {
        var bench = new PlannerBench(100);
        var chance = new Prng(5);
        for (var i = 0; i < 2_000; i++)
        {
            var peer = chance.Next(10);
            bench.Announce(peer, bench.Report([.. Enumerable.Range(0, 100).Where(_ => chance.Chance(1, 3))]) with { IsLeaving = chance.Chance(1, 4) });
            if (chance.Chance(1, 10))
            {
                bench.Planner.Leave(PlannerBench.Key(chance.Next(10)));
            }
        }

        for (var peer = 0; peer < 10; peer++)
        {
            bench.Planner.Leave(PlannerBench.Key(peer));
        }

        bench.Announce(20, 7);
        bench.Announce(21, 7, 8);
        bench.Now += TimeSpan.FromSeconds(1);
        Assert.Equal([8, 7], bench.Announce(22).Rarest.Take(2));
        Assert.False(bench.Announce(20, 7).IsAskedToStay);
        Assert.True(bench.Announce(21, 7, 8).IsAskedToStay);
    }

    /// <summary>Peers 1 to 61 of which all lack all; who has peer 1 as neighbour.</summary>
    private static PlannerBench Swarm(out int[] accusers)
    {
        var bench = new PlannerBench(8);
        bench.Whole(0);
        for (var round = 0; round < 2; round++)
        {
            for (var peer = 1; peer <= 61; peer++)
            {
                bench.Announce(peer);
            }
        }

        accusers = [.. PlannerBench.Numbers(bench.Announce(1)).Where(peer => peer != 0)];
        Assert.True(accusers.Length >= 8);
        return bench;
    }

    private static void Accuse(PlannerBench bench, int accuser, string reporter) =>
        bench.Announce(accuser, bench.Report() with { Liars = [PlannerBench.Key(1)], Reporter = reporter });
}
