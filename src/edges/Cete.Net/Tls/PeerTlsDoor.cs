using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;
using Cete.Trust;

namespace Cete.Net.Tls;

/// <summary>Who came in at the peer door.</summary>
/// <param name="Key">The key that made the connection.</param>
/// <param name="Node">What is known of a node of the community; null for anybody else, who shows his right by a ticket.</param>
public sealed record PeerVisitor(KeyId Key, PeerCertificate? Node);

/// <summary>
/// The door for nodes and agents: both sides show keys before a byte of HTTP is said (TLS 1.3). Nodes show certificates of the community; agents show
/// one that they made themselves, of which the key alone counts. Its name is one that no server on the internet can have, so no browser comes here by
/// mistake, and none is ever asked for a certificate.
/// </summary>
/// <param name="community">The community.</param>
/// <param name="identity">This node, by its certificate of now.</param>
/// <param name="verifier">Judges who comes.</param>
/// <param name="refuses">Why one with a good certificate is refused all the same.</param>
public sealed class PeerTlsDoor(KeyId community, Func<NodeIdentity> identity, CertificateVerifier verifier, Func<PeerCertificate, Failure?> refuses) : TlsDoor
{
    /// <summary>What a client asks for by SNI: <c>peer.COMMUNITY.invalid</c>.</summary>
    public string Name { get; } = PeerNames.Of(community);

    /// <inheritdoc/>
    public override SslServerAuthenticationOptions Handshake
    {
        get
        {
            var handshake = new NodeHandshake(identity(), verifier);
            var options = handshake.AsServer();
            var judge = options.RemoteCertificateValidationCallback!;
            options.ApplicationProtocols = [SslApplicationProtocol.Http11];
            options.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
                OwnKey.Of(certificate) is not null || (judge(sender, certificate, chain, errors) && refuses(handshake.Peer.Value) is null);
            return options;
        }
    }

    /// <inheritdoc/>
    public override bool IsFor(string serverName) => serverName.Equals(Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Who came through, or why that one is not to be answered any more: a node may have been removed since.</summary>
    /// <param name="certificate">What it showed.</param>
    public Outcome<PeerVisitor> Judge(X509Certificate2 certificate)
    {
        if (OwnKey.Of(certificate) is { } key)
        {
            return new PeerVisitor(key, null);
        }

        // That its chain holds the handshake found out; a verified leaf is remembered.
        var peer = verifier.Verify(certificate.RawDataMemory, [identity().Issued.Issuing]);
        return !peer.Succeeded ? peer.Failure
            : refuses(peer.Value) is { } refusal ? refusal
            : new PeerVisitor(peer.Value.Node, peer.Value);
    }
}

/// <summary>What clients of the peer door ask for by SNI.</summary>
public static class PeerNames
{
    private const string Prefix = "peer.";
    private const string Suffix = ".invalid";

    /// <summary><c>peer.COMMUNITY.invalid</c> (RFC 6761: no server can have it).</summary>
    public static string Of(KeyId community) => $"{Prefix}{community}{Suffix}";

    /// <summary>The community in such a name; null where it is none.</summary>
    public static KeyId? CommunityOf(string name) =>
        name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase)
        && name.Length == Prefix.Length + KeyId.TextLength + Suffix.Length
        && KeyId.TryParse(name.AsSpan(Prefix.Length, KeyId.TextLength).ToString().ToLowerInvariant(), out var community)
            ? community
            : null;
}
