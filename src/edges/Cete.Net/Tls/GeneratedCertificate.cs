using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cete.Net.Tls;

/// <summary>
/// A certificate that a node makes for itself, where no authority gives it one: clients know it by its fingerprint, which whoever runs the node tells them
/// in private, or by its file. Made once and kept, so that the fingerprint stays.
/// </summary>
public static class GeneratedCertificate
{
    /// <summary>What stands in the settings instead of a file.</summary>
    public const string Setting = "generated";

    /// <summary>How it is written for people: <c>sha256:</c> and 64 hexadecimal digits.</summary>
    public const string FingerprintPrefix = "sha256:";

    private const int Years = 10;

    /// <summary>Makes one: certificate and key as PEM, for a file that its owner alone can read.</summary>
    /// <param name="names">Host names and addresses that it is for.</param>
    /// <param name="clock">What time it is.</param>
    public static string Make(IEnumerable<string> names, TimeProvider clock)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Cete node", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        var now = clock.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddHours(-1), now.AddYears(Years));
        return $"{made.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }

    /// <summary>The fingerprint of a certificate.</summary>
    public static string FingerprintOf(X509Certificate2 certificate) => FingerprintPrefix + Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));
}
