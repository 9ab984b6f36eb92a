using System.Security.Cryptography;
using Cete.Core;
using Cete.Ledger;
using Cete.Testing;

namespace Cete.Described.Tests;

/// <summary>What costs something is paid in the same command, or not done.</summary>
public sealed class PriceTests : IDisposable
{
    private const string Shop = """
        cete = 1
        service { name = shop, version = 1.0.0 }
        records {
          songs {
            fields { title = text, cost { type = credits, default = 2 }, sold { type = integer, default = 0 } }
            rules { list = "", view = "record.title != 'secret'", create = "auth.known", update = "auth.known" }
            price { credits = 0.5, free = 2 }
          }
        }
        actions {
          buy { on = songs, who = "auth.known", price { credits = "record.cost", to = "record.owner" }, steps = [{ set { sold = "=record.sold + 1" } }] }
          give {
            on = songs, who = "auth.known", input { credits { type = decimal } }
            price = "input.credits", steps = [{ fail = "it is full", when = "record.sold > 0" }, { set { sold = "=record.sold + 1" } }]
          }
          split { on = songs, who = "auth.known", price = "10 / record.sold", steps = [{ set { sold = 1 } }] }
          anyone { who = "", price = 1, steps = [{ fail = "never" }] }
        }
        """;

    private readonly Shelf _shelf = new();
    private readonly ScriptedServiceBank _bank = new();

    public PriceTests() => _shelf.Services.Bank = _bank;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private LedgerAddress Ada { get; } = LedgerAddress.User(AccountOf(Shelf.Ada));

    private Instant Later => _shelf.Group.Now + TimeSpan.FromDays(1);

    public void Dispose()
    {
        _bank.Dispose();
        _shelf.Dispose();
    }

    [Fact]
    public async Task It_is_done_and_paid_or_neither()
    {
        var song = await SongAsync();
        Refused(await BuyAsync(song, default), FailureKind.Unpaid, "it costs 2 credits: nothing was paid");
        var wallet = _bank.Open(Shelf.Ben.Account, Ada, 5 * Credits.Micro, Later);
        Refused(await BuyAsync(song, wallet.Sign(1.9m)), FailureKind.Unpaid, "promises 1.9 credits, and with this 2 are due");
        Assert.Equal("0", await SoldAsync(song));

        Assert.True((await BuyAsync(song, wallet.Sign(2m))).Succeeded);
        Assert.Equal("1", await SoldAsync(song));

        // The same one again pays nothing more, nor does a lower one.
        Refused(await BuyAsync(song, wallet.Sign(2m)), FailureKind.Unpaid, "with this 4 are due");
        Refused(await BuyAsync(song, wallet.Sign(1m)), FailureKind.Unpaid, "with this 4 are due");
        Refused(await BuyAsync(song, wallet.Sign(5.1m)), FailureKind.Unpaid, "its lane brings 5 at most");
        Assert.True((await BuyAsync(song, wallet.Sign(4.5m))).Succeeded);
        Refused(await BuyAsync(song, wallet.Sign(5m)), FailureKind.Unpaid, "with this 6 are due");
        Assert.Equal("2", await SoldAsync(song));

        var paid = (await _shelf.Services.PaymentsAsync(AccountOf(Shelf.Ben), null, Cancel)).Value;
        Assert.Equal(
            [(2 * Credits.Micro, "buy", song, Ada), (2 * Credits.Micro, "buy", song, Ada)],
            paid.Select(one => (one.Amount, one.What, one.Record, one.Payee)));
        Assert.Empty((await _shelf.Services.PaymentsAsync(AccountOf(Shelf.Ada), null, Cancel)).Value);
    }

