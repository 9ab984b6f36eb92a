using Cete.Core;
using Cete.Groups;

namespace Cete.Index;

/// <summary>Ends what is being typed, and finds ways on from a search that found nothing. Whatever it offers finds something.</summary>
internal static class Suggester
{
    /// <summary>Endings looked at, of which some find nothing together with the words before.</summary>
    private const int EndingsMax = 24;

    private const int SpellingsLookedAtMax = 1_000;
    private const int SpellingsTriedMax = 3;

    public static Suggestions Complete(SqlSession sql, string typed, int wordsMax, int entriesMax)
    {
        var text = typed.TrimStart();
        var start = text.LastIndexOf(' ') + 1;
        var last = SearchWords.Parse(text[start..]);
        List<string> words = [];
        if (last is { With: [{ Tokens.Count: 1, IsWhole: false } term], Tags.Count: 0 } && term.Last.All(char.IsLetter))
        {
            foreach (var (word, _) in MatchText.WordsWith(sql, term.Last, EndingsMax))
            {
                if (words.Count < wordsMax && Finds(sql, new EntryQuery { Below = true, Words = text[..start] + word }))
                {
                    words.Add(text[..start] + word);
                }
            }
        }

        return new Suggestions(words, [.. Named(sql, text, entriesMax).Where(entry => entry.TakenDown is null)]);
    }

    /// <summary>Ways on from a query that found nothing.</summary>
    public static WaysOn WaysOn(SqlSession sql, EntryQuery query)
    {
        var words = SearchWords.Parse(query.Words);
        var parts = query.Words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var everywhere = query with { Folder = EntryPath.Top, Below = true };
        var fewer = parts.Length is > 1 and <= 8
            ? parts.Select((_, left) => string.Join(' ', parts.Where((_, i) => i != left))).Distinct().Where(w => Finds(sql, query with { Words = w })).Take(4)
            : [];
        var ways = new WaysOn
        {
            WithoutFilter = query.Filter != EntryFilter.None && Finds(sql, query with { Filter = EntryFilter.None }),
            InAllFolders = !query.Folder.IsTop && Finds(sql, everywhere),
            AnyWord = !query.AnyWord && words.With.Count > 1 && Finds(sql, query with { AnyWord = true }),
            Spelling = Spelled(sql, everywhere with { Filter = EntryFilter.None }, parts),
            FewerWords = [.. fewer],
        };
        var isEnd = ways is { WithoutFilter: false, InAllFolders: false, AnyWord: false, Spelling: null, FewerWords.Count: 0 };
        var widest = everywhere with { Filter = EntryFilter.None, AnyWord = true };
        return isEnd && parts.Length is > 0 and <= 8 ? ways with { Widest = Widest(sql, widest, parts) } : ways;
    }

    private static string? Widest(SqlSession sql, EntryQuery query, string[] parts)
    {
        var words = string.Join(' ', parts.Select(part => Nearest(sql, part) ?? part));
        return Finds(sql, query with { Words = words }) ? words : null;
    }

    private static bool Finds(SqlSession sql, EntryQuery query) =>
        FolderTree.Find(sql, query.Folder) is { } folder && SearchWords.Parse(query.Words) is var words
        && (query.Words.Length == 0 || !words.IsEmpty) && EntrySearch.Any(sql, query, words, folder);

    private static List<EntryRecord> Named(SqlSession sql, string text, int max)
    {
        var key = NameKey.Of(text);
        return key.Length < 2 ? [] : EntryQueries.ByIds(sql, sql.Query(
            "SELECT id FROM entries WHERE removed = 0 AND name_key >= @p1 AND name_key < @p2 ORDER BY name_key, id LIMIT @p3",
            row => row.GetInt64(0), key, key + '\uffff', max));
    }

    private static string? Spelled(SqlSession sql, EntryQuery query, string[] parts)
    {
        string[] spelled = [.. parts.Select(part => Nearest(sql, part) ?? part)];
        var words = string.Join(' ', spelled);
        return !spelled.SequenceEqual(parts) && Finds(sql, query with { Words = words }) ? words : null;
    }

    /// <summary>The commonest of the words that are the fewest letters away; null when the word is known or none is near.</summary>
    private static string? Nearest(SqlSession sql, string part)
    {
        if (Tokens.Of(part) is not [var typed] || !Vocabulary.Keeps(typed) || sql.Scalar<long?>("SELECT weight FROM words WHERE word = @p1", typed) is not null)
        {
            return null;
        }

        var away = typed.Length <= 4 ? 1 : 2;
        string[] beginnings = [typed[..2], $"{typed[1]}{typed[0]}", typed[1..3], $"{typed[0]}{typed[2]}"];
        return beginnings.Distinct(StringComparer.Ordinal)
            .SelectMany(letters => MatchText.WordsWith(sql, letters, SpellingsLookedAtMax))
            .Where(word => Math.Abs(word.Word.Length - typed.Length) <= away)
            .Select(word => (word.Word, word.Weight, Distance: Distance(typed, word.Word, away)))
            .Where(word => word.Distance <= away)
            .OrderBy(word => word.Distance).ThenByDescending(word => word.Weight).ThenBy(word => word.Word, StringComparer.Ordinal)
            .Take(SpellingsTriedMax).Select(word => word.Word)
            .FirstOrDefault(word => Finds(sql, new EntryQuery { Below = true, Words = word }));
    }

    /// <summary>Letters put in, left out, changed or swapped with their neighbour; more than <paramref name="max"/> is not counted on.</summary>
    private static int Distance(string a, string b, int max)
    {
        int[] before = new int[b.Length + 1];
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (var i = 1; i <= a.Length; i++)
        {
            var next = new int[b.Length + 1];
            next[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                next[j] = Math.Min(Math.Min(next[j - 1], row[j]) + 1, row[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    next[j] = Math.Min(next[j], before[j - 2] + 1);
                }
            }

            if (next.Min() > max)
            {
                return max + 1;
            }

            (before, row) = (row, next);
        }

        return row[^1];
    }
}
