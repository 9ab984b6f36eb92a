namespace Cete.Described;

/// <summary>What somebody may have meant who wrote a name that there is not.</summary>
internal static class Nearest
{
    /// <summary>"did you mean 'x'?", or which ones there are; empty where there is nothing to say.</summary>
    public static string Hint(string written, IReadOnlyCollection<string> known)
    {
        if (known.Count == 0)
        {
            return string.Empty;
        }

        var best = known.Select(name => (Name: name, Distance: Distance(written, name))).MinBy(pair => pair.Distance);
        return best.Distance <= (written.Length < 4 ? 1 : Math.Max(2, written.Length / 3))
            ? $"did you mean '{best.Name}'?"
            : known.Count <= 30 ? $"there are {string.Join(", ", known)}" : string.Empty;
    }

    /// <summary>Levenshtein's distance; of long words the difference of their lengths, since they are no slips.</summary>
    private static int Distance(string a, string b)
    {
        const int LengthMax = 40;
        if (a.Length > LengthMax || b.Length > LengthMax)
        {
            return Math.Max(a.Length, b.Length);
        }

        Span<int> row = stackalloc int[LengthMax + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
