using Cete.Core;
using Cete.Ledger;

namespace Cete.Bank.Tests;

/// <summary>What stands out in figures, and what does not.</summary>
public sealed class AlarmTests
{
    private const long Credit = Bench.Credit;
    private static readonly Instant Now = new(20_000L * 24 * 60 * 60 * 1_000_000);

    /// <summary>A calm community: two come a day and are given 100, 50 accounts, all under a head.</summary>
    private static readonly BankFigures Calm = new(
        Now,
        [
            new(LedgerAccountKind.Mint, 1, -10_000 * Credit), new(LedgerAccountKind.Treasury, 1, 4_000 * Credit),
            new(LedgerAccountKind.Grant, 50, 6_000 * Credit),
        ],
        [.. Enumerable.Range(0, 40).Select(i => Day(19_961 + i))],
        new Spread(50, 6_000 * Credit, 600 * Credit, [0, 0, 0, 0, 0, 0, 0, 0, 500, 1_000], 500),
        new BankPolicy(3) { Grants = [new GrantStage(0, 60 * Credit), new GrantStage(7, 40 * Credit)], CommunityPermille = 100 },
        new Instant(0))
    {
        Entries = 1_000,
        LastAt = Now,
        UnsignedSince = null,
        Heads = [new HeadFigures(1_000, Now, KeyId.Of("node"u8), null)],
        DueSince = null,
    };

    [Fact]
    public void A_calm_community_has_no_alarm() => Assert.Empty(BankAlarms.Of(Calm));

    [Fact]
    public void A_bank_that_has_just_begun_has_none()
    {
        using var bench = Bench.Begun();
        bench.Register("ada");
        Assert.Empty(BankAlarms.Of(Calm with { Days = [] }));
        Assert.Empty(BankAlarms.Of(Calm with { Days = [Day(20_000) with { Made = 9, Joined = 9_000 }] }));
    }

    [Fact]
    public void More_was_made_than_those_who_came_explain()
    {
        Only("supply", AlarmLevel.Problem, With(-3, day => day with { Made = 2_000 * Credit }), "2600 credits were made in 7 days");

        // Another policy may have promised it.
        Assert.Empty(BankAlarms.Of(With(-3, day => day with { Made = 2_000 * Credit }) with { DecidedAt = Before(TimeSpan.FromDays(10)) }));
        var allowing = Calm with { Policy = Calm.Policy with { DailyAllowance = 10 * Credit } };
        Assert.Empty(BankAlarms.Of(allowing with { Days = [.. Calm.Days.Select(day => day with { Made = 400 * Credit })] }));
    }

    [Fact]
    public void Many_come_at_once()
    {
        Only("joined", AlarmLevel.Warning, With(-1, day => day with { Joined = 31 }), "31 accounts came in a day, and 2 a day");
        Only("joined", AlarmLevel.Warning, With(-2, day => day with { Joined = 400 }), "400 accounts");
        Assert.Empty(BankAlarms.Of(With(-1, day => day with { Joined = 30 })));
        Assert.Empty(BankAlarms.Of(With(-3, day => day with { Joined = 400 })));
    }

    [Fact]
    public void The_treasury_runs_dry_where_there_is_one()
    {
        BankFigures poor = Holding(LedgerAccountKind.Treasury, 1_000 * Credit);
        Only("treasury", AlarmLevel.Warning, poor, "5 days of what is given");
        Assert.Empty(BankAlarms.Of(poor with { Policy = poor.Policy with { CommunityPermille = 0 } }));
        Assert.Empty(BankAlarms.Of(poor with { Days = [.. poor.Days.Select(day => day with { Given = 0 })] }));
    }

    [Fact]
    public void A_head_that_is_wrong_comes_first_and_a_missing_one_is_said()
    {
        var wrong = Calm with { Heads = [Calm.Heads[0] with { Wrong = "what was signed names another entry" }] };
        Only("heads", AlarmLevel.Problem, wrong, "names another entry");
        Only("heads.late", AlarmLevel.Warning, Calm with { UnsignedSince = Before(TimeSpan.FromMinutes(6)) }, "6 minutes");
        Assert.Empty(BankAlarms.Of(Calm with { UnsignedSince = Before(TimeSpan.FromMinutes(4)) }));
        var both = BankAlarms.Of(wrong with { UnsignedSince = new Instant(0) });
        Assert.Equal(["heads", "heads.late"], both.Select(alarm => alarm.Check));
    }

    [Fact]
    public void Work_is_late()
    {
        Only("due", AlarmLevel.Warning, Calm with { DueSince = Before(TimeSpan.FromHours(3)) }, "3 hours ago");
        Assert.Empty(BankAlarms.Of(Calm with { DueSince = Before(TimeSpan.FromMinutes(1)) }));
    }

    [Fact]
    public void Refusals_jump_and_what_to_do_follows_from_why()
    {
        static DayFigures Refused(DayFigures day, Refusal reason, long count) =>
            day with { Refused = new Dictionary<Refusal, long> { [reason] = count, [Refusal.Late] = 1 } };
        var poor = Only("refusals", AlarmLevel.Warning, With(-1, day => Refused(day, Refusal.Credits, 60)), "61 transfers");
        Assert.Contains("price", poor.Mend, StringComparison.Ordinal);
        var strangers = Only("refusals", AlarmLevel.Warning, With(-1, day => Refused(day, Refusal.Rights, 60)), "no right");
        Assert.Contains("log", strangers.Mend, StringComparison.Ordinal);
        Assert.Empty(BankAlarms.Of(With(-1, day => Refused(day, Refusal.Rights, 49))));
        var always = Calm with { Days = [.. Calm.Days.Select(day => Refused(day, Refusal.Credits, 60))] };
        Assert.Empty(BankAlarms.Of(always));
    }

    [Fact]
    public void One_has_much_and_nodes_have_no_owner()
    {
        Only("largest", AlarmLevel.Warning, Calm with { Spread = Calm.Spread with { Largest = 1_600 * Credit } }, "26.6 %");
        Assert.Empty(BankAlarms.Of(Calm with { Spread = Calm.Spread with { Largest = 1_600 * Credit, Accounts = 9 } }));
        Only("unclaimed", AlarmLevel.Note, Holding(LedgerAccountKind.Node, 2_011 * Credit), "2011 credits");
        Assert.Empty(BankAlarms.Of(Holding(LedgerAccountKind.Node, 2_000 * Credit)));
    }

    private static BankAlarm Only(string check, AlarmLevel level, BankFigures figures, string seen)
    {
        var alarm = Assert.Single(BankAlarms.Of(figures));
        Assert.Equal((check, level), (alarm.Check, alarm.Level));
        Assert.Contains(seen, alarm.Seen, StringComparison.Ordinal);
        Assert.NotEmpty(alarm.Mend);
        return alarm;
    }

    private static Instant Before(TimeSpan span) => new(Now.Microseconds - (span.Ticks / TimeSpan.TicksPerMicrosecond));

    private static DayFigures Day(long day) => new(day, new long[DayTable.KindsMax]) { Made = 100 * Credit, Given = 200 * Credit, Joined = 2 };

    private static BankFigures With(int which, Func<DayFigures, DayFigures> change) =>
        Calm with { Days = [.. Calm.Days.Select((day, i) => i == Calm.Days.Count + which ? change(day) : day)] };

    private static BankFigures Holding(LedgerAccountKind kind, long balance) =>
        Calm with { Kinds = [.. Calm.Kinds.Where(sum => sum.Kind != kind), new KindSum(kind, 1, balance)] };
}
