using System.Globalization;
using System.Text.Json.Nodes;
using Cete.Described;
using Cete.Expressions;

namespace Cete.Web.Services;

/// <summary>What fields hold, as JSON Schema: of records that are read, made and changed.</summary>
internal static class ServiceSchemas
{
    /// <summary>A record as it is read.</summary>
    public static JsonObject Record(RecordKind kind, Languages languages) => new()
    {
        ["type"] = "object",
        ["title"] = languages.Of(kind.Title),
        ["required"] = new JsonArray("kind", "id", "created", "updated", "revision", "fields"),
        ["properties"] = new JsonObject
        {
            ["kind"] = Of("string"),
            ["id"] = Of("integer"),
            ["owner"] = Of("string"),
            ["created"] = Of("string", "date-time"),
            ["updated"] = Of("string", "date-time"),
            ["revision"] = Of("integer"),
            ["fields"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = Properties(kind.Fields, field => OrNull(Value(field, languages))),
            },
            ["labels"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = Of("string") },
            ["deleted"] = Of("string", "date-time"),
            ["hidden"] = Of("boolean"),
        },
    };

    /// <summary>Fields as they are handed in for a new record, or a form.</summary>
    public static JsonObject Input(IEnumerable<FieldDescriptor> fields, Languages languages)
    {
        FieldDescriptor[] all = [.. fields];
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = Properties(all, field => field.IsRequired ? Value(field, languages) : OrNull(Value(field, languages))),
        };
        if (all.Where(field => field is { IsRequired: true, Default: null }).ToArray() is { Length: > 0 } needed)
        {
            schema["required"] = new JsonArray([.. needed.Select(field => JsonValue.Create(field.Name))]);
        }

        return schema;
    }

    /// <summary>What is done to fields of a record that is there.</summary>
    public static JsonObject Edit(IEnumerable<FieldDescriptor> fields, Languages languages) => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = Properties(fields, field => new JsonObject
        {
            ["oneOf"] = new JsonArray([OrNull(Value(field, languages)), .. Changes(field)]),
        }),
    };

    private static JsonObject Properties(IEnumerable<FieldDescriptor> fields, Func<FieldDescriptor, JsonObject> make) =>
        new(fields.Select(field => new KeyValuePair<string, JsonNode?>(field.Name, make(field))));

    private static IEnumerable<JsonNode> Changes(FieldDescriptor field) =>
        FieldTypes.IsNumber(field.Type)
            ? [Change("add", field.Type == FieldType.Duration ? Of("string") : new JsonObject { ["type"] = new JsonArray("number", "string") })]
        : field.Type == FieldType.MultiSelect ? [Change("put", List(field)), Change("take", List(field))]
        : [];

    private static JsonObject Change(string name, JsonObject value) => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["required"] = new JsonArray(name),
        ["properties"] = new JsonObject { [name] = value },
    };

    private static JsonObject Value(FieldDescriptor field, Languages languages)
    {
        var schema = field.Type switch
        {
            FieldType.Boolean => Of("boolean"),
            FieldType.Integer or FieldType.Rating => Whole(field),
            FieldType.Relation => new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["description"] = $"Number of a record among {field.To}" },
            FieldType.Decimal or FieldType.Credits => new JsonObject { ["type"] = "string", ["pattern"] = @"^-?[0-9]+(\.[0-9]{1,6})?$" },
            FieldType.Date => Of("string", "date"),
            FieldType.DateTime => Of("string", "date-time"),
            FieldType.Duration => new JsonObject { ["type"] = "string", ["pattern"] = "^-?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$" },
            FieldType.Select => Choice(field),
            FieldType.MultiSelect => List(field),
            FieldType.Formula => Computed(field),
            FieldType.Email => Text(field, "email"),
            FieldType.Link => Text(field, "uri"),
            FieldType.Sealed => Text(field, "byte"),
            _ => Text(field, null),
        };
        schema["title"] = languages.Of(field.Title);
        if (languages.Of(field.Help) is { Length: > 0 } help)
        {
            schema["description"] = help;
        }

        if (field.IsReadOnly)
        {
            schema["readOnly"] = true;
        }

        return schema;
    }

    /// <summary>Nothing may stand there, too.</summary>
    private static JsonObject OrNull(JsonObject schema)
    {
        if (schema["type"] is JsonValue one)
        {
            schema["type"] = new JsonArray(one.DeepClone(), "null");
        }

        if (schema["enum"] is JsonArray choices)
        {
            choices.Add(null);
        }

        return schema;
    }

    private static JsonObject Whole(FieldDescriptor field)
    {
        var schema = Of("integer", "int64");
        if (field.Min is { } min)
        {
            schema["minimum"] = min;
        }

        if (field.Max is { } max)
        {
            schema["maximum"] = max;
        }

        return schema;
    }

    private static JsonObject Text(FieldDescriptor field, string? format)
    {
        var schema = Of("string", format);
        if (field.Min is { } min)
        {
            schema["minLength"] = min;
        }

        if (field.Max is { } max)
        {
            schema["maxLength"] = max;
        }

        if (field.Pattern is { } pattern)
        {
            schema["pattern"] = string.Create(CultureInfo.InvariantCulture, $"^(?:{pattern})$");
        }

        return schema;
    }

    private static JsonObject Choice(FieldDescriptor field)
    {
        var schema = Of("string");
        schema["enum"] = new JsonArray([.. field.Options.Select(option => JsonValue.Create(option.Name))]);
        return schema;
    }

    private static JsonObject List(FieldDescriptor field)
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = Choice(field), ["uniqueItems"] = true };
        if (field.Max is { } max)
        {
            schema["maxItems"] = max;
        }

        return schema;
    }

    private static JsonObject Computed(FieldDescriptor field) => field.Formula?.Type.Kind switch
    {
        ValueKind.Bool => Of("boolean"),
        ValueKind.Int => Of("integer", "int64"),
        ValueKind.List => new JsonObject { ["type"] = "array", ["items"] = Of("string") },
        _ => Of("string"),
    };

    private static JsonObject Of(string type, string? format = null)
    {
        var schema = new JsonObject { ["type"] = type };
        if (format is not null)
        {
            schema["format"] = format;
        }

        return schema;
    }
}
