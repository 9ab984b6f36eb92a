using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Cete.Core;

namespace Cete.Ledger;

/// <summary>Why credits move. The numbers stand in journals: they never change.</summary>
public enum TransferKind
{
    /// <summary>From one account to another.</summary>
    Send = 1,

    /// <summary>Held for somebody, who takes it or leaves it.</summary>
    Pend = 2,

    /// <summary>What was held is taken, or a part of it.</summary>
    Post = 3,

    /// <summary>What was held goes back.</summary>
    Void = 4,

    /// <summary>Nobody took it in time: it goes back.</summary>
    Expire = 5,

    /// <summary>A newcomer's credits.</summary>
    Grant = 6,

    /// <summary>What each account may use a day without paying.</summary>
    Allowance = 7,

    /// <summary>Reserved for a channel.</summary>
    Reserve = 8,

    /// <summary>What a provider earned by a voucher.</summary>
    Earn = 9,

    /// <summary>What an author earns by it.</summary>
    Author = 10,

    /// <summary>What the community earns by it.</summary>
    Share = 11,

    /// <summary>What a channel did not use goes back.</summary>
    Return = 12,

    /// <summary>A node's earnings go to its owner.</summary>
    Claim = 13,

    /// <summary>What belonged to an account that was closed.</summary>
    Leave = 14,

    /// <summary>The community pays somebody.</summary>
    PayOut = 15,
}

/// <summary>
/// One transfer as the journal has it, for ever: which account gave, which one got, how much, and what both had then. It holds the hash of the entry
/// before it, so a journal is a chain: whoever changes one changes all behind it.
/// </summary>
/// <param name="Number">Its place, from 1, without gaps.</param>
/// <param name="Id">Its name; a transfer happens once.</param>
/// <param name="At">When.</param>
/// <param name="Kind">Why.</param>
/// <param name="Debit">Who gave.</param>
/// <param name="Credit">Who got.</param>
/// <param name="Amount">Micro-credits, 1 to <see cref="Credits.Max"/>.</param>
/// <param name="DebitBalance">What who gave had afterwards.</param>
/// <param name="CreditBalance">What who got had afterwards.</param>
public sealed record JournalEntry(
    long Number, TransferId Id, Instant At, TransferKind Kind, LedgerAddress Debit, LedgerAddress Credit, long Amount, long DebitBalance, long CreditBalance)
{
    /// <summary>Bytes of the longest note, in UTF-8.</summary>
    public const int NoteBytesMax = 200;

    private const int FixedSize =
        1 + Hash256.Size + sizeof(long) + TransferId.Size + sizeof(long) + 1 + (2 * LedgerAddress.Size) + (3 * sizeof(long)) + (2 * Hash256.Size)
        + sizeof(long) + sizeof(ushort);

    /// <summary>SHA-256 of the signed bytes that ordered it; all zero for what follows from the rules alone.</summary>
    public Hash256 Evidence { get; init; }

    /// <summary>What was paid for: the root of a content; all zero for none.</summary>
    public Hash256 Subject { get; init; }

    /// <summary>How much of it: bytes.</summary>
    public long Quantity { get; init; }

    /// <summary>What whoever ordered it says of it; of one line.</summary>
    public string Note { get; init; } = string.Empty;

    /// <summary>
    /// Its hash: SHA-256 of a byte of zero, which makes it a leaf as in RFC 6962 §2.1, the hash of the entry before (zero for the first), and all that
    /// the entry says, in the order number, id, at, kind, debit, credit, amount, balances, evidence, subject, quantity, note (its length in two bytes
    /// before it). Numbers are big-endian.
    /// </summary>
    /// <param name="previous">The hash of the entry before.</param>
    public Hash256 HashAfter(in Hash256 previous)
    {
        Span<byte> bytes = stackalloc byte[FixedSize + NoteBytesMax];
        var rest = bytes;
        rest[0] = 0;
        rest = rest[1..];
        Put(previous, ref rest);
        Put(Number, ref rest);
        Id.CopyTo(rest);
        rest = rest[TransferId.Size..];
        Put(At.Microseconds, ref rest);
        rest[0] = (byte)Kind;
        rest = rest[1..];
        Debit.CopyTo(rest);
        Credit.CopyTo(rest[LedgerAddress.Size..]);
        rest = rest[(2 * LedgerAddress.Size)..];
        Put(Amount, ref rest);
        Put(DebitBalance, ref rest);
        Put(CreditBalance, ref rest);
        Put(Evidence, ref rest);
        Put(Subject, ref rest);
        Put(Quantity, ref rest);
        var length = Encoding.UTF8.GetBytes(Note, rest[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)length);
        Span<byte> hash = stackalloc byte[Hash256.Size];
        SHA256.HashData(bytes[..(FixedSize + length)], hash);
        return new Hash256(hash);
    }

    /// <summary>Whether it is the same order as another one: what whoever ordered it said, not what came of it.</summary>
    public bool IsSameOrder(JournalEntry other) =>
        (Id, Kind, Debit, Credit, Amount, Subject, Quantity, Note)
        == (other.Id, other.Kind, other.Debit, other.Credit, other.Amount, other.Subject, other.Quantity, other.Note);

    private static void Put(long value, ref Span<byte> rest)
    {
        BinaryPrimitives.WriteInt64BigEndian(rest, value);
        rest = rest[sizeof(long)..];
    }

    private static void Put(in Hash256 value, ref Span<byte> rest)
    {
        value.CopyTo(rest);
        rest = rest[Hash256.Size..];
    }
}
