using System.Net.Security;
using Cete.Core;
using Cete.Trust;

namespace Cete.Net.Tls;

/// <summary>
/// The door for nodes: both sides show certificates of the community before a byte of HTTP is said (TLS 1.3). Its name is one that no server on the
/// internet can have, so no browser comes here by mistake.
/// </summary>
/// <param name="community">The community.</param>
/// <param name="identity">This node, by its certificate of now.</param>
/// <param name="verifier">Judges who comes.</param>
/// <param name="refuses">Why one with a good certificate is refused all the same.</param>
public sealed class PeerTlsDoor(KeyId community, Func<NodeIdentity> identity, CertificateVerifier verifier, Func<PeerCertificate, Failure?> refuses) : TlsDoor
{
    /// <summary>What a client asks for by SNI: <c>peer.COMMUNITY.invalid</c>.</summary>
    public string Name { get; } = $"peer.{community}.invalid";

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
                judge(sender, certificate, chain, errors) && refuses(handshake.Peer.Value) is null;
            return options;
        }
    }

    /// <inheritdoc/>
    public override bool IsFor(string serverName) => serverName.Equals(Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Why whoever came through is not to be answered any more: it may have been removed since. Null for one that is.</summary>
    /// <param name="certificate">What it showed, in DER.</param>
    public Failure? Judge(ReadOnlyMemory<byte> certificate)
    {
        // That its chain holds the handshake found out; a verified leaf is remembered.
        var peer = verifier.Verify(certificate, [identity().Issued.Issuing]);
        return peer.Succeeded ? refuses(peer.Value) : peer.Failure;
    }
}
