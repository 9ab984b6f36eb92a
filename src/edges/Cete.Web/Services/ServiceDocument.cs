using System.Globalization;
using System.Text.Json.Nodes;
using Cete.Api;
using Cete.Described;
using Cete.Web.Services.Feeds;

namespace Cete.Web.Services;

/// <summary>
/// The document of one service's API (OpenAPI 3.1), made of its description: what its records hold and what its actions ask. Who may do what is not in
/// it, since rules look at each record.
/// </summary>
internal static class ServiceDocument
{
    public static JsonObject Make(ServiceInfo service, Languages languages)
    {
        var descriptor = service.Descriptor;
        var (paths, schemas) = (new JsonObject(), new JsonObject { ["Written"] = Written(), ["Problem"] = ProblemSchema() });
        foreach (var kind in descriptor.Records)
        {
            schemas[kind.Name] = ServiceSchemas.Record(kind, languages);
            schemas[$"{kind.Name}.new"] = ServiceSchemas.Input(kind.Fields.Where(IsSet), languages);
            schemas[$"{kind.Name}.edit"] = ServiceSchemas.Edit(kind.Fields.Where(IsSet), languages);
            AddKind(paths, descriptor.Name, kind, languages);
        }

        foreach (var action in descriptor.Actions)
        {
            schemas[$"do.{action.Name}"] = ServiceSchemas.Input(action.Input, languages);
            AddAction(paths, descriptor.Name, action, languages);
        }

        foreach (var feed in descriptor.Feeds)
        {
            AddFeed(paths, descriptor.Name, feed, languages);
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = languages.Of(descriptor.Title),
                ["description"] = languages.Of(descriptor.About),
                ["version"] = descriptor.Version + "+" + service.Edition.ToString(CultureInfo.InvariantCulture),
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
    }

    private static bool IsSet(FieldDescriptor field) => field is { IsStored: true, IsReadOnly: false };

    private static void AddKind(JsonObject paths, string service, RecordKind kind, Languages languages)
    {
        var (title, list) = (languages.Of(kind.Title), new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray("records"),
            ["properties"] = new JsonObject
            {
                ["records"] = new JsonObject { ["type"] = "array", ["items"] = Ref(kind.Name) },
                ["next"] = new JsonObject { ["type"] = "string" },
                ["total"] = new JsonObject { ["type"] = "integer" },
                ["partial"] = new JsonObject { ["type"] = "boolean" },
            },
        });
        var match = Header("If-Match", "The revision that you have seen, as \"7\"");
        paths[Routes.Records(service, kind.Name)] = new JsonObject
        {
            ["get"] = Operation($"list.{kind.Name}", title, list, null,
                [.. ((string[])["search", "filter", "view", "sort", "cursor", "limit", "count", "deleted"]).Select(name => Query(name))]),
            ["post"] = Operation($"create.{kind.Name}", $"{title}: new", Ref("Written"), Ref($"{kind.Name}.new"), [Key()]),
        };
        paths[Routes.Records(service, kind.Name) + "/{id}"] = new JsonObject
        {
            ["parameters"] = new JsonArray(Id("id", "path")),
            ["get"] = Operation($"get.{kind.Name}", $"{title}: one", Ref(kind.Name), null, []),
            ["patch"] = Operation($"update.{kind.Name}", $"{title}: change", Ref("Written"), Ref($"{kind.Name}.edit"), [match, Key()]),
            ["delete"] = Operation($"delete.{kind.Name}", $"{title}: delete", Ref("Written"), null, [match.DeepClone().AsObject(), Key()]),
        };
    }

    private static void AddAction(JsonObject paths, string service, ActionDescriptor action, Languages languages) =>
        paths[Routes.Action(service, action.Name)] = new JsonObject
        {
            ["post"] = Operation(
                $"do.{action.Name}", languages.Of(action.Title), Ref("Written"), Ref($"do.{action.Name}"),
                action.On is null ? [Key()] : [Id("record", "query"), Key()]),
        };

    private static void AddFeed(JsonObject paths, string service, FeedDescriptor feed, Languages languages)
    {
        var type = FeedFiles.MediaTypeOf(feed.Format);
        paths[Routes.Feed(service, feed.Name)] = new JsonObject
        {
            ["get"] = new JsonObject
            {
                ["operationId"] = $"feed.{feed.Name}",
                ["summary"] = languages.Of(feed.Title),
                ["parameters"] = new JsonArray(Query("cursor"), Query("from"), Query("to"), Query(FeedKeys.Parameter)),
                ["responses"] = new JsonObject
                {
                    ["200"] = new JsonObject { ["description"] = feed.Format, ["content"] = Content(type, new JsonObject { ["type"] = "string" }) },
                    ["default"] = new JsonObject { ["description"] = "What went wrong", ["content"] = Content(Problems.MediaType, Ref("Problem")) },
                },
            },
        };
        if (feed.IsImported)
        {
            var operation = Operation(
                $"import.{feed.Name}", $"{languages.Of(feed.Title)}: take in a file", new JsonObject { ["type"] = "object" }, null, [Query("dry-run")]);
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content(type, new JsonObject { ["type"] = "string" }) };
            paths[Routes.FeedImport(service, feed.Name)] = new JsonObject { ["post"] = operation };
        }
    }

    private static JsonObject Operation(string id, string summary, JsonObject answer, JsonObject? body, IEnumerable<JsonNode> parameters)
    {
        var operation = new JsonObject { ["operationId"] = id, ["summary"] = summary, ["parameters"] = new JsonArray([.. parameters]) };
        if (body is not null)
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content("application/json", body) };
        }

        operation["responses"] = new JsonObject
        {
            ["200"] = new JsonObject { ["description"] = "Done", ["content"] = Content("application/json", answer) },
            ["default"] = new JsonObject { ["description"] = "What went wrong", ["content"] = Content(Problems.MediaType, Ref("Problem")) },
        };
        return operation;
    }

    private static JsonObject Content(string type, JsonObject schema) => new() { [type] = new JsonObject { ["schema"] = schema } };

    private static JsonObject Ref(string name) => new() { ["$ref"] = "#/components/schemas/" + name };

    private static JsonObject Query(string name) =>
        new() { ["name"] = name, ["in"] = "query", ["schema"] = new JsonObject { ["type"] = "string" } };

    private static JsonObject Header(string name, string about) =>
        new() { ["name"] = name, ["in"] = "header", ["description"] = about, ["schema"] = new JsonObject { ["type"] = "string" } };

    private static JsonObject Key() => Header(Headers.IdempotencyKey, "SESSION/SEQUENCE: sent again with it, it is carried out once");

    private static JsonObject Id(string name, string place) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = true,
        ["schema"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1 },
    };

    private static JsonObject Written() => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("id", "revision", "others"),
        ["properties"] = new JsonObject
        {
            ["id"] = new JsonObject { ["type"] = "integer" },
            ["revision"] = new JsonObject { ["type"] = "integer" },
            ["others"] = new JsonObject { ["type"] = "integer" },
        },
    };

    private static JsonObject ProblemSchema() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(((string[])["type", "title", "detail", "code"])
            .Select(name => new KeyValuePair<string, JsonNode?>(name, new JsonObject { ["type"] = "string" }))
            .Append(new("status", new JsonObject { ["type"] = "integer" }))),
    };
}
