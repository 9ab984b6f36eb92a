using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;

namespace Cete.Trust.Certificates;

/// <summary>
/// The three kinds of certificates (RFC 5280): root, issuing, node. What is made here is what <see cref="ChainReader"/> accepts.
/// </summary>
internal static class Templates
{
    private const int SerialSize = 16;

    /// <summary>The self-signed certificate of a community. It holds the key; the caller owns both.</summary>
    public static X509Certificate2 Root(ECDsa key, string name, Instant now)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        AddAuthority(request, pathLength: 1);
        var (from, until) = (now.ToDateTimeOffset() - TrustLimits.ClockSlack, now.ToDateTimeOffset().AddYears(TrustLimits.RootYears));
        using var bare = request.Create(request.SubjectName, X509SignatureGenerator.CreateForECDsa(key), WholeSecond(from), WholeSecond(until), Serial());
        return bare.CopyWithPrivateKey(key);
    }

    /// <summary>The certificate of a key that may issue node certificates.</summary>
    public static X509Certificate2 Issuing(PublicKey key, KeyId holder, X509Certificate2 root, Instant now)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationalUnitName("issuing");
        subject.AddCommonName(holder.ToString());
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        AddAuthority(request, pathLength: 0);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, true, false));
        var carried = new AsnWriter(AsnEncodingRules.DER);
        carried.WriteOctetString(root.RawData);
        request.CertificateExtensions.Add(new X509Extension(Oids.Root, carried.Encode(), critical: false));
        return Sign(request, root, now, now.ToDateTimeOffset().AddYears(TrustLimits.IssuingYears));
    }

    /// <summary>The certificate of a node.</summary>
    public static X509Certificate2 Node(PublicKey key, KeyId community, RoleSet roles, X509Certificate2 issuer, Instant now)
    {
        var node = KeyId.Of(key.ExportSubjectPublicKeyInfo());
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(node.ToString());
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid(Oids.ServerAuthentication), new Oid(Oids.ClientAuthentication)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(key, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, true, false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(NodeName.Of(node, community));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(RolesExtension.Write(roles));
        return Sign(request, issuer, now, now.ToDateTimeOffset() + TrustLimits.NodeValidity);
    }

    private static void AddAuthority(CertificateRequest request, int pathLength)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, pathLength, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
    }

    /// <summary>A validity never goes beyond the issuer's.</summary>
    private static X509Certificate2 Sign(CertificateRequest request, X509Certificate2 issuer, Instant now, DateTimeOffset until)
    {
        var from = WholeSecond(now.ToDateTimeOffset() - TrustLimits.ClockSlack);
        var (first, last) = (issuer.NotBefore.ToUniversalTime(), issuer.NotAfter.ToUniversalTime());
        return request.Create(issuer, from < first ? first : from, until > last ? last : WholeSecond(until), Serial());
    }

    /// <summary>128 random bits.</summary>
    private static byte[] Serial() => RandomNumberGenerator.GetBytes(SerialSize);

    private static DateTimeOffset WholeSecond(DateTimeOffset moment) => moment.AddTicks(-(moment.UtcTicks % TimeSpan.TicksPerSecond));
}
