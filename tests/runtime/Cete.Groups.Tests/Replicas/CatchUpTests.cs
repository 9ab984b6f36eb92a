using Cete.Core;
using Cete.Groups.Tests.Support;
using Cete.Ports;
using Cete.Storage;
using Cete.Storage.Log;
using Cete.Storage.State;
using Cete.Testing;

namespace Cete.Groups.Tests.Replicas;

/// <summary>A replica that was away for so long that only a snapshot brings it up to date.</summary>
public sealed class CatchUpTests : IDisposable
{
    /// <summary>A checkpoint with each batch, so that nothing stays in the log.</summary>
    private static readonly GroupSettings Compacting = Cluster.Quick with { CheckpointBytes = 1 };

    private readonly Workspace _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_catches_up_by_a_snapshot_while_others_read_from_it()
    {
        await using var cluster = await ClusterAsync();
        var away = await FallBehindAsync(cluster);
        var back = cluster.Start(away);
        await Eventually.TrueAsync(() => back.Group.Status.IsOpen, "it is back");
        using var enough = new CancellationTokenSource();
        var reading = ReadOnAsync(back, enough.Token);
        await Eventually.TrueAsync(() => back.Group.Status.Applied >= cluster.Running.First().Group.Status.Applied, "it has caught up");
        enough.Cancel();
        Assert.True(await reading > 0);
        Assert.True(await InstalledAtAsync(back) > 0, "it was by a snapshot");
        Assert.Equal("101", await back.AddAsync("a 100"));
        Assert.Equal("1", await back.AddAsync("b 0", new RequestId("s", 1)));
        await cluster.ConvergeAsync();
    }

    [Fact]
    public async Task It_catches_up_although_its_source_dies_half_way()
    {
        await using var cluster = await ClusterAsync();
        var away = await FallBehindAsync(cluster, noteLength: 50_000);
        var root = await cluster.RootAsync();
        var pieces = 0;
        cluster.Network.Answering = (from, answer) =>
            IsPiece(answer) && from == root.Id && Interlocked.Increment(ref pieces) > 1 ? new Failure(FailureKind.Unavailable, "it is gone") : answer;
        var back = cluster.Start(away);
        await Eventually.TrueAsync(() => Volatile.Read(ref pieces) > 1, "it has begun to fetch");
        await cluster.StopAsync(root.Number);
        await Eventually.TrueAsync(() => back.Group.Status.Applied > 100, "it has caught up");
        Assert.True(await InstalledAtAsync(back) > 0, "it was by a snapshot");
        cluster.Start(root.Number);
        await cluster.ConvergeAsync();
    }

    [Fact]
    public async Task A_torn_snapshot_is_refused_and_leaves_the_store_as_it_was()
    {
        await using var cluster = await ClusterAsync();
        var away = await FallBehindAsync(cluster);
        var torn = 0;
        cluster.Network.Answering = (_, answer) =>
            IsPiece(answer) && Volatile.Read(ref torn) < 3 && Interlocked.Increment(ref torn) > 0 ? Torn(answer) : answer;
        var back = cluster.Start(away);
        await Eventually.TrueAsync(() => Volatile.Read(ref torn) == 3, "it was sent torn ones");
        await cluster.ConvergeAsync();
        Assert.True(await InstalledAtAsync(back) > 0, "a whole one came at last");
    }

    [Fact]
    public async Task It_goes_on_after_a_crash_between_the_snapshot_and_the_end_of_its_old_log()
    {
        await using var cluster = await ClusterAsync();
        var away = await FallBehindAsync(cluster);
        using var snapshot = new MemoryStream();
        var lineage = (await cluster.RootAsync()).Group.Status.Lineage;
        var index = (await (await cluster.RootAsync()).Group.SnapshotAsync(snapshot, TestContext.Current.CancellationToken)).Value;

        // As the store actor does it; what would follow is the log's reset.
        snapshot.Position = 0;
        var stores = new SqliteStateStores(Path.Combine(_folder.Path, $"{away}", "groups"));
        var restored = stores.Restore(
            GroupId.Of("notes"), snapshot, connection => Store.ReplicaStore.Inspect(connection, index, 0, lineage, new NotesMachine()));
        Assert.True(restored.Succeeded, restored.Failure?.ToString());
        var back = cluster.Start(away);
        Assert.Equal("101", await back.AddAsync("a 100"));
        await cluster.ConvergeAsync();
    }

