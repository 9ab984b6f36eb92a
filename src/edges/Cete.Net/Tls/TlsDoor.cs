using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;

namespace Cete.Net.Tls;

/// <summary>One of the ways in behind the TLS of a port: a client says by SNI which one it wants.</summary>
public abstract class TlsDoor
{
    /// <summary>How a handshake is led at this door; looked up for each.</summary>
    public abstract SslServerAuthenticationOptions Handshake { get; }

    /// <summary>Whether a client that asks for this name, empty for none, comes in here.</summary>
    public abstract bool IsFor(string serverName);

    /// <summary>The door for a name: the first of several that is for it; null where there is none.</summary>
    public static TlsDoor? Choose(IReadOnlyList<TlsDoor> doors, string? serverName) =>
        doors.FirstOrDefault(door => door.IsFor(serverName ?? string.Empty));
}

/// <summary>The door for browsers and other programs: it takes every name and never asks for a certificate.</summary>
/// <param name="certificate">What it shows.</param>
public sealed class WebTlsDoor(TlsCertificate certificate) : TlsDoor
{
    private volatile SslServerAuthenticationOptions _handshake = Of(certificate);
    private volatile TlsCertificate _shown = certificate;

    /// <summary>When the certificate that it shows now ends.</summary>
    public Instant Ends => _shown.Ends;

    /// <summary>Of the certificate that it shows now.</summary>
    public string Fingerprint => _shown.Fingerprint;

    /// <summary>Whether the certificate that it shows now is made out for a host of that name.</summary>
    public bool Names(string host) => _shown.Names(host);

    /// <inheritdoc/>
    public override SslServerAuthenticationOptions Handshake => _handshake;

    /// <inheritdoc/>
    public override bool IsFor(string serverName) => true;

    /// <summary>Shows another certificate from the next handshake on.</summary>
    public void Show(TlsCertificate next) => (_shown, _handshake) = (next, Of(next));

    private static SslServerAuthenticationOptions Of(TlsCertificate certificate) => new()
    {
        ServerCertificateContext = certificate.Chain,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        ClientCertificateRequired = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        AllowRenegotiation = false,
    };
}