    [Fact]
    public async Task Vouchers_of_every_forged_kind_pay_nothing()
    {
        var song = await SongAsync();
        var wallet = _bank.Open(Shelf.Ben.Account, Ada, 50 * Credits.Micro, Later);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Refused(await BuyAsync(song, new byte[10]), FailureKind.Invalid, "are no voucher");
        Refused(await BuyAsync(song, new byte[100_000]), FailureKind.Invalid, "are no voucher");
        Refused(await BuyAsync(song, wallet.Sign(2m, key: other)), FailureKind.Unpaid, "was not signed with the key of its channel");
        Refused(await BuyAsync(song, wallet.Sign(2m, community: KeyId.Of([1]))), FailureKind.Unpaid, "of another community");
        Refused(await BuyAsync(song, wallet.Sign(2m, provider: KeyId.Of([1]))), FailureKind.Unpaid, "there is no channel");
        var changed = wallet.Sign(2m);
        changed[^70]++;
        Refused(await BuyAsync(song, changed), FailureKind.Unpaid, string.Empty);

        // Whom a lane pays it is named by: one that pays its own payer is another one.
        var own = _bank.Open(Shelf.Ben.Account, LedgerAddress.User(AccountOf(Shelf.Ben)), 50 * Credits.Micro, Later);
        Refused(await BuyAsync(song, own.Sign(2m)), FailureKind.Unpaid, "the voucher pays somebody else");
        var treasury = _bank.Open(Shelf.Ben.Account, LedgerAddress.Treasury, 50 * Credits.Micro, Later);
        Refused(await BuyAsync(song, treasury.Sign(2m)), FailureKind.Unpaid, "the voucher pays somebody else");
        var foreign = _bank.Open(Shelf.Of("eve").Account, Ada, 50 * Credits.Micro, Later);
        Refused(await BuyAsync(song, foreign.Sign(2m)), FailureKind.Unpaid, "somebody else's");
        var ending = _bank.Open(Shelf.Ben.Account, Ada, 50 * Credits.Micro, _shelf.Group.Now + TimeSpan.FromMinutes(9));
        Refused(await BuyAsync(song, ending.Sign(2m)), FailureKind.Unpaid, "has ended, or will soon");
        var closed = _bank.Open(Shelf.Ben.Account, Ada, 50 * Credits.Micro, Later, isOpen: false);
        Refused(await BuyAsync(song, closed.Sign(2m)), FailureKind.Unpaid, "the channel is closed");
        Assert.Equal("0", await SoldAsync(song));
        Assert.Empty((await _shelf.Services.UnredeemedAsync(Cancel)).Value);
    }

    [Fact]
    public async Task What_is_refused_costs_nothing()
    {
        var song = await SongAsync();
        var wallet = _bank.Open(Shelf.Ben.Account, LedgerAddress.Treasury, 50 * Credits.Micro, Later);
        Assert.True((await GiveAsync(song, "3", wallet.Sign(3m))).Succeeded);
        Refused(await GiveAsync(song, "3", wallet.Sign(6m)), FailureKind.Conflict, "it is full");
        var offer = (await _shelf.Services.OfferAsync("shop", "give", song, Inputs(("credits", "4")), Shelf.Ben.Standing, Cancel)).Value;
        Assert.Equal((4 * Credits.Micro, LedgerAddress.Treasury), (offer.Amount, offer.Price.Payee));
        Assert.Equal((3 * Credits.Micro, 3 * Credits.Micro), (offer.Lanes[0].Due, offer.Lanes[0].Paid));
    }

    [Fact]
    public async Task What_a_voucher_promised_beyond_pays_for_what_comes_next()
    {
        var song = await SongAsync();
        var wallet = _bank.Open(Shelf.Ben.Account, Ada, 50 * Credits.Micro, Later);
        Assert.True((await BuyAsync(song, wallet.Sign(5m))).Succeeded);
        Assert.True((await BuyAsync(song, default)).Succeeded);
        Refused(await BuyAsync(song, default), FailureKind.Unpaid, "nothing was paid");
        Assert.Equal("2", await SoldAsync(song));
    }

