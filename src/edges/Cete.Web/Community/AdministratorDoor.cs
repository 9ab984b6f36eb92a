using Cete.Api;
using Cete.Core;
using Cete.Tracker;
using Cete.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Community;

/// <summary>
/// Lets the administrator alone do what is the administrator's. That the http port is reached from the node's own machine alone is not enough:
/// others may work on that machine too.
/// </summary>
/// <param name="tracker">Knows the administrator's key.</param>
/// <param name="community">This community.</param>
/// <param name="clock">What time it is.</param>
public sealed class AdministratorDoor(TrackerService tracker, KeyId community, TimeProvider clock)
{
    private const int BodyBytesMax = 64 * 1024;
    private static readonly string[] Guarded = [Routes.Tokens, Routes.Nodes, Routes.Issuers];

    /// <summary>Looks at every request before it is carried out.</summary>
    public void Map(WebApplication app) => app.Use(async (context, next) =>
    {
        // Routes are matched in any case (ASP.NET Core), so what is guarded has to be as well.
        if (Guarded.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)) && await CheckAsync(context) is { } failure)
        {
            await Answers.WriteAsync(context, failure);
            return;
        }

        await next(context);
    });

    private async Task<Failure?> CheckAsync(HttpContext context)
    {
        var known = await tracker.CommunityAsync(context.RequestAborted);
        if (!known.Succeeded)
        {
            return known.Failure;
        }

        var request = context.Request;
        request.EnableBuffering(BodyBytesMax, BodyBytesMax);
        using var body = new MemoryStream();
        try
        {
            await request.Body.CopyToAsync(body, context.RequestAborted);
        }
        catch (IOException)
        {
            return new Failure(FailureKind.TooLarge, $"the body of the request has more than {BodyBytesMax} bytes");
        }

        request.Body.Position = 0;
        return AdministratorProof.Check(
            request.Headers[Headers.Administrator], known.Value.Administrator.Span, community, Instant.From(clock.GetUtcNow()),
            request.Method, request.Path.Value + request.QueryString, body.GetBuffer().AsSpan(0, (int)body.Length));
    }
}
