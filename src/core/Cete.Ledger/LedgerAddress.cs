using System.Diagnostics.CodeAnalysis;
using Cete.Core;

namespace Cete.Ledger;

/// <summary>What an account of the ledger holds credits for. The numbers stand in journals: they never change.</summary>
public enum LedgerAccountKind
{
    /// <summary>Where all credits come from: the one account whose balance falls below zero, by as many as there are.</summary>
    Mint = 1,

    /// <summary>What belongs to the community.</summary>
    Treasury = 2,

    /// <summary>What an account of the community earned or was sent.</summary>
    User = 3,

    /// <summary>What an account was given to begin with: spent first, on services only, never sent on.</summary>
    Grant = 4,

    /// <summary>What is reserved for the lanes of one channel.</summary>
    Channel = 5,

    /// <summary>What one transfer holds that is pending.</summary>
    Pending = 6,

    /// <summary>What a node earned that has not said yet whose it is.</summary>
    Node = 7,
}

/// <summary>Names an account of the ledger: its kind, and whose or what's it is.</summary>
public readonly record struct LedgerAddress : IComparable<LedgerAddress>
{
    /// <summary>Bytes of an address.</summary>
    public const int Size = 1 + KeyId.Size;

    private LedgerAddress(LedgerAccountKind kind, KeyId key) => (Kind, Key) = (kind, key);

    /// <summary>Where all credits come from.</summary>
    public static LedgerAddress Mint { get; } = new(LedgerAccountKind.Mint, default);

    /// <summary>What belongs to the community.</summary>
    public static LedgerAddress Treasury { get; } = new(LedgerAccountKind.Treasury, default);

    /// <summary>What it holds credits for.</summary>
    public LedgerAccountKind Kind { get; }

    /// <summary>Whose it is: a key's name, or 16 bytes of an account or transfer with four of zero behind them.</summary>
    public KeyId Key { get; }

    /// <summary>The account, for <see cref="LedgerAccountKind.User"/> and <see cref="LedgerAccountKind.Grant"/>.</summary>
    public AccountId Account => new(Key.ToArray().AsSpan(0, AccountId.Size));

    /// <summary>What an account earned.</summary>
    public static LedgerAddress User(AccountId account) => new(LedgerAccountKind.User, Padded(account.ToArray()));

    /// <summary>What an account was given.</summary>
    public static LedgerAddress Grant(AccountId account) => new(LedgerAccountKind.Grant, Padded(account.ToArray()));

    /// <summary>What a channel reserves.</summary>
    public static LedgerAddress Channel(TransferId channel) => new(LedgerAccountKind.Channel, Padded(channel.ToArray()));

    /// <summary>What a pending transfer holds.</summary>
    public static LedgerAddress Pending(TransferId transfer) => new(LedgerAccountKind.Pending, Padded(transfer.ToArray()));

    /// <summary>What a node earned.</summary>
    public static LedgerAddress Node(KeyId node) => new(LedgerAccountKind.Node, node);

    /// <summary>Takes over what stands in a table or a journal; null when there is no such kind.</summary>
    public static LedgerAddress? Of(long kind, ReadOnlySpan<byte> key) =>
        kind is >= (long)LedgerAccountKind.Mint and <= (long)LedgerAccountKind.Node && key.Length == KeyId.Size
            ? new LedgerAddress((LedgerAccountKind)kind, new KeyId(key))
            : null;

    /// <summary>Writes its 21 bytes: kind, key.</summary>
    public void CopyTo(Span<byte> target)
    {
        target[0] = (byte)Kind;
        Key.CopyTo(target[1..]);
    }

    /// <summary>Reads an address as <see cref="ToString"/> writes it.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out LedgerAddress address)
    {
        address = default;
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        var (name, key) = colon < 0 ? (text, string.Empty) : (text![..colon], text[(colon + 1)..]);
        LedgerAddress? read = name switch
        {
            "mint" when colon < 0 => Mint,
            "treasury" when colon < 0 => Treasury,
            "user" when AccountId.TryParse(key, out var account) => User(account),
            "grant" when AccountId.TryParse(key, out var account) => Grant(account),
            "channel" when TransferId.TryParse(key, out var channel) => Channel(channel),
            "pending" when TransferId.TryParse(key, out var transfer) => Pending(transfer),
            "node" when KeyId.TryParse(key, out var node) => Node(node),
            _ => null,
        };
        address = read ?? default;
        return read is not null;
    }

    /// <summary>By kind, then by key.</summary>
    public int CompareTo(LedgerAddress other) => Kind == other.Kind ? Key.CompareTo(other.Key) : Kind.CompareTo(other.Kind);

    /// <summary><c>mint</c>, <c>treasury</c>, <c>user:ACCOUNT</c>, <c>grant:ACCOUNT</c>, <c>channel:ID</c>, <c>pending:ID</c> or <c>node:KEY</c>.</summary>
    public override string ToString() => Kind switch
    {
        LedgerAccountKind.Mint => "mint",
        LedgerAccountKind.Treasury => "treasury",
        LedgerAccountKind.User => $"user:{Account}",
        LedgerAccountKind.Grant => $"grant:{Account}",
        LedgerAccountKind.Channel => $"channel:{new TransferId(Key.ToArray().AsSpan(0, TransferId.Size))}",
        LedgerAccountKind.Pending => $"pending:{new TransferId(Key.ToArray().AsSpan(0, TransferId.Size))}",
        LedgerAccountKind.Node => $"node:{Key}",
        _ => "nobody",
    };

    public static bool operator <(LedgerAddress a, LedgerAddress b) => a.CompareTo(b) < 0;

    public static bool operator >(LedgerAddress a, LedgerAddress b) => a.CompareTo(b) > 0;

    public static bool operator <=(LedgerAddress a, LedgerAddress b) => a.CompareTo(b) <= 0;

    public static bool operator >=(LedgerAddress a, LedgerAddress b) => a.CompareTo(b) >= 0;

    private static KeyId Padded(ReadOnlySpan<byte> bytes)
    {
        Span<byte> key = stackalloc byte[KeyId.Size];
        key.Clear();
        bytes.CopyTo(key);
        return new KeyId(key);
    }
}
