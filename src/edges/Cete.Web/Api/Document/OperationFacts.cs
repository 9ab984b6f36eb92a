using System.Globalization;
using Cete.Api;
using Cete.Web.Community;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Cete.Web.Api.Document;

/// <summary>What the document says of one route beyond what its handler shows: the fields it reads by itself, who may come, how it fails.</summary>
internal sealed class OperationFacts : IOpenApiOperationTransformer
{
    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Parameters ??= [];
        foreach (var name in PathFieldsOf(context).Except(operation.Parameters.Select(known => known.Name), StringComparer.Ordinal))
        {
            operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Path, Required = true, Schema = Text() });
        }

        foreach (var field in metadata.OfType<TakenField>())
        {
            Describe(operation.Parameters, field);
        }

        // The schema becomes a part of the document under its own name, to which every operation refers.
        var problem = await context.GetOrCreateSchemaAsync(typeof(Problem), null, cancellationToken);
        context.Document!.AddComponent(nameof(Problem), problem);
        operation.Responses ??= [];
        AddProblem(operation.Responses, context.Document, "default", "What went wrong");
        if (metadata.OfType<NeedsSession>().LastOrDefault() is { } needs)
        {
            AddProblem(operation.Responses, context.Document, StatusCodes.Status401Unauthorized, "Nobody is logged in");
            AddProblem(
                operation.Responses, context.Document, StatusCodes.Status403Forbidden,
                needs.Action is null ? "Not with this session" : $"Who is logged in has no right to '{needs.Action}'");
            Require(operation, context.Document, needs.Action, DocumentHead.Cookie, DocumentHead.Token);
        }
        else if (IsForAdministrators(context))
        {
            AddProblem(operation.Responses, context.Document, StatusCodes.Status403Forbidden, "The request is not signed by the administrator");
            Require(operation, context.Document, null, DocumentHead.Administrator);
        }
    }

    private static IEnumerable<string> PathFieldsOf(OpenApiOperationTransformerContext context) =>
        context.Description.RelativePath!.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}', '*').Split(':')[0]);

    private static bool IsForAdministrators(OpenApiOperationTransformerContext context)
    {
        PathString path = "/" + context.Description.RelativePath;
        return AdministratorDoor.IsGuarded(path, context.Description.HttpMethod ?? HttpMethods.Get) || path == Routes.Drain;
    }

    private static void Describe(IList<IOpenApiParameter> parameters, TakenField field)
    {
        if (parameters.FirstOrDefault(known => known.Name == field.Name) is { } known)
        {
            known.Description = field.Description;
            return;
        }

        parameters.Add(new OpenApiParameter
        {
            Name = field.Name,
            In = field.IsHeader ? ParameterLocation.Header : ParameterLocation.Query,
            Description = field.Description,
            Schema = Text(),
        });
    }

    private static void Require(OpenApiOperation operation, OpenApiDocument document, string? right, params ReadOnlySpan<string> schemes)
    {
        // Each of them alone is enough. Rights stand where OpenAPI 3.1 has the names of roles that an operation needs.
        operation.Security = [];
        foreach (var scheme in schemes)
        {
            operation.Security.Add(new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, document)] = right is null ? [] : [right] });
        }
    }

    private static void AddProblem(OpenApiResponses responses, OpenApiDocument document, int status, string description) =>
        AddProblem(responses, document, status.ToString(CultureInfo.InvariantCulture), description);

    private static void AddProblem(OpenApiResponses responses, OpenApiDocument document, string status, string description) =>
        responses[status] = new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                [Problems.MediaType] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(nameof(Problem), document) },
            },
        };

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };
}
