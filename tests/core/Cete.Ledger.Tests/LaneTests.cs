using Cete.Core;
using Cete.Ledger.Channels;

namespace Cete.Ledger.Tests;

/// <summary>The steps of a lane one by one.</summary>
public sealed class LaneTests
{
    private const long Price = Credits.Micro;
    private const long MiB = 1 << 20;

    [Fact]
    public void AWindowGrowsByWhatWasPaidUpToSixteenMebibytes()
    {
        var window = new Window();
        List<long> sizes = [window.Size];
        for (long paid = 0; paid < 64 * MiB; paid += Window.First)
        {
            window.PaidTo(paid + Window.First);
            if (window.Size != sizes[^1])
            {
                sizes.Add(window.Size);
            }
        }

        Assert.Equal([Window.First, 512 * 1024, MiB, 2 * MiB, 4 * MiB, 8 * MiB, 16 * MiB], sizes);
        window.PaidTo(0);
        Assert.Equal(Window.Max, window.Size);

        // At once it is as with many steps.
        var other = new Window();
        other.PaidTo(3 * Window.First);
        Assert.Equal(MiB, other.Size);
    }

    [Fact]
    public void APieceAlwaysFitsIntoAWindow()
    {
        var lane = new ProviderLane(Price, 100 * Price);
        Assert.NotNull(lane.Send(2 * MiB));
        lane.HoldPiece(2 * MiB);
        Assert.Null(lane.Send(2 * MiB));
        Assert.NotNull(lane.Send(2));
    }

    [Fact]
    public void WhatIsPaidIsSentAndWhatWasNotSentIsNotCounted()
    {
        var lane = new ProviderLane(Price, 2 * Price);
        Assert.Null(lane.Send(Window.First));
        Assert.Equal(FailureKind.Unpaid, lane.Send(Window.First)!.Kind);
        lane.Unsend(Window.First);
        Assert.Equal((0, 0, Window.First), (lane.Sent, lane.Due, lane.Room - (Credits.BytesFor(0, Price))));
        Assert.Null(lane.Send(Window.First));
        Assert.Null(lane.Take(Price / 4));
        Assert.Equal((512 * 1024) + 1, lane.Room + 1 - (Credits.BytesFor(Price / 4, Price) - Window.First));

        // The cap ends it, however much is trusted.
        Assert.Null(lane.Take(2 * Price));
        Assert.Null(lane.Send((2 * MiB) - Window.First));
        Assert.Contains("widen", lane.Send(2)!.Message, StringComparison.Ordinal);
        lane.Widen(3 * Price);
        Assert.Null(lane.Send(2));
    }

    [Fact]
    public void VouchersThatFallOrAreOverTheCapAreRefused()
    {
        var lane = new ProviderLane(Price, Price);
        Assert.Null(lane.Take(10));
        Assert.Contains("were promised before", lane.Take(9)!.Message, StringComparison.Ordinal);
        Assert.Contains("cap", lane.Take(Price + 1)!.Message, StringComparison.Ordinal);
        Assert.Null(lane.Take(10));
        Assert.Equal(10, lane.Paid);
    }

    [Fact]
    public void AProviderThatStartsAnewHasWhatItKept()
    {
        var lane = new ProviderLane(Price, 10 * Price, sent: 0, paid: 4 * Price);
        Assert.Equal((4 * Price, 4 * Price, 4 * MiB), (lane.Paid, lane.Kept, lane.Sent));
        Assert.Equal(4 * MiB, lane.WindowSize);
        var unpaid = new ProviderLane(Price, 10 * Price, sent: Window.First);
        Assert.NotNull(unpaid.Send(100));
    }

    [Fact]
    public void MoreThanAWindowIsNeverPaidByVouchersThatNobodyKept()
    {
        var lane = new ProviderLane(Price, 100 * Price);
        Assert.False(lane.MustKeepBefore(Window.First));
        lane.Send(Window.First);
        lane.Take(50 * Price);
        Assert.True(lane.MustKeepBefore(MiB));
        lane.Keep(lane.Paid);
        Assert.False(lane.MustKeepBefore(MiB));
    }

