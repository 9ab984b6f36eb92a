using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;

namespace Cete.Trust.Certificates;

/// <summary>Reads signing requests (PKCS#10, RFC 2986), of which nothing counts but the key and the proof of having it.</summary>
internal static class SigningRequests
{
    public static Outcome<PublicKey> ReadKey(ReadOnlySpan<byte> der)
    {
        if (der.Length > TrustLimits.RequestBytesMax)
        {
            return new Failure(FailureKind.TooLarge, $"the signing request has {der.Length} bytes, {TrustLimits.RequestBytesMax} is the most");
        }

        var bytes = der.ToArray();
        var refused = new Failure(FailureKind.Invalid,
            "the signing request cannot be read or is not signed with the key that it is for; make another one with the node's key");
        return Hostile.Read<PublicKey>(refused, () =>
        {
            var request = CertificateRequest.LoadSigningRequest(bytes, HashAlgorithmName.SHA256, out var read);
            if (read != bytes.Length)
            {
                return refused;
            }

            using var key = P256.TryOpen(request.PublicKey.ExportSubjectPublicKeyInfo());
            return key is not null
                ? request.PublicKey
                : new Failure(FailureKind.Invalid, "the signing request has a wrong type of key; communities use ECDSA on P-256 only");
        });
    }
}
