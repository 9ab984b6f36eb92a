using System.Security.Cryptography.X509Certificates;
using Cete.Core;
using Cete.Trust.Certificates;

namespace Cete.Trust;

/// <summary>
/// The key with which a tracker node issues the certificates of nodes, and the root's certificate for it. For several callers at once. Whoever made or
/// opened it disposes it.
/// </summary>
public sealed class IssuingAuthority : IDisposable
{
    private const string What = "the file of an issuing key";
    private readonly Lock _lock = new();
    private readonly NodeKey _key;
    private readonly X509Certificate2 _certificate;
    private readonly Validity _validity;

    private IssuingAuthority(NodeKey key, X509Certificate2 certificate, KeyId community)
    {
        (_key, _certificate, Community) = (key, certificate, community);
        _validity = Validity.Of(certificate);
    }

    /// <summary>The name of the issuing key.</summary>
    public KeyId Id => _key.Id;

    /// <summary>The community for which it issues.</summary>
    public KeyId Community { get; }

    /// <summary>The node to which it was given, as its certificate says.</summary>
    public string Holder => CertificateBytes.CommonName(_certificate) ?? string.Empty;

    /// <summary>After this it issues nothing any more.</summary>
    public Instant NotAfter => _validity.Until;

    /// <summary>Reads what <see cref="ToPem"/> wrote.</summary>
    public static Outcome<IssuingAuthority> FromPem(string text)
    {
        var blocks = Pem.Read(text, What);
        if (!blocks.Succeeded)
        {
            return blocks.Failure;
        }

        if (blocks.Value is not [{ Label: Pem.PrivateKey } pkcs8, { Label: Pem.Certificate } der])
        {
            return new Failure(FailureKind.Damaged, $"this is not {What}: it must have one PEM block PRIVATE KEY and one CERTIFICATE behind it");
        }

        var key = NodeKey.Open(pkcs8.Data);
        return key.Succeeded ? Hostile.Read(new Failure(FailureKind.Damaged, $"{What} is damaged"), () => Bind(key.Value, der.Data)) : key.Failure;
    }

    /// <summary>Key and certificate in PEM, unencrypted: for a file that its owner alone can read.</summary>
    public string ToPem() => _key.ToPem() + Pem.Write(Pem.Certificate, _certificate.RawDataMemory.Span);

    /// <summary>
    /// Issues a certificate for the key of a signing request, whoever asks: that the asker may have these roles, the caller has made sure. What else
    /// the request asks for is ignored.
    /// </summary>
    /// <param name="signingRequest">PKCS#10 in DER (RFC 2986), signed with the key it is for.</param>
    /// <param name="roles">The roles of the node.</param>
    /// <param name="now">The time; the certificate begins <see cref="TrustLimits.ClockSlack"/> before.</param>
    public Outcome<IssuedCertificate> Issue(ReadOnlySpan<byte> signingRequest, RoleSet roles, Instant now)
    {
        if (_validity.Check(now, "the issuing certificate of this node") is { } failure)
        {
            return failure with { Message = failure.Message + "; a new one is made with the exported root key" };
        }

        var key = SigningRequests.ReadKey(signingRequest);
        if (!key.Succeeded)
        {
            return key.Failure;
        }

        lock (_lock)
        {
            using var node = Templates.Node(key.Value, Community, roles, _certificate, now);
            return new IssuedCertificate(node.RawData, _certificate.RawData);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    /// <summary>Takes over the key.</summary>
    internal static Outcome<IssuingAuthority> Bind(NodeKey key, byte[] der)
    {
        var certificate = CertificateBytes.Read(der, "the issuing certificate");
        if (!certificate.Succeeded)
        {
            key.Dispose();
            return certificate.Failure;
        }

        using var bare = certificate.Value;
        if (CertificateBytes.CarriedRoot(bare) is not { Succeeded: true } carried || !CertificateBytes.IsAuthority(bare))
        {
            key.Dispose();
            return new Failure(FailureKind.Invalid, $"this is not {What}: its certificate is not one that issues others");
        }

        using var root = carried.Value;
        if (!bare.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.PublicKey.Span))
        {
            key.Dispose();
            return new Failure(FailureKind.Damaged, $"{What} is damaged: its certificate is for another key");
        }

        return new IssuingAuthority(key, key.Bind(bare), KeyId.Of(root.PublicKey.ExportSubjectPublicKeyInfo()));
    }
}
