using System.Security.Cryptography;
using Cete.Core;
using Cete.Net.Tls;
using Cete.Testing;

namespace Cete.Net.Tests.Tls;

/// <summary>What files of a certificate may be, and what is said of those that are none.</summary>
public sealed class TlsCertificateTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Certificates _authority = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("cete-tls-").FullName;

    private string CertificatePath => Path.Combine(_folder, "cert.pem");

    private string KeyPath => Path.Combine(_folder, "key.pem");

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void ACertificateWithItsKeyIsTaken()
    {
        var (certificate, key) = _authority.Issue();
        Assert.True(Read(certificate, key).Succeeded);
        Assert.True(Read("words before\n" + certificate + _authority.Pem, key).Succeeded);
        Assert.Empty(Read(certificate, key).Value.Warnings(Now));
        Assert.Contains("CN=127.0.0.1, valid until 2120-01-01", Read(certificate, key).Value.ToString(), StringComparison.Ordinal);

        File.WriteAllText(CertificatePath, key + certificate);
        Assert.True(TlsCertificate.Of(TlsFiles.Read(CertificatePath, CertificatePath)).Succeeded);
    }

    [Fact]
    public void AKeyOfRsaIsTakenToo()
    {
        using var rsa = RSA.Create(2048);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=x", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(Now, Now.AddDays(1));
        Assert.True(Read(made.ExportCertificatePem(), rsa.ExportPkcs8PrivateKeyPem()).Succeeded);
        Assert.True(Read(made.ExportCertificatePem(), rsa.ExportRSAPrivateKeyPem()).Succeeded);
    }

    [Fact]
    public void WhatIsMissingIsNamed()
    {
        var (certificate, key) = _authority.Issue();
        Refused(FailureKind.NotFound, "there is no file " + CertificatePath, TlsFiles.Read(CertificatePath, KeyPath));
        File.WriteAllText(CertificatePath, certificate);
        Refused(FailureKind.NotFound, "there is no file " + KeyPath, TlsFiles.Read(CertificatePath, KeyPath));
        Refused(FailureKind.Invalid, _folder + " is a folder", TlsFiles.Read(_folder, KeyPath));
        Refused(FailureKind.Invalid, "holds no certificate as PEM", Files("not PEM", key));
        Refused(FailureKind.Invalid, "holds no certificate as PEM", Files(key, key));
        Refused(FailureKind.Invalid, "holds no private key as PEM", Files(certificate, "not PEM"));
        Refused(FailureKind.Invalid, "holds no private key as PEM", Files(certificate, certificate));
        Refused(FailureKind.TooLarge, "that is no certificate", Files(new string('x', 1 << 21), key));
    }

    [Fact]
    public void AKeyThatDoesNotFitIsRefused()
    {
        var (certificate, key) = _authority.Issue();
        Refused(FailureKind.Invalid, "does not fit", Files(certificate, _authority.Issue().Key));
        Refused(FailureKind.Invalid, "does not fit", Files(_authority.Pem + certificate, key));
        Refused(FailureKind.Invalid, "does not fit", Files(certificate, key.Replace("MIG", "AAA", StringComparison.Ordinal)));
        Refused(FailureKind.Invalid, "damaged", Files(certificate.Replace("MII", "AAA", StringComparison.Ordinal), key));
        using var rsa = RSA.Create(2048);
        Refused(FailureKind.Invalid, "does not fit", Files(certificate, rsa.ExportPkcs8PrivateKeyPem()));
    }

    [Fact]
    public void AnEncryptedKeyIsRefused()
    {
        var (certificate, key) = _authority.Issue();
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(key);
        var encrypted = ecdsa.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        Refused(FailureKind.Invalid, "is encrypted", Files(certificate, encrypted));
        const string Old = "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n";
        Refused(FailureKind.Invalid, "is encrypted", Files(certificate, Old));
    }

    [Fact]
    public void WhatIsHardlyMeantIsSaid()
    {
        var (certificate, key) = _authority.Issue(from: Now.AddDays(-20), until: Now.AddDays(-10));
        Assert.Contains("expired at 2025-12-22 00:00 UTC", Assert.Single(Read(certificate, key).Value.Warnings(Now)), StringComparison.Ordinal);
        (certificate, key) = _authority.Issue(from: Now.AddDays(10), until: Now.AddDays(20));
        Assert.Contains("not valid before 2026-01-11", Assert.Single(Read(certificate, key).Value.Warnings(Now)), StringComparison.Ordinal);
        (certificate, key) = _authority.Issue();
        var files = Files(certificate, key);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.OtherRead);
            var open = TlsCertificate.Of(TlsFiles.Read(CertificatePath, KeyPath)).Value;
            Assert.Contains($"everybody on this machine can read the key in {KeyPath}", Assert.Single(open.Warnings(Now)), StringComparison.Ordinal);
        }

        Assert.Equal(files, Files(certificate, key));
    }

    private static void Refused(FailureKind kind, string words, TlsFiles files)
    {
        var failure = TlsCertificate.Of(files).Failure;
        Assert.Equal(kind, failure?.Kind);
        Assert.Contains(words, failure!.Message, StringComparison.Ordinal);
    }

    private TlsFiles Files(string certificate, string key)
    {
        File.WriteAllText(CertificatePath, certificate);
        File.WriteAllText(KeyPath, key);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return TlsFiles.Read(CertificatePath, KeyPath);
    }

    private Outcome<TlsCertificate> Read(string certificate, string key) => TlsCertificate.Of(Files(certificate, key));
}
