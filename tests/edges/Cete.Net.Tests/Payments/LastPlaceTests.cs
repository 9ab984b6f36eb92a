using System.Net;
using Cete.Api;
using Cete.Core;
using Cete.Ledger;
using Cete.Ledger.Channels;
using Cete.Testing;

namespace Cete.Net.Tests.Payments;

/// <summary>Who has too few credits, where the community lets him come last: he gets what others leave.</summary>
public sealed class LastPlaceTests : IAsyncLifetime
{
    private const int Pieces = 256;
    private readonly TestContent _content = TestContent.Make(Pieces * TestContent.PieceLength, 5);
    private readonly PaidWorld _world = new();
    private PaidNode _node = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _node = await PaidNode.StartAsync(_world, _world.Bank, _content);
        _http = new HttpClient { BaseAddress = _node.Web };
        _world.Bank.ServesUnpaid = true;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _node.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WithoutCreditsADownloadIsServedLastWhereThatWasDecidedAndElseRefused(bool isDecided)
    {
        _world.Bank.ServesUnpaid = isDecided;
        _world.Bank.Price = PaidWorld.Plenty;
        await using var payer = _world.NewPayer(_content, max: 100 * PaidWorld.Plenty);
        var done = await _world.DownloadAsync(payer, _content, [_node.Web]);
        Assert.Equal(isDecided ? null : FailureKind.Unpaid, done.Failure?.Kind);
        Assert.Equal((0, 0, PaidWorld.Plenty), (_world.Bank.Opened, payer.Promised, _world.Bank.Balance));
    }

    [Fact]
    public async Task WhenTheCreditsEndInTheMiddleTheRestIsServedLast()
    {
        await using (var payer = _world.NewPayer(_content, max: 10 * Credits.Micro))
        {
            var done = await _world.DownloadAsync(payer, _content, [_node.Web]);
            Assert.True(done.Succeeded, done.Failure?.Message);
        }

        Assert.InRange(_world.EarnedInAll(), 5 * Credits.Micro, 10 * Credits.Micro);
    }

    [Fact]
    public async Task WhoCanPayIsNotServedForNothingAndTheBillSaysWhoIs()
    {
        using var plain = await _http.SendAsync(Ask(0, 1), Cancel);
        var bill = await plain.ReadBillAsync();
        Assert.Equal((402, true), (bill.Status, bill.HasLastPlace));
        Assert.Contains("Cete-Last: 1", bill.Detail, StringComparison.Ordinal);
        Assert.Contains(Shortage.HowTo, bill.Detail, StringComparison.Ordinal);
        using var last = await _http.SendAsync(AskLast(3, 4), Cancel);
        Assert.Equal(_content.Piece(3).ToArray(), await last.Content.ReadAsByteArrayAsync(Cancel));

        // Where nothing was decided the field changes nothing.
        _world.Bank.ServesUnpaid = false;
        using var refused = await _http.SendAsync(AskLast(3, 4), Cancel);
        Assert.False((await refused.ReadBillAsync()).HasLastPlace);
    }

    [Fact]
    public async Task AsManyAsThereArePlacesWaitForThoseWhoComeFirstAndNoMore()
    {
        // Somebody who comes first takes his time: what he does not read fills all buffers in between.
        using var free = new HttpRequestMessage(HttpMethod.Get, _content.Path) { Headers = { { "Test-Free", "1" } } };
        var first = await _http.SendAsync(free, HttpCompletionOption.ResponseHeadersRead, Cancel);
        const int each = (int)(LastPlace.RequestBytesMax / TestContent.PieceLength);
        var waiting = Enumerable.Range(0, LastPlace.PlacesMax).Select(i => BytesAsync(i * each, (i + 1) * each)).ToList();
        HttpResponseMessage? full = null;
        await Eventually.TrueAsync(
            async () =>
            {
                full?.Dispose();
                full = await _http.SendAsync(AskLast(0, 1), HttpCompletionOption.ResponseHeadersRead, Cancel);
                return full.StatusCode == HttpStatusCode.ServiceUnavailable;
            },
            "all places are taken");
        Assert.Equal(LastPlace.PlacesMax * LastPlace.Interval, full!.Headers.RetryAfter?.Delta);
        full.Dispose();
        Assert.All(waiting, one => Assert.False(one.IsCompleted));
        using (var greedy = await _http.SendAsync(AskLast(0, each + 1), Cancel))
        {
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, greedy.StatusCode);
        }

        // When he has gone they are served one behind the other.
        first.Dispose();
        var parts = await Task.WhenAll(waiting);
        for (var i = 0; i < parts.Length; i++)
        {
            Assert.True(parts[i].AsSpan().SequenceEqual(_content.Bytes.Span.Slice(i * each * TestContent.PieceLength, each * TestContent.PieceLength)));
        }
    }

    /// <summary>The bytes of some pieces; whoever finds no place comes back.</summary>
    private async Task<byte[]> BytesAsync(int first, int end)
    {
        byte[] bytes = [];
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await _http.SendAsync(AskLast(first, end), Cancel);
                bytes = await answer.Content.ReadAsByteArrayAsync(Cancel);
                return answer.StatusCode == HttpStatusCode.PartialContent;
            },
            "there is a place", TimeSpan.FromMinutes(2));
        return bytes;
    }

    private HttpRequestMessage AskLast(int first, int end)
    {
        var request = Ask(first, end);
        request.Headers.Add(Headers.Last, "1");
        return request;
    }

    private HttpRequestMessage Ask(int first, int end)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, _content.Path);
        request.Headers.Range = new System.Net.Http.Headers.RangeHeaderValue(
            first * (long)TestContent.PieceLength, (end * (long)TestContent.PieceLength) - 1);
        return request;
    }
}
