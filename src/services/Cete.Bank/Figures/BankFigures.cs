using Cete.Core;
using Cete.Ledger;

namespace Cete.Bank;

/// <summary>How the community's credits stand and how they came to it, in micro-credits: what plots, tables and alarms are made of.</summary>
/// <param name="At">As of when.</param>
/// <param name="Kinds">What each kind of account holds now.</param>
/// <param name="Days">Every day of the time that is shown, the newest last; empty while the bank keeps no figures of days.</param>
/// <param name="Spread">How what accounts have is spread over them.</param>
/// <param name="Policy">What was decided.</param>
/// <param name="DecidedAt">Since when it counts.</param>
public sealed record BankFigures(
    Instant At, IReadOnlyList<KindSum> Kinds, IReadOnlyList<DayFigures> Days, Spread Spread, BankPolicy Policy, Instant DecidedAt)
{
    /// <summary>Entries of the journal.</summary>
    public required long Entries { get; init; }

    /// <summary>The last entry was made then; null for none.</summary>
    public required Instant? LastAt { get; init; }

    /// <summary>The first entry that is not under a signed head was made then; null where all are.</summary>
    public required Instant? UnsignedSince { get; init; }

    /// <summary>The last signed heads, the newest first.</summary>
    public required IReadOnlyList<HeadFigures> Heads { get; init; }

    /// <summary>What is due longest was due then; null for nothing that waits.</summary>
    public required Instant? DueSince { get; init; }

    /// <summary>All that the mint made, and took not back.</summary>
    public long Supply => -Of(LedgerAccountKind.Mint);

    /// <summary>What all accounts of a kind hold now.</summary>
    public long Of(LedgerAccountKind kind) => Kinds.FirstOrDefault(sum => sum.Kind == kind)?.Balance ?? 0;
}

/// <summary>A day, in micro-credits.</summary>
/// <param name="Day">Days since 1970-01-01, UTC.</param>
/// <param name="Balances">At its end, what accounts of each kind held; by the number of the kind less one.</param>
public sealed record DayFigures(long Day, IReadOnlyList<long> Balances)
{
    /// <summary>Entries of the journal.</summary>
    public long Entries { get; init; }

    /// <summary>What went from somebody to somebody else.</summary>
    public long Moved { get; init; }

    /// <summary>What providers, authors and the community were paid.</summary>
    public long Spent { get; init; }

    /// <summary>What the mint made.</summary>
    public long Made { get; init; }

    /// <summary>Grants and allowances, by whomever they were paid.</summary>
    public long Given { get; init; }

    /// <summary>Accounts that came.</summary>
    public long Joined { get; init; }

    /// <summary>How often something was refused, by why.</summary>
    public IReadOnlyDictionary<Refusal, long> Refused { get; init; } = new SortedDictionary<Refusal, long>();

    /// <summary>How often anything was refused.</summary>
    public long RefusedInAll => Refused.Values.Sum();

    /// <summary>All credits that there were at its end.</summary>
    public long Supply => -Balances[(int)LedgerAccountKind.Mint - 1];

    /// <summary>Millionths of all credits that went from somebody to somebody else.</summary>
    public long VelocityMillionths => Supply == 0 ? 0 : (long)((Int128)Moved * 1_000_000 / Supply);

    /// <summary>What accounts of a kind held at its end.</summary>
    public long Of(LedgerAccountKind kind) => Balances[(int)kind - 1];
}

/// <summary>A signed head, as one looks at it.</summary>
/// <param name="Number">The last entry under it.</param>
/// <param name="At">When it was taken up.</param>
/// <param name="Signer">Name of the key that signed it.</param>
/// <param name="Wrong">Why it is not right, or not of this journal; null where it is.</param>
public sealed record HeadFigures(long Number, Instant At, KeyId Signer, string? Wrong);
