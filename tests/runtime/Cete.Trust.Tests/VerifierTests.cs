using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;
using Cete.Trust.Certificates;
using Cete.Trust.Tests.Support;

namespace Cete.Trust.Tests;

public sealed class VerifierTests : IDisposable
{
    private readonly Forge _forge = new(Community.Founded);

    public void Dispose() => _forge.Dispose();

    [Fact]
    public void A_node_certificate_says_who_it_is_and_what_it_may()
    {
        using var leaf = X509CertificateLoader.LoadCertificate(_forge.Proper("index", "bank"));
        var peer = _forge.Verify(leaf.RawData, _forge.Issuing).Value;
        Assert.Equal(_forge.Node, peer.Node);
        Assert.Equal(_forge.NodeKey.ExportSubjectPublicKeyInfo(), peer.PublicKey.ToArray());
        Assert.Equal(["bank", "index"], peer.Roles);
        Assert.Equal(Community.Founded + -TrustLimits.ClockSlack, peer.NotBefore);
        Assert.Equal(Community.Founded + TrustLimits.NodeValidity, peer.NotAfter);
        Assert.Equal(KeyId.Of(_forge.Issuing.PublicKey.ExportSubjectPublicKeyInfo()), peer.Issuer);
        Assert.Equal(leaf.SerialNumber.TrimStart('0'), peer.Serial.TrimStart('0'), ignoreCase: true);
        Assert.Equal(32, peer.Serial.Length);
    }

    [Fact]
    public void A_hand_made_certificate_that_keeps_the_rules_passes_so_the_refusals_below_are_for_what_they_say() =>
        Assert.Equal(["index"], _forge.Verify(_forge.Leaf(), _forge.Issuing).Value.Roles);

    [Fact]
    public void What_else_is_presented_and_in_which_order_plays_no_part()
    {
        var leaf = _forge.Proper();
        using var itself = X509CertificateLoader.LoadCertificate(leaf);
        Assert.True(_forge.Verify(leaf, itself, _forge.Root, _forge.Issuing).Succeeded);
        Assert.True(_forge.Verify(leaf, _forge.NewIssuing(_forge.Now), _forge.Issuing).Succeeded);
        Assert.True(_forge.Verify(leaf, _forge.Issuing, _forge.NewIssuing(_forge.Now)).Succeeded);
    }

    [Fact]
    public void A_root_of_the_same_name_is_another_community()
    {
        using var foreign = new Forge(Community.Founded);
        Assert.Equal(_forge.Root.Subject, foreign.Root.Subject);
        var failure = Refused.With(_forge.Verify(foreign.Proper(), foreign.Issuing), "another community", foreign.Id.ToString(), _forge.Id.ToString());
        Assert.Equal(FailureKind.Forbidden, failure.Kind);
        Refused.With(_forge.Verify(foreign.Proper(), _forge.Issuing), "chain is broken");
    }

    [Fact]
    public void An_issuing_certificate_that_only_claims_our_root_is_refused()
    {
        using var foreign = new Forge(Community.Founded);
        var thief = _forge.SubAuthority(foreign.Root, _forge.Keep(P256.Create()));
        Refused.With(_forge.Verify(_forge.Leaf(issuer: thief), thief), "chain is broken");
    }

    [Fact]
    public void An_issuing_certificate_is_no_node_certificate()
    {
        Refused.With(_forge.Verify(_forge.Issuing.RawData, _forge.Issuing), "not a node certificate", "issues others");
        Refused.With(_forge.Verify(_forge.Root.RawData, _forge.Issuing), "not a node certificate");
        var authority = _forge.Leaf(request => Forge.Replace(request, new X509BasicConstraintsExtension(true, false, 0, true)));
        Refused.With(_forge.Verify(authority, _forge.Issuing), "not a node certificate");
    }

    [Fact]
    public void A_node_certificate_issues_nothing()
    {
        using var bare = X509CertificateLoader.LoadCertificate(_forge.Proper());
        using var node = bare.CopyWithPrivateKey(_forge.NodeKey);
        var leaf = _forge.Leaf(issuer: node);
        Refused.With(_forge.Verify(leaf, node), "chain is broken", "no issuing certificate");
        Refused.With(_forge.Verify(leaf, node, _forge.Issuing), "chain is broken");

        var sub = _forge.SubAuthority(node, _forge.Keep(P256.Create()));
        Refused.With(_forge.Verify(_forge.Leaf(issuer: sub), sub, node, _forge.Issuing), "chain is broken");
    }

