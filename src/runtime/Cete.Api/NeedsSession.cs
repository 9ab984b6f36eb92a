using Microsoft.AspNetCore.Builder;

namespace Cete.Api;

/// <summary>Marks a route that is for those alone who are logged in and may do something.</summary>
/// <param name="action">What, one of <see cref="Cete.Core.Actions"/>; null where every account may.</param>
public sealed class NeedsSession(string? action)
{
    /// <summary>What one must be allowed to do; null where every account may.</summary>
    public string? Action { get; } = action;
}

/// <summary>Marks routes.</summary>
public static class SessionRoutes
{
    /// <summary>Only for those who are logged in and may do this.</summary>
    /// <param name="route">The route, or a group of them.</param>
    /// <param name="action">One of <see cref="Cete.Core.Actions"/>.</param>
    public static TBuilder Needs<TBuilder>(this TBuilder route, string action)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new NeedsSession(action));

    /// <summary>Only for those who are logged in.</summary>
    /// <param name="route">The route, or a group of them.</param>
    public static TBuilder NeedsAccount<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new NeedsSession(null));
}