    [Fact]
    public async Task Some_times_a_day_it_costs_nothing_and_nobody_pays_himself()
    {
        var song = await SongAsync();
        Assert.True((await _shelf.ActAsync(Shelf.Ada, "shop", "buy", song)).Succeeded);
        Assert.True((await _shelf.CreateAsync(Shelf.Ben, "shop", "songs", ("title", "one"))).Succeeded);
        Assert.True((await _shelf.CreateAsync(Shelf.Ben, "shop", "songs", ("title", "two"))).Succeeded);
        Refused(await _shelf.CreateAsync(Shelf.Ben, "shop", "songs", ("title", "three")), FailureKind.Unpaid, "it costs 0.5 credits");
        var offer = (await _shelf.Services.OfferAsync("shop", "songs", [], Shelf.Ben, Cancel)).Value;
        Assert.Equal((0L, Credits.Micro / 2), (offer.FreeLeft, offer.Amount));
        _shelf.Group.Now += TimeSpan.FromDays(1);
        Assert.Equal(2, (await _shelf.Services.OfferAsync("shop", "songs", [], Shelf.Ben, Cancel)).Value.FreeLeft);
        Assert.True((await _shelf.CreateAsync(Shelf.Ben, "shop", "songs", ("title", "three"))).Succeeded);
    }

    [Fact]
    public async Task Prices_that_come_to_nothing_that_can_be_paid_are_refused()
    {
        var song = await SongAsync();
        Refused(await _shelf.ActAsync(Shelf.Ben, "shop", "split", song), FailureKind.Conflict, "the price that the service describes comes to no number");
        Refused(await GiveAsync(song, "9007199255", default), FailureKind.Conflict, "comes to no number of credits");
        Refused(await GiveAsync(song, string.Empty, default), FailureKind.Conflict, "comes to no number of credits");
        Assert.True((await GiveAsync(song, "-5", default)).Succeeded);
        Refused(await _shelf.ActAsync(Shelf.Guest, "shop", "anyone", 0), FailureKind.Unauthenticated, "it costs 1 credit");
    }

    [Fact]
    public async Task Who_may_not_see_a_record_is_not_told_its_price()
    {
        var song = await _shelf.MakeAsync(Shelf.Ada, "shop", await PublishedAsync("songs"), ("title", "secret"));
        var offer = await _shelf.Services.OfferAsync("shop", "buy", song, [], Shelf.Ben.Standing, Cancel);
        Assert.Equal(FailureKind.NotFound, offer.Failure?.Kind);
    }

    [Fact]
    public async Task The_bank_is_handed_in_the_highest_voucher_of_each_lane_until_it_has_it()
    {
        var song = await SongAsync();
        var wallet = _bank.Open(Shelf.Ben.Account, Ada, 50 * Credits.Micro, Later);
        await BuyAsync(song, wallet.Sign(2m));
        await BuyAsync(song, wallet.Sign(4m));
        _bank.Failure = new Failure(FailureKind.Unavailable, "away");
        await KeepAsync(() => _shelf.Group.Handed.Count > 0);
        Assert.Single((await _shelf.Services.UnredeemedAsync(Cancel)).Value);
        _bank.Failure = null;
        await KeepAsync(() => _bank.Redeemed.Count > 0);
        Assert.Equal(4 * Credits.Micro, Assert.Single(_bank.Redeemed).Amount);
        await BuyAsync(song, wallet.Sign(6m));
        Assert.Equal(6 * Credits.Micro, Assert.Single((await _shelf.Services.UnredeemedAsync(Cancel)).Value).Amount);

        // What the bank never pays is not handed in for ever, and pays for nothing here.
        _bank.Refusal = new Failure(FailureKind.Expired, "the channel is over");
        await KeepAsync(() => _bank.Redeemed.Count > 1);
        Assert.Empty((await _shelf.Services.UnredeemedAsync(Cancel)).Value);
        Refused(await BuyAsync(song, wallet.Sign(8m)), FailureKind.Unpaid, "does not pay by this channel");
    }

