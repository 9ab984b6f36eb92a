using Cete.Hocon;

namespace Cete.Configuration;

/// <summary>Keys under <c>cete</c> that are no settings. What stands elsewhere is the user's own, for substitutions.</summary>
internal static class UnknownKeys
{
    private const string Root = "cete";
    private const int ShownMax = 20;

    public static List<HoconError> Find(HoconObject tree, Places places)
    {
        var warnings = new List<HoconError>();
        if (tree.TryGetValue(Root, out var value) && value is HoconObject settings)
        {
            var known = NodeSettings.All.Select(setting => setting.Path).ToHashSet(StringComparer.Ordinal);
            var unknown = settings.Leaves().Select(leaf => (Path: $"{Root}.{leaf.Key}", leaf.Value.Origin))
                .Where(leaf => !IsExpected(leaf.Path, known)).ToList();
            warnings.AddRange(unknown.Take(ShownMax).Select(leaf => places.At(leaf.Origin, Nearest.Describe(leaf.Path, known, '.'))));
            if (unknown.Count > ShownMax)
            {
                warnings.Add(places.At(unknown[ShownMax].Origin, $"this and {unknown.Count - ShownMax - 1} more keys are no settings"));
            }
        }

        return warnings;
    }

    /// <summary>A setting, or something above or below one, which its reader finds fault with.</summary>
    private static bool IsExpected(string path, HashSet<string> known) =>
        known.Contains(path) || known.Any(one => IsBelow(one, path) || IsBelow(path, one));

    private static bool IsBelow(string path, string above) =>
        path.Length > above.Length && path[above.Length] == '.' && path.StartsWith(above, StringComparison.Ordinal);
}
