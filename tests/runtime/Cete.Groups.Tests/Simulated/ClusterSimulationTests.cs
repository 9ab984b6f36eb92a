using System.Globalization;
using Cete.Core;
using Cete.Groups.Tests.Support;
using Microsoft.Data.Sqlite;
using Xunit.Sdk;

namespace Cete.Groups.Tests.Simulated;

/// <summary>Several replicas on one thread from one seed: crashes, cut and slow networks, full disks, wrong clocks, members that come and go.</summary>
public sealed class ClusterSimulationTests
{
    private static readonly int Seeds = int.Parse(Environment.GetEnvironmentVariable("CETE_CLUSTER_SEEDS") ?? "60", CultureInfo.InvariantCulture);
    private static readonly int First = int.Parse(Environment.GetEnvironmentVariable("CETE_CLUSTER_FIRST") ?? "1", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Nothing_answered_is_lost_nothing_is_done_twice_and_all_replicas_come_out_alike(int nodes)
    {
        var (crashes, snapshots, reads) = (0, 0, 0);
        for (var seed = First; seed < First + Seeds; seed++)
        {
            try
            {
                using var cluster = new SimCluster(new Prng((ulong)(seed + (1_000_000 * nodes))), new ClusterOptions { Nodes = nodes });
                cluster.Run();
                (crashes, snapshots, reads) = (crashes + cluster.Crashes, snapshots + cluster.Snapshots, reads + cluster.Reads);
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed} with {nodes} nodes: {error}");
            }
        }

        Assert.True(crashes > Seeds && snapshots > Seeds / 10 && reads > Seeds, $"{crashes} crashes, {snapshots} snapshots and {reads} reads are too few");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Nodes_of_two_versions_come_out_alike_and_raise_the_level_when_the_last_one_is_new(int nodes)
    {
        var (raised, mixed) = (0, 0);
        for (var seed = First; seed < First + Seeds; seed++)
        {
            try
            {
                // Some are new from the beginning, the others from their next start on; nobody goes back.
                var versions = new int[nodes];
                var chance = new Prng((ulong)seed);
                for (var node = 0; node < nodes; node++)
                {
                    versions[node] = chance.Chance(1, 3) ? 2 : 1;
                }

                var starts = new int[nodes];
                var options = new ClusterOptions
                {
                    Nodes = nodes,

                    // Whoever is made a member behind the new level must be new: that is refused, and not this test's matter.
                    MembersChange = false,
                    Machine = node => new NotesMachine(starts[node]++ == 0 ? versions[node] : versions[node] = 2),
                };
                using var cluster = new SimCluster(new Prng((ulong)(seed + (1_000_000 * nodes))), options);
                cluster.Run();
                (raised, mixed) = (raised + (cluster.Level == 2 ? 1 : 0), mixed + (cluster.Level == 1 && versions.Contains(2) ? 1 : 0));
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed} with {nodes} nodes: {error}");
            }
        }

        Assert.True(raised > 0 && mixed > 0, $"{raised} runs came to the new level, {mixed} stayed at the old one with new nodes in them: too few");
    }

    /// <summary>Seeds that found what was wrong with an earlier version.</summary>
    [Theory]
    [InlineData(3, 1028)]
    [InlineData(5, 1028)]
    [InlineData(3, 1126)]
    [InlineData(5, 1126)]
    public void What_was_wrong_once_is_not_wrong_again(int nodes, int seed)
    {
        using var cluster = new SimCluster(new Prng((ulong)(seed + (1_000_000 * nodes))), new ClusterOptions { Nodes = nodes });
        cluster.Run();
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        var runs = Enumerable.Range(0, 2).Select(_ =>
        {
            using var cluster = new SimCluster(new Prng(77), new ClusterOptions());
            cluster.Run();
            return (cluster.Crashes, cluster.Steps, cluster.Snapshots, cluster.State);
        }).ToList();
        Assert.Equal(runs[0], runs[1]);
    }

    [Fact]
    public void A_snapshot_without_the_remembered_replies_is_noticed() =>
        IsNoticed(new ClusterOptions { Tamper = snapshot => Run(snapshot, "DELETE FROM cete_replies; DELETE FROM cete_sessions") });

    [Fact]
    public void A_snapshot_without_the_members_is_noticed() =>
        IsNoticed(new ClusterOptions { Tamper = snapshot => Run(snapshot, "DELETE FROM cete_members") });

    [Fact]
    public void A_snapshot_whose_feed_is_written_twice_is_noticed() =>
        IsNoticed(new ClusterOptions { Tamper = snapshot => Run(snapshot, "INSERT INTO cete_feed SELECT position + 1, at, type, body FROM cete_feed") });

    [Fact]
    public void A_feed_that_keeps_what_was_rolled_back_is_noticed() =>
        IsNoticed(new ClusterOptions { Machine = _ => new NotesMachine { CountsInMemory = true } });

    private static void Run(SqliteConnection connection, string script)
    {
        using var command = connection.CreateCommand();
        command.CommandText = script;
        command.ExecuteNonQuery();
    }

    private static void IsNoticed(ClusterOptions options)
    {
        for (var seed = 1; seed <= 100; seed++)
        {
            try
            {
                using var cluster = new SimCluster(new Prng((ulong)seed), options);
                cluster.Run();
            }
            catch (XunitException)
            {
                return;
            }
        }

        Assert.Fail("nobody noticed");
    }
}
