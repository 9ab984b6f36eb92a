using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;
using Cete.Trust.Certificates;

namespace Cete.Trust.Tests.Support;

/// <summary>Makes certificates that differ from the rules in one point each, with the keys that a hostile or careless issuer has.</summary>
internal sealed class Forge : IDisposable
{
    private readonly List<IDisposable> _made = [];

    public Forge(Instant now, string name = "cooks")
    {
        Now = now;
        RootKey = Keep(P256.Create());
        Root = Keep(Templates.Root(RootKey, name, now));
        Id = KeyId.Of(RootKey.ExportSubjectPublicKeyInfo());
        Issuing = NewIssuing(now);
        NodeKey = Keep(P256.Create());
    }

    public Instant Now { get; }

    public KeyId Id { get; }

    public ECDsa RootKey { get; }

    public X509Certificate2 Root { get; }

    public X509Certificate2 Issuing { get; }

    public ECDsa NodeKey { get; }

    public KeyId Node => KeyId.Of(NodeKey.ExportSubjectPublicKeyInfo());

    public T Keep<T>(T made)
        where T : IDisposable
    {
        _made.Add(made);
        return made;
    }

    public X509Certificate2 NewIssuing(Instant now)
    {
        var key = Keep(P256.Create());
        using var bare = Templates.Issuing(PublicOf(key), Id, Root, now);
        return Keep(bare.CopyWithPrivateKey(key));
    }

    public byte[] Proper(params string[] roles)
    {
        using var node = Templates.Node(PublicOf(NodeKey), Id, Community.Roles(roles), Issuing, Now);
        return node.RawData;
    }

    /// <summary>A node certificate with something changed in its making.</summary>
    public byte[] Leaf(Action<CertificateRequest>? change = null, X509Certificate2? issuer = null, AsymmetricAlgorithm? key = null, string? subject = null)
    {
        var signer = issuer ?? Issuing;
        var name = new X500DistinguishedName($"CN={subject ?? Node.ToString()}");
        var request = key switch
        {
            RSA rsa => new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            ECDsa other => new CertificateRequest(name, other, HashAlgorithmName.SHA256),
            _ => new CertificateRequest(name, NodeKey, HashAlgorithmName.SHA256),
        };
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid(Oids.ServerAuthentication), new Oid(Oids.ClientAuthentication)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(NodeName.Of(Node, Id));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(RolesExtension.Write(Community.Roles("index")));
        change?.Invoke(request);
        var from = Now.ToDateTimeOffset() - TrustLimits.ClockSlack;
        using var made = request.Create(
            signer.SubjectName, X509SignatureGenerator.CreateForECDsa(signer.GetECDsaPrivateKey()!), from, from.AddDays(90), [1, 2, 3]);
        return made.RawData;
    }

    /// <summary>A certificate that may sign others and carries our root, made with whatever key a thief has.</summary>
    public X509Certificate2 SubAuthority(X509Certificate2 issuer, ECDsa key, int pathLength = 0)
    {
        var request = new CertificateRequest("CN=sub", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, pathLength, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509Extension(Issuing.Extensions[Oids.Root]!, false));
        var from = Now.ToDateTimeOffset() - TrustLimits.ClockSlack;
        using var made = request.Create(
            issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(issuer.GetECDsaPrivateKey()!), from, from.AddDays(90), [4]);
        return Keep(made.CopyWithPrivateKey(key));
    }

    public CertificateVerifier Verifier() => new(Id, new SetClock(Now));

    public Outcome<PeerCertificate> Verify(byte[] leaf, params X509Certificate2[] presented) =>
        Verifier().Verify(leaf, [.. presented.Select(certificate => certificate.RawDataMemory)]);

    public void Dispose() => _made.ForEach(made => made.Dispose());

    public static PublicKey PublicOf(ECDsa key) => PublicKey.CreateFromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo(), out _);

    public static void Without(CertificateRequest request, string oid)
    {
        var found = request.CertificateExtensions.Single(extension => extension.Oid!.Value == oid);
        request.CertificateExtensions.Remove(found);
    }

    public static void Replace(CertificateRequest request, X509Extension by)
    {
        Without(request, by.Oid!.Value!);
        request.CertificateExtensions.Add(by);
    }
}
