using Cete.Core;
using Cete.Ledger;

namespace Cete.Bank.Tests;

/// <summary>Transfers in two steps.</summary>
public sealed class PendingTests
{
    [Fact]
    public void What_is_held_is_taken_once_in_whole_or_in_part()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Rich("ada", 10, 1), bench.Register("bob"));
        Assert.True(ada.Do(ada.Pending(2, bob, 6)).Number > 0);
        Assert.Equal((4, 6), (ada.Balance, bench.BalanceOf(LedgerAddress.Pending(Bench.Id(2)))));
        bob.Do(Person.Posting(3, 2, 7)).Refused(FailureKind.Conflict, "0.000006 credits are held");
        var taken = bob.Do(Person.Posting(3, 2, 4));
        Assert.Equal((6, 4), (ada.Balance, bob.Balance));
        var again = bob.Do(Person.Posting(3, 2, 4));
        Assert.Equal((taken.Number, true), (again.Number, again.IsKnown));
        bob.Do(Person.Posting(3, 2, 3)).Refused(FailureKind.Conflict, "another transfer");
        bob.Do(Person.Posting(4, 2, 1)).Refused(FailureKind.Conflict, "not pending any more");
        bob.Do(Person.Voiding(5, 2)).Refused(FailureKind.Conflict, "not pending any more");
        Assert.Equal(0, bench.Wait(TimeSpan.FromDays(40)).Done);
    }

    [Fact]
    public void What_is_held_is_left_once()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Rich("ada", 10, 1), bench.Register("bob"));
        Assert.True(ada.Do(ada.Pending(2, bob, 6)).Number > 0);
        ada.Do(Person.Voiding(3, 2)).Refused(FailureKind.Forbidden, "who alone takes it or leaves it");
        ada.Do(Person.Posting(3, 2, 1)).Refused(FailureKind.Forbidden, "who alone takes it or leaves it");
        bob.Do(Person.Posting(3, 9, 1)).Refused(FailureKind.NotFound, "is pending");
        var left = bob.Do(Person.Voiding(3, 2));
        Assert.Equal((10, 0), (ada.Balance, bob.Balance));
        Assert.Equal((left.Number, true), (bob.Do(Person.Voiding(3, 2)).Number, bob.Do(Person.Voiding(3, 2)).IsKnown));
        bob.Do(Person.Posting(4, 2, 1)).Refused(FailureKind.Conflict, "not pending any more");
    }

    [Fact]
    public void An_id_that_was_pending_is_no_other()
    {
        using var bench = Bench.Begun();
        var (ada, bob, carol) = (bench.Rich("ada", 10, 1), bench.Register("bob"), bench.Register("carol"));
        var order = ada.Pending(2, bob, 6);
        Assert.True(ada.Do(order).Number > 0);
        Assert.True(ada.Do(order).IsKnown);
        ada.Do(order with { To = carol.User.ToString() }).Refused(FailureKind.Conflict, "another transfer");
        ada.Do(order with { ExpiresAt = order.ExpiresAt + 1 }).Refused(FailureKind.Conflict, "another transfer");
        Assert.True(bob.Do(Person.Posting(3, 2, 6)).Number > 0);
        Assert.True(ada.Do(order).IsKnown);
        Assert.Equal((4, 6), (ada.Balance, bob.Balance));
    }

    [Fact]
    public void Nobody_takes_what_is_over_also_before_a_late_tick()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Rich("ada", 10, 1), bench.Register("bob"));
        Assert.True(ada.Do(ada.Pending(2, bob, 6)).Number > 0);
        bench.Group.Now += TimeSpan.FromHours(1);
        bob.Do(Person.Posting(3, 2, 1)).Refused(FailureKind.Expired, "its time was up");
        bob.Do(Person.Voiding(3, 2)).Refused(FailureKind.Expired, "its time was up");
        Assert.Equal(4, ada.Balance);
        Assert.Equal(1, bench.Wait(TimeSpan.FromDays(3)).Done);
        Assert.Equal((10, TransferKind.Expire), (ada.Balance, bench.LastEntry.Kind));
        bob.Do(Person.Posting(3, 2, 1)).Refused(FailureKind.Conflict, "not pending any more");
        Assert.Equal(0, bench.Tick().Done);
    }

    [Fact]
    public void Stamps_that_leap_end_it_once_and_bounds_are_kept()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Rich("ada", 1_000, 1), bench.Register("bob"));
        foreach (var ends in new[] { bench.Now.Microseconds, 1, -5, long.MaxValue, (bench.Now + BankLimits.PendingLifeMax).Microseconds + 1 })
        {
            ada.Do(ada.Pending(2, bob, 1) with { ExpiresAt = ends }).Refused(FailureKind.Invalid, "in the next 30 days");
        }

        for (var i = 0; i < BankLimits.PendingsMax; i++)
        {
            Assert.True(ada.Do(ada.Pending(100 + i, bob, 1, TimeSpan.FromDays(1 + (i % 29)))).Number > 0);
        }

        ada.Do(ada.Pending(2, bob, 1)).Refused(FailureKind.TooLarge, "which is the most");

        // A root's clock that is a hundred years ahead: everything is due at once, in pieces.
        Assert.Equal((BankLimits.PendingsMax, false), (bench.Wait(TimeSpan.FromDays(36_500)).Done, bench.Tick().IsMore));
        Assert.Equal(1_000, ada.Balance);
        Assert.True(ada.Do(ada.Pending(3, bob, 1)).Number > 0);
    }
}
