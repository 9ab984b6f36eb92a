namespace Cete.Configuration;

/// <summary>Finds what somebody meant who mistyped a name.</summary>
internal static class Nearest
{
    // The work grows with the length of the name, which comes from a file: nobody mistypes a name longer than this.
    private const int LengthMax = 100;

    /// <summary>That a name is no setting, and which one it may have been.</summary>
    public static string Describe(string name, IEnumerable<string> known, char separator)
    {
        var shown = name.Length > LengthMax ? name[..LengthMax] + "..." : name;
        return Find(name, known, separator) is { } nearest
            ? $"{shown} is not a setting; did you mean {nearest}?"
            : $"{shown} is not a setting; 'cete config show' lists them all";
    }

    /// <summary>The known name that takes the fewest changes, or one with the same last part; null when none is near.</summary>
    public static string? Find(string name, IEnumerable<string> known, char separator)
    {
        if (name.Length > LengthMax)
        {
            return null;
        }

        var all = known.ToList();
        var best = all.Select(candidate => (Name: candidate, Distance: Distance(name, candidate))).MinBy(candidate => candidate.Distance);
        if (best.Name is not null && best.Distance <= Math.Max(2, name.Length / 4))
        {
            return best.Name;
        }

        var last = name[Math.Max(0, name.LastIndexOf(separator))..];
        return all.Find(candidate => candidate.EndsWith(last, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that make one of the other, whatever their case.</summary>
    internal static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                rows[i, j] = i == 0 ? j : j == 0 ? i : Step(rows, a, b, i, j);
            }
        }

        return rows[a.Length, b.Length];
    }

    private static int Step(int[,] rows, string a, string b, int i, int j)
    {
        var same = AreSame(a[i - 1], b[j - 1]) ? 0 : 1;
        var steps = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + same);
        var isSwap = i > 1 && j > 1 && AreSame(a[i - 1], b[j - 2]) && AreSame(a[i - 2], b[j - 1]);
        return isSwap ? Math.Min(steps, rows[i - 2, j - 2] + 1) : steps;
    }

    private static bool AreSame(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
