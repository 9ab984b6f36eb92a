using System.Buffers.Binary;
using System.Security.Cryptography;
using Cete.Core;
using Cete.Trust.Certificates;

namespace Cete.Trust;

/// <summary>
/// A downloader's promise to one provider, of all that it is to get on one lane: each takes the place of the one before, so the highest is worth all of
/// them. Signed are, one behind the other: the letters <c>cete-voucher-1</c> and a zero byte; the id of the community (20 bytes); the id of the channel
/// (16); the name of the provider's key (20); the amount in micro-credits (8, big-endian). The signature is ECDSA on P-256 with SHA-256, r and s in 32
/// bytes each (IEEE P1363), made with the key that the channel names. On the wire it stands behind the bytes that it signs, 143 in all.
/// </summary>
/// <param name="Community">Where it counts.</param>
/// <param name="Channel">16 bytes: which channel pays.</param>
/// <param name="Provider">Whom.</param>
/// <param name="Amount">Micro-credits, all together; 1 or more.</param>
/// <param name="Signature">64 bytes.</param>
public sealed record Voucher(KeyId Community, UInt128 Channel, KeyId Provider, long Amount, ReadOnlyMemory<byte> Signature)
{
    /// <summary>Bytes of a voucher on the wire.</summary>
    public const int Size = 15 + KeyId.Size + ChannelSize + KeyId.Size + sizeof(long) + P256.SignatureSize;

    private const int ChannelSize = 16;

    /// <summary>What no other bytes begin with that a key of a device or channel signs.</summary>
    private static ReadOnlySpan<byte> Start => "cete-voucher-1\0"u8;

    private static Failure Malformed => new(FailureKind.Invalid, $"the bytes are no voucher; one has {Size} bytes");

    /// <summary>Makes one with a channel's key.</summary>
    public static Voucher Sign(ECDsa key, KeyId community, UInt128 channel, KeyId provider, long amount)
    {
        var unsigned = new Voucher(community, channel, provider, amount, ReadOnlyMemory<byte>.Empty);
        return unsigned with
        {
            Signature = key.SignData(unsigned.BytesToSign(), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
        };
    }

    /// <summary>Reads what came from the wire; whether the signature is right, <see cref="Verify"/> tells.</summary>
    public static Outcome<Voucher> Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size || !bytes.StartsWith(Start))
        {
            return Malformed;
        }

        var rest = bytes[Start.Length..];
        var community = new KeyId(rest[..KeyId.Size]);
        rest = rest[KeyId.Size..];
        var channel = BinaryPrimitives.ReadUInt128BigEndian(rest);
        rest = rest[ChannelSize..];
        var provider = new KeyId(rest[..KeyId.Size]);
        var amount = BinaryPrimitives.ReadInt64BigEndian(rest[KeyId.Size..]);
        return amount > 0 ? new Voucher(community, channel, provider, amount, rest[(KeyId.Size + sizeof(long))..].ToArray()) : Malformed;
    }

    /// <summary>Its bytes on the wire.</summary>
    public byte[] ToArray() => [.. BytesToSign(), .. Signature.Span];

    /// <summary>Null where it was made with a channel's key in a community, else why it does not count.</summary>
    /// <param name="publicKey">The channel's key (SubjectPublicKeyInfo in DER).</param>
    /// <param name="community">This community.</param>
    public Failure? Verify(ReadOnlySpan<byte> publicKey, KeyId community)
    {
        if (Community != community)
        {
            return new Failure(FailureKind.Forbidden, $"the voucher is of another community, {Community}");
        }

        var key = Signature.Length == P256.SignatureSize ? P256.Borrow(publicKey) : null;
        var isSigned = key is not null && key.VerifyData(
            BytesToSign(), Signature.Span, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return isSigned ? null : new Failure(FailureKind.Forbidden, "the voucher was not signed with the key of its channel, or changed since");
    }

    private byte[] BytesToSign()
    {
        var bytes = new byte[Size - P256.SignatureSize];
        Start.CopyTo(bytes);
        var rest = bytes.AsSpan(Start.Length);
        Community.CopyTo(rest);
        BinaryPrimitives.WriteUInt128BigEndian(rest[KeyId.Size..], Channel);
        Provider.CopyTo(rest[(KeyId.Size + ChannelSize)..]);
        BinaryPrimitives.WriteInt64BigEndian(rest[(KeyId.Size + ChannelSize + KeyId.Size)..], Amount);
        return bytes;
    }
}
