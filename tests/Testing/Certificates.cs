using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cete.Testing;

/// <summary>An authority of a test's own, and what it gives to servers. All keys are ECDSA P-256.</summary>
internal sealed class Certificates : IDisposable
{
    private static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2120, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly X509Certificate2 _authority;

    public Certificates(string name = "A community's own")
    {
        using var key = NewKey();
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(Start, End);
    }

    private Certificates(X509Certificate2 authority) => _authority = authority;

    /// <summary>The authority's certificate.</summary>
    public string Pem => _authority.ExportCertificatePem() + "\n";

    /// <summary>A certificate for servers of that name or address, with its key.</summary>
    public (string Certificate, string Key) Issue(string server = "127.0.0.1", DateTimeOffset? from = null, DateTimeOffset? until = null)
    {
        using var key = NewKey();
        using var issued = Sign(server, key, from ?? Start, until ?? End, isAuthority: false);
        return (issued.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>An authority below this one.</summary>
    public Certificates Between()
    {
        using var key = NewKey();
        using var issued = Sign("between", key, Start, End, isAuthority: true);
        return new Certificates(issued.CopyWithPrivateKey(key));
    }

    /// <summary>A certificate that nobody but its own key stands for.</summary>
    public static (string Certificate, string Key) SelfSigned(string server)
    {
        using var key = NewKey();
        var request = new CertificateRequest($"CN={server}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(Names(server));
        using var made = request.CreateSelfSigned(Start, End);
        return (made.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    public void Dispose() => _authority.Dispose();

    private static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static X509Extension Names(string server)
    {
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(server, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(server);
        }

        return names.Build();
    }

    private X509Certificate2 Sign(string server, ECDsa key, DateTimeOffset from, DateTimeOffset until, bool isAuthority)
    {
        var request = new CertificateRequest($"CN={server}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(Names(server));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        using var signing = _authority.GetECDsaPrivateKey()!;
        return request.Create(_authority.SubjectName, X509SignatureGenerator.CreateForECDsa(signing), from, until, RandomNumberGenerator.GetBytes(8));
    }
}
