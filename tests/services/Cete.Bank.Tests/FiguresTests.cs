using Cete.Core;
using Cete.Ledger;

namespace Cete.Bank.Tests;

/// <summary>Figures of a bank: how credits are spread, how they came to what they are, what an account earned.</summary>
public sealed class FiguresTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Credits_are_spread_as_a_textbook_says()
    {
        Assert.Equal(Spread.None, Spread.Of([]));
        Assert.Equal(Spread.None, Spread.Of([0, 0]));
        var same = Spread.Of([.. Enumerable.Repeat(7L, 20)]);
        Assert.Equal((20, 140, 7, 0, 50), (same.Accounts, same.Total, same.Largest, same.GiniPermille, same.LargestPermille));
        Assert.Equal([100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000], same.Deciles);
        var one = Spread.Of([.. Enumerable.Repeat(0L, 9), 10]);
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 0, 1_000], one.Deciles);
        Assert.Equal(900, one.GiniPermille);

        // 1 to 10: the sum is 55, G = 2 * 385 / (10 * 55) - 11 / 10 = 0.3.
        var line = Spread.Of([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        Assert.Equal((300, 181), (line.GiniPermille, line.LargestPermille));
        Assert.Equal([18, 54, 109, 181, 272, 381, 509, 654, 818, 1_000], line.Deciles);

        // Tenths end within an account where there are fewer of them.
        Assert.Equal([50, 100, 150, 200, 250, 400, 550, 700, 850, 1_000], Spread.Of([10, 30]).Deciles);
        var most = Spread.Of([Credits.Max, Credits.Max]);
        Assert.Equal((0, 1_000), (most.GiniPermille, most.Deciles[^1]));
    }

    [Fact]
    public async Task Days_are_reckoned_back_from_what_there_is()
    {
        using var bench = Bench.Begun(BankPolicy.First with { Grants = [new GrantStage(0, 100), new GrantStage(2, 10)] });
        var service = new BankService(bench.Group, Bench.Community);
        var (ada, bob) = (bench.Register("ada"), bench.Register("bob"));
        var lane = ada.Open(Bench.Id(1), 50, bob.Lane(50));
        var first = bench.Now;
        bench.Wait(TimeSpan.FromDays(1));
        Assert.Equal(30, lane.Redeem(bob, 30).Paid);
        Assert.True(lane.Close().Succeeded);
        bench.Wait(TimeSpan.FromDays(1));
        Assert.NotEqual(0, ada.Send(2, bob, 1).Failure);
        PolicyTests.Sign(bench, ada, PolicyTests.Head(bench, bench.Audit.Last - 1));
        bench.Wait(TimeSpan.FromDays(2));
        var figures = (await service.FiguresAsync(bench.Now, Cancel)).Value;
        Assert.Equal([200, 200, 220, 220, 220], figures.Days.Select(day => day.Supply));
        Assert.Equal([0, 30, 30, 30, 30], figures.Days.Select(day => day.Of(LedgerAccountKind.User)));
        Assert.Equal([50, 20, 0, 0, 0], figures.Days.Select(day => day.Of(LedgerAccountKind.Channel)));
        Assert.Equal([200, 0, 20, 0, 0], figures.Days.Select(day => day.Made));
        Assert.Equal([2, 0, 0, 0, 0], figures.Days.Select(day => day.Joined));
        Assert.Equal([0, 30, 0, 0, 0], figures.Days.Select(day => day.Moved));
        Assert.Equal([0, 150_000, 0, 0, 0], figures.Days.Select(day => day.VelocityMillionths));
        Assert.Equal([0, 0, 1, 0, 0], figures.Days.Select(day => day.RefusedInAll));
        Assert.Equal((220, 2, 220), (figures.Supply, figures.Spread.Accounts, figures.Spread.Total));
        Assert.Equal(first, figures.DecidedAt);
        Assert.Null(Assert.Single(figures.Heads).Wrong);
        Assert.NotNull(figures.UnsignedSince);
        Assert.Null(figures.DueSince);

        // Whoever asks at once again gets the same, later another.
        Assert.Same(figures, (await service.FiguresAsync(bench.Now, Cancel)).Value);
        bench.Wait(TimeSpan.FromSeconds(6));
        Assert.NotSame(figures, (await service.FiguresAsync(bench.Now, Cancel)).Value);
    }

    [Fact]
    public async Task A_head_that_is_not_of_the_journal_is_seen()
    {
        using var bench = Bench.Begun();
        var service = new BankService(bench.Group, Bench.Community);
        var ada = bench.Register("ada");
        Assert.True(PolicyTests.Sign(bench, ada, PolicyTests.Head(bench, 1)).Succeeded);
        _ = bench.Read(sql => sql.Execute("UPDATE journal SET hash = @p1 WHERE number = 1", new byte[Hash256.Size]));
        var figures = (await service.FiguresAsync(bench.Now, Cancel)).Value;
        Assert.Equal("what was signed names another entry", Assert.Single(figures.Heads).Wrong);
        Assert.Contains(BankAlarms.Of(figures), alarm => alarm.Check == "heads");
    }

    [Fact]
    public async Task What_an_account_earned_is_told_by_day_and_for_what()
    {
        using var bench = Bench.Begun();
        var service = new BankService(bench.Group, Bench.Community);
        var (ada, bob) = (bench.Register("ada"), bench.Register("bob"));
        var lane = ada.Open(Bench.Id(1), 100, bob.Lane(100));
        var from = bench.Now;
        lane.Redeem(bob, 10);
        lane.Redeem(bob, 15);
        bench.Wait(TimeSpan.FromHours(9));
        lane.Redeem(bob, 40);
        bench.Wait(TimeSpan.FromDays(2));
        Assert.Equal(0, bob.Send(2, ada, 4).Failure);
        Assert.Equal(0, ada.Send(3, bob, 1).Failure);
        var earned = (await service.EarningsAsync(bob.Id, from, Cancel)).Value;
        Assert.True(earned.IsWhole);
        Assert.Equal((41, 4), (earned.Sums.Sum(sum => sum.Amount), earned.Sums.Sum(sum => sum.Count)));
        Assert.Equal(1, earned.Sums.Single(sum => sum.Kind == TransferKind.Send).Amount);
        var late = (await service.EarningsAsync(bob.Id, bench.Now, Cancel)).Value.Sums;
        Assert.Equal([TransferKind.Send], late.Select(sum => sum.Kind));

        // Of a statement a part is asked for, and its pages go on.
        LedgerAddress[] own = [bob.User, bob.Grant];
        var wanted = new StatementFilter(new HashSet<TransferKind> { TransferKind.Earn });
        var one = (await service.StatementAsync(own, wanted, null, 2, Cancel)).Value;
        var two = (await service.StatementAsync(own, wanted, one.Before, 2, Cancel)).Value;
        Assert.Equal([25, 5, 10], one.Lines.Concat(two.Lines).Select(line => line.Entry.Amount));
        var today = (await service.StatementAsync(own, new StatementFilter(From: bench.Now), null, 9, Cancel)).Value;
        Assert.Equal([1, 4], today.Lines.Select(line => line.Entry.Amount));
        Assert.Equal(6, (await service.StatementAsync(own, null, 99, Cancel)).Value.Lines.Count);
    }

    [Fact]
    public async Task What_is_coming_and_what_is_open_is_told_of_one_account()
    {
        using var bench = Bench.Begun(BankPolicy.First with { Grants = [new GrantStage(0, 100), new GrantStage(2, 10)], DailyAllowance = 200 });
        var service = new BankService(bench.Group, Bench.Community);
        var (ada, bob) = (bench.Register("ada"), bench.Register("bob"));
        var coming = (await service.ComingAsync(ada.Id, bench.Now, Cancel)).Value;
        Assert.Equal((200, false, 10), (coming.FillsUpTo, coming.HasAllowance, coming.Grants.Single().Amount));
        ada.Open(Bench.Id(1), 150, bob.Lane(50));
        Assert.True((await service.ComingAsync(ada.Id, bench.Now, Cancel)).Value.HasAllowance);
        Assert.Equal(150, (await service.OpenChannelsAsync(ada.Id, Cancel)).Value.Single().Reserve);
        Assert.Empty((await service.OpenChannelsAsync(bob.Id, Cancel)).Value);
        Assert.Equal([bob.Id, ada.Id], (await service.LargestAsync(5, Cancel)).Value.Select(one => one.Account));
    }
}
