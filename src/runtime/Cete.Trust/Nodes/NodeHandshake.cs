using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;
using Cete.Trust.Certificates;

namespace Cete.Trust;

/// <summary>
/// One TLS 1.3 handshake between two nodes (RFC 8446), both of which show a certificate: makes the options of SslStream and keeps what came out.
/// Names play no part, keys do. The options are the caller's to add to, ALPN for one.
/// </summary>
/// <param name="identity">Who this side is.</param>
/// <param name="verifier">Judges the other side.</param>
/// <param name="expected">Who the other side must be; null for any node of the community.</param>
public sealed class NodeHandshake(NodeIdentity identity, CertificateVerifier verifier, KeyId? expected = null)
{
    /// <summary>
    /// The other side, or why it was refused, which SslStream's exception does not tell. It counts once the handshake is done: only then has the
    /// other side proved that it has the key. A client that was refused sees that only when it reads: in TLS 1.3 its side is done before.
    /// </summary>
    public Outcome<PeerCertificate> Peer { get; private set; } =
        new Failure(FailureKind.Unavailable, "the connection ended before the other side showed a certificate");

    /// <summary>The options of the side that was called.</summary>
    public SslServerAuthenticationOptions AsServer() => new()
    {
        ServerCertificateContext = identity.TlsContext,
        ClientCertificateRequired = true,
        EnabledSslProtocols = SslProtocols.Tls13,
        AllowRenegotiation = false,
        AllowTlsResume = false,
        CertificateChainPolicy = Unjudged(),
        RemoteCertificateValidationCallback = Judge,
    };

    /// <summary>The options of the side that calls.</summary>
    public SslClientAuthenticationOptions AsClient() => new()
    {
        TargetHost = expected is { } node ? NodeName.Of(node, verifier.Community) : $"{verifier.Community}.invalid",
        ClientCertificateContext = identity.TlsContext,
        EnabledSslProtocols = SslProtocols.Tls13,
        AllowRenegotiation = false,
        AllowTlsResume = false,
        CertificateChainPolicy = Unjudged(),
        RemoteCertificateValidationCallback = Judge,
    };

    /// <summary>SslStream builds a chain before it asks; it must not fetch anything for a stranger's certificate, and its verdict is not used.</summary>
    private static X509ChainPolicy Unjudged()
    {
        var policy = ChainReader.Policy();
        policy.VerificationFlags = X509VerificationFlags.AllFlags;
        return policy;
    }

    private bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var peer = verifier.Verify(certificate, chain);
        Peer = peer.Succeeded && expected is { } node && peer.Value.Node != node
            ? new Failure(FailureKind.Forbidden, $"node {peer.Value.Node} answered where node {node} was expected; its address may have changed hands")
            : peer;
        return Peer.Succeeded;
    }
}
