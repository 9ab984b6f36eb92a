using Cete.Core;
using Cete.Ledger;

namespace Cete.Bank;

/// <summary>What came of one transfer that was ordered.</summary>
/// <param name="Number">Its place in the journal; 0 where it was refused.</param>
/// <param name="IsKnown">It was there before, ordered the same way.</param>
/// <param name="Failure">Why it was refused; null where it was not.</param>
public sealed record TransferOutcome(long Number, bool IsKnown, Failure? Failure);

/// <summary>What came of one voucher.</summary>
/// <param name="Redeemed">Micro-credits that its lane has brought by now.</param>
/// <param name="Paid">Micro-credits that this one brought.</param>
/// <param name="Failure">Why it did not count; null where it did.</param>
public sealed record RedeemOutcome(long Redeemed, long Paid, Failure? Failure);

/// <summary>What an account has, in micro-credits.</summary>
/// <param name="Own">What it can do with as it likes.</param>
/// <param name="Granted">What it was given: spent first, on services only.</param>
/// <param name="Reserved">Set aside for channels.</param>
/// <param name="Pending">Held for others.</param>
public sealed record BalanceRecord(long Own, long Granted, long Reserved, long Pending)
{
    /// <summary>All of it.</summary>
    public long Total => Own + Granted + Reserved + Pending;
}

/// <summary>A line of a statement.</summary>
/// <param name="Entry">The entry of the journal.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="IsDebit">The account gave.</param>
/// <param name="Balance">Micro-credits that it had afterwards.</param>
public sealed record StatementLine(JournalEntry Entry, Hash256 Hash, bool IsDebit, long Balance);

/// <summary>Lines of a statement, the newest first.</summary>
/// <param name="Lines">They.</param>
/// <param name="Before">By which the next ones are asked for; null where there are none.</param>
public sealed record StatementPage(IReadOnlyList<StatementLine> Lines, long? Before);

/// <summary>A lane of a channel, in micro-credits.</summary>
/// <param name="Provider">The name of the provider's key.</param>
/// <param name="Payee">Who earns.</param>
/// <param name="Cap">What it can bring.</param>
/// <param name="Redeemed">What it brought.</param>
/// <param name="IsReleased">The provider expects nothing more.</param>
public sealed record LaneRecord(KeyId Provider, LedgerAddress Payee, long Cap, long Redeemed, bool IsReleased);

/// <summary>A channel, in micro-credits.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Account">Who pays.</param>
/// <param name="VoucherKey">The public key that its vouchers are signed with.</param>
/// <param name="Subject">What is downloaded; zero for nothing that is named.</param>
/// <param name="Reserve">What was set aside.</param>
/// <param name="Redeemed">What its lanes brought.</param>
/// <param name="State">How it stands.</param>
/// <param name="Revision">How often it was changed.</param>
/// <param name="OpenedAt">Since when.</param>
/// <param name="ExpiresAt">When it closes by itself.</param>
/// <param name="SettlesAt">When it ends; null while it is open.</param>
/// <param name="Lanes">Its lanes.</param>
public sealed record ChannelRecord(
    TransferId Id, AccountId Account, ReadOnlyMemory<byte> VoucherKey, Hash256 Subject, long Reserve, long Redeemed, ChannelState State, long Revision,
    Instant OpenedAt, Instant ExpiresAt, Instant? SettlesAt, IReadOnlyList<LaneRecord> Lanes);

/// <summary>How the ledger stands.</summary>
/// <param name="Ledger">Which one.</param>
/// <param name="Entries">Entries of its journal.</param>
/// <param name="Hash">Of the last one.</param>
/// <param name="UnderHead">Entries under a signed head.</param>
/// <param name="Policy">What was decided.</param>
public sealed record LedgerStanding(TransferId Ledger, long Entries, Hash256 Hash, long UnderHead, BankPolicy Policy);

/// <summary>How many credits there are, and where; in micro-credits.</summary>
/// <param name="Supply">All that the mint made.</param>
/// <param name="Kinds">What each kind of account holds, and how many accounts of it there are.</param>
/// <param name="Distribution">
/// How many accounts of users hold less than 1, 10, 100... credits, and as much or more than the last of these bounds.
/// </param>
/// <param name="Days">The last days, the newest last.</param>
public sealed record SupplyRecord(long Supply, IReadOnlyList<KindSum> Kinds, IReadOnlyList<long> Distribution, IReadOnlyList<DayVolume> Days);

/// <summary>What a kind of account holds.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Accounts">How many there are.</param>
/// <param name="Balance">Micro-credits.</param>
public sealed record KindSum(LedgerAccountKind Kind, long Accounts, long Balance);

/// <summary>What moved on a day.</summary>
/// <param name="Day">Days since 1970-01-01, UTC.</param>
/// <param name="Transfers">How many entries.</param>
/// <param name="Spent">Micro-credits that were paid for something: what providers, authors and the community earned.</param>
/// <param name="Made">Micro-credits that the mint made.</param>
public sealed record DayVolume(long Day, long Transfers, long Spent, long Made);

/// <summary>What shows that an entry is in the journal: the path from it to the root of a signed head (RFC 6962 §2.1.1).</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Previous">The hash of the entry before.</param>
/// <param name="Hash">Of the entry: the leaf.</param>
/// <param name="Path">From the bottom up.</param>
/// <param name="Head">What was signed: a <see cref="JournalHead"/>.</param>
/// <param name="Signer">With which key.</param>
public sealed record Receipt(
    JournalEntry Entry, Hash256 Previous, Hash256 Hash, IReadOnlyList<Hash256> Path, ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Signer);
