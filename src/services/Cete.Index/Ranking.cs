using Cete.Groups;

namespace Cete.Index;

/// <summary>Puts candidates in the order in which people want them: words in the name count most, then tags, the description, the folder.</summary>
internal sealed class Ranking(SearchWords words, string typedKey)
{
    private const int NameIsTyped = 400;
    private const int NameBeginsTyped = 30;
    private const int InName = 100;
    private const int BeginsInName = 60;
    private const int InTag = 40;
    private const int InText = 30;
    private const int BeginsInText = 20;

    /// <summary>Rows that are read by one statement.</summary>
    private const int RowsAtOnce = 50;

    private static readonly string Rows =
        $"""
        SELECT e.id, e.words, e.tag_words, e.about_words, e.name_key, c.holders
        FROM entries e CROSS JOIN contents c ON c.id = e.content
        WHERE e.id IN ({string.Join(", ", Enumerable.Range(1, RowsAtOnce).Select(i => $"@p{i}"))}) ORDER BY e.id
        """;

    /// <summary>Entries that match, each with its points.</summary>
    public List<(long Id, int Points)> Rank(SqlSession sql, IEnumerable<long> ids)
    {
        List<(long, int)> ranked = [];
        foreach (var some in ids.Distinct().Chunk(RowsAtOnce))
        {
            // The rest are ids of nothing.
            object?[] values = [.. some, .. Enumerable.Repeat<object>(-1L, RowsAtOnce - some.Length)];
            ranked.AddRange(sql.Query(
                Rows,
                row => (row.GetInt64(0), Points(row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt32(5))),
                values));
        }

        return ranked;
    }

    /// <summary>Ids, the best first; of equal ones the newest.</summary>
    public static IEnumerable<long> Order(IEnumerable<(long Id, int Points)> ranked) =>
        ranked.OrderByDescending(c => c.Points).ThenByDescending(c => c.Id).Select(c => c.Id);

    /// <summary>Whether a line of words has what a term asks for.</summary>
    public static bool Holds(string line, SearchTerm term) => Fit(line, term.Text) >= (term.IsWhole ? 2 : 1);

    private int Points(string name, string tags, string about, string key, int holders)
    {
        var points = key == typedKey ? NameIsTyped : key.StartsWith(typedKey, StringComparison.Ordinal) ? NameBeginsTyped : 0;
        foreach (var term in words.With)
        {
            points += Fit(name, term.Text) switch
            {
                2 => InName,
                1 => BeginsInName,
                _ => Fit(tags, term.Text) > 0 ? InTag
                    : Fit(about, term.Text) switch { 2 => InText, 1 => BeginsInText, _ => 0 },
            };
        }

        // A short name is more about its words than a long one; what many hold is what many wanted.
        return points - Math.Min(name.Length / 8, 15) + Math.Min(2 * int.Log2(Math.Max(holders, 1)), 10);
    }

    /// <summary>2 where a line holds the words, 1 where it holds what begins with them, else 0.</summary>
    private static int Fit(string line, string words)
    {
        var best = 0;
        for (var at = line.IndexOf(words, StringComparison.Ordinal); at >= 0; at = line.IndexOf(words, at + 1, StringComparison.Ordinal))
        {
            if (at > 0 && line[at - 1] != ' ')
            {
                continue;
            }

            if (at + words.Length == line.Length || line[at + words.Length] == ' ')
            {
                return 2;
            }

            best = 1;
        }

        return best;
    }
}
