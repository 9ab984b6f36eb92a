using System.Text.Json;
using Cete.Core;

namespace Cete.Formats.Entries;

/// <summary>One line of JSON Lines.</summary>
/// <param name="Number">Which line, from 1.</param>
/// <param name="Json">The object; null where the line is none.</param>
/// <param name="Wrong">Why; null where it is one.</param>
public sealed record JsonLine(int Number, JsonElement? Json, string? Wrong);

/// <summary>Reads JSON Lines: an object a line. A line that is none spoils no other.</summary>
public static class JsonLines
{
    /// <summary>The media type by which it is served.</summary>
    public const string MediaType = "application/jsonl";

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <summary>Reads a file.</summary>
    public static Outcome<List<JsonLine>> Read(ReadOnlySpan<byte> bytes)
    {
        var text = FormatText.Decode(bytes);
        if (!text.Succeeded)
        {
            return text.Failure;
        }

        List<JsonLine> lines = [];
        var number = 0;
        foreach (var line in text.Value.AsSpan().EnumerateLines())
        {
            number++;
            if (line.IsWhiteSpace())
            {
                continue;
            }

            if (lines.Count == FormatLimits.EntriesMax)
            {
                return new Failure(FailureKind.TooLarge, $"the file has more than {FormatLimits.EntriesMax} lines: cut it into several");
            }

            lines.Add(Parse(line, number));
        }

        return lines;
    }

    private static JsonLine Parse(ReadOnlySpan<char> line, int number)
    {
        if (line.Length > FormatLimits.LineCharsMax)
        {
            return new JsonLine(number, null, $"the line is longer than {FormatLimits.LineCharsMax} characters");
        }

        try
        {
            using var document = JsonDocument.Parse(line.ToString(), Options);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new JsonLine(number, document.RootElement.Clone(), null)
                : new JsonLine(number, null, "the line is no object of JSON");
        }
        catch (JsonException)
        {
            return new JsonLine(number, null, "the line is no JSON, is cut off, or says something twice");
        }
    }
}
