using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Cete.Core;
using Cete.Ports;
using Cete.Trust.Certificates;

namespace Cete.Trust.Tickets;

/// <summary>
/// A signed right to download one content, which counts without asking anybody: a node with the role <c>accounts</c> signs it for whoever may read.
/// Bound to a key, it is shown at the peer door, where the same key makes the connection. Bound to none it is a capability: whoever has it may
/// download, until it ends or as many bytes were sent as it covers. Whose account it was made for stands nowhere in it.
/// </summary>
/// <param name="Content">The content.</param>
/// <param name="Holder">The key that must make the connection; null where whoever has the ticket may download.</param>
/// <param name="Tier">Class of service: <see cref="TierNormal"/> or <see cref="TierLast"/>.</param>
/// <param name="From">Counts from.</param>
/// <param name="Until">Counts until.</param>
/// <param name="BytesMax">Bytes that one server sends for it altogether; 0 for no bound.</param>
/// <param name="Serial">Tells it from others of the same content.</param>
/// <param name="Issuer">The node that signed it.</param>
/// <param name="Signature">64 bytes (IEEE P1363), of what stands in front of it, for the community.</param>
/// <param name="Chain">Certificates of the issuer, for those who do not know it; null where every member does.</param>
public sealed record Ticket(
    Hash256 Content, KeyId? Holder, byte Tier, Instant From, Instant Until, long BytesMax, ulong Serial, KeyId Issuer, ReadOnlyMemory<byte> Signature,
    IssuedCertificate? Chain)
{
    /// <summary>Characters of the longest ticket, its chain included.</summary>
    public const int TextLengthMax = 12 * 1024;

    /// <summary>Served as others are.</summary>
    public const byte TierNormal = 1;

    /// <summary>Served when nobody else waits.</summary>
    public const byte TierLast = 0;

    /// <summary>How long one that is bound to a key counts: long enough to begin at many servers, short enough that rights taken away end soon.</summary>
    public static readonly TimeSpan LifeMax = TimeSpan.FromMinutes(10);

    /// <summary>How long a capability counts at most.</summary>
    public static readonly TimeSpan CapabilityLifeMax = TimeSpan.FromDays(30);

    /// <summary>What the signature is for.</summary>
    internal const string Purpose = "ticket";

    private const byte Format = 1;
    private const int BodySize = 1 + Hash256.Size + KeyId.Size + 1 + (4 * sizeof(long)) + KeyId.Size;
    private const int LengthSize = sizeof(ushort);

    private static Failure Malformed => new(FailureKind.Invalid, "this is no ticket: it was cut short, or changed");

    /// <summary>Signs one.</summary>
    /// <param name="signer">The key of the issuing node.</param>
    /// <param name="community">Where it counts.</param>
    /// <param name="content">The content.</param>
    /// <param name="holder">The key that it is bound to; null for a capability.</param>
    /// <param name="tier">Class of service.</param>
    /// <param name="now">The time here.</param>
    /// <param name="life">How long it counts.</param>
    /// <param name="bytesMax">Bytes that one server sends for it; 0 for no bound.</param>
    /// <param name="chain">The issuer's certificates, to go along; null to leave them out.</param>
    public static Ticket Issue(
        ISigner signer, KeyId community, Hash256 content, KeyId? holder, byte tier, Instant now, TimeSpan life, long bytesMax, IssuedCertificate? chain)
    {
        Check.That(life > TimeSpan.Zero && life <= (holder is null ? CapabilityLifeMax : LifeMax) && bytesMax >= 0);
        var serial = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        var bare = new Ticket(content, holder, tier, now, now + life, bytesMax, serial, KeyId.Of(signer.PublicKey.Span), default, chain);
        return bare with { Signature = signer.Sign(Purpose, community, bare.Body()) };
    }

    /// <summary>Reads what somebody showed; whether it counts, <see cref="TicketVerifier"/> tells.</summary>
    public static Outcome<Ticket> Parse(ReadOnlySpan<char> text)
    {
        if (text.Length > TextLengthMax)
        {
            return new Failure(FailureKind.TooLarge, $"a ticket has at most {TextLengthMax} characters");
        }

        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        var status = Base64Url.DecodeFromChars(text, bytes, out var read, out var count);
        return status == System.Buffers.OperationStatus.Done && read == text.Length ? Parse(bytes.AsSpan(0, count)) : Malformed;
    }

    /// <summary>As text that can stand in a header field and in an address.</summary>
    public override string ToString()
    {
        var body = Body();
        if (Chain is null)
        {
            return Base64Url.EncodeToString([.. body, .. Signature.Span]);
        }

        Span<byte> length = stackalloc byte[LengthSize];
        BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)Chain.Node.Length));
        return Base64Url.EncodeToString([.. body, .. Signature.Span, .. length, .. Chain.Node.Span, .. Chain.Issuing.Span]);
    }

    /// <summary>What is signed.</summary>
    internal byte[] Body()
    {
        var bytes = new byte[BodySize];
        var rest = bytes.AsSpan();
        rest[0] = Format;
        Content.CopyTo(rest[1..]);
        rest = rest[(1 + Hash256.Size)..];
        Holder?.CopyTo(rest);
        rest = rest[KeyId.Size..];
        rest[0] = Tier;
        BinaryPrimitives.WriteInt64BigEndian(rest[1..], From.Microseconds);
        BinaryPrimitives.WriteInt64BigEndian(rest[9..], Until.Microseconds);
        BinaryPrimitives.WriteInt64BigEndian(rest[17..], BytesMax);
        BinaryPrimitives.WriteUInt64BigEndian(rest[25..], Serial);
        Issuer.CopyTo(rest[33..]);
        return bytes;
    }

    private static Outcome<Ticket> Parse(ReadOnlySpan<byte> bytes)
    {
        const int signed = BodySize + P256.SignatureSize;
        if (bytes.Length < signed || bytes[0] != Format)
        {
            return Malformed;
        }

        var rest = bytes[1..];
        var content = new Hash256(rest[..Hash256.Size]);
        var holder = new KeyId(rest.Slice(Hash256.Size, KeyId.Size));
        rest = rest[(Hash256.Size + KeyId.Size)..];
        if (!TryReadChain(bytes[signed..], out var chain))
        {
            return Malformed;
        }

        return new Ticket(
            content,
            holder == default ? null : holder,
            rest[0],
            new Instant(BinaryPrimitives.ReadInt64BigEndian(rest[1..])),
            new Instant(BinaryPrimitives.ReadInt64BigEndian(rest[9..])),
            BinaryPrimitives.ReadInt64BigEndian(rest[17..]),
            BinaryPrimitives.ReadUInt64BigEndian(rest[25..]),
            new KeyId(rest.Slice(33, KeyId.Size)),
            bytes[BodySize..signed].ToArray(),
            chain);
    }

    private static bool TryReadChain(ReadOnlySpan<byte> bytes, out IssuedCertificate? chain)
    {
        chain = null;
        if (bytes.IsEmpty)
        {
            return true;
        }

        var length = bytes.Length > LengthSize ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : 0;
        var certificates = bytes[Math.Min(LengthSize, bytes.Length)..];
        if (length is 0 or > TrustLimits.CertificateBytesMax || certificates.Length <= length
            || certificates.Length - length > TrustLimits.CertificateBytesMax)
        {
            return false;
        }

        chain = new IssuedCertificate(certificates[..length].ToArray(), certificates[length..].ToArray());
        return true;
    }
}
