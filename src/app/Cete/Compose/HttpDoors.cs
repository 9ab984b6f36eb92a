using System.Net;
using System.Text.Json;
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
internal sealed class HttpDoors(PeerTlsDoor peers)
{
    private static readonly string[] ForPeers = [Routes.Content, Routes.Contents, Routes.Servers, Routes.Identity];

    public Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var isPeer = context.Features.Get<ITlsHandshakeFeature>()?.HostName is { } name && peers.IsFor(name);
        return (isPeer ? CheckPeer(context) : CheckWeb(context)) is { } failure ? RefuseAsync(context, failure) : next(context);
    }

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

    private static Failure? CheckWeb(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is { } from && !IPAddress.IsLoopback(from))
        {
            return new Failure(FailureKind.Forbidden, "this node answers its own machine alone until there are accounts; nodes of its community come in by TLS");
        }

        var host = context.Request.Host.Host;
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address))
            ? null
            : new Failure(FailureKind.Invalid, "this node answers to localhost only; open it by http://127.0.0.1 or http://localhost");
    }

    private static Task RefuseAsync(HttpContext context, Failure failure)
    {
        context.Response.StatusCode = Problems.StatusOf(failure.Kind);
        context.Response.ContentType = Problems.MediaType;
        return JsonSerializer.SerializeAsync(context.Response.Body, Problems.Of(failure), ApiJson.Default.Problem, context.RequestAborted);
    }
}
