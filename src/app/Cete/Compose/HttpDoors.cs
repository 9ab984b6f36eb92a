using System.Net;
using Cete.Api;
using Cete.Core;
using Cete.Net.Tls;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Cete.App.Compose;

/// <summary>
/// Who may ask for what at the http port. At the peer door nodes of the community get contents. At the web door this machine alone is answered until
/// there are accounts, and only by a name of its own: a page of a stranger's whose name was made to lead here (DNS rebinding) would otherwise
/// speak to the node as if it were its own.
/// </summary>
/// <param name="peers">The door for nodes.</param>
/// <param name="isNamed">Whether a host name is one of this node's.</param>
internal sealed class HttpDoors(PeerTlsDoor peers, Func<string, bool> isNamed)
{
    private static readonly string[] ForPeers = [Routes.Content, Routes.Contents, Routes.Servers, Routes.Identity];

    public Task AnswerAsync(HttpContext context, RequestDelegate next) =>
        (IsPeer(context) ? CheckPeer(context) : CheckWeb(context)) is { } failure ? Answers.WriteAsync(context, failure) : next(context);

    /// <summary>Whether a request came in at the door for nodes.</summary>
    public bool IsPeer(HttpContext context) => context.Features.Get<ITlsHandshakeFeature>()?.HostName is { } name && peers.IsFor(name);

    private Failure? CheckPeer(HttpContext context)
    {
        if (context.Connection.ClientCertificate is not { } certificate || peers.Judge(certificate.RawDataMemory) is not null)
        {
            return new Failure(FailureKind.Forbidden, "this node belongs to the community no longer, or its certificate has ended");
        }

        var (request, isRead) = (context.Request, HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method));
        var isOpen = ForPeers.Any(path => request.Path.StartsWithSegments(path, StringComparison.Ordinal))
            && (isRead || (HttpMethods.IsPost(request.Method) && request.Path.StartsWithSegments(Routes.Contents, StringComparison.Ordinal)));
        return isOpen ? null : new Failure(FailureKind.Forbidden, "nodes get contents here, and nothing else");
    }

    private Failure? CheckWeb(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is { } from && !IPAddress.IsLoopback(from))
        {
            return new Failure(FailureKind.Forbidden, "this node answers its own machine alone until there are accounts; nodes of its community come in by TLS");
        }

        // An address cannot be made to lead elsewhere.
        var host = context.Request.Host.Host;
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Trim('[', ']'), out _) || isNamed(host)
            ? null
            : new Failure(
                FailureKind.Invalid, $"this node does not know itself as '{EntryName.Show(host)}': open it by its address or by localhost, or add the name to cete.http.names");
    }
}
