using Cete.Groups;

namespace Cete.Index;

/// <summary>How strictly a search takes words.</summary>
internal enum WordFit
{
    /// <summary>As the beginning of a word.</summary>
    Begins,

    /// <summary>As whole words, but for those of few letters.</summary>
    Whole,

    /// <summary>As whole words of the name.</summary>
    InName,
}

/// <summary>
/// Turns terms into a query of FTS5. The beginning of a word is asked for by the mark of its first letters, or by the words that begin so:
/// both are lists that can be walked from the newest entry on and left at any moment, which FTS5's own prefixes are not.
/// </summary>
internal static class MatchText
{
    /// <summary>Words that stand for a beginning; if there are more, the commonest do.</summary>
    private const int WordsMax = 12;

    /// <summary>Words looked at to find the commonest.</summary>
    private const int LookedAtMax = 400;

    /// <summary>The same of the list of common words, which holds a few thousand.</summary>
    private const int CommonLookedAtMax = 2_000;

    /// <summary>What entries must match to be in a folder, have a kind, tags, words, and lack others.</summary>
    /// <param name="sql">Knows the words that begin so.</param>
    /// <param name="words">What was typed.</param>
    /// <param name="query">What else is asked for.</param>
    /// <param name="folder">Where to look.</param>
    /// <param name="fit">How strictly words are taken.</param>
    public static string Of(SqlSession sql, SearchWords words, EntryQuery query, long folder, WordFit fit = WordFit.Begins)
    {
        var (filter, below, isAny) = (query.Filter, query.Below, query.AnyWord);
        List<string> parts = [.. words.With.Select(term =>
            fit == WordFit.InName ? InName(term) : fit == WordFit.Whole && IsEnded(term) ? Quote(term.Text) : Of(sql, term))];
        if (isAny && parts.Count > 1)
        {
            parts = [$"({string.Join(" OR ", parts)})"];
        }

        parts.AddRange(words.Tags.Select(tag => Quote(Marks.Tag(tag))));
        if (!below)
        {
            parts.Add(Quote(Marks.RightIn(folder)));
        }
        else if (folder != IndexSchema.TopFolder || (parts.Count == 0 && filter.Kind is null))
        {
            parts.Add(Quote(Marks.Within(folder)));
        }

        if (filter.Kind is { } kind)
        {
            parts.Add(Quote(Marks.Kind(kind)));
        }

        if (OctavesOf(filter) is { Length: > 0 } octaves)
        {
            parts.Add(octaves);
        }

        var all = string.Join(" AND ", parts);
        return words.Without.Count == 0 ? all : $"({all}) NOT ({string.Join(" OR ", words.Without.Select(term => Of(sql, term)))})";
    }

    public static string And(string match, string mark) => $"({match}) AND {Quote(mark)}";

    /// <summary>Words that begin with some letters, the commonest first.</summary>
    public static List<(string Word, int Weight)> WordsWith(SqlSession sql, string letters, int max)
    {
        var end = letters + '\uffff';
        var common = sql.Query(
            "SELECT word, weight FROM words WHERE weight >= 8 AND word >= @p1 AND word < @p2 ORDER BY word LIMIT @p3", Read, letters, end, CommonLookedAtMax);
        if (common.Count < max)
        {
            var any = sql.Query("SELECT word, weight FROM words WHERE word >= @p1 AND word < @p2 ORDER BY word LIMIT @p3", Read, letters, end, LookedAtMax);
            common = [.. common.Union(any)];
        }

        return [.. common.OrderByDescending(w => w.Weight).ThenBy(w => w.Word.Length).ThenBy(w => w.Word, StringComparer.Ordinal).Take(max)];

        static (string Word, int Weight) Read(System.Data.Common.DbDataReader row) => (row.GetString(0), row.GetInt32(1));
    }

    private static string Of(SqlSession sql, SearchTerm term)
    {
        if (term.IsWhole)
        {
            return Quote(term.Text);
        }

        var length = term.Last.EnumerateRunes().Count();
        if (length <= 3)
        {
            // Of several words that stand together the last one is looked for anywhere: better some too many than none while it is being typed.
            var beginning = Quote(Marks.Beginning(term.Last));
            return term.Tokens.Count == 1 ? beginning : $"({Quote(Before(term))} AND {beginning})";
        }

        if (!term.Last.All(char.IsLetter))
        {
            // Numbers: no list of words holds them, and few entries have those that begin alike.
            return Quote(term.Text) + "*";
        }

        var words = WordsWith(sql, term.Last, WordsMax).Select(w => w.Word).Append(term.Last).Distinct(StringComparer.Ordinal);
        var before = term.Tokens.Count == 1 ? string.Empty : Before(term) + " ";
        return $"({string.Join(" OR ", words.Select(word => Quote(before + word)))})";
    }

    /// <summary>Long enough to be a word of which nothing is left to type.</summary>
    private static bool IsEnded(SearchTerm term) => term.Last.Length > 3;

    private static string InName(SearchTerm term)
    {
        var marks = string.Join(" AND ", term.Tokens.Select(token => Quote(Marks.InName(token))));
        return term.Tokens.Count == 1 ? marks : $"({marks} AND {Quote(term.Text)})";
    }

    private static string Before(SearchTerm term) => string.Join(' ', term.Tokens.SkipLast(1));

    /// <summary>Coarse: lengths at the bounds are looked at one by one.</summary>
    private static string OctavesOf(EntryFilter filter)
    {
        if (filter is { LengthMin: null, LengthMax: null })
        {
            return string.Empty;
        }

        var (first, last) = (Marks.OctaveOf(filter.LengthMin ?? 0), Marks.OctaveOf(filter.LengthMax ?? long.MaxValue));
        return first > last
            ? Quote("$none")
            : $"({string.Join(" OR ", Enumerable.Range(first, last - first + 1).Select(octave => Quote(Marks.Octave(octave))))})";
    }

    // What was typed for a tag may hold anything; words hold no quote.
    private static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
