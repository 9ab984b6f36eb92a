using System.Security.Cryptography;
using Cete.Core;
using Cete.Trust.Certificates;
using Cete.Trust.Tests.Support;

namespace Cete.Trust.Tests;

public sealed class IdentityTests : IDisposable
{
    private readonly Community _community = new();

    public void Dispose() => _community.Dispose();

    [Fact]
    public void A_renewal_keeps_the_node_and_takes_the_new_roles()
    {
        using var first = _community.Admit("cache");
        _community.Clock.Now += TimeSpan.FromDays(70);
        using var second = _community.Admit(first.Key, "cache", "index");
        Assert.Equal(first.Id, second.Id);
        Assert.Equal(first.Id, _community.Verifier.Verify(second.Issued).Value.Node);
        Assert.Equal(["cache", "index"], second.Facts.Roles);
        Assert.NotEqual(first.Facts.Serial, second.Facts.Serial);
        Assert.False(second.NeedsRenewal(_community.Clock.Now));
    }

    [Fact]
    public void Nodes_renew_after_two_thirds_but_not_all_at_once()
    {
        var due = new SortedSet<Instant>();
        for (var i = 0; i < 40; i++)
        {
            using var node = _community.Admit();
            due.Add(node.RenewalDue);
            Assert.False(node.NeedsRenewal(node.RenewalDue + TimeSpan.FromSeconds(-1)));
            Assert.True(node.NeedsRenewal(node.RenewalDue));
            using var again = NodeIdentity.FromPem(node.ToPem(), _community.Root.Id).Value;
            Assert.Equal(node.RenewalDue, again.RenewalDue);
        }

        Assert.True(due.Min >= Community.Founded + TimeSpan.FromDays(59.9));
        Assert.True(due.Max <= Community.Founded + TimeSpan.FromDays(67.6));
        Assert.True(due.Max - due.Min > TimeSpan.FromDays(2));
    }

    [Fact]
    public void A_certificate_for_another_key_community_or_time_is_not_taken()
    {
        using var key = NodeKey.Create();
        using var other = NodeKey.Create();
        using var elsewhere = new Community();
        var issued = _community.Issue(key);
        var failure = Refused.With(Accept(other, issued), "is for node", key.Id.ToString(), other.Id.ToString());
        Assert.Equal(FailureKind.Conflict, failure.Kind);
        Refused.With(Accept(key, elsewhere.Issue(key)), "another community");
        Refused.With(Accept(key, issued with { Issuing = elsewhere.Issue(key).Issuing }), "another community");
        Refused.With(NodeIdentity.Accept(key, _community.Root.Id, issued, Community.Founded + TimeSpan.FromDays(100)), "expired");
        Refused.With(NodeIdentity.Accept(key, _community.Root.Id, issued, Community.Founded + TimeSpan.FromDays(-100)), "not valid yet");
    }

    [Fact]
    public void It_comes_back_from_its_file_even_when_it_has_expired()
    {
        using var node = _community.Admit("bank");
        using var opened = NodeIdentity.FromPem(node.ToPem(), _community.Root.Id).Value;
        Assert.Equal(node.Id, opened.Id);
        Assert.Equal(node.Facts.Roles, opened.Facts.Roles);
        Assert.Null(opened.CheckTime(Community.Founded));
        Assert.Equal(FailureKind.Expired, opened.CheckTime(Community.Founded + TimeSpan.FromDays(91))!.Kind);
    }

    [Fact]
    public void A_file_that_is_no_identity_is_refused()
    {
        using var node = _community.Admit();
        using var other = _community.Admit();
        var id = _community.Root.Id;
        Refused.With(NodeIdentity.FromPem(node.Key.ToPem(), id), "0 certificates");
        Refused.With(NodeIdentity.FromPem(node.Issued.ToPem(), id), "0 PEM blocks PRIVATE KEY");
        Refused.With(NodeIdentity.FromPem(other.Key.ToPem() + node.Issued.ToPem(), id), "is for node");
        Refused.With(NodeIdentity.FromPem(node.ToPem(), new KeyId(new byte[KeyId.Size])), "another community");
        Refused.With(NodeIdentity.FromPem(new string(' ', TrustLimits.PemCharactersMax + 1), id), "characters");
    }

    [Fact]
    public void A_key_comes_back_from_its_file_and_others_are_refused()
    {
        using var key = NodeKey.Create();
        using var opened = NodeKey.FromPem(key.ToPem()).Value;
        Assert.Equal(key.Id, opened.Id);
        using var wide = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Refused.With(NodeKey.FromPem(wide.ExportPkcs8PrivateKeyPem()), "P-256");
        using var rsa = RSA.Create(2048);
        Refused.With(NodeKey.FromPem(rsa.ExportPkcs8PrivateKeyPem()), "P-256");
        Refused.With(NodeKey.FromPem(key.ToPem() + key.ToPem()), "2 PEM blocks");
        Refused.With(NodeKey.FromPem(Pem.Write(Pem.PrivateKey, [1, 2, 3])), "damaged");
    }

    private Outcome<NodeIdentity> Accept(NodeKey key, IssuedCertificate issued) => NodeIdentity.Accept(key, _community.Root.Id, issued, Community.Founded);
}
