using System.Net;
using System.Text.Json;
using Cete.Api;
using Cete.Core;
using Cete.Ledger;
using Cete.Ledger.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cete.Net.Tests.Payments;

/// <summary>Those who want more than they send: they are paid for what came and was right, and for nothing else.</summary>
public sealed class CheatingProviderTests : IAsyncLifetime
{
    private static readonly long PieceCost = Credits.CostOf(TestContent.PieceLength, Credits.Micro);
    private readonly TestContent _content = TestContent.Make(6 * TestContent.PieceLength, 11);
    private readonly PaidWorld _world = new();
    private readonly KeyId _cheat = KeyId.Of("cheat"u8);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task AnotherPriceThanTheCommunitysIsNotPaid()
    {
        await using var liar = await LiarAsync((context, _) => WriteAsync(context, Bill() with { Price = Credits.Micro + 1 }));
        Assert.Contains("the community's price is 1", await FailureAsync(liar), StringComparison.Ordinal);
        Assert.Equal(0, _world.Bank.Opened);
    }

    [Fact]
    public async Task MoreInTheMiddleOfADownloadIsNotPaidEither()
    {
        await using var liar = await LiarAsync((context, asked) => asked switch
        {
            1 => WriteAsync(context, Bill()),
            2 => SendAsync(context, 0),
            _ => WriteAsync(context, Bill() with { Price = 2 * Credits.Micro, Sent = TestContent.PieceLength }),
        });
        Assert.Contains("asks for more", await FailureAsync(liar), StringComparison.Ordinal);
        Assert.Equal(PieceCost, Promised);
    }

    [Fact]
    public async Task BytesThatAreWrongAreNotPaid()
    {
        await using var liar = await LiarAsync((context, asked) => asked == 1 ? WriteAsync(context, Bill()) : SendAsync(context, 0, isWrong: true));
        Assert.Equal(FailureKind.Damaged, (await DownloadAsync(liar)).Kind);
        Assert.Equal((1, 0), (_world.Bank.Opened, Promised));
    }

    [Fact]
    public async Task WhatWasSentOnceIsPaidOnce()
    {
        await using var liar = await LiarAsync((context, asked) => asked switch
        {
            1 => WriteAsync(context, Bill()),
            2 => SendAsync(context, 0),
            _ => WriteAsync(context, Bill() with { Sent = 20L * TestContent.PieceLength, Due = 20 * PieceCost, Paid = PieceCost }),
        });
        Assert.Contains("for those alone it was paid", await FailureAsync(liar), StringComparison.Ordinal);
        Assert.Equal(PieceCost, Promised);
    }

    [Fact]
    public async Task WhoNeverSendsIsGivenUp()
    {
        await using var liar = await LiarAsync((context, _) => WriteAsync(context, Bill()));
        await using var payer = _world.NewPayer(_content);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var asked = 0;
        await using var counting = await LiarAsync((context, count) =>
        {
            if ((asked = count) > 12)
            {
                stop.Cancel();
            }

            return WriteAsync(context, Bill() with { Sent = 99L * TestContent.PieceLength });
        });
        Assert.False((await _world.DownloadAsync(payer, _content, [counting.Address], stop: stop.Token)).Succeeded);
        Assert.InRange(asked, 2, 6);
        Assert.Equal(0, payer.Promised);
    }

    [Fact]
    public async Task BreakingConnectionsBringsAWindowAtMost()
    {
        var broken = 0;
        await using var liar = await LiarAsync((context, asked) =>
        {
            if (asked == 1)
            {
                return WriteAsync(context, Bill());
            }

            if (asked % 2 == 0)
            {
                broken++;
                context.Abort();
                return Task.CompletedTask;
            }

            return WriteAsync(context, Bill() with { Sent = broken * (long)TestContent.PieceLength, Due = broken * PieceCost });
        });
        await DownloadAsync(liar);
        Assert.InRange(Promised, 0, Credits.CostOf(Window.First, Credits.Micro));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("not json")]
    [InlineData("""{"type":"x","title":"x","status":402,"detail":"x","code":"unpaid","price":-1,"payee":"x","provider":"x","window":1}""")]
    [InlineData("""{"type":"x","title":"x","status":402,"detail":"x","code":"unpaid","price":1000000,"payee":"mint","provider":"x","window":262144}""")]
    [InlineData("""{"type":"x","title":"x","status":402,"detail":"x","code":"unpaid","price":1,"payee":"x","provider":"x","window":99999999999999999999}""")]
    public async Task BillsThatAreNoneAreNotPaid(string json)
    {
        await using var liar = await LiarAsync((context, _) =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (402, Problems.MediaType);
            return context.Response.WriteAsync(json);
        });
        Assert.NotNull((await DownloadAsync(liar)).Message);
        Assert.Equal(0, _world.Bank.Opened);
    }

    [Fact]
    public async Task APeerThatNamesAnotherNodeAsTheOneToBePaidIsNot()
    {
        var content = _content;
        await using var node = await PaidNode.StartAsync(_world, _world.Bank, content);
        await using var payer = _world.NewPayer(content);
        using var turn = (await payer.BeginAsync(
            node.Peer(_world).ToUri(), new(content.Root, TestContent.PieceLength, 1, 1, node.Id), TestContext.Current.CancellationToken)).Value;
        var bill = Bill();
        var failure = await turn.RefusedAsync(
            new(bill.Price, bill.Payee, bill.Provider, bill.Window, 0, 0, 0, 0, null), TestContext.Current.CancellationToken);
        Assert.Equal(FailureKind.Forbidden, failure!.Kind);
        Assert.Equal(0, _world.Bank.Opened);
    }

    private long Promised { get; set; }

    private PaymentProblem Bill() => new(
        "urn:x", "x", 402, "x", "unpaid", Credits.Micro, LedgerAddress.Node(_cheat).ToString(), _cheat.ToString(), Window.First, 0, 0, 0, 0, null);

    private async Task<string> FailureAsync(Liar liar) => (await DownloadAsync(liar)).Message;

    private async Task<Failure> DownloadAsync(Liar liar)
    {
        await using var payer = _world.NewPayer(_content);
        var done = await _world.DownloadAsync(payer, _content, [liar.Address]);
        Promised = payer.Promised;
        return done.Failure ?? new Failure(FailureKind.Invalid, "it was fetched whole");
    }

    private static Task WriteAsync(HttpContext context, PaymentProblem problem)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (402, Problems.MediaType);
        return context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(problem, ApiJson.Default.PaymentProblem)).AsTask();
    }

    private Task SendAsync(HttpContext context, int piece, bool isWrong = false)
    {
        var bytes = _content.Piece(piece).ToArray();
        bytes[5] ^= isWrong ? (byte)1 : (byte)0;
        var from = piece * TestContent.PieceLength;
        context.Response.StatusCode = 206;
        context.Response.Headers.ContentRange = $"bytes {from}-{from + bytes.Length - 1}/{_content.Bytes.Length}";
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes).AsTask();
    }

    private static async Task<Liar> LiarAsync(Func<HttpContext, int, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        var (app, asked) = (builder.Build(), 0);
        app.Run(context => HttpMethods.IsGet(context.Request.Method) ? answer(context, Interlocked.Increment(ref asked)) : Task.CompletedTask);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new Liar(app);
    }

    private sealed class Liar(WebApplication app) : IAsyncDisposable
    {
        public Uri Address { get; } = new(app.Urls.Single());

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
