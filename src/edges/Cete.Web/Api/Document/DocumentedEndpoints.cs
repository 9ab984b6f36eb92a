using System.Reflection;
using Cete.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Cete.Web.Api.Document;

/// <summary>The routes of the API as the package that writes the document wants to find them.</summary>
/// <param name="sources">All routes of an application.</param>
internal sealed class DocumentedEndpoints(IEnumerable<EndpointDataSource> sources) : EndpointDataSource
{
    private static readonly MethodInfo Anything = typeof(DocumentedEndpoints).GetMethod(nameof(Answer), BindingFlags.NonPublic | BindingFlags.Static)!;

    public override IReadOnlyList<Endpoint> Endpoints { get; } =
        [.. sources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Where(IsOfApi).Select(Complete)];

    public override IChangeToken GetChangeToken() => new CancellationChangeToken(CancellationToken.None);

    /// <summary>Whether the document tells of a route.</summary>
    public static bool IsOfApi(RouteEndpoint endpoint) =>
        ("/" + endpoint.RoutePattern.RawText?.TrimStart('/')).StartsWith("/api/", StringComparison.OrdinalIgnoreCase);

    private static RouteEndpoint Complete(RouteEndpoint endpoint)
    {
        List<object> metadata = [.. endpoint.Metadata];
        if (endpoint.Metadata.GetMetadata<MethodInfo>() is null)
        {
            // A route that is mapped as a plain delegate of a request would be passed over.
            metadata.Insert(0, Anything);
        }

        if (endpoint.Metadata.GetMetadata<TakenBody>() is { } body)
        {
            metadata.Add(new AcceptsMetadata([body.MediaType], body.Type));
        }

        return new RouteEndpoint(
            endpoint.RequestDelegate!, endpoint.RoutePattern, endpoint.Order, new EndpointMetadataCollection(metadata), endpoint.DisplayName);
    }

    private static Task Answer(HttpContext _) => Task.CompletedTask;
}
