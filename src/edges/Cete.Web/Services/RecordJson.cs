using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cete.Core;
using Cete.Described;
using Cete.Expressions;

namespace Cete.Web.Services;

/// <summary>
/// Values of records as JSON, and back. Decimals travel as texts, since a JSON number may lose digits on its way; so do whole numbers that a double
/// does not hold. What a field allows beyond its type, the service says.
/// </summary>
internal static class RecordJson
{
    /// <summary>Bytes of a body that holds fields of a record.</summary>
    public const int BodyBytesMax = 256 * 1024;

    /// <summary>Up to here a double holds every whole number.</summary>
    private const long WholeMax = (1L << 53) - 1;

    /// <summary>Members of an object that are looked at: more than there can be fields.</summary>
    private const int MembersMax = 2 * DescriptorLimits.FieldsMax;

    private const int ItemsMax = 1_000;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <summary>A value; null for none.</summary>
    public static JsonNode? Write(Value value) => value.Kind switch
    {
        ValueKind.Null => null,
        ValueKind.Bool => JsonValue.Create(value.IsTrue),
        ValueKind.Int => value.Number is >= -WholeMax and <= WholeMax ? JsonValue.Create(value.Number) : JsonValue.Create(FieldText.Write(value)),
        ValueKind.List => new JsonArray([.. value.AsList.Select(Write)]),
        _ => JsonValue.Create(FieldText.Write(value)),
    };

    /// <summary>Fields by name.</summary>
    public static JsonObject Write(IEnumerable<KeyValuePair<string, Value>> values) =>
        new(values.Select(pair => new KeyValuePair<string, JsonNode?>(pair.Key, Write(pair.Value))));

    /// <summary>Reads an object of fields. A field that there is not goes on as nothing: the service knows better what to say of it.</summary>
    public static Outcome<List<KeyValuePair<string, InputValue>>> ReadFields(ReadOnlyMemory<byte> json, IReadOnlyList<FieldDescriptor> fields) =>
        ReadMembers(json, (name, value) => ReadValue(Find(fields, name), name, value).Then(read => new KeyValuePair<string, InputValue>(name, read)));

    /// <summary>Reads what is done to fields: each has a value, or an object that says what is added, put into it or taken from it.</summary>
    public static Outcome<List<FieldEdit>> ReadEdits(ReadOnlyMemory<byte> json, IReadOnlyList<FieldDescriptor> fields) =>
        ReadMembers(json, (name, value) => ReadEdit(Find(fields, name), name, value));

    /// <summary>Reads the value of one field.</summary>
    public static Outcome<InputValue> ReadOne(FieldDescriptor field, string name, JsonElement value)
    {
        try
        {
            return ReadValue(field, name, value);
        }
        catch (InvalidOperationException)
        {
            return Wrong($"{name} holds half of a character");
        }
    }

    private static FieldDescriptor? Find(IReadOnlyList<FieldDescriptor> fields, string name) => fields.FirstOrDefault(field => field.Name == name);

    private static Outcome<List<T>> ReadMembers<T>(ReadOnlyMemory<byte> json, Func<string, JsonElement, Outcome<T>> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return Wrong("the body is an object of fields, as {\"title\": \"Solaris\"}");
            }

            if (document.RootElement.GetPropertyCount() > MembersMax)
            {
                return new Failure(FailureKind.TooLarge, $"the body has {document.RootElement.GetPropertyCount()} members; {MembersMax} is the most");
            }

            List<T> found = [];
            foreach (var member in document.RootElement.EnumerateObject())
            {
                var one = read(member.Name, member.Value);
                if (!one.Succeeded)
                {
                    return one.Failure;
                }

                found.Add(one.Value);
            }

            return found;
        }
        catch (JsonException error)
        {
            return Wrong($"the body is not the JSON that is expected here: {error.Message}");
        }
        catch (InvalidOperationException)
        {
            // JSON can write half of a pair of surrogates, which no text holds.
            return Wrong("a text of the body holds half of a character");
        }
    }

    private static Outcome<FieldEdit> ReadEdit(FieldDescriptor? field, string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return ReadValue(field, name, value).Then(read => new FieldEdit(name, EditKind.Set, read));
        }

        if (value.GetPropertyCount() != 1)
        {
            return Wrong($"{name}: an object says one thing: \"add\", \"put\" or \"take\"");
        }

        var member = value.EnumerateObject().First();
        EditKind? kind = member.Name switch { "add" => EditKind.Add, "put" => EditKind.Put, "take" => EditKind.Take, _ => null };
        if (kind is not { } known)
        {
            return Wrong($"{name}: there is no change '{EntryName.Show(Cut(member.Name))}'; there are \"add\", \"put\" and \"take\"");
        }

        if (field is not null && (known == EditKind.Add ? !FieldTypes.IsNumber(field.Type) : field.Type != FieldType.MultiSelect))
        {
            return Wrong($"{name} is {FieldTypes.NameOf(field.Type)}, of which '{member.Name}' cannot be done");
        }

        return member.Value.ValueKind == JsonValueKind.Null
            ? Wrong($"{name}: what is it that is to be done by '{member.Name}'?")
            : ReadValue(field, name, member.Value).Then(read => new FieldEdit(name, known, read));
    }

    private static Outcome<InputValue> ReadValue(FieldDescriptor? field, string name, JsonElement value)
    {
        if (field is null || value.ValueKind == JsonValueKind.Null)
        {
            return InputValue.None;
        }

        switch (field.Type)
        {
            case FieldType.MultiSelect:
                return ReadList(name, value);
            case FieldType.Boolean:
                return value.ValueKind is JsonValueKind.True or JsonValueKind.False
                    ? InputValue.Of(value.ValueKind == JsonValueKind.True ? "true" : "false") : Wrong($"{name} is true or false");
            case FieldType.Integer or FieldType.Rating or FieldType.Relation:
                return ReadWhole(name, value);
            case FieldType.Decimal or FieldType.Credits:
                return value.ValueKind == JsonValueKind.Number ? InputValue.Of(value.GetRawText())
                    : value.ValueKind == JsonValueKind.String ? InputValue.Of(value.GetString()!)
                    : Wrong($"{name} is a number, best as a text: \"12.5\"");
            default:
                return value.ValueKind == JsonValueKind.String
                    ? InputValue.Of(value.GetString()!)
                    : Wrong($"{name} is {FieldTypes.NameOf(field.Type)}: a text{Example(field.Type)}");
        }
    }

    private static Outcome<InputValue> ReadWhole(string name, JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : value.ValueKind == JsonValueKind.String ? value.GetString()! : null;
        return text is not null && (text.Length == 0 || long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            ? InputValue.Of(text)
            : Wrong($"{name} is a whole number");
    }

    private static Outcome<InputValue> ReadList(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            return Wrong($"{name} is an array of texts");
        }

        return value.GetArrayLength() > ItemsMax
            ? new Failure(FailureKind.TooLarge, $"{name} takes {ItemsMax} choices at most")
            : InputValue.Of([.. value.EnumerateArray().Select(item => item.GetString()!)]);
    }

    private static string Example(FieldType type) => type switch
    {
        FieldType.Date => ", as \"2026-11-23\"",
        FieldType.DateTime => ", as \"2026-11-23T18:30:00Z\"",
        FieldType.Duration => ", as \"1h30m\"",
        _ => string.Empty,
    };

    private static string Cut(string text) => text.Length > 40 ? text[..40] : text;

    private static Failure Wrong(string message) => new(FailureKind.Invalid, message);
}
