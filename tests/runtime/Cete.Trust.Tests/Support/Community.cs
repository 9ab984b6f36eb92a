using Cete.Core;

namespace Cete.Trust.Tests.Support;

/// <summary>A community with a root, one issuing node and as many others as a test wants.</summary>
internal sealed class Community : IDisposable
{
    public static readonly Instant Founded = Instant.From(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public Community(string name = "cooks")
    {
        Root = CommunityKey.Create(name, Founded).Value;
        using var first = NodeKey.Create();
        Authority = Root.CreateAuthority(first.Id, Founded).Value;
        Clock = new SetClock(Founded);
        Verifier = new CertificateVerifier(Root.Id, Clock);
    }

    public CommunityKey Root { get; }

    public IssuingAuthority Authority { get; }

    public SetClock Clock { get; }

    public CertificateVerifier Verifier { get; }

    public static RoleSet Roles(params string[] names) => RoleSet.From(names).Value;

    public IssuedCertificate Issue(NodeKey key, params string[] roles) =>
        Authority.Issue(key.CreateSigningRequest(), Roles(roles), Clock.Now).Value;

    public NodeIdentity Admit(NodeKey key, params string[] roles) =>
        NodeIdentity.Accept(key, Root.Id, Issue(key, roles), Clock.Now).Value;

    public NodeIdentity Admit(params string[] roles)
    {
        using var key = NodeKey.Create();
        return Admit(key, roles);
    }

    public void Dispose()
    {
        Authority.Dispose();
        Root.Dispose();
    }
}
