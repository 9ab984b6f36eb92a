using System.Net;
using Cete.Core;
using Cete.Ledger;
using Cete.Swarm;
using Cete.Testing;

namespace Cete.Net.Tests.Payments;

/// <summary>Downloads that are paid, over real connections, by honest ones.</summary>
public sealed class PaidDownloadTests : IAsyncLifetime
{
    private const int Length = (40 * TestContent.PieceLength) + 77;
    private readonly TestContent _content = TestContent.Make(Length, 5);
    private readonly PaidWorld _world = new();
    private PaidNode _one = null!;
    private PaidNode _two = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static long Cost => Credits.CostOf(Length, Credits.Micro);

    public async ValueTask InitializeAsync() =>
        (_one, _two) = (await PaidNode.StartAsync(_world, _world.Bank, _content), await PaidNode.StartAsync(_world, _world.Bank, _content));

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task TwoProvidersArePaidForWhatTheySentAndNothingMore()
    {
        await using (var payer = _world.NewPayer(_content))
        {
            var done = await _world.DownloadAsync(payer, _content, [_one.Peer(_world).ToUri(), _two.Peer(_world).ToUri()]);
            Assert.True(done.Succeeded, done.Failure?.Message);
        }

        Assert.Equal((1, true), (_world.Bank.Opened, _world.Bank.IsClosed));
        Assert.Empty(_world.Book.All());
        Assert.Equal(2, _world.Bank.Earned.Count(pair => pair.Value > 0));

        // Sums of lanes are rounded down, each by less than one micro-credit.
        Assert.InRange(_world.EarnedInAll(), Cost - 2, Cost);
    }

    [Fact]
    public async Task LeavesThatAreHereAlreadyAreNotPaidAgain()
    {
        const int Here = 5 * Merkle.LeafSize;
        var leaves = LeafHashes.Of(0, _content.Piece(0).Span, Length, TestContent.PieceLength);
        using var target = _world.Contents.Begin(_content.Manifest).Value;
        Assert.False(target.WriteLeaves(leaves, 0, _content.Bytes.Span[..Here]).Value);
        await using (var payer = _world.NewPayer(_content))
        {
            var done = await _world.DownloadAsync(payer, _content, [_one.Peer(_world).ToUri()]);
            Assert.True(done.Succeeded, done.Failure?.Message);
        }

        Assert.Equal(Credits.CostOf(Length - Here, Credits.Micro), _world.EarnedInAll());
    }

