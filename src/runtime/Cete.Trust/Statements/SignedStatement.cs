using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Cete.Core;
using Cete.Trust.Certificates;

namespace Cete.Trust;

/// <summary>
/// What somebody says with the key of a device, for every replica to verify: so a node can withhold it, not forge it. Signed are, one behind the
/// other: the letters <c>cete-statement-1</c> and a zero byte; the id of the community (20 bytes); the purpose (its length in 4 bytes, then UTF-8);
/// the account (16); the name of the key (20); a counter (8); the payload (its length in 4 bytes, then its bytes). Numbers are big-endian. The
/// signature is ECDSA on P-256 with SHA-256, r and s in 32 bytes each (IEEE P1363), as WebCrypto makes it. On the wire the signature stands behind
/// the bytes that it signs.
/// </summary>
/// <param name="Community">Where it counts.</param>
/// <param name="Purpose">What it is for, of a-z, 0-9, '.' and '-', a letter first: it counts for nothing else.</param>
/// <param name="Account">Who says it; all zero where the key alone tells.</param>
/// <param name="Device">The name of the key.</param>
/// <param name="Counter">Greater in each statement of a key than in the one before, so that none counts twice: microseconds since 1970, say.</param>
/// <param name="Payload">What is said.</param>
/// <param name="Signature">64 bytes.</param>
public sealed record SignedStatement(
    KeyId Community, string Purpose, AccountId Account, KeyId Device, long Counter, ReadOnlyMemory<byte> Payload, ReadOnlyMemory<byte> Signature)
{
    /// <summary>Bytes of the largest payload: a change of rights has some hundreds.</summary>
    public const int PayloadBytesMax = 64 * 1024;

    /// <summary>Bytes of the largest statement on the wire.</summary>
    public const int BytesMax = PayloadBytesMax + 512;

    /// <summary>Bytes of a public key on P-256 as SubjectPublicKeyInfo in DER.</summary>
    public const int PublicKeySize = 91;

    private const int LengthSize = 4;

    /// <summary>What no other bytes that these keys sign begin with: 0x63 is neither a length of a purpose (1 to 64) nor a tag of DER.</summary>
    private static ReadOnlySpan<byte> Start => "cete-statement-1\0"u8;

    private static Failure Malformed => new(FailureKind.Invalid, "the bytes are no signed statement");

    /// <summary>The bytes to sign.</summary>
    public static byte[] BytesToSign(KeyId community, string purpose, AccountId account, KeyId device, long counter, ReadOnlySpan<byte> payload)
    {
        Check.That(IsPurpose(purpose), "a purpose is 1 to 64 of a-z, 0-9, '.' and '-', a letter first");
        Check.That(payload.Length <= PayloadBytesMax);
        var fixedSize = Start.Length + KeyId.Size + LengthSize + AccountId.Size + KeyId.Size + sizeof(long) + LengthSize;
        var bytes = new byte[fixedSize + purpose.Length + payload.Length];
        var rest = bytes.AsSpan();
        Put(Start, ref rest);
        Put(community.ToArray(), ref rest);
        PutLength(purpose.Length, ref rest);
        Put(Encoding.ASCII.GetBytes(purpose), ref rest);
        Put(account.ToArray(), ref rest);
        Put(device.ToArray(), ref rest);
        BinaryPrimitives.WriteInt64BigEndian(rest, counter);
        rest = rest[sizeof(long)..];
        PutLength(payload.Length, ref rest);
        Put(payload, ref rest);
        return bytes;
    }

    /// <summary>Says something with a key on P-256.</summary>
    public static SignedStatement Sign(ECDsa key, KeyId community, string purpose, AccountId account, long counter, ReadOnlySpan<byte> payload)
    {
        var device = KeyId.Of(key.ExportSubjectPublicKeyInfo());
        var signature = key.SignData(
            BytesToSign(community, purpose, account, device, counter, payload), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return new SignedStatement(community, purpose, account, device, counter, payload.ToArray(), signature);
    }

    /// <summary>Says something with a key of a file, as the first administrator has it.</summary>
    public static SignedStatement Sign(NodeKey key, KeyId community, string purpose, AccountId account, long counter, ReadOnlySpan<byte> payload)
    {
        var signature = key.SignDigest(SHA256.HashData(BytesToSign(community, purpose, account, key.Id, counter, payload)));
        return new SignedStatement(community, purpose, account, key.Id, counter, payload.ToArray(), signature);
    }

    /// <summary>Reads what came from the wire; whether the signature is right, <see cref="Verify"/> tells.</summary>
    public static Outcome<SignedStatement> Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > BytesMax)
        {
            return new Failure(FailureKind.TooLarge, $"a signed statement of {bytes.Length} bytes; {BytesMax} is the most");
        }

        const int FixedSize = KeyId.Size + LengthSize;
        if (!bytes.StartsWith(Start) || bytes.Length < Start.Length + FixedSize)
        {
            return Malformed;
        }

        var rest = bytes[Start.Length..];
        var community = new KeyId(rest[..KeyId.Size]);
        rest = rest[KeyId.Size..];
        if (!TryTake(ref rest, TrustLimits.PurposeLengthMax, out var purpose) || rest.Length < AccountId.Size + KeyId.Size + sizeof(long) + LengthSize)
        {
            return Malformed;
        }

        var account = new AccountId(rest[..AccountId.Size]);
        var device = new KeyId(rest.Slice(AccountId.Size, KeyId.Size));
        var counter = BinaryPrimitives.ReadInt64BigEndian(rest[(AccountId.Size + KeyId.Size)..]);
        rest = rest[(AccountId.Size + KeyId.Size + sizeof(long))..];
        var name = Encoding.Latin1.GetString(purpose);
        return IsPurpose(name) && TryTake(ref rest, PayloadBytesMax, out var payload) && rest.Length == P256.SignatureSize
            ? new SignedStatement(community, name, account, device, counter, payload.ToArray(), rest.ToArray())
            : Malformed;
    }

    /// <summary>Its bytes on the wire.</summary>
    public byte[] ToArray() => [.. BytesToSign(Community, Purpose, Account, Device, Counter, Payload.Span), .. Signature.Span];

    /// <summary>Null where it was said with a key, in a community and for a purpose, else why it does not count.</summary>
    /// <param name="publicKey">The key (SubjectPublicKeyInfo in DER).</param>
    /// <param name="community">This community.</param>
    /// <param name="purpose">What it is taken for.</param>
    public Failure? Verify(ReadOnlySpan<byte> publicKey, KeyId community, string purpose)
    {
        if (Community != community)
        {
            return new Failure(FailureKind.Forbidden, $"the statement was signed for another community, {Community}");
        }

        if (Purpose != purpose)
        {
            return new Failure(FailureKind.Forbidden, $"the statement was signed for '{Purpose}'; here one for '{purpose}' is needed");
        }

        var key = KeyId.Of(publicKey) == Device && Signature.Length == P256.SignatureSize ? P256.Borrow(publicKey) : null;
        var isSigned = key is not null && key.VerifyData(
            BytesToSign(Community, Purpose, Account, Device, Counter, Payload.Span), Signature.Span, HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return isSigned ? null : new Failure(FailureKind.Forbidden, $"the statement was not signed with the key {Device}, or changed since");
    }

    /// <summary>Whether bytes look like a public key that statements are verified with.</summary>
    public static bool IsPublicKey(ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        using var key = P256.TryOpen(subjectPublicKeyInfo);
        return key is not null;
    }

    private static void Put(ReadOnlySpan<byte> bytes, ref Span<byte> rest)
    {
        bytes.CopyTo(rest);
        rest = rest[bytes.Length..];
    }

    private static void PutLength(int length, ref Span<byte> rest)
    {
        BinaryPrimitives.WriteInt32BigEndian(rest, length);
        rest = rest[LengthSize..];
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, int lengthMax, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        var length = rest.Length < LengthSize ? -1 : BinaryPrimitives.ReadInt32BigEndian(rest);
        if (length < 0 || length > lengthMax || rest.Length - LengthSize < length)
        {
            return false;
        }

        taken = rest.Slice(LengthSize, length);
        rest = rest[(LengthSize + length)..];
        return true;
    }

    private static bool IsPurpose(string purpose) => RecordSignatures.IsPurpose(purpose);
}
