using Cete.Api;
using Cete.Core;
using Cete.Groups;
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
    private static readonly string[] Guarded = [Routes.Tokens, Routes.Nodes, Routes.Issuers, Routes.Backups];

    /// <summary>Looks at every request before it is carried out.</summary>
    public void Map(WebApplication app) => app.Use(async (context, next) =>
    {
        if (IsGuarded(context.Request.Path, context.Request.Method) && await CheckAsync(context) is { } failure)
        {
            await Answers.WriteAsync(context, failure);
            return;
        }

        await next(context);
    });

    /// <summary>Whether a request is signed by a key; it is read for that, and can be read again.</summary>
    public static async Task<Failure?> CheckAsync(HttpContext context, ReadOnlyMemory<byte> publicKey, KeyId community, TimeProvider clock)
    {
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
            request.Headers[Headers.Administrator], publicKey.Span, community, Instant.From(clock.GetUtcNow()),
            request.Method, request.Path.Value + request.QueryString, body.GetBuffer().AsSpan(0, (int)body.Length));
    }

    /// <summary>Who has replicas of what, everybody may see; where the roots are is the administrator's to say.</summary>
    internal static bool IsGuarded(PathString path, string method) =>
        // Routes are matched in any case (ASP.NET Core), so what is guarded has to be as well.
        Guarded.Any(start => path.StartsWithSegments(start, StringComparison.OrdinalIgnoreCase))
        || (path.StartsWithSegments(Routes.Groups, StringComparison.OrdinalIgnoreCase) && !HttpMethods.IsGet(method));

    private async Task<Failure?> CheckAsync(HttpContext context)
    {
        // What this replica has is enough: an administrator is needed most when no root can be found.
        var known = await tracker.CommunityAsync(context.RequestAborted, ReadLevel.Local);
        return known.Succeeded ? await CheckAsync(context, known.Value.Administrator, community, clock) : known.Failure;
    }
}
