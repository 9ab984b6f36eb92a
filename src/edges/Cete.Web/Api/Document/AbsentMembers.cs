using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Cete.Web.Api.Document;

/// <summary>What may be null is left out where it is, so nobody can rely on finding it.</summary>
internal sealed class AbsentMembers : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var property in context.JsonTypeInfo.Properties)
        {
            if (property.IsGetNullable)
            {
                schema.Required?.Remove(property.Name);
            }
        }

        return Task.CompletedTask;
    }
}
