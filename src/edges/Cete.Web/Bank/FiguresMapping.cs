using Cete.Api;
using Cete.Bank;
using Cete.Ledger;

namespace Cete.Web.Bank;

/// <summary>The bank's figures, as the API's messages.</summary>
internal static class FiguresMapping
{
    /// <summary>Days that are told: a year, and some to compare its ends with.</summary>
    private const int DaysTold = 400;

    public static FiguresInfo ToInfo(this BankFigures figures) => new(
        figures.At.ToDateTimeOffset(), figures.Supply,
        [.. figures.Kinds.Select(kind => new KindInfo(kind.Kind.ToString().ToLowerInvariant(), kind.Accounts, kind.Balance))],
        [.. figures.Days.TakeLast(DaysTold).Select(ToInfo)], figures.Spread.ToInfo(), figures.Policy.Version, figures.DecidedAt.ToDateTimeOffset(),
        [.. figures.Heads.Select(head => new HeadInfo(head.Number, head.At.ToDateTimeOffset(), head.Signer.ToString(), head.Wrong))],
        [.. BankAlarms.Of(figures).Select(alarm => new AlarmInfo(alarm.Check, alarm.Level.ToString().ToLowerInvariant(), alarm.Seen, alarm.Mend))]);

    private static DayFiguresInfo ToInfo(DayFigures day) => new(
        DateOnly.FromDayNumber((int)(day.Day + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber)), day.Supply, day.Of(LedgerAccountKind.Treasury),
        day.Of(LedgerAccountKind.Channel) + day.Of(LedgerAccountKind.Pending), day.Of(LedgerAccountKind.Node), day.Moved, day.Spent, day.Made, day.Given,
        day.Joined, day.Entries,
        new SortedDictionary<string, long>(day.Refused.ToDictionary(one => one.Key.ToString().ToLowerInvariant(), one => one.Value), StringComparer.Ordinal));

    private static SpreadInfo ToInfo(this Spread spread) =>
        new(spread.Accounts, spread.Total, spread.LargestPermille, spread.Deciles, spread.GiniPermille);
}
