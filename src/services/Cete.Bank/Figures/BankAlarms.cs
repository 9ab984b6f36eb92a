using System.Globalization;
using Cete.Ledger;

namespace Cete.Bank;

/// <summary>How much an alarm matters.</summary>
public enum AlarmLevel
{
    /// <summary>Worth knowing.</summary>
    Note,

    /// <summary>It becomes a problem if it goes on.</summary>
    Warning,

    /// <summary>Something is wrong.</summary>
    Problem,
}

/// <summary>Something about the community's credits that somebody should look at.</summary>
/// <param name="Check">What was looked at: a short name that stays.</param>
/// <param name="Level">How much it matters.</param>
/// <param name="Seen">What is so.</param>
/// <param name="Mend">What to do.</param>
public sealed record BankAlarm(string Check, AlarmLevel Level, string Seen, string Mend);

/// <summary>
/// What is to be seen in the figures of a bank that should not be so. One place for all who show it: a page, the API, a terminal. A bank cannot know what a
/// community wants; so these are what an attack or a mistake would look like first, and each says what to look at.
/// </summary>
public static class BankAlarms
{
    /// <summary>Days that are looked at together: what happens every week is no alarm.</summary>
    public const int Window = 7;

    /// <summary>Days of grants that a treasury which pays them should have.</summary>
    public const int TreasuryDays = 14;

    /// <summary>Refusals a day that are nothing: people mistype.</summary>
    public const int RefusalsFew = 50;

    /// <summary>Accounts a day that are nothing: a school class comes.</summary>
    public const int JoinedFew = 30;

    /// <summary>So many times what was usual is a jump.</summary>
    public const int JumpFactor = 5;

    /// <summary>With fewer accounts that have any, one of them always has much.</summary>
    public const int AccountsFew = 10;

    /// <summary>Thousandths of what all accounts have that one of them may have.</summary>
    public const int LargestPermilleMax = 250;

    /// <summary>Thousandths of all credits that nodes may have earned without saying whose they are.</summary>
    public const int UnclaimedPermilleMax = 200;

    /// <summary>Between an entry and a signed head over it: heads come every five seconds, so it was missed often.</summary>
    public static readonly TimeSpan HeadLate = TimeSpan.FromMinutes(5);

    /// <summary>Between when something is due and when it is done: the root looks every second.</summary>
    public static readonly TimeSpan DueLate = TimeSpan.FromMinutes(5);

    /// <summary>All that there are, what matters most first.</summary>
    public static IReadOnlyList<BankAlarm> Of(BankFigures figures) =>
        [.. Found(figures).OfType<BankAlarm>().OrderByDescending(alarm => alarm.Level)];

    private static IEnumerable<BankAlarm?> Found(BankFigures figures) =>
    [
        Heads(figures), Unsigned(figures), Due(figures), Supply(figures), Joined(figures), Treasury(figures), Refusals(figures), Largest(figures),
        Unclaimed(figures),
    ];

    /// <summary>The mint makes credits for newcomers and for allowances alone, so from who came and how many there are follows what it can have made.</summary>
    private static BankAlarm? Supply(BankFigures figures)
    {
        var days = figures.Days;
        var longest = figures.Policy.Grants.Select(stage => stage.AfterDays).DefaultIfEmpty().Max();

        // What was promised by another policy is not known any more; nor who came before the days that are kept.
        if (days.Count < Window || figures.At - figures.DecidedAt < TimeSpan.FromDays(Window + longest + 1))
        {
            return null;
        }

        var made = days.TakeLast(Window).Sum(day => (decimal)day.Made);
        var explained = figures.Policy.Grants.Sum(stage => stage.Amount * (decimal)CameBefore(days, stage.AfterDays))
            + (figures.Policy.DailyAllowance * (decimal)Window * Math.Max(figures.Spread.Accounts, Count(figures, LedgerAccountKind.Grant)));
        return made <= explained ? null : new BankAlarm(
            "supply", AlarmLevel.Problem,
            $"{Credits.Counted(Whole(made), "credit was", "credits were")} made in {Window} days; who came in that time and the allowances explain {Credits.Show(Whole(explained))}",
            "have the journal looked at by a machine of yours: 'cete bank audit'; compare who came with what you know of them: /accounts");
    }

    /// <summary>Who came so many days before the window, with a day beside it on either side: what is due at midnight is done after it.</summary>
    private static long CameBefore(IReadOnlyList<DayFigures> days, int before)
    {
        var last = days[^1].Day - before;
        return days.Where(day => day.Day >= last - Window && day.Day <= last).Sum(day => day.Joined);
    }

    private static BankAlarm? Joined(BankFigures figures) => Jump(figures, day => day.Joined, JoinedFew) is not var (today, usual) ? null : new BankAlarm(
        "joined", AlarmLevel.Warning,
        $"{Text(today)} accounts came in a day, and {Text(usual)} a day in the {Window} days before; each was given credits",
        "look whether people stand behind them: /accounts; close the doors for a while: 'cete account registration invited', "
        + "or give newcomers their credits in steps");

