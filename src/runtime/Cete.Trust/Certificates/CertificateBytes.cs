using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;

namespace Cete.Trust.Certificates;

/// <summary>Reads certificates: bounded first, then parsed by .NET.</summary>
internal static class CertificateBytes
{
    /// <summary>Reads one certificate in DER; the caller owns it.</summary>
    /// <param name="der">The bytes.</param>
    /// <param name="what">Which one, for the failure.</param>
    public static Outcome<X509Certificate2> Read(ReadOnlySpan<byte> der, string what)
    {
        if (der.Length > TrustLimits.CertificateBytesMax)
        {
            return new Failure(FailureKind.TooLarge,
                $"{what} has {der.Length} bytes, {TrustLimits.CertificateBytesMax} is the most: no program of this community made it");
        }

        var unreadable = new Failure(FailureKind.Damaged, $"{what} cannot be read: it is not a certificate in DER, or damaged");
        var bytes = der.ToArray();
        return Hostile.Read<X509Certificate2>(unreadable, () =>
        {
            // The loader takes PEM as well, and bytes behind the end: one certificate would have many forms.
            var certificate = bytes is [0x30, ..] ? X509CertificateLoader.LoadCertificate(bytes) : null;
            if (certificate is not null && certificate.RawDataMemory.Span.SequenceEqual(bytes))
            {
                return certificate;
            }

            certificate?.Dispose();
            return unreadable;
        });
    }

    /// <summary>The root that an issuing certificate carries, owned by the caller; null when it carries none.</summary>
    public static Outcome<X509Certificate2>? CarriedRoot(X509Certificate2 issuing)
    {
        if (issuing.Extensions[Oids.Root] is not { } extension)
        {
            return null;
        }

        const string what = "the root certificate in an issuing certificate";
        return Hostile.Read(
            new Failure(FailureKind.Damaged, $"{what} cannot be read"),
            () => Read(AsnDecoder.ReadOctetString(extension.RawData, AsnEncodingRules.DER, out _), what));
    }

    /// <summary>Whether it may sign others.</summary>
    public static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);

    /// <summary>The only common name of a subject; null when there is none or several.</summary>
    public static string? CommonName(X509Certificate2 certificate)
    {
        var parts = certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == Oids.CommonName)
            .Select(part => part.GetSingleElementValue())
            .ToList();
        return parts.Count == 1 ? parts[0] : null;
    }

    /// <summary>What is wrong with the algorithms; null when key and signature are of the one kind.</summary>
    public static Failure? CheckAlgorithms(X509Certificate2 certificate, string what) =>
        P256.PublicKeyOf(certificate) is not null && certificate.SignatureAlgorithm.Value == Oids.EcdsaWithSha256
            ? null
            : new Failure(FailureKind.Invalid,
                $"{what} has a wrong type of key or signature ({certificate.PublicKey.Oid.FriendlyName ?? certificate.PublicKey.Oid.Value}, "
                + $"{certificate.SignatureAlgorithm.FriendlyName ?? certificate.SignatureAlgorithm.Value}); communities use ECDSA on P-256 with SHA-256 only");
}
