using System.Globalization;
using Cete.Bank;
using Cete.Ledger;

namespace Cete.Web.Pages.Bank;

/// <summary>What the bank's pages draw.</summary>
internal static class BankPlots
{
    private const string Day = "Day";

    private static readonly Refusal[] Reasons =
        [Refusal.Credits, Refusal.Rights, Refusal.Unknown, Refusal.Late, Refusal.Conflict, Refusal.Malformed, Refusal.Other];

    private static readonly string[] Sources = [.. BankService.EarningKinds.Select(BankWords.Source).Distinct()];

    /// <summary>What an account earned on each day.</summary>
    public static Plot EarnedByDay(Earnings earned, long today, int days)
    {
        var sums = earned.Sums.ToLookup(sum => sum.Day);
        List<PlotColumn> columns = [.. Enumerable.Range(0, days).Select(i => today - days + 1 + i).Select(day => new PlotColumn(
            Amounts.Day(day), [.. Sources.Select(source => sums[day].Where(sum => BankWords.Source(sum.Kind) == source).Sum(sum => sum.Amount))]))];
        return new Plot("earned-days", "Earned by day", Summary(earned, days), Day, Sources, columns).Trimmed();
    }

    /// <summary>By what it earned.</summary>
    public static Plot EarnedBySource(Earnings earned, int days)
    {
        var columns = Sources.Select(source => new PlotColumn(
            source, [earned.Sums.Where(sum => BankWords.Source(sum.Kind) == source).Sum(sum => sum.Amount)]));
        return new Plot("earned-services", "Earned by service", Summary(earned, days), "Service", ["Credits"], [.. columns.Where(column => column.Sum > 0)]);
    }

    /// <summary>How the community's credits came to what they are.</summary>
    public static IReadOnlyList<Plot> Of(IReadOnlyList<DayFigures> days)
    {
        var (first, last) = (days[0], days[^1]);
        return
        [
            Days("supply", "Supply", Trend(first.Supply, last.Supply), days,
                ("Earned", day => day.Of(LedgerAccountKind.User)), ("Given to members", day => day.Of(LedgerAccountKind.Grant)),
                ("Held in channels", day => day.Of(LedgerAccountKind.Channel) + day.Of(LedgerAccountKind.Pending)),
                ("Treasury", day => day.Of(LedgerAccountKind.Treasury)), ("Nodes, unclaimed", day => day.Of(LedgerAccountKind.Node))),
            Days("flow", "Moved by day", $"{Amounts.Counted(Total(days, day => day.Moved))} went from somebody to somebody else.", days,
                ("Paid for something", day => day.Spent), ("Sent and paid out", day => day.Moved - day.Spent)),
            Days("velocity", "Velocity", $"{Millionths(last.VelocityMillionths)} of all credits moved on the last day.", days,
                ("Moved of the supply", day => day.VelocityMillionths)) with { Show = Millionths },
            Days("given", "Given by day",
                $"{Amounts.Counted(Total(days, day => day.Given), "credit was", "credits were")} given, {Amounts.Short(Total(days, day => day.Made))} of them made for it.", days,
                ("Made by the mint", day => day.Made), ("Paid by the treasury", day => day.Given - day.Made)),
            Days("joined", "Accounts that came", $"{Sizes.Count(days.Sum(day => day.Joined), "account", "accounts")} came.", days,
                ("Accounts", day => day.Joined)) with { Show = Sizes.Digits },
            Refused(days),
        ];
    }

    /// <summary>How what accounts have is spread over them, as a table of tenths.</summary>
    public static string SpreadSummary(Spread spread) => spread.Accounts == 0
        ? "Nobody has any credits."
        : $"The poorer half of {Sizes.Count(spread.Accounts, "account", "accounts")} has {Amounts.Percent(spread.Deciles[4])} of what all have; "
            + $"the richest tenth {Amounts.Percent(1_000 - spread.Deciles[^2])}, one account {Amounts.Percent(spread.LargestPermille)}. "
            + $"Gini {(spread.GiniPermille / 1_000m).ToString("0.00", CultureInfo.InvariantCulture)}: 0 is the same for all, 1 all for one.";

    private static string Millionths(long millionths) => (millionths / 10_000m).ToString("0.####", CultureInfo.InvariantCulture) + " %";

    private static Plot Refused(IReadOnlyList<DayFigures> days)
    {
        var all = days.Sum(day => day.RefusedInAll);
        var plot = Days(
            "refused", "Refused by day", $"{Sizes.Count(all, "transfer, channel or voucher was", "transfers, channels and vouchers were")} refused.", days,
            [.. Reasons.Select(reason => (BankAlarms.WordsOf(reason), (Func<DayFigures, long>)(day => day.Refused.GetValueOrDefault(reason))))]);
        return plot with { Show = Sizes.Digits, HasLegend = true };
    }

    private static Plot Days(
        string id, string title, string summary, IReadOnlyList<DayFigures> days, params ReadOnlySpan<(string Name, Func<DayFigures, long> Of)> series)
    {
        var all = series.ToArray();
        return new Plot(
            id, title, summary, Day, [.. all.Select(one => one.Name)],
            [.. days.Select(day => new PlotColumn(Amounts.Day(day.Day), [.. all.Select(one => one.Of(day))]))]).Trimmed();
    }

    private static long Total(IReadOnlyList<DayFigures> days, Func<DayFigures, long> of) =>
        days.Aggregate(0L, (sum, day) => sum > Credits.Max - of(day) ? Credits.Max : sum + of(day));

    private static string Trend(long first, long last) => last == first
        ? $"{Amounts.Counted(last)}, as many as at the beginning."
        : $"{Amounts.Counted(last)}, {Amounts.Short(Math.Abs(last - first))} {(last > first ? "more" : "fewer")} than at the end of the first day.";

    private static string Summary(Earnings earned, int days) => earned.Sums.Count == 0
        ? $"Nothing was earned in the last {days} days."
        : $"{Amounts.Counted(earned.Sums.Aggregate(0L, (sum, one) => sum > Credits.Max - one.Amount ? Credits.Max : sum + one.Amount))} "
            + $"in the last {days} days{(earned.IsWhole ? string.Empty : ", as far as they were counted: there is too much of it")}.";
}
