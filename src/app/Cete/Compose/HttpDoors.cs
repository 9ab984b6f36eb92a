using System.Net;
using Cete.Api;
using Cete.Core;
using Cete.Net.Swarms;
using Cete.Net.Tickets;
using Cete.Net.Tls;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Cete.App.Compose;

/// <summary>
/// Who may ask for what at the http port. At the peer door nodes of the community get contents, and so do those who have tickets. The web door answers
/// other machines by TLS alone, and anybody only by a name of its own: a page of a stranger's whose name was made to lead here (DNS rebinding) would
/// otherwise speak to the node as if it were its own.
/// </summary>
/// <param name="peers">The door for nodes and agents.</param>
/// <param name="tickets">Lets agents in.</param>
/// <param name="hasAccounts">Whether there are accounts: without them whoever is answered may do everything, so this machine alone is.</param>
/// <param name="isNamed">Whether a host name is one of this node's.</param>
internal sealed class HttpDoors(PeerTlsDoor peers, TicketDoor tickets, Func<bool> hasAccounts, Func<string, bool> isNamed)
{
    private static readonly string[] ForPeers = [Routes.Content, Routes.Swarm, Routes.Contents, Routes.Servers, Routes.Identity];

    public Task AnswerAsync(HttpContext context, RequestDelegate next) =>
        (IsPeer(context) ? CheckPeer(context) : CheckWeb(context)) is { } failure ? Answers.WriteAsync(context, failure) : next(context);

    /// <summary>Whether a request came in at the door for nodes.</summary>
    public bool IsPeer(HttpContext context) => context.Features.Get<ITlsHandshakeFeature>()?.HostName is { } name && peers.IsFor(name);

    /// <summary>Whether a request is one of a node of the community.</summary>
    public bool IsNode(HttpContext context) =>
        IsPeer(context) && context.Connection.ClientCertificate is { } certificate && peers.Judge(certificate) is { Succeeded: true, Value.Node: not null };

    private Failure? CheckPeer(HttpContext context)
    {
        var peer = context.Connection.ClientCertificate is { } certificate ? peers.Judge(certificate) : NoCertificate;
        if (!peer.Succeeded)
        {
            return new Failure(FailureKind.Forbidden, "this node belongs to the community no longer, or its certificate has ended");
        }

        PeerKey.Set(context, peer.Value.Key);
        if (peer.Value.Node is null)
        {
            return tickets.Judge(context, peer.Value.Key);
        }

        var (request, isRead) = (context.Request, HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method));
        var isOpen = ForPeers.Any(path => request.Path.StartsWithSegments(path, StringComparison.Ordinal))
            && (isRead || (HttpMethods.IsPost(request.Method) && request.Path.StartsWithSegments(Routes.Contents, StringComparison.Ordinal)));
        return isOpen ? null : new Failure(FailureKind.Forbidden, "nodes get contents here, and nothing else");
    }

    private static Failure NoCertificate { get; } = new(FailureKind.Forbidden, "no certificate was shown");

    private Failure? CheckWeb(HttpContext context)
    {
        var isHere = context.Connection.RemoteIpAddress is not { } from || IPAddress.IsLoopback(from);
        if (!isHere && !hasAccounts())
        {
            return new Failure(FailureKind.Forbidden, "this community has no accounts, so its nodes answer their own machines alone; give a node the role 'accounts'");
        }

        // An address cannot be made to lead elsewhere.
        var host = context.Request.Host.Host;
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Trim('[', ']'), out _) || isNamed(host)
            ? null
            : new Failure(
                FailureKind.Invalid, $"this node does not know itself as '{EntryName.Show(host)}': open it by its address or by localhost, or add the name to cete.http.names");
    }
}