    [Fact]
    public async Task OneProviderAtTheWebDoorIsPaidToo()
    {
        await using (var payer = _world.NewPayer(_content))
        {
            var done = await _world.DownloadAsync(payer, _content, [_one.Web]);
            Assert.True(done.Succeeded, done.Failure?.Message);
        }

        Assert.Equal(Cost, _world.EarnedInAll());
        Assert.Equal(Cost, _world.Bank.Earned[LedgerAddress.Node(_one.Id)]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EachLaneNamesTheAuthorUnlessHisAccountIsGone(bool isGone)
    {
        var author = new AccountId(new byte[AccountId.Size]);
        _world.Bank.Gone = isGone ? author : null;
        await using (var payer = _world.NewPayer(_content, author: author))
        {
            var done = await _world.DownloadAsync(payer, _content, [_one.Web, _two.Web]);
            Assert.True(done.Succeeded, done.Failure?.Message);
        }

        AccountId? named = isGone ? null : author;
        Assert.Equal([named, named], _world.Bank.Authors);
        Assert.InRange(_world.EarnedInAll(), Cost - 2, Cost);
    }

    [Fact]
    public async Task OpenLanesGoOnWhileTheBankIsAwayAndItIsSettledAfterwards()
    {
        var small = TestContent.Make(12 * TestContent.PieceLength, 6);
        await using var node = await PaidNode.StartAsync(_world, _world.Bank, small);
        await using (var payer = _world.NewPayer(small))
        {
            var done = await _world.DownloadAsync(payer, small, [node.Web], _ => _world.Bank.IsAway = true);
            Assert.True(done.Succeeded, done.Failure?.Message);
        }

        // The payer could not tell the bank that it has ended; whoever pays next does.
        Assert.True(_world.Book.All().Single().IsClosing);
        var cost = Credits.CostOf(small.Bytes.Length, Credits.Micro);
        _world.Bank.IsAway = false;
        await Eventually.TrueAsync(() => _world.Bank.Earned.Values.Sum() > 0, "the provider hands in what it has");
        await using (var payer = _world.NewPayer(_content))
        {
            Assert.True((await _world.DownloadAsync(payer, _content, [_one.Web])).Succeeded);
        }

        Assert.Empty(_world.Book.All());
        Assert.Equal(cost + Cost, _world.EarnedInAll());
    }

    [Fact]
    public async Task WithoutABankNothingIsAskedForAndWithAPriceOfNothingNeither()
    {
        _world.Bank.Price = 0;
        await using var free = await PaidNode.StartAsync(_world, null, _content);
        foreach (var node in (PaidNode[])[free, _one])
        {
            using var http = new HttpClient { BaseAddress = node.Web };
            Assert.Equal(_content.Bytes.ToArray(), await http.GetByteArrayAsync(_content.Path, Cancel));
        }

        Assert.True((await _world.DownloadAsync(null, _content, [_one.Peer(_world).ToUri(), free.Web])).Succeeded);
        Assert.Equal(0, _world.Bank.Opened);
    }

    [Fact]
    public async Task WhoPaysWouldBeAskedForNothingWhereNothingIsAskedFor()
    {
        await using var free = await PaidNode.StartAsync(_world, null, _content);
        await using var payer = _world.NewPayer(_content);
        Assert.True((await _world.DownloadAsync(payer, _content, [free.Web])).Succeeded);
        Assert.Equal((0, 0), (_world.Bank.Opened, payer.Promised));
    }

    [Fact]
    public async Task NoMoreIsSpentThanMayBe()
    {
        await using (var payer = _world.NewPayer(_content, max: 2 * Credits.Micro))
        {
            var failure = (await _world.DownloadAsync(payer, _content, [_one.Web])).Failure;
            Assert.Equal(FailureKind.Unpaid, failure?.Kind);
            Assert.Contains("may be spent", failure!.Message, StringComparison.Ordinal);
        }

        Assert.InRange(_world.EarnedInAll(), Credits.Micro, 2 * Credits.Micro);
        await using (var payer = _world.NewPayer(TestContent.Make(1, 1), max: 0))
        {
            Assert.Contains("--max-price", (await _world.DownloadAsync(payer, _content, [_one.Web])).Failure!.Message, StringComparison.Ordinal);
        }

        Assert.Contains("cete get", (await _world.DownloadAsync(null, _content, [_one.Web])).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoppedItClosesItsChannelAndTheRestGoesBack()
    {
        using var stop = new CancellationTokenSource();
        await using (var payer = _world.NewPayer(_content))
        {
            Assert.Equal(FailureKind.Cancelled, (await _world.DownloadAsync(payer, _content, [_one.Web], _ => stop.Cancel(), stop.Token)).Failure!.Kind);
        }

        Assert.True(_world.Bank.IsClosed);
        Assert.InRange(_world.EarnedInAll(), Credits.Micro / 4, Cost - 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AProviderThatStartsAnewGoesOnWithItsLanes(bool isCrash)
    {
        var pieces = 0;
        await using (var payer = _world.NewPayer(_content))
        {
            Task restart = Task.CompletedTask;
            var done = await _world.DownloadAsync(
                payer, _content, [_one.Web], _ => restart = ++pieces == 10 ? _one.RestartTillAsync(_world, isCrash) : restart);
            Assert.True(done.Succeeded, done.Failure?.Message);
            await restart;
        }

        Assert.Equal(Cost, _world.EarnedInAll());
    }

    [Fact]
    public async Task APayerThatStartsAnewGoesOnWithItsChannel()
    {
        using var stop = new CancellationTokenSource();
        var (pieces, killed) = (0, _world.NewPayer(_content));
        await _world.DownloadAsync(killed, _content, [_one.Web], _ => (++pieces == 9 ? stop : new CancellationTokenSource()).Cancel(), stop.Token);
        await using (var payer = _world.NewPayer(_content))
        {
            var done = await _world.DownloadAsync(payer, _content, [_one.Web]);
            Assert.True(done.Succeeded, done.Failure?.Message);
        }

        Assert.Equal(1, _world.Bank.Opened);

        // What came and was not promised when it ended is lost to the provider: a window, and no more.
        Assert.InRange(_world.EarnedInAll(), Cost - (4 * Credits.Micro), Cost + (4 * Credits.Micro));
    }

    [Fact]
    public async Task AChannelThatEndedMeanwhileIsReplaced()
    {
        using var stop = new CancellationTokenSource();
        await _world.DownloadAsync(_world.NewPayer(_content), _content, [_one.Web], _ => stop.Cancel(), stop.Token);
        _world.Bank.Expire();
        await using var payer = _world.NewPayer(_content);
        Assert.True((await _world.DownloadAsync(payer, _content, [_one.Web])).Succeeded);
        Assert.Equal(1, _world.Bank.Opened);
    }

    [Fact]
    public async Task AskingAboutAContentIsFreeAndSoAreNodes()
    {
        using var http = new HttpClient { BaseAddress = _one.Web };
        using var head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, _content.Path), Cancel);
        Assert.Equal((HttpStatusCode.OK, Length), (head.StatusCode, head.Content.Headers.ContentLength));
        using var request = new HttpRequestMessage(HttpMethod.Get, _content.Path) { Headers = { { "Test-Free", "1" } } };
        using var free = await http.SendAsync(request, Cancel);
        Assert.Equal(_content.Bytes.ToArray(), await free.Content.ReadAsByteArrayAsync(Cancel));
    }
}
