namespace Cete.Expressions.Checking;

/// <summary>Names that may have been meant.</summary>
internal static class Similar
{
    /// <summary>`; did you mean 'title'?`, or nothing when no name is near.</summary>
    public static string To(string name, IEnumerable<string> names)
    {
        var allowed = name.Length <= 3 ? 1 : 2;
        var (best, distance) = names.Select(other => (Name: other, Distance: Distance(name, other))).Append((name, int.MaxValue)).MinBy(pair => pair.Item2);
        return distance <= allowed ? $"; did you mean '{best}'?" : string.Empty;
    }

    /// <summary>Letters to put in, take out or change; upper and lower case are alike. Long names are not looked at.</summary>
    private static int Distance(string a, string b)
    {
        if (a.Length > 64 || b.Length > 64)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
