using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Transfer.Tests;

public sealed class PublisherTests
{
    private const int Piece = PieceLengths.Shortest;
    private readonly MemoryFiles _files = new();
    private readonly MemoryNode _node = new();
    private readonly List<PublishProblem> _problems = [];
    private PublishProgress _progress = new();

    [Fact]
    public async Task SmallFilesAreFiledInBatchesAndSameContentIsSentOnce()
    {
        var items = Enumerable.Range(0, 450).Select(i => _files.Add($"f{i}", 100, (ulong)(i % 300))).ToList();
        Assert.True((await PutAsync(items)).Succeeded);
        Assert.Equal([200, 200, 50], _node.Batches);
        Assert.Equal(450, _node.Entries.Count);
        Assert.Equal((450, 45_000, 30_000, 150), (_progress.Files, _progress.Bytes, _progress.SentBytes, _progress.KnownFiles));
        Assert.True((await PutAsync(items)).Succeeded);
        Assert.Equal((0, 450, 450), (_progress.SentBytes, _progress.Unchanged, _progress.KnownFiles));
    }

    [Theory]
    [InlineData(FailureKind.Conflict)]
    [InlineData(FailureKind.Invalid)]
    [InlineData(FailureKind.TooLarge)]
    [InlineData(FailureKind.NotFound)]
    [InlineData(FailureKind.Forbidden)]
    public async Task OneEntryThatCannotBeFiledKeepsNoOtherOut(FailureKind kind)
    {
        _node.WhenFiling = items => items.Any(item => item.Path.Name == "f7") ? new Failure(kind, "clash") : null;
        Assert.True((await PutAsync(Enumerable.Range(0, 20).Select(i => _files.Add($"f{i}", 10, (ulong)i)))).Succeeded);
        Assert.Equal(19, _node.Entries.Count);
        Assert.Equal("/in/f7", Assert.Single(_problems).Path);
    }

    [Fact]
    public async Task ABatchThatIsTooLargeIsFiledOneByOne()
    {
        _node.WhenFiling = items => items.Count > 1 ? new Failure(FailureKind.TooLarge, "more than 4 MiB") : null;
        Assert.True((await PutAsync(Enumerable.Range(0, 20).Select(i => _files.Add($"f{i}", 10, (ulong)i)))).Succeeded);
        Assert.Equal(20, _node.Entries.Count);
        Assert.Empty(_problems);
    }

    [Theory]
    [InlineData(FailureKind.Unavailable)]
    [InlineData(FailureKind.Full)]
    public async Task ANodeThatFailsInTheMiddleEndsItAndWhatWasFiledStays(FailureKind kind)
    {
        var left = 2;
        _node.WhenFiling = _ => left-- > 0 ? null : new Failure(kind, "gone");
        var outcome = await PutAsync(Enumerable.Range(0, 900).Select(i => _files.Add($"f{i}", 10, (ulong)i)));
        Assert.Equal(kind, outcome.Failure?.Kind);
        Assert.Equal(400, _node.Entries.Count);
        _node.WhenFiling = _ => null;
        Assert.True((await PutAsync(Enumerable.Range(0, 900).Select(i => _files.Add($"f{i}", 10, (ulong)i)))).Succeeded);
        Assert.Equal(900, _node.Entries.Count);
        Assert.Equal(400, _progress.Unchanged);
    }

    [Fact]
    public async Task AContentThatTheNodeRefusesIsNamedAndTheOthersGoOn()
    {
        var bad = _files.Add("bad", 10, 5);
        var root = Merkle.HashContent(_files.Open(bad).Value.ReadAll().Value);
        _node.WhenPutting = r => r == root ? new Failure(FailureKind.Damaged, "changed on its way") : null;
        Assert.True((await PutAsync([bad, .. Enumerable.Range(0, 300).Select(i => _files.Add($"f{i}", 10, (ulong)i + 100))])).Succeeded);
        Assert.Equal(300, _node.Entries.Count);
        Assert.Equal("/disk/bad", Assert.Single(_problems).Path);
        Assert.Equal(301, _progress.Files);
    }

