using Cete.Api;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Cete.Web.Api.Document;

/// <summary>What the document says of the whole: whose API it is, and how one shows who one is.</summary>
/// <param name="facts">Of the node.</param>
internal sealed class DocumentHead(NodeFacts facts) : IOpenApiDocumentTransformer
{
    /// <summary>By the cookie of a browser.</summary>
    public const string Cookie = "session";

    /// <summary>By a token that was made for a program.</summary>
    public const string Token = "token";

    /// <summary>By a signature of the community's administrator.</summary>
    public const string Administrator = "administrator";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Cete",
            Version = facts.Version,
            Description = "The API of a node. Errors are problem details (RFC 9457) with a 'code' for programs; lists come in pages, each of which names the next.",
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };

        // Under whatever address it was asked for.
        document.Servers = [new OpenApiServer { Url = "/" }];
        var cookie = new Security.SessionCookie(facts.Node);
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [Cookie] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Cookie,
                Name = cookie.SecureName,
                Description = $"Set by logging in at /login; over plain HTTP on the node's own machine it is called {cookie.PlainName}.",
            },
            [Token] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A token made for a program or terminal, of the form cete_t_... or cete_s_...",
            },
            [Administrator] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = Headers.Administrator,
                Description = "A signature over the request by the key of the community's administrator, or of the node where the node alone is concerned.",
            },
        };
        return Task.CompletedTask;
    }
}
