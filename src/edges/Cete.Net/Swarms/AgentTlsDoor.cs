using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Cete.Net.Tls;
using Cete.Trust;

namespace Cete.Net.Swarms;

/// <summary>
/// The peer door of an agent: it shows a key of its own, which whoever comes knows from the planner, and wants to see one. Of which community the visitor
/// is, he says by the name that he asks for; what he may have, his ticket says.
/// </summary>
/// <param name="key">The agent's; stays the caller's.</param>
internal sealed class AgentTlsDoor(OwnKey key) : TlsDoor
{
    /// <inheritdoc/>
    public override SslServerAuthenticationOptions Handshake { get; } = new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(key.Certificate, additionalCertificates: null, offline: true),
        EnabledSslProtocols = SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http11],
        ClientCertificateRequired = true,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        AllowRenegotiation = false,
        RemoteCertificateValidationCallback = (_, shown, _, _) => OwnKey.Of(shown) is not null,
    };

    /// <inheritdoc/>
    public override bool IsFor(string serverName) => PeerNames.CommunityOf(serverName) is not null;
}