    private static BankAlarm? Treasury(BankFigures figures)
    {
        var (days, has) = (figures.Days, figures.Of(LedgerAccountKind.Treasury));
        var given = days.TakeLast(Window).Sum(day => (decimal)day.Given) / Window;

        // A community that takes no part of what is paid has no treasury to look after: the mint makes what it gives.
        return figures.Policy.CommunityPermille == 0 || days.Count < Window || given == 0 || has >= given * TreasuryDays ? null : new BankAlarm(
            "treasury", AlarmLevel.Warning,
            $"the treasury has {Credits.Counted(Whole(has))}: {(has / given).ToString("0.#", CultureInfo.InvariantCulture)} days of what is given to members, "
            + $"{Credits.Show(Whole(given))} a day; after that the mint makes it, and what there is becomes worth less",
            "let the community have a larger part of what is paid ('cete bank policy --community N'), or give less ('--grant', '--allowance')");
    }

    private static BankAlarm? Heads(BankFigures figures)
    {
        var wrong = figures.Heads.Where(head => head.Wrong is not null).ToList();
        return wrong.Count == 0 ? null : new BankAlarm(
            "heads", AlarmLevel.Problem,
            $"the signed head over entry {Text(wrong[0].Number)} is not that of this journal: {wrong[0].Wrong}",
            "keep a copy of this node's data folder, and compare it with other nodes: 'cete bank audit' on each; who signed it stands beside the head");
    }

    private static BankAlarm? Unsigned(BankFigures figures) =>
        figures.UnsignedSince is not { } since || figures.At - since < HeadLate ? null : new BankAlarm(
            "heads.late", AlarmLevel.Warning,
            $"no signed head covers what happened in the last {Span(figures.At - since)}: nobody could prove it later",
            "see whether the bank has a root ('cete status'), and what its log says of heads that were refused");

    private static BankAlarm? Due(BankFigures figures) =>
        figures.DueSince is not { } since || figures.At - since < DueLate ? null : new BankAlarm(
            "due", AlarmLevel.Warning,
            $"what should have happened {Span(figures.At - since)} ago was not done: channels end late, and what they hold comes back late",
            "see whether the bank has a root and keeps up: 'cete status'");

    private static BankAlarm? Refusals(BankFigures figures)
    {
        if (Jump(figures, day => day.RefusedInAll, RefusalsFew) is not var (today, usual))
        {
            return null;
        }

        var most = figures.Days.TakeLast(2).MaxBy(day => day.RefusedInAll)!.Refused.MaxBy(reason => reason.Value).Key;
        return new BankAlarm(
            "refusals", AlarmLevel.Warning,
            $"{Text(today)} transfers or vouchers were refused in a day, and {Text(usual)} a day in the {Window} days before; most of them: {WordsOf(most)}",
            most == Refusal.Credits
                ? "members have too little: look at the price and at what is given ('cete bank policy')"
                : "somebody tries what he may not, or a program is wrong: look at the node's log for who asks");
    }

    private static BankAlarm? Largest(BankFigures figures) =>
        figures.Spread.Accounts < AccountsFew || figures.Spread.LargestPermille <= LargestPermilleMax ? null : new BankAlarm(
            "largest", AlarmLevel.Warning,
            $"one account has {Percent(figures.Spread.LargestPermille)} of what all {Text(figures.Spread.Accounts)} accounts have",
            "credits that are not spent are missing elsewhere: find out what the account could be asked for, or let the community have a larger part");

    private static BankAlarm? Unclaimed(BankFigures figures)
    {
        var (nodes, supply) = (figures.Of(LedgerAccountKind.Node), figures.Supply);
        return supply == 0 || (Int128)nodes * 1_000 / supply <= UnclaimedPermilleMax ? null : new BankAlarm(
            "unclaimed", AlarmLevel.Note,
            $"nodes have earned {Credits.Counted(nodes)} and have not said whose they are",
            "let nodes join by a token of a member's own ('cete token create'): what they earn is his then");
    }

    /// <summary>Today, or yesterday where that was more, and the mean of the days before; null where it is no jump.</summary>
    private static (long Today, long Usual)? Jump(BankFigures figures, Func<DayFigures, long> of, int few)
    {
        if (figures.Days.Count < Window + 2)
        {
            return null;
        }

        var today = figures.Days.TakeLast(2).Max(of);
        var usual = figures.Days.SkipLast(2).TakeLast(Window).Sum(of) / Window;
        return today > few && today > usual * JumpFactor ? (today, usual) : null;
    }

    /// <summary>Why something was refused, in words.</summary>
    public static string WordsOf(Refusal reason) => reason switch
    {
        Refusal.Credits => "not enough credits",
        Refusal.Rights => "no right to it, or not signed so",
        Refusal.Unknown => "nothing of that name",
        Refusal.Late => "its time was up",
        Refusal.Conflict => "does not fit what there is",
        Refusal.Malformed => "makes no sense",
        _ => "other reasons",
    };

    private static long Count(BankFigures figures, LedgerAccountKind kind) => figures.Kinds.FirstOrDefault(sum => sum.Kind == kind)?.Accounts ?? 0;

    private static long Whole(decimal micro) => (long)Math.Min(micro, Credits.Max) / Credits.Micro * Credits.Micro;

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(int permille) => (permille / 10m).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    private static string Span(TimeSpan span) => span.TotalDays >= 2 ? $"{Text((long)span.TotalDays)} days"
        : span.TotalHours >= 2 ? $"{Text((long)span.TotalHours)} hours"
        : $"{Text((long)span.TotalMinutes)} minutes";
}