    [Fact]
    public async Task ASmallFileThatChangesWhileItIsReadIsLeftOut()
    {
        var item = _files.Add("log", 10, 5);
        _files.Restless.Add(item.Path);
        Assert.True((await PutAsync([item, _files.Add("other", 10, 6)])).Succeeded);
        Assert.Equal(FailureKind.Conflict, Assert.Single(_problems).Failure.Kind);
        Assert.Equal(["/in/other"], _node.Entries.Keys);
    }

    [Theory]
    [InlineData("same.txt", "same.txt")]
    [InlineData("caf\u00e9", "cafe\u0301")]
    public async Task TwoFilesForOnePathDoNotReplaceEachOtherSilently(string one, string two)
    {
        var first = _files.Add($"a/{one}", 10, 1);
        var second = _files.Add($"b/{two}", 10, 2) with { Relative = ["a", two] };
        Assert.True((await PutAsync([first, second])).Succeeded);
        Assert.Equal($"/disk/b/{two}", Assert.Single(_problems).Path);
        Assert.Single(_node.Entries);
    }

    [Fact]
    public async Task AnUploadThatBrokeOffIsGoneOnWith()
    {
        var item = _files.Add("big", (10 * Piece) + 5, 1);
        _node.BreaksAfter = 6 * Piece;
        Assert.Equal(FailureKind.Unavailable, (await PutAsync([item])).Failure?.Kind);
        Assert.True((await PutAsync([item])).Succeeded);
        Assert.Equal((4 * Piece) + 5, _progress.SentBytes);
        Assert.Equal((10 * Piece) + 5, _progress.Bytes);
    }

    [Fact]
    public async Task AFileThatChangedAfterItsUploadBrokeOffTwiceIsPutInAsItIsNow()
    {
        var content = new byte[10 * Piece];
        var item = _files.Add("disk.img", content);
        _node.BreaksAfter = 4 * Piece;
        Assert.False((await PutAsync([item])).Succeeded);
        _node.BreaksAfter = 6 * Piece;
        Assert.False((await PutAsync([item])).Succeeded);
        content[^1] = 1;
        Assert.True((await PutAsync([item])).Succeeded);
        Assert.Empty(_problems);
        Assert.Equal((await _files.Open(item).Value.HashAsync(_ => { }, TestContext.Current.CancellationToken)).Value.Root, _node.Entries["/in/disk.img"]);
    }

    [Fact]
    public async Task WhenAnotherPutEndsTheUploadTheContentIsKnown()
    {
        var item = _files.Add("big", 3 * Piece, 1);
        (_node.LosesUpload, _node.MayKnow) = (true, true);
        Assert.True((await PutAsync([item])).Succeeded);
        Assert.Empty(_problems);
        Assert.Single(_node.Entries);
    }

    [Fact]
    public async Task ALargeFileThatKeepsChangingIsLeftOut()
    {
        var item = _files.Add("log", 3 * Piece, 1);
        _files.Restless.Add(item.Path);
        Assert.True((await PutAsync([item])).Succeeded);
        Assert.Equal(FailureKind.Conflict, Assert.Single(_problems).Failure.Kind);
        Assert.Empty(_node.Entries);
    }

    [Fact]
    public async Task CancellingEndsItBeforeTheNextFile()
    {
        using var stop = new CancellationTokenSource();
        var outcome = await PutAsync(Items(), stop.Token);
        Assert.Equal(FailureKind.Cancelled, outcome.Failure?.Kind);

        IEnumerable<LocalItem> Items()
        {
            yield return _files.Add("a", 2 * Piece, 1);
            stop.Cancel();
            yield return _files.Add("b", 2 * Piece, 2);
        }
    }

    private async Task<Outcome<bool>> PutAsync(IEnumerable<LocalItem> items, CancellationToken? stop = null)
    {
        _progress = new PublishProgress();
        var publisher = new Publisher(_files, _node);
        var order = new PublishOrder(EntryPath.Parse("/in").Value, string.Empty, []);
        var outcome = await publisher.PublishAsync(items, order, _progress, stop ?? TestContext.Current.CancellationToken);
        _problems.AddRange(publisher.Problems);
        return outcome;
    }
}