    [Fact]
    public void An_issuing_key_makes_no_further_issuing_keys()
    {
        var sub = _forge.SubAuthority(_forge.Issuing, _forge.Keep(P256.Create()));
        var leaf = _forge.Leaf(issuer: sub);
        Refused.With(_forge.Verify(leaf, sub, _forge.Issuing), "chain is broken");
        Refused.With(_forge.Verify(leaf, _forge.Issuing, sub), "chain is broken");
    }

    [Fact]
    public void The_root_signs_no_nodes() =>
        Refused.With(_forge.Verify(_forge.Leaf(issuer: _forge.Root), _forge.Issuing), "chain is broken", "node, issuing, root");

    [Fact]
    public void A_chain_without_the_issuing_certificate_is_broken()
    {
        Refused.With(_forge.Verify(_forge.Proper()), "chain is broken", "presented");
        Refused.With(_forge.Verify(_forge.Proper(), _forge.Root), "chain is broken", "presented");
    }

    [Fact]
    public void Roles_widened_by_signing_again_with_another_key_break_the_chain()
    {
        var thief = _forge.Keep(P256.Create());
        using var same = _forge.Issuing.PublicKey.GetECDsaPublicKey();
        var request = new CertificateRequest(_forge.Issuing.SubjectName, thief, HashAlgorithmName.SHA256);
        using var mask = _forge.Keep(request.CreateSelfSigned(_forge.Issuing.NotBefore, _forge.Issuing.NotAfter));
        var widened = _forge.Leaf(r => Forge.Replace(r, RolesExtension.Write(Community.Roles("bank", "tracker"))), issuer: mask);
        Refused.With(_forge.Verify(widened, _forge.Issuing), "chain is broken");
    }

    [Fact]
    public void Roles_changed_in_place_break_the_chain()
    {
        var leaf = _forge.Proper("index");
        var at = leaf.AsSpan().IndexOf("index"u8);
        "bank2"u8.CopyTo(leaf.AsSpan(at));
        Refused.With(_forge.Verify(leaf, _forge.Issuing), "chain is broken");
    }

    [Fact]
    public void Keys_of_another_type_are_refused_wherever_they_stand()
    {
        using var wide = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        Refused.With(_forge.Verify(_forge.Leaf(key: wide), _forge.Issuing), "node's certificate has a wrong type of key", "P-256");
        Refused.With(_forge.Verify(_forge.Leaf(key: rsa), _forge.Issuing), "node's certificate has a wrong type of key", "RSA");

        var issuing = _forge.SubAuthority(_forge.Root, wide);
        Refused.With(_forge.Verify(_forge.Leaf(issuer: issuing), issuing), "wrong type of key");
    }

    [Fact]
    public void A_certificate_without_the_marks_of_a_node_is_none()
    {
        Refused.With(_forge.Verify(_forge.Leaf(r => Forge.Without(r, Oids.Roles)), _forge.Issuing), "not a node certificate", "roles");
        var half = _forge.Leaf(r => Forge.Replace(r, new X509EnhancedKeyUsageExtension([new Oid(Oids.ServerAuthentication)], false)));
        Refused.With(_forge.Verify(half, _forge.Issuing), "not a node certificate", "both ends");
    }

    [Fact]
    public void Its_names_must_be_those_of_its_key()
    {
        using var other = NodeKey.Create();
        var renamed = _forge.Leaf(subject: other.Id.ToString());
        Refused.With(_forge.Verify(renamed, _forge.Issuing), "does not fit its key", _forge.Node.ToString(), other.Id.ToString());
        Refused.With(_forge.Verify(_forge.Leaf(Named(NodeName.Of(other.Id, _forge.Id))), _forge.Issuing), "does not fit its key");
        Refused.With(_forge.Verify(_forge.Leaf(Named(NodeName.Of(_forge.Node, other.Id))), _forge.Issuing), "does not fit its key");
        Refused.With(_forge.Verify(_forge.Leaf(Named(NodeName.Of(_forge.Node, _forge.Id), "www.example.org")), _forge.Issuing), "does not fit its key");
        Refused.With(_forge.Verify(_forge.Leaf(r => Forge.Without(r, Oids.SubjectAlternativeName)), _forge.Issuing), "does not fit its key");

        static Action<CertificateRequest> Named(params string[] names) => request =>
        {
            var builder = new SubjectAlternativeNameBuilder();
            Array.ForEach(names, builder.AddDnsName);
            Forge.Replace(request, builder.Build());
        };
    }

