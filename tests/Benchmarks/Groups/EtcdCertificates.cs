using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cete.Benchmarks.Groups;

/// <summary>An authority of the benchmark's own and one certificate that all members and clients show, of the kind that Cete's nodes have (P-256).</summary>
internal sealed class EtcdCertificates : IDisposable
{
    private readonly X509Certificate2 _authority;

    public EtcdCertificates(string folder)
    {
        Directory.CreateDirectory(folder);
        var (from, to) = (TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=bench", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _authority = authority.CreateSelfSigned(from, to);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=etcd", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var issued = request.Create(_authority, from, to, [1, 2, 3, 4]);
        Own = issued.CopyWithPrivateKey(key);
        (Certificate, Key, Authority) = (Path.Combine(folder, "node.crt"), Path.Combine(folder, "node.key"), Path.Combine(folder, "ca.crt"));
        File.WriteAllText(Certificate, issued.ExportCertificatePem());
        File.WriteAllText(Key, key.ExportECPrivateKeyPem());
        File.WriteAllText(Authority, _authority.ExportCertificatePem());
    }

    /// <summary>With its key, as clients show it.</summary>
    public X509Certificate2 Own { get; }

    /// <summary>Files in PEM.</summary>
    public string Certificate { get; }

    public string Key { get; }

    public string Authority { get; }

    /// <summary>Believes this authority alone.</summary>
    public X509ChainPolicy Trust => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { _authority },
        RevocationMode = X509RevocationMode.NoCheck,
    };

    public void Dispose()
    {
        Own.Dispose();
        _authority.Dispose();
    }
}
