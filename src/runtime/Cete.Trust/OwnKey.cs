using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;
using Cete.Trust.Certificates;

namespace Cete.Trust;

/// <summary>
/// A key that nobody vouches for, such as an agent's for one download: shown in TLS by a certificate that it signed itself. Who proves to have it is
/// known by its name alone; what that one may do, a ticket says.
/// </summary>
public sealed class OwnKey : IDisposable
{
    private const string Subject = "CN=peer";
    private readonly X509Certificate2 _certificate;

    private OwnKey(X509Certificate2 certificate, KeyId id) => (_certificate, Id) = (certificate, id);

    /// <summary>The name of the key.</summary>
    public KeyId Id { get; }

    /// <summary>With the private key; it stays this object's.</summary>
    public X509Certificate2 Certificate => _certificate;

    /// <summary>Makes a new key from the operating system's randomness.</summary>
    public static OwnKey Create(TimeProvider clock)
    {
        using var key = P256.Create();
        var request = new CertificateRequest(Subject, key, HashAlgorithmName.SHA256);
        var now = clock.GetUtcNow();

        // Nobody looks at the times, since the key is known by its name; but TLS wants some.
        return new OwnKey(request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1)), KeyId.Of(key.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>Shows a key that is kept, such as an agent's; the key stays the caller's.</summary>
    public static OwnKey Of(NodeKey kept, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        using var bare = kept.SignCertificate(Subject, now.AddDays(-1), now.AddYears(10));
        return new OwnKey(kept.Bind(bare), kept.Id);
    }

    /// <summary>The name of the key of a certificate that names itself as its issuer; null for any other one, such as a node's.</summary>
    public static KeyId? Of(X509Certificate? shown)
    {
        try
        {
            return shown is X509Certificate2 certificate
                && certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)
                && P256.PublicKeyOf(certificate) is { } key
                ? KeyId.Of(key)
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _certificate.Dispose();
}
