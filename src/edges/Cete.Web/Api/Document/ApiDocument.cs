using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cete.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Cete.Web.Api.Document;

/// <summary>
/// The document of the API (OpenAPI 3.1), of the routes as they are mapped. It is made when somebody asks for it first, by services of its own: a
/// node starts without a thought of it.
/// </summary>
internal sealed class ApiDocument
{
    private const string Name = "cete";
    private readonly WebApplication _app;
    private readonly NodeFacts _facts;
    private readonly Lazy<Task<Made>> _made;

    public ApiDocument(WebApplication app, NodeFacts facts) => (_app, _facts, _made) = (app, facts, new Lazy<Task<Made>>(MakeAsync));

    public void Map() => _app.MapGet(Routes.Document, (Delegate)ServeAsync)
        .Tells("Node", "This document").GivesBytes("application/json");

    private async Task<IResult> ServeAsync(HttpContext context)
    {
        var made = await _made.Value;
        context.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(made.Json, "application/json", entityTag: made.Tag);
    }

    private async Task<Made> MakeAsync()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddRouting();
        services.AddSingleton<IHostEnvironment>(_app.Environment);
        services.AddSingleton<EndpointDataSource>(new DocumentedEndpoints(((IEndpointRouteBuilder)_app).DataSources));
        services.Configure<JsonOptions>(options => Shape(options.SerializerOptions));
        services.AddOpenApi(Name, options =>
        {
            options.ShouldInclude = _ => true;
            options.AddDocumentTransformer(new DocumentHead(_facts));
            options.AddOperationTransformer(new OperationFacts());
            options.AddSchemaTransformer(new AbsentMembers());
        });
        await using var provider = services.BuildServiceProvider();
        var document = await provider.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync();
        using var text = new MemoryStream();
        await document.SerializeAsJsonAsync(text, OpenApiSpecVersion.OpenApi3_1);
        var json = text.ToArray();
        return new Made(json, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 8))}\""));
    }

    /// <summary>As <see cref="ApiJson"/> and <see cref="ServicesJson"/> write it.</summary>
    private static void Shape(JsonSerializerOptions options)
    {
        options.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        options.TypeInfoResolverChain.Insert(1, ServicesJson.Default);
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.RespectNullableAnnotations = true;
        options.NumberHandling = JsonNumberHandling.Strict;
    }

    private sealed record Made(byte[] Json, EntityTagHeaderValue Tag);
}
