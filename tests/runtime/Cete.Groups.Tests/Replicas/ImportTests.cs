using System.Globalization;
using System.Text;
using Cete.Core;
using Cete.Groups.Tests.Simulated;
using Cete.Groups.Tests.Support;
using Cete.Testing;
using Google.Protobuf;

namespace Cete.Groups.Tests.Replicas;

/// <summary>A group that imports another one's feed, over real disks: <c>counts</c> is on the first node, <c>sums</c> on the second.</summary>
public sealed class ImportTests : IDisposable
{
    private readonly Workspace _folder = new();
    private int _written;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_there_before_and_what_comes_after_is_imported_once_across_restarts()
    {
        await using var cluster = Open();
        await SameAsync(cluster);
        await AddAsync(cluster, 5);
        await SameAsync(cluster);
        await cluster.StopAsync(1);
        await AddAsync(cluster, 5);
        cluster.Start(1);
        await SameAsync(cluster);
        await cluster.StopAsync(0);
        cluster.Start(0);
        await AddAsync(cluster, 5);
        await SameAsync(cluster);
        var import = await ImportAsync(cluster);
        Assert.Equal((SumsMachine.Source, false, null), (import.Source, import.IsScanning, import.Failure));
        Assert.All(cluster.Running, node => Assert.Empty(node.Failures));
    }

    [Fact]
    public async Task Both_may_be_on_one_node_that_knows_nobody_else()
    {
        await using var cluster = new Cluster(_folder.Path, 1, _ => new NodeParts
        {
            MachineOf = name => name == "counts" ? new SourceMachine() : new SumsMachine(),
            Groups = ["counts", "sums"],
            Roles = ["counts", "sums"],
        });
        await Eventually.TrueAsync(() => cluster[0]["counts"].Status.IsRoot, "it begins");
        Assert.True((await SubmitAsync(cluster[0]["counts"], "added", "c1 5;c2 6")).Succeeded);
        await Eventually.TrueAsync(async () => await ShowAsync(cluster[0]["sums"]) == "c1=5 c2=6", "it is imported");
    }

    [Fact]
    public async Task A_scan_of_many_pieces_and_what_is_written_meanwhile_come_to_the_same()
    {
        await using var cluster = Open(startImporter: false);

        // Three pieces and more, of a mebibyte each.
        foreach (var batch in Enumerable.Range(0, 4_000).Chunk(500))
        {
            var text = string.Join(';', batch.Select(i => string.Create(CultureInfo.InvariantCulture, $"{i:D5}{new string('x', 900)} {i}")));
            Assert.True((await SubmitAsync(cluster[0].Group, "added", text)).Succeeded);
        }

        cluster.Start(1);
        while (await ShowAsync(cluster[1].Group) is { Length: 0 } or null)
        {
            await AddAsync(cluster, 1);
        }

        await AddAsync(cluster, 10);
        await SameAsync(cluster);
    }

    [Fact]
    public async Task A_bad_event_stops_the_import_and_says_so_and_the_group_goes_on()
    {
        await using var cluster = Open();
        await AddAsync(cluster, 3);
        await SameAsync(cluster);
        var good = await ShowAsync(cluster[1].Group);
        Assert.True((await SubmitAsync(cluster[0].Group, "odd", "c1 5")).Succeeded);
        await Eventually.TrueAsync(
            async () => (await ImportAsync(cluster)).Failure?.Message.EndsWith("'odd' of group 'counts': no such event", StringComparison.Ordinal) == true,
            "it is said");
        await AddAsync(cluster, 3);
        Assert.True((await SubmitAsync(cluster[1].Group, "added", "own 1")).Value.Result.Succeeded);
        Assert.Equal(good, await ShowAsync(cluster[1].Group));
        Assert.Null(cluster[1].Group.Status.Failure);
        Assert.Empty(cluster[1].Failures);
    }

    [Fact]
    public async Task Who_may_not_read_the_source_is_refused_and_says_so()
    {
        await using var cluster = Open(readers: "others");
        await AddAsync(cluster, 1);
        await Eventually.TrueAsync(async () => (await ImportAsync(cluster)).Failure is { Kind: FailureKind.Forbidden }, "it is refused");
        Assert.Equal(string.Empty, await ShowAsync(cluster[1].Group));
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("scan cut")]
    [InlineData("scan of another")]
    [InlineData("feed back")]
    [InlineData("feed large")]
    [InlineData("feed long")]
    public async Task A_source_that_lies_is_not_believed_and_when_it_tells_the_truth_all_is_well(string lie)
    {
        await using var cluster = Open(startImporter: false);
        await AddAsync(cluster, 2);
        var isFeed = lie.StartsWith("feed", StringComparison.Ordinal);
        if (isFeed)
        {
            cluster.Start(1);
            await SameAsync(cluster);
        }

        var lies = 0;
        cluster.Network.Answering = (_, answer) => answer.Succeeded && Lie(lie, answer.Value) is { } told && ++lies > 0 ? (ReadOnlyMemory<byte>)told : answer;
        if (!isFeed)
        {
            cluster.Start(1);
        }

        await AddAsync(cluster, 2);
        await Eventually.TrueAsync(() => lies > 3, "it lies");
        Assert.Null(cluster[1].Group.Status.Failure);
        cluster.Network.Answering = null;
        await SameAsync(cluster);
        Assert.Empty(cluster[1].Failures);
    }

