using Cete.Hocon;

namespace Cete.App.Verbs.Services;

/// <summary>A difference between two descriptions.</summary>
/// <param name="Sign">+ for what is new, - for what is gone, ~ for what is another.</param>
/// <param name="Path">Where, as <c>records.books.fields.title</c>.</param>
/// <param name="Before">What stood there; null for what is new.</param>
/// <param name="After">What stands there; null for what is gone.</param>
internal sealed record DiffLine(string Sign, string Path, string? Before, string? After)
{
    public override string ToString() => Sign switch
    {
        "+" => $"+ {Path} = {After}",
        "-" => $"- {Path}",
        _ => $"~ {Path}: {Before} -> {After}",
    };
}

/// <summary>Compares descriptions as trees. Hooks and the like, which stand in arrays, are told apart by their names.</summary>
internal static class TreeDiff
{
    private const int ValueCharsMax = 100;

    /// <summary>What is different, in the order of the new one.</summary>
    public static IReadOnlyList<DiffLine> Compare(HoconObject before, HoconObject after)
    {
        List<DiffLine> lines = [];
        Compare(string.Empty, before, after, lines);
        return lines;
    }

    private static void Compare(string path, HoconValue before, HoconValue after, List<DiffLine> lines)
    {
        if (Members(before) is { } old && Members(after) is { } current)
        {
            foreach (var (key, value) in old.Where(pair => !current.ContainsKey(pair.Key)))
            {
                lines.Add(new DiffLine("-", Join(path, key), Show(value), null));
            }

            foreach (var (key, value) in current)
            {
                if (old.TryGetValue(key, out var was))
                {
                    Compare(Join(path, key), was, value, lines);
                }
                else
                {
                    lines.Add(new DiffLine("+", Join(path, key), null, Show(value)));
                }
            }
        }
        else if (HoconWriter.ToJson(before) != HoconWriter.ToJson(after))
        {
            lines.Add(new DiffLine("~", path, Show(before), Show(after)));
        }
    }

    /// <summary>Members by name; null for what has none.</summary>
    private static IReadOnlyDictionary<string, HoconValue>? Members(HoconValue value)
    {
        if (value is HoconObject known)
        {
            return known;
        }

        if (value is not HoconArray { Count: > 0 } array)
        {
            return null;
        }

        var named = new OrderedDictionary<string, HoconValue>(StringComparer.Ordinal);
        foreach (var item in array)
        {
            if (item is not HoconObject inner || !inner.TryGetValue("name", out var name) || name is not HoconScalar { Text: { } text }
                || !named.TryAdd(text, item))
            {
                return null;
            }
        }

        return named;
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static string Show(HoconValue value)
    {
        var text = HoconWriter.ToJson(value);
        return text.Length > ValueCharsMax ? text[..ValueCharsMax] + "..." : text;
    }
}
