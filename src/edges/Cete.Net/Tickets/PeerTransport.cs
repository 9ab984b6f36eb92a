using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Cete.Api;
using Cete.Core;
using Cete.Net.Tls;
using Cete.Swarm;
using Cete.Trust;

namespace Cete.Net.Tickets;

/// <summary>Where tickets come from.</summary>
public interface ITicketSource
{
    /// <summary>A ticket for a content, bound to a key.</summary>
    /// <param name="community">Where the content is.</param>
    /// <param name="content">The content.</param>
    /// <param name="key">The key that will make the connections.</param>
    /// <param name="cancellation">Ends it.</param>
    Task<Outcome<string>> FindAsync(KeyId community, Hash256 content, KeyId key, CancellationToken cancellation);
}

/// <summary>
/// Requests to peer doors: the peer must show the key that its address names, as a node by a certificate of the community or as an agent by one that it
/// made itself; this side shows a key too, and a ticket for it. For several callers at once.
/// </summary>
public sealed class PeerTransport : IDisposable
{
    private static readonly HttpRequestOptionsKey<PeerAddress> Peer = new("cete.peer");

    private readonly OwnKey _key;
    private readonly ITicketSource _tickets;
    private readonly TimeProvider _clock;
    private readonly IPAddress? _from;
    private readonly HttpClient _http;

    /// <param name="tickets">Where tickets come from.</param>
    /// <param name="clock">The time here.</param>
    /// <param name="key">Is shown to peers, and becomes this object's; null for one that is made for it and gone with it.</param>
    /// <param name="from">The address of this machine that its connections come from; null for any.</param>
    public PeerTransport(ITicketSource tickets, TimeProvider clock, OwnKey? key = null, IPAddress? from = null)
    {
        (_tickets, _clock, _key, _from) = (tickets, clock, key ?? OwnKey.Create(clock), from);
        _http = new HttpClient(Transport.NewHandler(ConnectAsync), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Sends a request for a content to a peer, its path and fields are the caller's; a failure when there is no ticket for it.</summary>
    /// <exception cref="HttpRequestException">The peer is not there, or not who it should be.</exception>
    internal async Task<Outcome<HttpResponseMessage>> SendAsync(PeerAddress peer, Hash256 content, HttpRequestMessage request, CancellationToken cancellation)
    {
        var ticket = await _tickets.FindAsync(peer.Community, content, _key.Id, cancellation);
        if (!ticket.Succeeded)
        {
            return ticket.Failure;
        }

        // Connections are kept by the name in the address: of two peers at one address each has its own.
        request.RequestUri = new Uri($"http://{peer.Key}.{PeerNames.Of(peer.Community)}:{peer.Port}{request.RequestUri}");
        request.Options.Set(Peer, peer);
        request.Headers.Add(Headers.Ticket, ticket.Value);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _key.Dispose();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        Check.That(context.InitialRequestMessage.Options.TryGetValue(Peer, out var peer));
        var verifier = new CertificateVerifier(peer!.Community, _clock);
        Failure? doubt = null;
        var plain = await Transport.DialAsync(new DnsEndPoint(peer.Host.Trim('[', ']'), peer.Port), _from, cancellation);
        var secure = new SslStream(new ReadAhead(plain));
        try
        {
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = PeerNames.Of(peer.Community),
                    ClientCertificates = [_key.Certificate],
                    EnabledSslProtocols = SslProtocols.Tls13,
                    ApplicationProtocols = [SslApplicationProtocol.Http11],
                    RemoteCertificateValidationCallback = (_, shown, chain, _) =>
                    {
                        if (OwnKey.Of(shown) == peer.Key)
                        {
                            return true;
                        }

                        var node = verifier.Verify(shown, chain);
                        doubt = node.Failure ?? (node.Value.Node == peer.Key ? null : new Failure(
                            FailureKind.Forbidden, $"node {node.Value.Node} answers there, not {peer.Key}; its address may have changed hands"));
                        return doubt is null;
                    },
                },
                cancellation);
            return secure;
        }
        catch (Exception error) when (error is AuthenticationException or IOException)
        {
            await secure.DisposeAsync();
            throw new TlsFailedException(doubt?.Message ?? $"the handshake failed ({error.Message})");
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }
}
