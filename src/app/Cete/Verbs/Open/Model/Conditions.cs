using System.Globalization;
using System.Text;
using Cete.Described;

namespace Cete.App.Verbs.Open.Model;

/// <summary>
/// Conditions in the language of rules. What people type gets into them as a value alone: every character that is no letter or digit of ASCII is escaped.
/// </summary>
internal static class Conditions
{
    /// <summary>Some word stands in a text of the record, whatever the case of its ASCII letters; null where the kind has no texts.</summary>
    public static string? Search(RecordKind kind, string typed)
    {
        var texts = kind.Fields.Where(field => field.Read is null
            && field.Type is FieldType.Text or FieldType.Markdown or FieldType.Link or FieldType.Email or FieldType.Phone).ToList();
        if (texts.Count == 0)
        {
            return null;
        }

        // All words, each in some text.
        var words = typed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(8);
        return All([.. words.Select(word => string.Join(
            " || ", texts.Select(field => $"(record.{field.Name} != null && record.{field.Name}.lowerAscii().contains({Quote(LowerAscii(word))}))")))]);
    }

    /// <summary>A relation points to this record.</summary>
    public static string PointsTo(string field, long id) => string.Create(CultureInfo.InvariantCulture, $"record.{field} == {id}");

    /// <summary>What is within some days, or lasts into them.</summary>
    /// <param name="start">The field that says when it begins.</param>
    /// <param name="end">The one that says when it ends; null for none.</param>
    /// <param name="first">The first day.</param>
    /// <param name="behind">The day behind the last.</param>
    public static string Within(FieldDescriptor start, FieldDescriptor? end, DateOnly first, DateOnly behind)
    {
        var begins = $"record.{start.Name} >= {Literal(start, first)}";
        return $"record.{start.Name} < {Literal(start, behind)} && "
            + (end is null ? begins : $"({begins} || (record.{end.Name} != null && record.{end.Name} >= {Literal(end, first)}))");
    }

    /// <summary>All of some conditions; null where there are none.</summary>
    public static string? All(params IReadOnlyList<string?> conditions)
    {
        var said = conditions.Where(condition => !string.IsNullOrWhiteSpace(condition)).ToList();
        return said.Count == 0 ? null : said.Count == 1 ? said[0] : string.Join(" && ", said.Select(condition => $"({condition})"));
    }

    private static string Literal(FieldDescriptor field, DateOnly day)
    {
        var text = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return field.Type == FieldType.DateTime ? $"timestamp(\"{text}T00:00:00Z\")" : $"date(\"{text}\")";
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && Rune.IsLetterOrDigit(rune))
            {
                quoted.Append((char)rune.Value);
            }
            else
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}");
            }
        }

        return quoted.Append('"').ToString();
    }

    private static string LowerAscii(string text) =>
        string.Create(text.Length, text, (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                target[i] = char.IsAsciiLetterUpper(source[i]) ? (char)(source[i] | 0x20) : source[i];
            }
        });
}
