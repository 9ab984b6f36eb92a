using System.Security.Cryptography;
using System.Text;
using Cete.Core;
using Cete.Ports;
using Cete.Trust.Certificates;

namespace Cete.Trust;

/// <summary>Verifies signatures of records: ECDSA P-256 over SHA-256 (FIPS 186-5), r and s in 32 bytes each (IEEE P1363), as WebCrypto makes them.</summary>
public sealed class RecordSignatures : ISignatureCheck
{
    /// <inheritdoc/>
    public bool Verify(ReadOnlySpan<byte> publicKey, string purpose, KeyId community, ReadOnlySpan<byte> record, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != P256.SignatureSize)
        {
            return false;
        }

        var key = P256.Borrow(publicKey);
        if (key is null)
        {
            return false;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Digest(purpose, community, record, digest);
        return key.VerifyHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>
    /// What is signed: length and letters of the purpose, length and bytes of the community's id, the record. The same key signs certificates'
    /// requests and TLS handshakes: those begin with 0x30 0x8x, 0x30 n 0x02 and with spaces, none of which can follow from a purpose.
    /// </summary>
    internal static void Digest(string purpose, KeyId community, ReadOnlySpan<byte> record, Span<byte> digest)
    {
        Check.That(IsPurpose(purpose), "a purpose is 1 to 64 of a-z, 0-9, '.' and '-', a letter first");
        Span<byte> head = stackalloc byte[1 + TrustLimits.PurposeLengthMax + 1 + KeyId.Size];
        head[0] = (byte)purpose.Length;
        var at = 1 + Encoding.ASCII.GetBytes(purpose, head[1..]);
        head[at++] = KeyId.Size;
        community.CopyTo(head[at..]);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head[..(at + KeyId.Size)]);
        hash.AppendData(record);
        hash.GetHashAndReset(digest);
    }

    /// <summary>1 to 64 of a-z, 0-9, '.' and '-', a letter first.</summary>
    internal static bool IsPurpose(string purpose) =>
        purpose.Length is > 0 and <= TrustLimits.PurposeLengthMax
        && purpose[0] is >= 'a' and <= 'z'
        && purpose.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '.' or '-');
}
