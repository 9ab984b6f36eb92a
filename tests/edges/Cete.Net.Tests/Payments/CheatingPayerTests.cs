using System.Net;
using System.Security.Cryptography;
using Cete.Api;
using Cete.Core;
using Cete.Ledger;
using Cete.Ledger.Channels;
using Cete.Ports.Payments;
using Cete.Testing;
using Cete.Transfer.Payments;
using Cete.Trust;

namespace Cete.Net.Tests.Payments;

/// <summary>Those who want more than they pay for: each gets a window at most, and is told why.</summary>
public sealed class CheatingPayerTests : IAsyncLifetime
{
    private static readonly long Piece = TestContent.PieceLength;
    private static readonly TransferId Channel = TransferId.Of("test", [1]);
    private static readonly long PieceCost = Credits.CostOf(Piece, Credits.Micro);
    private readonly TestContent _content = TestContent.Make(20 * TestContent.PieceLength, 9);
    private readonly PaidWorld _world = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private PaidNode _node = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _node = await PaidNode.StartAsync(_world, _world.Bank, _content);
        _http = new HttpClient { BaseAddress = _node.Web };
        await OpenAsync(Channel, LedgerAddress.Node(_node.Id), 10 * PieceCost, default);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _key.Dispose();
        await _node.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task WhoBringsNothingIsToldWhatItCostsAndWhomToPay()
    {
        using var answer = await GetAsync(null, null);
        Assert.Equal(HttpStatusCode.PaymentRequired, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        var problem = await answer.ReadBillAsync();
        Assert.Equal((402, "unpaid", Credits.Micro), (problem.Status, problem.Code, problem.Price));
        Assert.Equal((_node.Id.ToString(), LedgerAddress.Node(_node.Id).ToString(), Window.First), (problem.Provider, problem.Payee, problem.Window));
        Assert.Contains("cete get", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("0.25", problem.Detail, StringComparison.Ordinal);
        using var bundle = await _http.PostAsync(Routes.Bundle, new StringContent("{}", null, "application/json"), Cancel);
        Assert.Equal(HttpStatusCode.PaymentRequired, bundle.StatusCode);
    }

    [Fact]
    public async Task WithoutAVoucherAWindowComesAndNoMore()
    {
        Assert.Equal(HttpStatusCode.PartialContent, await StatusAsync(null, piece: 0));
        for (var i = 0; i < 5; i++)
        {
            using var refused = await GetAsync(Channel.ToString(), null);
            var problem = await refused.ReadBillAsync();
            Assert.Equal((402, Piece, PieceCost, 0), (problem.Status, problem.Sent, problem.Due, problem.Paid));
        }

        Assert.Equal(HttpStatusCode.PartialContent, await StatusAsync(Sign(PieceCost), piece: 1));
        Assert.Equal(HttpStatusCode.PartialContent, await StatusAsync(null, piece: 2));
        Assert.Equal(HttpStatusCode.PaymentRequired, await StatusAsync(null, piece: 3));
    }

    [Fact]
    public async Task ManyAtOnceShareOneWindow()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(piece => StatusAsync(null, piece)));
        Assert.Single(all, HttpStatusCode.PartialContent);
        Assert.Equal(19, all.Count(status => status == HttpStatusCode.PaymentRequired));
    }

    [Fact]
    public async Task MoreThanTheRoomAtOnceIsRefusedWholeAndCountsForNothing()
    {
        using var whole = new HttpRequestMessage(HttpMethod.Get, _content.Path) { Headers = { { Headers.Channel, Channel.ToString() } } };
        using var refused = await _http.SendAsync(whole, Cancel);
        Assert.Equal((402, 0), await OfAsync(refused));
        Assert.Equal(HttpStatusCode.PartialContent, await StatusAsync(null, piece: 0));
    }

    [Fact]
    public async Task StaleOnesAndThoseOverTheCapAreRefused()
    {
        Assert.Equal(HttpStatusCode.PartialContent, await StatusAsync(null, 0));
        var good = Sign(PieceCost);
        Assert.Equal(HttpStatusCode.PartialContent, await StatusAsync(good, 1));
        Assert.Equal(HttpStatusCode.PartialContent, await StatusAsync(good, 2));
        using var stale = await GetAsync(Channel.ToString(), Sign(PieceCost - 1), 3);
        var problem = await stale.ReadBillAsync();
        Assert.Contains("promised before", problem.Detail, StringComparison.Ordinal);
        Assert.Equal((PieceCost, good), (problem.Paid, problem.Voucher));
        using var over = await GetAsync(Channel.ToString(), Sign((10 * PieceCost) + 1), 3);
        Assert.Contains("cap", (await over.ReadBillAsync()).Detail, StringComparison.Ordinal);

        // The bank widened it meanwhile: the provider asks again and takes it.
        await _world.Bank.WidenAsync(
            Channel, 100 * PieceCost, [new LaneOrder(_node.Id, LedgerAddress.Node(_node.Id), 50 * PieceCost)], Cancel);
        var higher = Sign((10 * PieceCost) + 1);
        await Eventually.TrueAsync(async () => await StatusAsync(higher, 3) == HttpStatusCode.PartialContent, "the provider has heard of it");
    }

