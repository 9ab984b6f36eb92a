using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Cete.Api;

/// <summary>A field of an address or header that a route takes, where its handler reads it by itself.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it means and what may stand in it.</param>
/// <param name="IsHeader">It is a header and not part of the query.</param>
public sealed record TakenField(string Name, string Description, bool IsHeader);

/// <summary>
/// The body that a route takes. ASP.NET's own metadata for it would have routing refuse other types before the handler says what is wrong.
/// </summary>
/// <param name="Type">What it is read as.</param>
/// <param name="MediaType">Its media type.</param>
public sealed record TakenBody(Type Type, string MediaType);

/// <summary>What routes tell of themselves in the document of the API (OpenAPI). Whoever maps a route under <c>/api</c> says this much of it.</summary>
public static class RouteDocument
{
    private const string Json = "application/json";

    /// <summary>What it does, in one line that stands beside others of its kind.</summary>
    /// <param name="route">The route.</param>
    /// <param name="tag">Under which heading.</param>
    /// <param name="summary">The line.</param>
    public static IEndpointConventionBuilder Tells(this IEndpointConventionBuilder route, string tag, string summary) =>
        route.WithMetadata(new TagsAttribute(tag), new EndpointSummaryAttribute(summary));

    /// <summary>The body that it takes, as JSON.</summary>
    public static IEndpointConventionBuilder Takes<TBody>(this IEndpointConventionBuilder route) =>
        route.WithMetadata(new TakenBody(typeof(TBody), Json));

    /// <summary>The bytes that it takes.</summary>
    public static IEndpointConventionBuilder TakesBytes(this IEndpointConventionBuilder route) =>
        route.WithMetadata(new TakenBody(typeof(Stream), MediaTypes.Unknown));

    /// <summary>A field that it takes beside what its handler's parameters say, or what one of those means.</summary>
    public static IEndpointConventionBuilder Asks(this IEndpointConventionBuilder route, string name, string description) =>
        route.WithMetadata(new TakenField(name, description, IsHeader: false));

    /// <summary>A header that it takes.</summary>
    public static IEndpointConventionBuilder AsksHeader(this IEndpointConventionBuilder route, string name, string description) =>
        route.WithMetadata(new TakenField(name, description, IsHeader: true));

    /// <summary>What it answers when all is well, as JSON.</summary>
    public static IEndpointConventionBuilder Gives<TAnswer>(this IEndpointConventionBuilder route) =>
        route.WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(TAnswer), [Json]));

    /// <summary>What it answers when all is well, as something else than JSON.</summary>
    public static IEndpointConventionBuilder GivesBytes(this IEndpointConventionBuilder route, string mediaType) =>
        route.WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(Stream), [mediaType]));

    /// <summary>A command: it is carried out once however often it is sent with the same key.</summary>
    public static IEndpointConventionBuilder IsCommand(this IEndpointConventionBuilder route) => route.AsksHeader(
        Headers.IdempotencyKey, "SESSION/SEQUENCE of the client's own choice: the same command sent again with it is answered again, and carried out once");

    /// <summary>A list that is handed out in pages.</summary>
    public static IEndpointConventionBuilder IsPaged(this IEndpointConventionBuilder route) => route
        .Asks("cursor", "Where the page begins: 'next' of the page before; absent for the first")
        .Asks("limit", "Members of a page at most");
}
