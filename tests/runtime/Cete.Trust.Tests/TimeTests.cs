using System.Security.Cryptography.X509Certificates;
using Cete.Core;
using Cete.Trust.Tests.Support;

namespace Cete.Trust.Tests;

public sealed class TimeTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Community _community = new();

    public void Dispose() => _community.Dispose();

    [Fact]
    public void A_clock_that_is_slow_by_less_than_the_slack_bears_a_new_certificate()
    {
        Assert.True(At(-TrustLimits.ClockSlack).Succeeded);
        var failure = Refused.With(At(-TrustLimits.ClockSlack - Second), "not valid yet", "begins in 1 second,", "clock");
        Assert.Equal(FailureKind.Invalid, failure.Kind);
    }

    [Fact]
    public void A_certificate_ends_after_ninety_days_and_tells_since_when()
    {
        Assert.True(At(TrustLimits.NodeValidity).Succeeded);
        var failure = Refused.With(At(TrustLimits.NodeValidity + TimeSpan.FromHours(5)), "certificate of node", "expired 5 hours ago", "2026-05-30", "clock");
        Assert.Equal(FailureKind.Expired, failure.Kind);
        Refused.With(At(TrustLimits.NodeValidity + TimeSpan.FromDays(9)), "expired 9 days ago", "renew");
    }

    [Theory]
    [InlineData(3_652, "expired 9 years ago", "years apart")]
    [InlineData(-3_652, "begins in 10 years", "years apart")]
    [InlineData(-20_000, "begins in 54 years", "1971")]
    public void Clocks_years_apart_are_told_as_what_they_are(int days, string words, string hint) =>
        Refused.With(At(TimeSpan.FromDays(days)), words, hint, "clock wrong");

    [Fact]
    public void A_certificate_verified_once_is_looked_at_for_its_time_again_and_again()
    {
        using var key = NodeKey.Create();
        var issued = _community.Issue(key);
        Assert.True(_community.Verifier.Verify(issued).Succeeded);
        Assert.True(_community.Verifier.Verify(issued.Node, []).Succeeded);
        _community.Clock.Now += TimeSpan.FromDays(91);
        Refused.With(_community.Verifier.Verify(issued), "expired");
        _community.Clock.Now += TimeSpan.FromDays(-92);
        Refused.With(_community.Verifier.Verify(issued), "not valid yet");
    }

    [Fact]
    public void What_is_remembered_is_bounded()
    {
        using var forge = new Forge(Community.Founded);
        const int few = 8;
        var verifier = new CertificateVerifier(forge.Id, new SetClock(Community.Founded)) { Remembered = few };
        var first = forge.Proper();
        Assert.True(verifier.Verify(first, [forge.Issuing.RawData]).Succeeded);
        for (var i = 0; i < few; i++)
        {
            Assert.True(verifier.Verify(forge.Proper(), [forge.Issuing.RawData]).Succeeded);
        }

        Refused.With(verifier.Verify(first, []), "no issuing certificate");
    }

    [Fact]
    public void A_validity_never_exceeds_the_issuers()
    {
        using var key = NodeKey.Create();
        _community.Clock.Now = _community.Authority.NotAfter + TimeSpan.FromDays(-3);
        var peer = _community.Verifier.Verify(_community.Issue(key)).Value;
        Assert.Equal(_community.Authority.NotAfter, peer.NotAfter);

        // Late in the root's life its issuing certificates end with it; early in the issuer's, a node's begin with it.
        var late = Community.Founded + TimeSpan.FromDays(19 * 365);
        using var authority = _community.Root.CreateAuthority(key.Id, late).Value;
        Assert.True(authority.NotAfter <= Instant.From(Community.Founded.ToDateTimeOffset().AddYears(TrustLimits.RootYears)));
        var early = authority.Issue(key.CreateSigningRequest(), RoleSet.Empty, late + -TrustLimits.ClockSlack).Value;
        _community.Clock.Now = late;
        Assert.Equal(late + -TrustLimits.ClockSlack, _community.Verifier.Verify(early).Value.NotBefore);
    }

    [Fact]
    public void An_issuing_key_issues_within_its_time_only()
    {
        using var key = NodeKey.Create();
        var request = key.CreateSigningRequest();
        var late = _community.Authority.Issue(request, RoleSet.Empty, _community.Authority.NotAfter + Second);
        Refused.With(late, "issuing certificate of this node expired", "root key");
        Refused.With(_community.Authority.Issue(request, RoleSet.Empty, Community.Founded + TimeSpan.FromDays(-3650)), "not valid yet", "years apart");
        Refused.With(_community.Root.CreateAuthority(key.Id, Community.Founded + TimeSpan.FromDays(21 * 365)), "root certificate", "expired");
    }

    [Fact]
    public void An_issuer_that_expired_is_told_apart_from_a_node_that_did()
    {
        using var forge = new Forge(Community.Founded);
        var clock = new SetClock(Community.Founded);
        var verifier = new CertificateVerifier(forge.Id, clock);
        var past = forge.NewIssuing(Community.Founded);

        // Only an issuer that breaks the rules lets a certificate outlive its own.
        var request = new CertificateRequest($"CN={forge.Node}", forge.NodeKey, System.Security.Cryptography.HashAlgorithmName.SHA256);
        using (var proper = X509CertificateLoader.LoadCertificate(forge.Proper("index")))
        {
            foreach (var extension in proper.Extensions.Where(e => e.Oid!.Value != "2.5.29.35"))
            {
                request.CertificateExtensions.Add(extension);
            }
        }

        var from = Community.Founded.ToDateTimeOffset();
        using var outliving = request.Create(
            past.SubjectName, X509SignatureGenerator.CreateForECDsa(past.GetECDsaPrivateKey()!), from, from.AddYears(30), [9]);
        Assert.True(verifier.Verify(outliving.RawData, [past.RawData]).Succeeded);
        clock.Now += TimeSpan.FromDays(6 * 365);
        Refused.With(verifier.Verify(outliving.RawData, [past.RawData]), "issuing certificate", "expired");
    }

    private Outcome<PeerCertificate> At(TimeSpan later)
    {
        using var key = NodeKey.Create();
        _community.Clock.Now = Community.Founded;
        var issued = _community.Issue(key);
        _community.Clock.Now += later;
        return _community.Verifier.Verify(issued);
    }
}