    [Fact]
    public async Task ForgedOnesOfEveryKindAreRefused()
    {
        using var thief = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (community, other) = (_world.Community.Id, KeyId.Of("other"u8));
        var changed = Voucher.Sign(_key, community, Channel.Bits, _node.Id, PieceCost) with { Amount = 2 * PieceCost };
        foreach (var (voucher, why) in new[]
        {
            (Voucher.Sign(thief, community, Channel.Bits, _node.Id, PieceCost), "not signed"),
            (changed, "not signed"),
            (Voucher.Sign(_key, other, Channel.Bits, _node.Id, PieceCost), "another community"),
            (Voucher.Sign(_key, community, Channel.Bits + 1, _node.Id, PieceCost), "another channel"),
            (Voucher.Sign(_key, community, Channel.Bits, other, PieceCost), "is for"),
        })
        {
            using var refused = await GetAsync(Channel.ToString(), VoucherText.Write(voucher));
            var problem = await refused.ReadProblemAsync();
            Assert.Equal(403, problem.Status);
            Assert.Contains(why, problem.Detail, StringComparison.Ordinal);
        }

        foreach (var text in (string[])["x", Sign(5)[..^1], Sign(5) + "A", "=" + Sign(5)[1..], new string('A', VoucherText.Length)])
        {
            using var refused = await GetAsync(Channel.ToString(), text);
            Assert.Equal(400, (await refused.ReadProblemAsync()).Status);
        }

        Assert.Equal(HttpStatusCode.PartialContent, await StatusAsync(null, 0));
        Assert.Equal(0, _world.Bank.Earned.Values.Sum());
    }

    [Fact]
    public async Task ChannelsThatAreNoneOrForOthersDoNotPay()
    {
        foreach (var (channel, status) in ((string, int)[])[("x", 400), (new string('0', 33), 400), (new string('0', 32), 402)])
        {
            using var refused = await GetAsync(channel, null);
            Assert.Equal(status, (int)refused.StatusCode);
        }

        var (mine, elsewhere) = (TransferId.Of("test", [2]), TransferId.Of("test", [3]));
        await OpenAsync(mine, LedgerAddress.Node(KeyId.Of("myself"u8)), 10, default);
        using var self = await GetAsync(mine.ToString(), null);
        Assert.Contains("the lane pays", (await self.ReadBillAsync()).Detail, StringComparison.Ordinal);
        await OpenAsync(elsewhere, LedgerAddress.Node(_node.Id), 10, Hash256.Of("another content"u8));
        using var other = await GetAsync(elsewhere.ToString(), null);
        Assert.Equal(403, (await other.ReadProblemAsync()).Status);
        using var twice = new HttpRequestMessage(HttpMethod.Get, _content.Path);
        twice.Headers.Add(Headers.Channel, [Channel.ToString(), mine.ToString()]);
        using var both = await _http.SendAsync(twice, Cancel);
        Assert.NotEqual(HttpStatusCode.OK, both.StatusCode);
    }

    [Fact]
    public async Task AChannelThatIsBeingClosedPaysForNothingMore()
    {
        Assert.Equal(HttpStatusCode.PartialContent, await StatusAsync(null, 0));
        await _world.Bank.CloseAsync(Channel, [], Cancel);
        await _node.RestartTillAsync(_world, isCrash: false);
        using var refused = await GetAsync(Channel.ToString(), Sign(PieceCost), 1);
        Assert.Contains("closed", (await refused.ReadBillAsync()).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWindowIsNotGivenTwiceByStartingAnew()
    {
        Assert.Equal(HttpStatusCode.PartialContent, await StatusAsync(null, 0));
        await _node.RestartTillAsync(_world, isCrash: false);
        Assert.Equal(HttpStatusCode.PaymentRequired, await StatusAsync(null, 1));
    }

    [Fact]
    public async Task WithTheBankAwayAStrangersChannelWaitsAndAKnownOneDoesNot()
    {
        Assert.Equal(HttpStatusCode.PartialContent, await StatusAsync(null, 0));
        _world.Bank.IsAway = true;
        Assert.Equal(HttpStatusCode.PartialContent, await StatusAsync(Sign(PieceCost), 1));
        using var unknown = await GetAsync(TransferId.Of("test", [9]).ToString(), null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unknown.StatusCode);
        _world.Bank.IsAway = false;
        await Eventually.TrueAsync(() => _world.Bank.Earned.Values.Sum() == PieceCost, "what was owed is handed in when the bank is back");
    }

    private Task<Outcome<bool>> OpenAsync(TransferId channel, LedgerAddress payee, long cap, Hash256 subject) => _world.Bank.OpenAsync(
        new ChannelOrder(channel, subject, _key.ExportSubjectPublicKeyInfo(), cap, [new LaneOrder(_node.Id, payee, cap)]), Cancel);

    private string Sign(long amount) => VoucherText.Write(Voucher.Sign(_key, _world.Community.Id, Channel.Bits, _node.Id, amount));

    private async Task<HttpStatusCode> StatusAsync(string? voucher, int piece)
    {
        using var answer = await GetAsync(Channel.ToString(), voucher, piece);
        var bytes = await answer.Content.ReadAsByteArrayAsync(Cancel);
        Assert.True(answer.StatusCode != HttpStatusCode.PartialContent || bytes.AsSpan().SequenceEqual(_content.Piece(piece).Span));
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> GetAsync(string? channel, string? voucher, int piece = 0)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _content.Path);
        request.Headers.Range = new System.Net.Http.Headers.RangeHeaderValue(piece * Piece, ((piece + 1) * Piece) - 1);
        request.Headers.TryAddWithoutValidation(Headers.Channel, channel is null ? [] : [channel]);
        request.Headers.TryAddWithoutValidation(Headers.Voucher, voucher is null ? [] : [voucher]);
        return await _http.SendAsync(request, Cancel);
    }

    private static async Task<(int Status, long Sent)> OfAsync(HttpResponseMessage answer)
    {
        var problem = await answer.ReadBillAsync();
        return (problem.Status, problem.Sent);
    }
}
