using System.Net;
using System.Net.Http.Headers;
using Cete.Core;
using Cete.Ledger;
using Cete.Ports.Payments;
using Cete.Testing;
using Cete.Transfer.Payments;
using Microsoft.AspNetCore.Http;

namespace Cete.Net.Tests.Payments;

/// <summary>Contents for who signs no vouchers himself: the node pays itself in his name, over real connections, to the last micro-credit.</summary>
public sealed class PaidVisitTests : IAsyncLifetime
{
    private const int Length = (40 * TestContent.PieceLength) + 77;
    private readonly TestContent _content = TestContent.Make(Length, 5);
    private readonly PaidWorld _world = new();
    private readonly HandClock _clock = new();
    private readonly HttpClient _http = new();
    private PaidNode _node = null!;
    private PaidPasses _passes = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static long Cost => Credits.CostOf(Length, Credits.Micro);

    private Uri Address => new(_node.Web, $"/content/{_content.Root}");

    public async ValueTask InitializeAsync()
    {
        _node = await PaidNode.StartAsync(_world, _world.Bank, _content);
        _passes = new PaidPasses(_node.Till, _node.Id, _clock);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _passes.DisposeAsync();
        await _node.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task WhatIsSentIsPaidToTheLastMicroCreditAndTheRestComesBack()
    {
        var pass = Begin();
        Assert.Same(pass, _passes.Begin(pass.Order, () => throw new InvalidOperationException("it is there")).Value);
        Assert.Equal(_content.Bytes.ToArray(), await _http.GetByteArrayAsync(Address, Cancel));
        await RestAsync();
        Assert.True(_world.Bank.IsClosed);
        Assert.Empty(_world.Book.All());
        Assert.Equal((Cost, Cost), (_world.EarnedInAll(), _world.Bank.Earned[LedgerAddress.Node(_node.Id)]));
    }

    [Fact]
    public async Task WhatIsBrokenOffIsPaidAsFarAsItWasSent()
    {
        Begin();
        using (var answer = await _http.GetAsync(Address, HttpCompletionOption.ResponseHeadersRead, Cancel))
        {
            await using var body = await answer.Content.ReadAsStreamAsync(Cancel);
            await body.ReadExactlyAsync(new byte[TestContent.PieceLength], Cancel);
        }

        await RestAsync();
        Assert.InRange(_world.EarnedInAll(), Credits.CostOf(TestContent.PieceLength, Credits.Micro), Cost);
    }

    [Fact]
    public async Task APartIsPaidAsAPart()
    {
        Begin();
        using var part = new HttpRequestMessage(HttpMethod.Get, Address);
        part.Headers.Range = new RangeHeaderValue(TestContent.PieceLength, (3 * TestContent.PieceLength) - 1);
        using var went = await _http.SendAsync(part, Cancel);
        Assert.Equal(HttpStatusCode.PartialContent, went.StatusCode);
        Assert.Equal(_content.Bytes.ToArray()[TestContent.PieceLength..(3 * TestContent.PieceLength)], await went.Content.ReadAsByteArrayAsync(Cancel));
        await RestAsync();
        Assert.Equal(Credits.CostOf(2 * TestContent.PieceLength, Credits.Micro), _world.EarnedInAll());
    }

    [Fact]
    public async Task WhatWasSentIsNotSentAgainBeforeSomebodySaysSo()
    {
        var first = Begin();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());
        Assert.Equal(HttpStatusCode.PaymentRequired, await StatusAsync());
        Assert.NotSame(first, Begin());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());
        await _passes.DisposeAsync();
        Assert.Equal((2, 2 * Cost), (_world.Bank.Opened, _world.EarnedInAll()));
    }

    [Fact]
    public async Task AnAddressThatWasPassedOnBringsWhatItCoversAndNoMore()
    {
        var told = 0L;
        var order = new PassOrder(default, _content.Root, Length + 100) { Link = "1" };
        var pass = _passes.Begin(order, () => _world.NewPayer(_content), sent => told = sent).Value;
        _node.Visit = _ => new Visitor(pass);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => StatusAsync()));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync());
        await _passes.DisposeAsync();
        Assert.Equal(Length, told);
        Assert.Equal(Cost, _world.EarnedInAll());
    }

    [Fact]
    public async Task WhereNobodyPaysHeIsAskedAndWhoBringsVouchersPaysHimself()
    {
        _node.Visit = _ => new Visitor(null);
        Assert.Equal((HttpStatusCode.PaymentRequired, 0), (await StatusAsync(), _world.Bank.Opened));
        await using (var payer = _world.NewPayer(_content))
        {
            _node.Visit = context => context.Request.Headers.Accept.Count > 0 ? new Visitor(null) : null;
            var done = await _world.DownloadAsync(payer, _content, [_node.Web]);
            Assert.True(done.Succeeded, done.Failure?.Message);
        }

        Assert.Equal(Cost, _world.EarnedInAll());
    }

    [Fact]
    public async Task WhereTheBankIsAwayNothingIsSentAndItIsSaid()
    {
        Begin();
        _world.Bank.IsAway = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync());
        _world.Bank.IsAway = false;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());
    }

    [Fact]
    public void DownloadsOfAnAccountAreBounded()
    {
        for (var i = 0; i < PaidPasses.AccountMax; i++)
        {
            Assert.True(_passes.Begin(new PassOrder(default, _content.Root, i), () => _world.NewPayer(_content)).Succeeded);
        }

        var refused = _passes.Begin(new PassOrder(default, _content.Root, Length), () => _world.NewPayer(_content));
        Assert.Equal(FailureKind.Throttled, refused.Failure!.Kind);
    }

    /// <summary>Nobody needs the passes any more, and the node sees it.</summary>
    private Task RestAsync() => Eventually.TrueAsync(
        async () =>
        {
            _clock.Ahead += TimeSpan.FromMinutes(5);
            await _passes.SweepAsync();
            return _passes.Count == 0;
        },
        "what rests has ended");

    private PaidPass Begin()
    {
        var most = PayerOptions.MostFor(Length, _world.Bank.Price);
        var options = new PayerOptions(_world.Community.Id, _passes.NewPurpose(), most, _world.Bank.Price) { Subject = _content.Root };
        var pass = _passes.Begin(
            new PassOrder(default, _content.Root, Length), () => new Payer(_world.Bank, _world.Book, options, TimeProvider.System)).Value;
        _node.Visit = _ => new Visitor(pass);
        return pass;
    }

    private async Task<HttpStatusCode> StatusAsync()
    {
        using var answer = await _http.GetAsync(Address, Cancel);
        return answer.StatusCode;
    }

    private sealed class Visitor(PaidPass? pass) : IPaidVisit
    {
        public IPaidPass? Pass => pass;

        public Task AskAsync(PaidAsk ask) => throw new BadHttpRequestException(ask.Failure.Message, Cete.Api.Problems.StatusOf(ask.Failure.Kind));
    }

    /// <summary>Is set ahead by hand.</summary>
    private sealed class HandClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
    }
}
