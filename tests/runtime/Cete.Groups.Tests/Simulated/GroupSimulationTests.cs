using System.Globalization;
using System.Text;
using Cete.Core;
using Cete.Groups.Store;
using Cete.Groups.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Cete.Groups.Tests.Simulated;

/// <summary>The production actors of a group on a stepped dispatcher, with crashes, full disks and a wrong clock (DESIGN.md §9).</summary>
public sealed class GroupSimulationTests
{
    private static readonly int Seeds = int.Parse(Environment.GetEnvironmentVariable("CETE_SEEDS") ?? "300", CultureInfo.InvariantCulture);

    [Fact]
    public void Nothing_answered_is_lost_and_nothing_is_carried_out_twice()
    {
        var crashes = 0;
        ForEachSeed(1, Seeds, chance =>
        {
            using var node = new SimNode(chance, new SimOptions { CrashesPerMille = chance.Next(30), FaultsPerMille = chance.Next(40) });
            node.Run();
            CheckNotes(node);
            crashes += node.Crashes;
        });
        Assert.True(crashes > Seeds, $"{crashes} crashes are too few to mean anything");
    }

    [Fact]
    public void A_group_that_is_told_to_begin_does_so_once_whenever_the_node_is_killed()
    {
        var (crashes, begun) = (0, 0);
        ForEachSeed(30_001, Seeds / 6, chance =>
        {
            using var node = new SimNode(chance, new SimOptions { CrashesPerMille = chance.Next(30), FaultsPerMille = chance.Next(40), IsToldToBegin = true });
            node.Run();
            CheckNotes(node);
            Assert.Null(node.Refused);
            Assert.InRange(node.Begun, 0, 1);
            Assert.Equal(new Lineage(1, 1), node.Status.Lineage);
            (crashes, begun) = (crashes + node.Crashes, begun + node.Begun);
        });

        // Killed between the two, it has begun and never said so.
        Assert.True(crashes > Seeds / 6 && begun > Seeds / 12, $"{crashes} crashes, {begun} answers");
    }

    [Fact]
    public void The_same_entries_give_the_same_store_however_they_are_cut_into_batches() => ForEachSeed(10_001, Seeds / 3, chance =>
    {
        using var node = new SimNode(chance, new SimOptions());
        node.Run();
        CheckReplicas(node, chance);
    });

    [Fact]
    public void So_do_entries_over_weeks_in_which_sessions_and_events_are_dropped() => ForEachSeed(20_001, 2, chance =>
    {
        using var node = new SimNode(chance, new SimOptions { Clients = 4, CommandsPerClient = 900, CrashesPerMille = 1, JumpMax = TimeSpan.FromHours(2) });
        node.Run();
        Assert.True(node.Disk.Entries.Count > 1_024, $"{node.Disk.Entries.Count} entries are too few for a sweep");
        Assert.Contains("feed_dropped", node.Stores.Dump(), StringComparison.Ordinal);
        CheckReplicas(node, chance);
    });

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        var runs = Enumerable.Range(0, 2).Select(_ =>
        {
            using var node = new SimNode(new Prng(77), new SimOptions());
            node.Run();
            return (node.Crashes, node.Disk.Entries.Count, Hash256.Of(Encoding.UTF8.GetBytes(node.Stores.Dump())));
        }).ToList();
        Assert.Equal(runs[0], runs[1]);
    }

    private static void ForEachSeed(int first, int count, Action<Prng> run)
    {
        for (var seed = first; seed < first + count; seed++)
        {
            try
            {
                run(new Prng((ulong)seed));
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}: {error}");
            }
        }
    }

    private static void CheckNotes(SimNode node)
    {
        using var sql = new SqlSession(node.Stores.Current);
        var notes = sql.Query(
            "SELECT writer, text, at, log_index FROM notes ORDER BY log_index",
            row => (Writer: row.GetString(0), Text: row.GetString(1), At: row.GetInt64(2), Index: row.GetInt64(3)));
        foreach (var client in node.Clients)
        {
            Assert.Equal(client.Notes, notes.Where(note => note.Writer == client.Name).Select(note => note.Text));
        }

        Assert.Equal(node.Clients.Sum(client => client.Notes.Count()), notes.Count);
        Assert.Equal(notes.Select(note => note.At).Order(), notes.Select(note => note.At));

        var events = FeedOf(sql);
        Assert.Equal(notes.Select(note => note.Index * FeedTable.EventsPerCommandMax), events);
    }

    private static List<long> FeedOf(SqlSession sql) => sql.Query("SELECT position FROM cete_feed ORDER BY position", row => row.GetInt64(0));

    /// <summary>Two replicas get the whole log in pieces of their own, some of which fail half way and are tried again.</summary>
    private static void CheckReplicas(SimNode node, Prng chance)
    {
        var dump = node.Stores.Dump();
        for (var i = 0; i < 2; i++)
        {
            var machine = new NotesMachine();
            using var stores = new SimStores(chance.Split());
            using var replica = ReplicaStore.Open(SimNode.Group, stores.Open(SimNode.Group).Value, machine).Value;
            replica.Found(SimNode.Id, () => new Lineage(1, 1));
            while (replica.Applied < node.Disk.Entries.Count)
            {
                machine.FullCommands = chance.Chance(1, 10) ? 1 : 0;
                try
                {
                    replica.Apply([.. node.Disk.Entries.Skip((int)replica.Applied).Take(1 + chance.Next(60))]);
                }
                catch (SqliteException full)
                {
                    Assert.Equal(13, full.SqliteErrorCode);
                }
            }

            Assert.Equal(dump, stores.Dump());
        }
    }
}
