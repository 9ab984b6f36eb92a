using Cete.Api;
using Cete.Core;
using Cete.Ports.Limits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Net.Agent;

/// <summary>A user's limits, and what they come to now.</summary>
/// <param name="Limits">As he set them.</param>
/// <param name="Up">Bytes a second that may be sent now; 0 for no limit.</param>
/// <param name="Down">Bytes a second that may be fetched now; 0 for no limit.</param>
/// <param name="Until">When these two are other ones; null where they stay.</param>
/// <param name="IsRunning">An agent keeps to them; otherwise the next one that starts will.</param>
public sealed record LimitsAnswer(AgentLimits Limits, long Up, long Down, DateTimeOffset? Until, bool IsRunning);

/// <summary>What an agent may use.</summary>
public interface IAgentLimits
{
    /// <summary>As it is now.</summary>
    LimitsAnswer Current { get; }

    /// <summary>Changes it, at once and for later.</summary>
    Task<Outcome<LimitsAnswer>> ChangeAsync(LimitsChange change);
}

/// <summary>An agent's answers about its limits, on its socket.</summary>
public static class LimitsServer
{
    /// <summary>Adds them to an application.</summary>
    public static void Map(IEndpointRouteBuilder routes, IAgentLimits limits)
    {
        routes.MapGet(AgentRoutes.Limits, () => Results.Json(limits.Current, AgentJson.Default.LimitsAnswer));
        routes.MapPost(AgentRoutes.Limits, async (HttpContext context, CancellationToken _) =>
        {
            var body = await Answers.ReadAsync(context.Request, AgentJson.Default.LimitsChange);
            var changed = body.Succeeded ? await limits.ChangeAsync(body.Value) : body.Failure;
            return changed.Succeeded ? Results.Json(changed.Value, AgentJson.Default.LimitsAnswer) : Answers.Of(changed.Failure);
        });
    }
}
