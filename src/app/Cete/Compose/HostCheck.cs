using System.Net;
using System.Text.Json;
using Cete.Api;
using Cete.Core;
using Microsoft.AspNetCore.Http;

namespace Cete.App.Compose;

/// <summary>
/// Refuses requests that name another host than this machine. A node on loopback is trusted by address alone; a page of a stranger's whose
/// name was made to lead here (DNS rebinding) would otherwise speak to it as if it were the node's own.
/// </summary>
internal static class HostCheck
{
    public static Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var host = context.Request.Host.Host;
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)))
        {
            return next(context);
        }

        var failure = new Failure(FailureKind.Invalid, "this node answers to localhost only; open it by http://127.0.0.1 or http://localhost");
        context.Response.StatusCode = Problems.StatusOf(failure.Kind);
        context.Response.ContentType = Problems.MediaType;
        return JsonSerializer.SerializeAsync(context.Response.Body, Problems.Of(failure), ApiJson.Default.Problem, context.RequestAborted);
    }
}
