using System.Security.Cryptography;
using System.Text;
using Cete.Core;
using Cete.Trust.Certificates;

namespace Cete.Trust;

/// <summary>
/// An invitation to become a node: one line that its receiver copies. It says which community, where to call, and proves by a secret that somebody with
/// the right to it sent it; the roster knows the secret's hash only. Whoever has the line can use it: it is shown once and travels privately.
/// </summary>
public sealed class JoinToken
{
    /// <summary>Bytes of the name of a token.</summary>
    public const int IdSize = 8;

    /// <summary>Bytes of its secret: 128 bits, which nobody guesses while it counts.</summary>
    public const int SecretSize = 16;

    /// <summary>Addresses in a token: any one that answers is enough.</summary>
    public const int AddressesMax = 4;

    /// <summary>Bytes of the owner's account in UTF-8.</summary>
    public const int AccountBytesMax = 64;

    /// <summary>What a link begins with.</summary>
    public const string LinkStart = "cete:join/";

    private readonly byte[] _id;
    private readonly byte[] _secret;

    private JoinToken(byte[] id, byte[] secret, KeyId community, long expiry, IReadOnlyList<NodeAddress> addresses, string? account, RoleSet roles)
    {
        (_id, _secret) = (id, secret);
        (Community, ExpirySeconds, Addresses, Account, Roles) = (community, expiry, addresses, account, roles);
    }

    /// <summary>By which the roster knows it, in 16 hexadecimal digits.</summary>
    public string Id => Convert.ToHexStringLower(_id);

    /// <summary>SHA-256 of the secret: what the roster keeps.</summary>
    public Hash256 SecretHash => Hash256.Of(_secret);

    /// <summary>The secret, to be shown over TLS to a node of <see cref="Community"/> and to nobody else.</summary>
    public ReadOnlySpan<byte> Secret => _secret;

    /// <summary>The community: whoever answers at an address must be of it.</summary>
    public KeyId Community { get; }

    /// <summary>When it ends, in seconds since 1970-01-01 UTC.</summary>
    public long ExpirySeconds { get; }

    /// <summary>Nodes that let new ones in; one at least.</summary>
    public IReadOnlyList<NodeAddress> Addresses { get; }

    /// <summary>To whom the node will belong; null when the roster is to say.</summary>
    public string? Account { get; }

    /// <summary>The roles that the node will have.</summary>
    public RoleSet Roles { get; }

    /// <summary>Makes a token with a name and a secret of its own.</summary>
    public static Outcome<JoinToken> Create(KeyId community, Instant expiry, IReadOnlyList<NodeAddress> addresses, string? account, RoleSet roles) =>
        Make(
            RandomNumberGenerator.GetBytes(IdSize), RandomNumberGenerator.GetBytes(SecretSize),
            community, expiry.ToDateTimeOffset().ToUnixTimeSeconds(), addresses, account, roles);

    /// <summary>Reads a line or a link. Blanks and line breaks that a terminal or a letter put in, and capitals, do no harm.</summary>
    public static Outcome<JoinToken> Parse(string text) => JoinTokenText.Read(text);

    /// <summary>Whether a secret that was shown is the one of which the hash was kept; takes the same time whether or not it is nearly right.</summary>
    public static bool Matches(ReadOnlySpan<byte> secret, in Hash256 kept)
    {
        Span<byte> shown = stackalloc byte[Hash256.Size];
        Span<byte> known = stackalloc byte[Hash256.Size];
        SHA256.HashData(secret, shown);
        kept.CopyTo(known);
        return secret.Length == SecretSize & CryptographicOperations.FixedTimeEquals(shown, known);
    }

    /// <summary>Null while it counts by this computer's clock. The roster has the last word.</summary>
    public Failure? CheckTime(Instant now)
    {
        var failure = new Validity(new Instant(long.MinValue), new Instant(ExpirySeconds * 1_000_000)).Check(now, "the token");
        return failure is null ? null : failure with { Message = failure.Message + "; ask who sent it for another" };
    }

    /// <summary>As a link that can be clicked or scanned.</summary>
    public string ToLink() => LinkStart + ToLine();

    /// <summary>The line, made of letters and digits only, so that a double click takes it whole. It holds the secret.</summary>
    public string ToLine() => JoinTokenText.Write(this);

    /// <summary>Its name, for logs: never the secret.</summary>
    public override string ToString() => $"token {Id}";

    internal static Outcome<JoinToken> Make(
        byte[] id, byte[] secret, KeyId community, long expiry, IReadOnlyList<NodeAddress> addresses, string? account, RoleSet roles)
    {
        if (addresses.Count is 0 or > AddressesMax)
        {
            return new Failure(FailureKind.Invalid, $"a token names 1 to {AddressesMax} addresses, not {addresses.Count}");
        }

        if (account is not null && (account.Length == 0 || EntryName.Check(account) is not null || Encoding.UTF8.GetByteCount(account) > AccountBytesMax))
        {
            return new Failure(FailureKind.Invalid, $"the account in a token has 1 to {AccountBytesMax} bytes of plain text");
        }

        // A round bound that every date and clock can hold: the year 9999.
        return expiry is < 0 or > 253_402_300_799
            ? new Failure(FailureKind.Invalid, "the end of a token lies between the years 1970 and 9999")
            : new JoinToken(id, secret, community, expiry, [.. addresses], account, roles);
    }

    internal ReadOnlySpan<byte> IdBytes => _id;
}