    [Theory]
    [InlineData("0500")] // NULL
    [InlineData("3000FF")] // something behind the end
    [InlineData("3005040362616E")] // OCTET STRING
    [InlineData("30050C03420061")] // a name with a zero
    [InlineData("30060C01620C0161")] // out of order
    [InlineData("30060C01610C0161")] // twice
    [InlineData("30030C0141")] // a capital
    [InlineData("30020C00")] // empty
    [InlineData("3080" + "0000")] // BER, not DER
    [InlineData("30")]
    public void Malformed_roles_are_told_as_such(string hex)
    {
        var roles = new X509Extension(Oids.Roles, Convert.FromHexString(hex), false);
        Refused.With(_forge.Verify(_forge.Leaf(r => Forge.Replace(r, roles)), _forge.Issuing), "roles", "malformed");
    }

    [Fact]
    public void Too_many_roles_are_malformed()
    {
        byte[] many = [.. Enumerable.Range(0, RoleSet.CountMax + 1).SelectMany(i => new byte[] { 0x0C, 2, (byte)('a' + (i / 20)), (byte)('a' + (i % 20)) })];
        var roles = new X509Extension(Oids.Roles, [0x30, 0x81, (byte)many.Length, .. many], false);
        Refused.With(_forge.Verify(_forge.Leaf(r => Forge.Replace(r, roles)), _forge.Issuing), "malformed");
    }

    [Fact]
    public void A_critical_extension_that_nobody_knows_breaks_the_chain()
    {
        var leaf = _forge.Leaf(r => r.CertificateExtensions.Add(new X509Extension("2.25.1234567", [5, 0], critical: true)));
        Refused.With(_forge.Verify(leaf, _forge.Issuing), "chain is broken");
    }

    [Fact]
    public void What_is_presented_is_bounded_before_it_is_parsed()
    {
        var leaf = _forge.Proper();
        var five = Enumerable.Repeat(_forge.Issuing, TrustLimits.PresentedMax + 1).ToArray();
        Refused.With(_forge.Verify(leaf, five), "chain is too long");
        Assert.Equal(FailureKind.TooLarge, Refused.With(_forge.Verify(new byte[TrustLimits.CertificateBytesMax + 1]), "bytes").Kind);
        Assert.Equal(FailureKind.TooLarge, _forge.Verifier().Verify(leaf, [new byte[TrustLimits.CertificateBytesMax + 1]]).Failure!.Kind);
    }

    [Fact]
    public void The_most_roles_and_the_longest_name_fit_the_bounds()
    {
        using var forge = new Forge(Community.Founded, new string('é', 127));
        var roles = Enumerable.Range(0, RoleSet.CountMax).Select(i => $"r{i}".PadRight(RoleSet.NameLengthMax, 'x')).ToArray();
        Assert.Equal(RoleSet.CountMax, forge.Verify(forge.Proper(roles), forge.Issuing).Value.Roles.Count);
    }

    [Fact]
    public void What_is_no_certificate_is_told_as_such()
    {
        Refused.With(_forge.Verify([]), "cannot be read");
        Refused.With(_forge.Verify([0x30, 0x00]), "cannot be read");
        Refused.With(_forge.Verify([.. _forge.Proper(), 0]), "cannot be read");
        var pem = new IssuedCertificate(_forge.Proper(), _forge.Issuing.RawData).ToPem();
        Refused.With(_forge.Verify(System.Text.Encoding.ASCII.GetBytes(pem)), "cannot be read");
        Refused.With(_forge.Verifier().Verify((X509Certificate?)null, null), "showed no certificate");
    }
}