    [Fact]
    public async Task It_goes_on_after_such_a_crash_with_entries_in_its_log_that_were_never_committed()
    {
        await using var cluster = await ClusterAsync();
        var away = await FallBehindAsync(cluster);
        using var snapshot = new MemoryStream();
        var lineage = (await cluster.RootAsync()).Group.Status.Lineage;
        var index = (await (await cluster.RootAsync()).Group.SnapshotAsync(snapshot, TestContext.Current.CancellationToken)).Value;
        using (var log = SegmentLog.Open(new PhysicalFiles(), Path.Combine(_folder.Path, $"{away}", "log")).Value)
        {
            // A leader by itself, it had written far beyond what others had.
            var bounds = log.Bounds(GroupId.Of("notes"));
            for (var i = bounds.Last + 1; i <= index + 10; i++)
            {
                log.Append(new LogEntry(GroupId.Of("notes"), i, bounds.LastTerm, new byte[] { 1 }));
            }

            Assert.Null(log.Sync());
        }

        snapshot.Position = 0;
        var stores = new SqliteStateStores(Path.Combine(_folder.Path, $"{away}", "groups"));
        Assert.True(stores.Restore(
            GroupId.Of("notes"), snapshot, connection => Store.ReplicaStore.Inspect(connection, index, 0, lineage, new NotesMachine())).Succeeded);
        var back = cluster.Start(away);
        Assert.Equal("101", await back.AddAsync("a 100"));
        await cluster.ConvergeAsync();
    }

    private Task<Cluster> ClusterAsync() => Cluster.OfVotersAsync(_folder.Path, 3, _ => new NodeParts { Settings = Compacting });

    /// <summary>Stops a replica that does not lead, and has the others write, in later terms, and compact their logs.</summary>
    private static async Task<int> FallBehindAsync(Cluster cluster, int noteLength = 0)
    {
        var root = await cluster.RootAsync();
        Assert.Equal("1", await root.AddAsync("b 0", new RequestId("s", 1)));
        var away = cluster.Running.First(node => node != root).Number;
        await cluster.StopAsync(away);
        var other = cluster.Running.First(node => node != root);
        await LeadAsync(cluster, other);
        for (var i = 0; i < 100; i++)
        {
            await other.AddAsync($"a {i} {new string('x', noteLength)}", new RequestId("t", i + 1));
        }

        // A follower keeps no entries for others, a leader those of members that were just there.
        await Eventually.TrueAsync(() => root.Group.Status.Applied == other.Group.Status.Applied, "both have all");
        await LeadAsync(cluster, root);
        await root.AddAsync("b 1");
        await Eventually.TrueAsync(() => root.Group.Status.Applied == other.Group.Status.Applied, "both have all");
        return away;
    }

    private static Task LeadAsync(Cluster cluster, ClusterNode node) => Eventually.TrueAsync(
        async () =>
        {
            var root = await cluster.RootAsync();
            if (root != node)
            {
                await root.Group.TransferAsync(node.Id);
            }

            return root == node;
        },
        "it leads");

    private static async Task<int> ReadOnAsync(ClusterNode node, CancellationToken cancellation)
    {
        var (reads, newest) = (0, 0);
        while (!cancellation.IsCancellationRequested)
        {
            var notes = await node.NotesAsync(ReadLevel.Local);
            Assert.True(notes.Count >= newest, "what was read once is there");
            (reads, newest) = (reads + 1, notes.Count);
        }

        return reads;
    }

    private static async Task<long> InstalledAtAsync(ClusterNode node) =>
        (await node.Group.ReadAsync(sql => sql.Scalar<long>("SELECT value FROM cete_meta WHERE name = 'installed'"), ReadLevel.Local)).Value;

    private static bool IsPiece(Outcome<ReadOnlyMemory<byte>> answer) =>
        answer.Succeeded && !Proto.GroupResponse.Parser.ParseFrom(answer.Value.Span).Piece.IsEmpty;

    private static Outcome<ReadOnlyMemory<byte>> Torn(Outcome<ReadOnlyMemory<byte>> answer)
    {
        var response = Proto.GroupResponse.Parser.ParseFrom(answer.Value.Span);
        var piece = response.Piece.ToByteArray();
        piece[piece.Length / 2] ^= 0x40;
        response.Piece = Google.Protobuf.ByteString.CopyFrom(piece);
        return (ReadOnlyMemory<byte>)Google.Protobuf.MessageExtensions.ToByteArray(response);
    }
}
