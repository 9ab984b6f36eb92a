namespace Cete.Api;

/// <summary>How the community's credits stand, how they came to it, and what somebody should look at.</summary>
/// <param name="At">As of when.</param>
/// <param name="Supply">All that were made.</param>
/// <param name="Balances">What each kind of account holds.</param>
/// <param name="Days">The last days, the newest last; empty while the bank keeps no figures of days.</param>
/// <param name="Spread">How what accounts have is spread over them.</param>
/// <param name="PolicyVersion">Version of what was decided.</param>
/// <param name="PolicySince">Since when it counts.</param>
/// <param name="Heads">The last signed heads of the journal, the newest first.</param>
/// <param name="Alarms">What somebody should look at, what matters most first.</param>
public sealed record FiguresInfo(
    DateTimeOffset At, long Supply, IReadOnlyList<KindInfo> Balances, IReadOnlyList<DayFiguresInfo> Days, SpreadInfo Spread, long PolicyVersion,
    DateTimeOffset PolicySince, IReadOnlyList<HeadInfo> Heads, IReadOnlyList<AlarmInfo> Alarms);

/// <summary>A day of the community's credits, in micro-credits.</summary>
/// <param name="Day">UTC.</param>
/// <param name="Supply">All that there were at its end.</param>
/// <param name="Treasury">What the community had then.</param>
/// <param name="Held">What was set aside for downloads or held for somebody then.</param>
/// <param name="Unclaimed">What nodes had earned then that have not said whose they are.</param>
/// <param name="Moved">What went from somebody to somebody else.</param>
/// <param name="Spent">What providers, authors and the community were paid.</param>
/// <param name="Made">What the mint made.</param>
/// <param name="Given">Grants and allowances.</param>
/// <param name="Joined">Accounts that came.</param>
/// <param name="Entries">Entries of the journal.</param>
/// <param name="Refused">How often something was refused, by why.</param>
public sealed record DayFiguresInfo(
    DateOnly Day, long Supply, long Treasury, long Held, long Unclaimed, long Moved, long Spent, long Made, long Given, long Joined, long Entries,
    IReadOnlyDictionary<string, long> Refused);

/// <summary>How credits are spread over accounts.</summary>
/// <param name="Accounts">Accounts that have any.</param>
/// <param name="Total">Micro-credits of all of them.</param>
/// <param name="LargestPermille">Thousandths of it that one account has.</param>
/// <param name="Deciles">Thousandths of it that the poorest tenth has, the two poorest, and so on: ten numbers, or none where nobody has any.</param>
/// <param name="GiniPermille">0 where all have the same, towards 1000 the more one has it all.</param>
public sealed record SpreadInfo(long Accounts, long Total, int LargestPermille, IReadOnlyList<int> Deciles, int GiniPermille);

/// <summary>A signed head of the journal.</summary>
/// <param name="Number">The last entry under it.</param>
/// <param name="At">When it was taken up.</param>
/// <param name="Signer">Name of the key that signed it.</param>
/// <param name="Wrong">Why it is not right; null where it is.</param>
public sealed record HeadInfo(long Number, DateTimeOffset At, string Signer, string? Wrong);

/// <summary>Something that somebody should look at.</summary>
/// <param name="Check">What was looked at: a short name that stays.</param>
/// <param name="Level"><c>note</c>, <c>warning</c> or <c>problem</c>.</param>
/// <param name="Seen">What is so.</param>
/// <param name="Mend">What to do.</param>
public sealed record AlarmInfo(string Check, string Level, string Seen, string Mend);
