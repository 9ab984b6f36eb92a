using Cete.Core;
using Cete.Ledger;
using Cete.Ledger.Channels;
using Cete.Ports.Payments;
using Cete.Transfer.Payments;
using Cete.Trust;

namespace Cete.Net.Tests.Payments;

/// <summary>Who pays for what services do: promises what is due and no more, and sets no more aside.</summary>
public sealed class ServicePayerTests
{
    private static readonly KeyId Community = KeyId.Of([42]);
    private static readonly LedgerAddress Bob = LedgerAddress.User(new AccountId([.. Enumerable.Repeat((byte)7, AccountId.Size)]));

    private readonly MemoryBank _bank = new(Community, 100);
    private readonly MemoryPayerBook _book = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_channel_pays_one_payee_and_holds_nothing_back()
    {
        var first = await PayAsync(10, Bob, 0);
        Assert.Equal((10, 90, 1), (first.Amount, _bank.Balance, _bank.Opened));
        var second = await PayAsync(5, Bob, 10);
        Assert.Equal((15, 85, 1), (second.Amount, _bank.Balance, _bank.Opened));
        Assert.Equal(first.Channel, second.Channel);
        Assert.Equal(ServiceLane.ProviderOf(Bob), second.Provider);
        var other = await PayAsync(3, LedgerAddress.Treasury, 0);
        Assert.NotEqual(first.Channel, other.Channel);
        Assert.Null(await RedeemAsync(second));
        Assert.Equal(15, _bank.Earned[Bob]);
    }

    [Fact]
    public async Task A_promise_that_was_not_charged_for_pays_for_the_next()
    {
        await PayAsync(10, Bob, 0);

        // The command was refused, or its answer got lost: nothing is due yet.
        Assert.Equal(10, (await PayAsync(10, Bob, 0)).Amount);
        Assert.Equal(10, (await PayAsync(4, Bob, 6)).Amount);
        Assert.Equal(12, (await PayAsync(6, Bob, 6)).Amount);
        Assert.Equal(88, _bank.Balance);
    }

    [Fact]
    public async Task Who_says_that_more_is_due_than_was_promised_is_not_believed()
    {
        await PayAsync(10, Bob, 0);
        Assert.Equal(11, (await PayAsync(1, Bob, 1_000_000)).Amount);
        Assert.Equal(89, _bank.Balance);
    }

    [Fact]
    public async Task Where_there_is_too_little_nothing_is_set_aside_or_promised()
    {
        Assert.Equal(FailureKind.Unpaid, (await TryAsync(101, Bob, 0)).Failure?.Kind);
        Assert.Empty(_book.All());
        await PayAsync(60, Bob, 0);
        Assert.Equal(FailureKind.Unpaid, (await TryAsync(41, Bob, 60)).Failure?.Kind);
        Assert.Equal(100, (await PayAsync(40, Bob, 60)).Amount);
        _bank.IsAway = true;
        Assert.Equal(FailureKind.Unavailable, (await TryAsync(1, LedgerAddress.Treasury, 0)).Failure?.Kind);
        Assert.Single(_book.All());
    }

    [Fact]
    public async Task A_channel_that_ended_gives_way_to_another()
    {
        var first = await PayAsync(10, Bob, 0);
        _bank.Expire();
        var second = await PayAsync(10, Bob, 10);
        Assert.NotEqual(first.Channel, second.Channel);
        Assert.Equal(10, second.Amount);
        new ServicePayer(_bank, _book, Community).GiveUp(new TransferId(second.Channel));
        Assert.NotEqual(second.Channel, (await PayAsync(1, Bob, 0)).Channel);
    }

    [Fact]
    public async Task What_was_kept_and_is_damaged_is_passed_over()
    {
        await PayAsync(10, Bob, 0);
        var kept = _book.All()[0];
        _book.Keep(kept with { Key = "none" });
        Assert.Equal(10, (await PayAsync(10, Bob, 0)).Amount);
        Assert.Equal(2, _bank.Opened);
        Assert.True(ServicePayer.IsOwn(Assert.Single(_book.All())));
    }

    private async Task<Voucher> PayAsync(long amount, LedgerAddress payee, long due)
    {
        var paid = await TryAsync(amount, payee, due);
        Assert.True(paid.Succeeded, paid.Failure?.Message);
        return paid.Value;
    }

    private Task<Outcome<Voucher>> TryAsync(long amount, LedgerAddress payee, long due) => new ServicePayer(_bank, _book, Community).PayAsync(
        new ServiceBill(
            amount, payee, _book.All().Where(kept => TransferId.TryParse(kept.Channel, out _)).ToDictionary(
                kept => TransferId.TryParse(kept.Channel, out var id) ? id : default, _ => due)),
        Cancel);

    private async Task<Failure?> RedeemAsync(Voucher voucher) =>
        (await _bank.For(voucher.Provider).RedeemAsync(
            [new SignedVoucher(new TransferId(voucher.Channel), voucher.Provider, voucher.Amount, voucher.ToArray())], Cancel)).Value[0];
}
