using Cete.Consensus;
using Cete.Core;
using Cete.Simulation.World;

namespace Cete.Simulation.Consensus;

/// <summary>
/// A group in which nothing happens: it is heard of seldom, a leader that is well stays, one that is gone is missed in time, and whoever asks wakes it.
/// </summary>
internal static class RaftQuiescence
{
    private const int Happenings = 8;

    private static readonly RaftSettings Settings = new()
    {
        QuiesceAfter = TimeSpan.FromSeconds(1),
        QuiescentInterval = TimeSpan.FromSeconds(5),
    };

    /// <summary>Time for elections, of which some find no majority.</summary>
    private static readonly TimeSpan Elections = TimeSpan.FromSeconds(15);

    public static void Quiet(SimWorld world, RaftRules rules)
    {
        var link = RaftOptions.Fast with { LossPpm = 0 };
        var voters = world.Seed % 2 == 0 ? 3 : 5;
        var cluster = new RaftCluster(world, new RaftOptions
        {
            Voters = voters,
            Spares = 1,
            Clients = 2,
            Rules = rules,
            SlowSyncPercent = 0,
            Settings = Settings,
            Link = link,
        });
        world.StartAll();
        cluster.Await(() => cluster.Leader?.Machine.MayChangeTo(cluster.First) == true, Elections, "somebody leads");
        cluster.Leader!.Give(new ConsensusInput.ChangeMembers(cluster.First.WithLearner(RaftCluster.IdOf(voters))));
        for (var i = 0; i < Happenings; i++)
        {
            cluster.IsIdle = true;
            AwaitQuiescence(cluster);
            Happen(cluster, world.TestChance.Next(7));
        }

        cluster.IsIdle = false;
        cluster.Converge();
    }

    /// <summary>The usual faults, while nobody asks for anything for seconds.</summary>
    public static void Seldom(SimWorld world, RaftRules rules)
    {
        var settings = new RaftSettings
        {
            QuiesceAfter = TimeSpan.FromMilliseconds(300),
            QuiescentInterval = TimeSpan.FromMilliseconds(1_500),
            HeartbeatInterval = TimeSpan.FromMilliseconds(50),
            ElectionTimeout = TimeSpan.FromMilliseconds(300),
        };
        var options = new RaftOptions
        {
            Voters = world.Seed % 2 == 0 ? 3 : 5,
            Spares = 1,
            Rules = rules,
            Clients = 2,
            ThinkMilliseconds = 4_000,
            Settings = settings,
            RumourMilliseconds = world.Seed % 3 == 0 ? 5_000 : 0,
        };
        RaftScenarios.Run(world, options, every: 4, cluster => new RaftAdministrator(cluster, 5_000).Start());
    }

    private static void AwaitQuiescence(RaftCluster cluster) => cluster.Await(
        () => cluster.Disagreement() is null && cluster.Clients.All(host => !host.ProcessAs<RaftClient>().IsOpen)
            && cluster.Running.All(process => process.Machine.IsQuiescent),
        TimeSpan.FromSeconds(30),
        "nobody asks, and all members are quiescent");

    private static void Happen(RaftCluster cluster, int what)
    {
        var (world, leader) = (cluster.World, cluster.Leader!);
        var others = cluster.Servers.Where(host => host != leader.Host).OrderBy(_ => world.TestChance.NextBits()).ToList();
        switch (what)
        {
            case 0:
                IsSeldomHeard(cluster);
                StaysLeader(cluster, leader, "of whom nobody wanted anything");
                break;
            case 1:
                world.Kill(leader.Host);
                AwaitOther(cluster, leader, Settings.QuiescentTimeout + Elections, "nobody said that the old one is gone");
                world.Start(leader.Host);
                break;
            case 2:
                world.Kill(leader.Host);
                foreach (var told in others.Where((_, i) => i == 0 || world.TestChance.Chance(1, 2)))
                {
                    told.ProcessAs<RaftProcess>().Give(new ConsensusInput.PeerGone(leader.Id));
                }

                AwaitOther(cluster, leader, Elections, "some were told that the old one is gone");
                world.Start(leader.Host);
                break;
            case 3:
                var cut = world.Network.Isolate(others[0].Id);
                world.RunFor(TimeSpan.FromMilliseconds(world.TestChance.Next(30_000)));
                cut.Heal();
                StaysLeader(cluster, leader, "when one was back who was cut off");
                break;
            case 4:
                world.Kill(others[0]);
                world.Start(others[0]);
                cluster.Await(() => others[0].ProcessAs<RaftProcess>().Machine.Leader == leader.Id, Elections, "who began anew knows the leader");
                StaysLeader(cluster, leader, "when another began anew");
                break;
            case 5:
                Ask(cluster);
                cluster.IsIdle = true;
                world.RunFor(TimeSpan.FromMilliseconds(world.TestChance.Next(1_500)));
                cut = world.Network.CutOneWay([leader.Host.Id], [.. others.Select(host => host.Id)]);
                world.RunFor(Settings.ElectionTimeout * 2 / 3);
                cut.Heal();
                StaysLeader(cluster, leader, "whom nobody heard for a moment");
                break;
            case 6:
                Ask(cluster);
                break;
        }
    }

    private static void IsSeldomHeard(RaftCluster cluster)
    {
        const int rounds = 12;
        var before = cluster.Sent;
        cluster.World.RunFor(Settings.QuiescentInterval * rounds);

        // Rounds and their answers; one who was cut off may miss the leader once, and wake the group.
        var waking = (int)(Settings.QuiesceAfter / Settings.HeartbeatInterval) + 2;
        var most = (rounds + 1 + waking) * 2 * (cluster.Servers.Count - 1);
        Check.That(cluster.Sent - before <= most, $"{cluster.Sent - before} messages of a quiescent group in {rounds} intervals");
    }

    private static void StaysLeader(RaftCluster cluster, RaftProcess leader, string after)
    {
        AwaitQuiescence(cluster);
        Check.That(cluster.Leader == leader, $"a leader was lost without a fault of its own, {after}");
    }

    private static void AwaitOther(RaftCluster cluster, RaftProcess leader, TimeSpan within, string where) =>
        cluster.Await(() => cluster.Leader is { } other && other != leader, within, $"another leads where {where}");

    private static void Ask(RaftCluster cluster)
    {
        var before = cluster.Clients.Select(host => host.ProcessAs<RaftClient>().Answered).ToList();
        cluster.IsIdle = false;
        cluster.Await(
            () => cluster.Clients.Index().All(client => client.Item.ProcessAs<RaftClient>().Answered > before[client.Index]),
            Elections,
            "a quiescent group answers");
    }
}
