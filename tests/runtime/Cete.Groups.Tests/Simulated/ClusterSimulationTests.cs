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
