using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;
using Cete.Trust.Certificates;
using Cete.Trust.Tests.Support;

namespace Cete.Trust.Tests;

public sealed class IssuingTests : IDisposable
{
    private readonly Community _community = new();

    public void Dispose() => _community.Dispose();

    [Fact]
    public void Of_a_request_nothing_counts_but_its_key()
    {
        using var key = P256.Create();
        var request = new CertificateRequest("CN=root, O=everything", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(RolesExtension.Write(Community.Roles("tracker")));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("bank.example.org");
        request.CertificateExtensions.Add(names.Build());

        var issued = _community.Authority.Issue(request.CreateSigningRequest(), Community.Roles("cache"), Community.Founded).Value;

        using var made = X509CertificateLoader.LoadCertificate(issued.Node.Span);
        var id = KeyId.Of(key.ExportSubjectPublicKeyInfo());
        Assert.Equal($"CN={id}", made.Subject);
        Assert.Equal(["cache"], _community.Verifier.Verify(issued).Value.Roles);
        Assert.Equal([$"{id}.{_community.Root.Id}.invalid"], made.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames());
        Assert.False(made.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.False(made.Extensions[Oids.Roles]!.Critical);
    }

    [Fact]
    public void A_request_signed_with_another_key_is_refused()
    {
        using var key = NodeKey.Create();
        var request = key.CreateSigningRequest();
        request[^5] ^= 1;
        Refused.With(Issue(request), "not signed with the key");

        // The public key of somebody else in an otherwise proper request.
        using var other = NodeKey.Create();
        var stolen = key.CreateSigningRequest();
        var at = stolen.AsSpan().IndexOf(key.PublicKey.Span);
        other.PublicKey.CopyTo(stolen.AsMemory(at));
        Refused.With(Issue(stolen), "not signed with the key");
    }

    [Fact]
    public void Requests_for_other_keys_or_beyond_bounds_are_refused()
    {
        using var wide = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        Refused.With(Issue(new CertificateRequest("CN=x", wide, HashAlgorithmName.SHA256).CreateSigningRequest()), "wrong type of key");
        Refused.With(
            Issue(new CertificateRequest("CN=x", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest()), "wrong type of key");
        Refused.With(Issue(new byte[TrustLimits.RequestBytesMax + 1]), "bytes");
        Refused.With(Issue([]), "cannot be read");
        using var key = NodeKey.Create();
        Refused.With(Issue([.. key.CreateSigningRequest(), 0]), "cannot be read");
    }

    [Fact]
    public void Serial_numbers_are_random()
    {
        using var key = NodeKey.Create();
        var serials = Enumerable.Range(0, 50).Select(_ => _community.Verifier.Verify(_community.Issue(key)).Value.Serial).ToHashSet();
        Assert.Equal(50, serials.Count);
        Assert.All(serials, serial => Assert.Equal(32, serial.Length));
    }

    [Fact]
    public void An_issuing_key_comes_back_from_its_file()
    {
        using var opened = IssuingAuthority.FromPem(_community.Authority.ToPem(), _community.Root.Id).Value;
        Assert.Equal(_community.Authority.Id, opened.Id);
        Assert.Equal(_community.Root.Id, opened.Community);
        Assert.Equal(_community.Authority.NotAfter, opened.NotAfter);
        using var key = NodeKey.Create();
        Assert.True(_community.Verifier.Verify(opened.Issue(key.CreateSigningRequest(), RoleSet.Empty, Community.Founded).Value).Succeeded);
    }

    [Fact]
    public void A_file_that_is_no_issuing_keys_is_refused()
    {
        using var node = _community.Admit();
        Refused.With(IssuingAuthority.FromPem(node.ToPem(), _community.Root.Id), "not the file of an issuing key");
        Refused.With(IssuingAuthority.FromPem("nothing", _community.Root.Id), "not the file of an issuing key");
        var nodeOnly = node.Key.ToPem() + Pem.Write(Pem.Certificate, node.Issued.Node.Span);
        Refused.With(IssuingAuthority.FromPem(nodeOnly, _community.Root.Id), "not one that issues");
        var mixed = node.Key.ToPem() + Pem.Write(Pem.Certificate, node.Issued.Issuing.Span);
        Refused.With(IssuingAuthority.FromPem(mixed, _community.Root.Id), "another key");
    }

    [Fact]
    public void A_further_node_is_given_the_right_to_issue_without_its_key_leaving_it()
    {
        using var node = _community.Admit("tracker");
        using var key = NodeKey.Create();
        var certificate = _community.Root.CertifyAuthority(key.CreateSigningRequest(), node.Id, Community.Founded).Value;
        using var authority = IssuingAuthority.Accept(key, _community.Root.Id, certificate).Value;
        using var newcomer = NodeKey.Create();
        var issued = authority.Issue(newcomer.CreateSigningRequest(), RoleSet.Empty, Community.Founded).Value;
        Assert.Equal(key.Id, _community.Verifier.Verify(issued).Value.Issuer);
        Assert.Equal(node.Id.ToString(), authority.Holder);
    }

    [Fact]
    public void A_certificate_that_gives_no_right_to_issue_is_not_taken()
    {
        using var key = NodeKey.Create();
        using var elsewhere = new Community();
        using var forge = new Forge(Community.Founded);
        var request = key.CreateSigningRequest();
        var certificate = _community.Root.CertifyAuthority(request, key.Id, Community.Founded).Value;
        using var other = NodeKey.Create();
        Refused.With(IssuingAuthority.Accept(other, _community.Root.Id, certificate), "another key");
        Refused.With(IssuingAuthority.Accept(key, elsewhere.Root.Id, certificate), "another community", _community.Root.Id.ToString());
        Refused.With(IssuingAuthority.Accept(key, _community.Root.Id, _community.Issue(key).Node), "not one that issues");
        Refused.With(IssuingAuthority.Accept(key, _community.Root.Id, new byte[10]), "cannot be read");
        var claimed = forge.SubAuthority(forge.NewIssuing(Community.Founded), forge.NodeKey);
        Refused.With(IssuingAuthority.Accept(key, forge.Id, claimed.RawData), "root of the community did not sign");
        Refused.With(_community.Root.CertifyAuthority(new byte[10], key.Id, Community.Founded), "cannot be read");
    }

    private Outcome<IssuedCertificate> Issue(byte[] request) => _community.Authority.Issue(request, RoleSet.Empty, Community.Founded);
}
