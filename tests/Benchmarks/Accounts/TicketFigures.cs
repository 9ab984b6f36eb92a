using BenchmarkDotNet.Attributes;
using Cete.Core;
using Cete.Trust;
using Cete.Trust.Tickets;

namespace Cete.Benchmarks.Accounts;

/// <summary>What it costs to make a ticket, and to tell whether one counts: a server does so for each download that begins.</summary>
public class TicketFigures
{
    private readonly Hash256 _content = Hash256.Of("content"u8);
    private readonly KeyId _holder = KeyId.Of("holder"u8);
    private TicketIssuer _issuer = null!;
    private TicketVerifier _verifier = null!;
    private string _ticket = string.Empty;
    private string _capability = string.Empty;

    /// <summary>A community of one node with the role that signs.</summary>
    [GlobalSetup]
    public void Found()
    {
        var clock = TimeProvider.System;
        var now = Instant.From(clock.GetUtcNow());
        var root = CommunityKey.Create("bench", now).Value;
        var key = NodeKey.Create();
        var issued = root.CreateAuthority(key.Id, now).Value.Issue(key.CreateSigningRequest(), RoleSet.From([TicketVerifier.IssuerRole]).Value, now).Value;
        var certificates = new CertificateVerifier(root.Id, clock);
        var known = certificates.Verify(issued).Value;
        _issuer = new TicketIssuer(key, () => issued, root.Id, clock);
        _verifier = new TicketVerifier(certificates, _ => known, _ => null, clock);
        _ticket = _issuer.ForKey(_content, _holder).ToString();
        _capability = _issuer.ForAnybody(_content, TimeSpan.FromHours(1), 0).ToString();
        Check.That(Verify() && VerifyCapability());
    }

    /// <summary>With certificates that were verified before.</summary>
    [Benchmark]
    public bool Verify() => _verifier.Verify(_ticket, _content, _holder).Succeeded;

    /// <summary>By an issuer that is known.</summary>
    [Benchmark]
    public bool VerifyCapability() => _verifier.Verify(_capability, _content, null).Succeeded;

    /// <summary>A new one, as text.</summary>
    [Benchmark]
    public string Issue() => _issuer.ForKey(_content, _holder).ToString();
}