    [Fact]
    public void APayerPaysForWhatItVerifiedAndForNothingElse()
    {
        var lane = new PayerLane(Price, 10 * Price);
        lane.Ask(MiB);
        Assert.Equal((0, Price), (lane.Owed, lane.Committed));
        lane.Verify(MiB / 2);
        Assert.Equal(Price / 2, lane.Owed);
        lane.End(isBroken: false);
        Assert.Equal(Price / 2, lane.Committed);
        Assert.Throws<CheckFailedException>(() => lane.Promise(Price));
        lane.Promise(lane.Owed);

        // Nothing broke here, so nothing is conceded: both cannot come together.
        Assert.False(lane.Refused(MiB, 256 * 1024) && lane.Conceded > 0);
        Assert.Equal(Price / 2, lane.Owed);
        lane.Verify(100 * MiB);
        Assert.Equal(10 * Price, lane.Owed);
    }

    [Fact]
    public void WhatAConnectionTookWithItIsConcededOnceUpToAWindow()
    {
        var lane = new PayerLane(Price, 100 * Price);
        lane.Ask(Window.First);
        lane.End(isBroken: true);
        Assert.Equal(0, lane.Owed);
        Assert.True(lane.Refused(Window.First, Window.First));
        Assert.Equal(Window.First, lane.Conceded);
        Assert.Equal(Price / 4, lane.Owed);
        lane.Promise(lane.Owed);
        Assert.Equal(512 * 1024, lane.Room);

        // What was never asked for is not, whatever the provider counts.
        Assert.False(lane.Refused(100 * MiB, Window.First));
        Assert.Equal(Window.First, lane.Conceded);
    }

    [Fact]
    public void AForgottenVoucherComesBackAndIsNoReasonToPayMore()
    {
        var lane = new PayerLane(Price, 10 * Price);
        lane.Recall(4 * Price, 4 * MiB);
        Assert.Equal((4 * Price, 4 * Price, 4 * MiB), (lane.Promised, lane.Owed, lane.Verified));
        lane.Recall(Price, 100 * MiB);
        Assert.Equal(4 * Price, lane.Owed);
    }

    [Fact]
    public void APurseSpendsNoMoreThanWasAgreedTo()
    {
        var purse = new Purse(8 * Price, Price);
        purse.Want(8 * MiB);
        var lanes = Enumerable.Range(0, 3).Select(_ =>
        {
            var cap = purse.FirstCap(MiB);
            Assert.True(cap.Succeeded, cap.Failure?.Message);
            var lane = new PayerLane(Price, cap.Value);
            purse.Add(lane);
            return lane;
        }).ToList();
        for (var turn = 0; purse.MayAsk(lanes[turn % 3], MiB) == MiB; turn++)
        {
            var lane = lanes[turn % 3];
            lane.Ask(MiB);
            lane.Verify(MiB);
            lane.Promise(lane.Owed);
            lane.Widen(purse.NextCap(lane, MiB) is { Succeeded: true, Value: var cap } ? cap : lane.Cap);
            Assert.InRange(purse.Caps, 0, 2 * purse.Expected);
        }

        Assert.InRange(purse.Promised, 7 * Price, 8 * Price);
    }

    [Fact]
    public void ALaneThatGoesAwayHoldsLittleBack()
    {
        var purse = new Purse(1_000 * Price, Price);
        purse.Want(1_000 * MiB);
        var gone = purse.FirstCap(MiB).Value;
        purse.Add(new PayerLane(Price, gone));
        Assert.InRange(gone, 4 * Price, 130 * Price);
        var other = new PayerLane(Price, purse.FirstCap(MiB).Value);
        purse.Add(other);
        for (var i = 0; i < 999; i++)
        {
            var cap = purse.NextCap(other, MiB);
            Assert.True(cap.Succeeded, cap.Failure?.Message);
            other.Widen(cap.Value);
            other.Verify(MiB);
            other.Promise(other.Owed);
        }
    }

    [Fact]
    public void AChannelHasFortyLanes()
    {
        var purse = new Purse(1_000_000 * Price, Price);
        purse.Want(1L << 40);
        for (var i = 0; i < Purse.LanesMax; i++)
        {
            purse.Add(new PayerLane(Price, 1));
        }

        Assert.Equal(FailureKind.TooLarge, purse.FirstCap(1).Failure!.Kind);
    }
}
