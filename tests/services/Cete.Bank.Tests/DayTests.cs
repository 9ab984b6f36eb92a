using Cete.Core;
using Cete.Groups;
using Cete.Ledger;
using Cete.Testing;

namespace Cete.Bank.Tests;

/// <summary>What each day changed, and what was refused on it, as the tables count it.</summary>
public sealed class DayTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    public void Days_say_what_the_journal_says(ulong seed)
    {
        using var bench = Bench.Begun();
        BankLog.Fill(bench, seed, 150);
        bench.Wait(TimeSpan.FromDays(2));
        bench.Register("late");
        var (kept, joined) = (Days(bench), Joined(bench));
        Assert.True(kept.Count > 1, "the log is of one day");
        var recounted = bench.Read(sql =>
        {
            sql.Execute("DELETE FROM days");
            DayTable.CarryOver(sql);
            return 0;
        });
        Assert.Equal(0, recounted);
        Assert.Equal(kept, Days(bench));
        Assert.Equal(joined, bench.Read(sql => sql.Scalar<long>("SELECT count(*) FROM holders")));
        var sums = new long[DayTable.KindsMax];
        foreach (var day in bench.Read(sql => new DayTable(sql).From(0)))
        {
            for (var kind = 0; kind < sums.Length; kind++)
            {
                sums[kind] += day.Kinds[kind];
            }
        }

        for (var kind = 1; kind <= sums.Length; kind++)
        {
            var held = bench.Read(sql => sql.Scalar<long>("SELECT coalesce(sum(balance), 0) FROM ledger_accounts WHERE kind = @p1", (long)kind));
            Assert.Equal(held, sums[kind - 1]);
        }
    }

    [Fact]
    public async Task A_group_that_is_raised_has_the_days_that_it_would_have_had()
    {
        using var first = new DirectGroup(GroupId.Of("bank"), new ImportingBank(new BankMachine()), 1);
        using var bench = Bench.Begun();
        BankLog.Fill(bench, 43, 60);
        foreach (var (at, command) in bench.Group.Handed)
        {
            first.Now = at;
            Assert.True((await first.SubmitAsync(command, Cancel)).Succeeded);
        }

        Assert.False((await first.ReadAsync(BankSchema.HasDays, cancellation: Cancel)).Value);
        var raised = await first.ReadAsync(
            sql =>
            {
                new BankMachine().Raise(BankSchema.DaysLevel, sql);
                return Text(new DayTable(sql).From(0));
            },
            cancellation: Cancel);
        Assert.Equal(Days(bench), raised.Value);
        Assert.Empty((await first.ReadAsync(sql => new DayTable(sql).RefusedFrom(0), cancellation: Cancel)).Value);
    }

    [Fact]
    public void Every_refusal_is_counted_by_day_and_reason_and_nothing_else_of_it_is_kept()
    {
        using var bench = Bench.Begun();
        var (ada, bob, eve) = (bench.Rich("ada", 10, 1), bench.Register("bob"), bench.Stranger("eve"));
        Assert.False(ada.Send(10, bob, 11).Failure == 0);
        Assert.Equal(2, ada.Order(Person.Sending(11, bob, 1, linked: true), Person.Sending(12, bob, 99)).Value.Results.Count);
        Assert.False(ada.Channel(ada.Opening(Bench.Id(13), 6_000 * Bench.Credit, bob.Lane(1))).Succeeded);
        Assert.False(eve.Order(Person.Sending(14, bob, 1)).Succeeded);
        Assert.False(ada.Do(Person.Posting(15, 999, 1)).Failure == 0);
        Assert.False(ada.Decide(BankPolicy.First with { Version = 2 }, new Asker(ada.Id.ToString(), [])).Succeeded);
        Assert.False(bench.Submit(new Proto.Transfer { Statement = Person.Bytes([1, 2, 3]) }).Succeeded);
        var channel = ada.Open(Bench.Id(16), 4, bob.Lane(4));
        Assert.False(channel.Redeem(bob, 5).Failure == 0);
        Assert.Equal(
            "Credits 3, Rights 2, Unknown 1, Conflict 1, Malformed 1",
            string.Join(", ", bench.Read(sql => new DayTable(sql).RefusedFrom(0)).Select(row => $"{row.Reason} {row.Count}")));

        // A node that comes too late with a head, or another one that does, is no user who is refused.
        Assert.False(bench.Submit(new Proto.SignHead(), Bench.Node).Succeeded);
        Assert.Equal(5, bench.Read(sql => sql.Scalar<long>("SELECT count(*) FROM refusals")));
        Assert.False(ada.Send(17, bob, 11).Failure == 0);
        Assert.Equal(4, bench.Read(sql => sql.Scalar<long>("SELECT count FROM refusals WHERE reason = 1")));
    }

    [Fact]
    public void Days_are_forgotten_when_there_are_too_many()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Rich("ada", 10_000, 1), bench.Register("bob"));
        for (var day = 0; day < BankLimits.DaysMax + 20; day++)
        {
            bench.Group.Now += TimeSpan.FromDays(1);
            Assert.Equal(0, ada.Send(100 + day, bob, 1).Failure);
            Assert.NotEqual(0, bob.Send(9_000 + day, ada, 1_000_000).Failure);
        }

        Assert.Equal(BankLimits.DaysMax, bench.Read(sql => sql.Scalar<long>("SELECT count(*) FROM days")));
        Assert.Equal(BankLimits.DaysMax, bench.Read(sql => sql.Scalar<long>("SELECT count(*) FROM refusals")));
    }

    [Fact]
    public void What_flows_stops_at_the_largest_balance()
    {
        Assert.Equal(Credits.Max, DayTable.Sum(Credits.Max - 1, Credits.Max));
        Assert.Equal(3, DayTable.Sum(1, 2));
        using var bench = Bench.Begun();
        var most = new DayRow(DayTable.DayOf(bench.Now)) { Entries = 1, Moved = Credits.Max, Made = Credits.Max - 1 };
        var sums = bench.Read(sql =>
        {
            new DayTable(sql).Add(most, [], new BankCache());
            new DayTable(sql).Add(most, [], new BankCache());
            return new DayTable(sql).From(0).Single();
        });
        Assert.Equal((Credits.Max, Credits.Max, 2), (sums.Moved, sums.Made, sums.Entries));
    }

    private static List<string> Days(Bench bench) => bench.Read(sql => Text(new DayTable(sql).From(0)));

    private static long Joined(Bench bench) => bench.Read(sql => new DayTable(sql).From(0)).Sum(day => day.Joined);

    /// <summary>As texts, without who came: the bank hears of them later than they came.</summary>
    private static List<string> Text(List<DayRow> days) =>
        [.. days.Where(day => day.Entries > 0).Select(day =>
            $"{day.Day}: {day.Entries} {day.Moved} {day.Spent} {day.Made} {day.Given} [{string.Join(' ', day.Kinds)}]")];
}