    [Fact]
    public async Task While_imports_are_paused_nothing_is_imported_and_writes_go_on()
    {
        await using var cluster = Open();
        await AddAsync(cluster, 2);
        await SameAsync(cluster);
        var before = await ShowAsync(cluster[1].Group);
        var since = (await cluster[1].Group.PauseImportsAsync(TimeSpan.FromMinutes(10), Cancel)).Value;
        Assert.True(since > 0);
        await AddAsync(cluster, 2);
        Assert.True((await SubmitAsync(cluster[1].Group, "added", "own 1")).Value.Result.Succeeded);
        Assert.Equal(since, (await cluster[1].Group.PauseImportsAsync(TimeSpan.FromMinutes(10), Cancel)).Value);
        Assert.Equal(before, await ShowAsync(cluster[1].Group));

        // A group that imports nothing has nothing to pause.
        Assert.Equal(0, (await cluster[0].Group.PauseImportsAsync(TimeSpan.FromMinutes(10), Cancel)).Value);
        Assert.Equal(since, (await cluster[1].Group.PauseImportsAsync(TimeSpan.Zero, Cancel)).Value);
        await SameAsync(cluster);
        Assert.NotEqual(since, (await cluster[1].Group.PauseImportsAsync(TimeSpan.Zero, Cancel)).Value);
    }

    [Fact]
    public void No_client_can_hand_in_what_only_the_root_proposes()
    {
        var forged = GroupCodec.ToWire(ClientCommand.Of(new Proto.Import { Source = "counts", Begins = true }));
        Assert.Null(GroupCodec.ToClient(forged));
        forged.Import = null;
        Assert.NotNull(GroupCodec.ToClient(forged));
    }

    private static byte[]? Lie(string lie, ReadOnlyMemory<byte> answer)
    {
        if (lie == "rubbish")
        {
            return Encoding.UTF8.GetBytes("nothing that anybody could read");
        }

        var told = Proto.GroupResponse.Parser.ParseFrom(answer.Span);
        switch (lie)
        {
            case "scan cut" when told.SnapshotLength > 0:
                told.Piece = ByteString.CopyFrom(told.Piece.Span[..^1]);
                told.SnapshotLength--;
                break;
            case "scan of another" when told.SnapshotLength > 0:
                told.Piece = ByteString.CopyFrom([.. told.Piece.Span[..2], 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, .. told.Piece.Span[2..]]);
                told.SnapshotLength += 5;
                break;
            case "feed back" when told.Feed is { Events.Count: > 0 }:
                told.Feed.Events[0].Position = 1;
                break;
            case "feed large" when told.Feed is { Events.Count: > 0 }:
                told.Feed.Events[0].Body = ByteString.CopyFrom(new byte[Limits.EventBytesMax + 1]);
                break;
            case "feed long" when told.Feed is { Events.Count: > 0 }:
                var first = told.Feed.Events[0].Position;
                told.Feed.Events.Add(Enumerable.Range(1, Limits.PageItemsMax).Select(i => new Proto.Event { Position = first + i, Type = "added" }));
                break;
            default:
                return null;
        }

        return told.ToByteArray();
    }

    private static Task<Outcome<CommandReply>> SubmitAsync(IGroup group, string type, string body) =>
        group.SubmitAsync(new ClientCommand(type, Encoding.UTF8.GetBytes(body), Asker.Local), Cancel);

    private static async Task<string?> ShowAsync(IGroup group)
    {
        var shown = await group.ReadAsync(CountersMachine.Show, ReadLevel.Local, Cancel);
        return shown.Succeeded ? shown.Value : null;
    }

    private static async Task<ImportStatus> ImportAsync(Cluster cluster)
    {
        ImportStatus? import = null;
        await Eventually.TrueAsync(async () => (import = (await cluster[1].Group.DescribeAsync(Cancel)).Imports.SingleOrDefault()) is not null, "it imports");
        return import!;
    }

    private static Task SameAsync(Cluster cluster) =>
        Eventually.TrueAsync(async () => await ShowAsync(cluster[0].Group) is { } there && await ShowAsync(cluster[1].Group) == there, "both have the same");

    private async Task AddAsync(Cluster cluster, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var reply = await SubmitAsync(cluster[0].Group, "added", string.Create(CultureInfo.InvariantCulture, $"c{_written % 3} {1 + (_written % 7)};d 1"));
            Assert.True(reply.Succeeded, reply.Failure?.ToString());
            _written++;
        }
    }

    private Cluster Open(bool startImporter = true, string readers = "sums")
    {
        NodeParts Parts(int node) => node == 0
            ? new NodeParts { Machine = () => new SourceMachine { Readers = readers }, Groups = ["counts"], Roles = ["counts"] }
            : new NodeParts { Machine = () => new SumsMachine(), Groups = ["sums"], Roles = ["sums"], Founds = ["sums"] };
        return new Cluster(_folder.Path, startImporter ? 2 : 1, Parts, capacity: 2);
    }
}
