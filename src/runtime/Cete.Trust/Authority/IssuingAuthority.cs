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

    /// <summary>Its certificate by the root key, in DER.</summary>
    public ReadOnlyMemory<byte> Certificate => _certificate.RawDataMemory;

    /// <summary>The community for which it issues.</summary>
    public KeyId Community { get; }

    /// <summary>The node to which it was given, as its certificate says.</summary>
    public string Holder => CertificateBytes.CommonName(_certificate) ?? string.Empty;

    /// <summary>After this it issues nothing any more.</summary>
    public Instant NotAfter => _validity.Until;

    /// <summary>
    /// Takes the certificate that the root made for an issuing key, if it is for that key and of that community. The key stays the caller's; it is
    /// another one than the node's own, which is shown to strangers all day.
    /// </summary>
    public static Outcome<IssuingAuthority> Accept(NodeKey key, KeyId community, ReadOnlyMemory<byte> certificate) =>
        Hostile.Read<IssuingAuthority>(new Failure(FailureKind.Damaged, "the issuing certificate is damaged"), () =>
        {
            var read = CertificateBytes.Read(certificate.Span, "the issuing certificate");
            if (!read.Succeeded)
            {
                return read.Failure;
            }

            using var bare = read.Value;
            if (ChainReader.CheckIssuing(community, bare) is { } failure)
            {
                return failure;
            }

            return bare.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.PublicKey.Span)
                ? new IssuingAuthority(key.Copy(), key.Bind(bare), community)
                : new Failure(FailureKind.Conflict, "the issuing certificate is for another key; ask for one with the key that is to issue");
        });

    /// <summary>Reads what <see cref="ToPem"/> wrote.</summary>
    public static Outcome<IssuingAuthority> FromPem(string text, KeyId community)
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

        var opened = NodeKey.Open(pkcs8.Data);
        if (!opened.Succeeded)
        {
            return opened.Failure;
        }

        using var key = opened.Value;
        return Accept(key, community, der.Data);
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
}