    [Fact]
    public async Task What_is_over_is_forgotten()
    {
        var song = await SongAsync();
        var wallet = _bank.Open(Shelf.Ben.Account, Ada, 50 * Credits.Micro, Later);
        await BuyAsync(song, wallet.Sign(2m));
        _shelf.Group.Now += TimeSpan.FromDays(41.5);
        await _shelf.TickAsync();
        Assert.Empty((await _shelf.Services.UnredeemedAsync(Cancel)).Value);
        Assert.Single((await _shelf.Services.PaymentsAsync(AccountOf(Shelf.Ben), null, Cancel)).Value);
        _shelf.Group.Now += TimeSpan.FromDays(400);
        await _shelf.TickAsync();
        Assert.Empty((await _shelf.Services.PaymentsAsync(AccountOf(Shelf.Ben), null, Cancel)).Value);
    }

    [Theory]
    [InlineData("price = \"'two'\"", "price is a number of credits")]
    [InlineData("price { to = \"record.owner\" }", "is needed")]
    [InlineData("price { credits = 1, to = \"record.sold\" }", "to")]
    [InlineData("price { credits = 1, free = -1 }", "whole number")]
    [InlineData("price { credits = 1, sometimes = true }", "means nothing here")]
    [InlineData("price = \"record.nothing\"", "nothing")]
    [InlineData("price = [1]", "price")]
    public void Mistakes_of_prices_are_told(string price, string said)
    {
        var reading = Shelf.Read(Shop.Replace("price = \"input.credits\"", price, StringComparison.Ordinal));
        Assert.Null(reading.Descriptor);
        Assert.Contains(said, reading.Errors, StringComparison.Ordinal);
    }

    private static AccountId AccountOf(Groups.Asker asker) => AccountId.TryParse(asker.Account, out var account) ? account : default;

    private static void Refused<T>(Outcome<T> outcome, FailureKind kind, string said)
    {
        Assert.False(outcome.Succeeded);
        Assert.Contains(said, outcome.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(kind, outcome.Failure.Kind);
    }

    private static IEnumerable<KeyValuePair<string, InputValue>> Inputs(params (string Name, string Text)[] values) =>
        values.Select(pair => new KeyValuePair<string, InputValue>(pair.Name, InputValue.Of(pair.Text)));

    private async Task<string> PublishedAsync(string kind)
    {
        await _shelf.PublishAsync(Shop);
        return kind;
    }

    private async Task<long> SongAsync() => await _shelf.MakeAsync(Shelf.Ada, "shop", await PublishedAsync("songs"), ("title", "Blue in Green"));

    private Task<Outcome<Written>> BuyAsync(long song, ReadOnlyMemory<byte> voucher) =>
        _shelf.Services.ActAsync("shop", "buy", song, [], Shelf.Ben, null, voucher, Cancel);

    private Task<Outcome<Written>> GiveAsync(long song, string credits, ReadOnlyMemory<byte> voucher) =>
        _shelf.Services.ActAsync("shop", "give", song, Inputs(("credits", credits)), Shelf.Ben, null, voucher, Cancel);

    private Task<string> SoldAsync(long song) => _shelf.FieldAsync(Shelf.Ada, "shop", "songs", song, "sold");

    /// <summary>Lets the keeper run until something is so.</summary>
    private async Task KeepAsync(Func<bool> isDone)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var keeper = new ServicesKeeper(_shelf.Services, KeyId.Of([7]), TimeProvider.System, _ => { }).RunAsync(stop.Token);
        var unredeemed = (await _shelf.Services.UnredeemedAsync(Cancel)).Value.Count;
        await Eventually.TrueAsync(
            async () => isDone() && (_bank.Failure is not null || (await _shelf.Services.UnredeemedAsync(Cancel)).Value.Count < Math.Max(1, unredeemed)),
            "the keeper has done it");
        await stop.CancelAsync();
        await keeper;
    }
}
