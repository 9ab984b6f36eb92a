using System.Text;

namespace Cete.Described;

/// <summary>A piece of a text with what was searched for in it. Text as it was written, never markup.</summary>
/// <param name="Field">The field that it is of; empty where it is of none.</param>
/// <param name="Text">The piece.</param>
/// <param name="Hits">Where in it the words stand, in UTF-16 units; in order, apart from each other.</param>
public sealed record TextPiece(string Field, string Text, IReadOnlyList<(int Start, int Length)> Hits);

/// <summary>
/// Says how well texts fit what was searched for, and where in them it stands. Only the texts at hand count: how rare a word is among all records would tell
/// of those that the asker may not see.
/// </summary>
/// <param name="terms">What was typed.</param>
public sealed class TextMatcher(SearchTerms terms)
{
    /// <summary>What fits best; anything that was found has at least 1.</summary>
    public const long PointsMax = 1_000_000;

    /// <summary>Characters of a text that are looked at for a piece of it.</summary>
    private const int LookedAtMax = 20_000;

    /// <summary>Hits in one piece.</summary>
    private const int HitsMax = 32;

    /// <summary>The first field counts so much; each next one half of the one before, and at least one.</summary>
    private const int FirstWeight = 8;

    // As of BM25: the more often the better, but less and less; and less in a long text than in a short one.
    private const double Saturation = 1.2;
    private const double LengthShare = 0.4;
    private const double UsualWords = 60;

    /// <summary>A word that only begins so counts for less.</summary>
    private const double BeginningShare = 0.7;

    private const double NearlyAll = 0.95;

    /// <summary>How well texts fit, from 1 to <see cref="PointsMax"/>: the latter when the first one is what was typed, and nothing else.</summary>
    /// <param name="texts">The fields, those first that count most.</param>
    public long Points(IReadOnlyList<string?> texts)
    {
        double sum = 0;
        Span<double> counts = stackalloc double[SearchTerms.WordsMax];
        for (var i = 0; i < texts.Count; i++)
        {
            if (texts[i] is not { Length: > 0 } text)
            {
                continue;
            }

            counts.Clear();
            var words = Count(text, counts);
            if (i == 0 && IsSame(words, counts))
            {
                return PointsMax;
            }

            var length = Saturation * (1 - LengthShare + (LengthShare * Math.Min(words / UsualWords, 4)));
            for (var j = 0; j < terms.With.Count; j++)
            {
                sum += Math.Max(FirstWeight >> i, 1) * counts[j] * (Saturation + 1) / (counts[j] + length);
            }
        }

        // The most that a term comes to is a little above its weight times the bound of saturation.
        var share = sum / (Math.Max(terms.With.Count, 1) * FirstWeight * 1.5);
        return Math.Max(1, (long)(Math.Min(share, NearlyAll) * PointsMax));
    }

    /// <summary>A whole text, such as a title, with all hits in it.</summary>
    public TextPiece Mark(string field, string text) => new(field, text, Find(text));

    /// <summary>A piece of a text around the first hit, cut between words; null when nothing in it was searched for.</summary>
    /// <param name="field">The field that it is of.</param>
    /// <param name="text">The whole of it.</param>
    /// <param name="length">Characters of the piece.</param>
    public TextPiece? Cut(string field, string text, int length)
    {
        var line = Line(text.Length > LookedAtMax ? text[..LookedAtMax] : text);
        var hits = Find(line);
        if (hits is not [var (first, _), ..])
        {
            return null;
        }

        // Some words in front of it, and none cut in two where there are blanks.
        var from = first <= length / 3 ? 0 : line.IndexOf(' ', first - (length / 3)) is var blank && blank >= 0 && blank < first ? blank + 1 : first;
        var end = Math.Min(line.Length, from + length);
        if (end < line.Length)
        {
            var stop = line.LastIndexOf(' ', end - 1, end - from);
            end = stop > first ? stop : char.IsHighSurrogate(line[end - 1]) ? end + 1 : end;
        }

        var before = from > 0 ? "\u2026 " : string.Empty;
        var shown = hits.Where(hit => hit.Start >= from && hit.Start + hit.Length <= end);
        return new TextPiece(
            field, before + line[from..end] + (end < line.Length ? " \u2026" : string.Empty),
            [.. shown.Select(hit => (hit.Start - from + before.Length, hit.Length))]);
    }

    /// <summary>One line of what may be several, without what nobody sees and without most marks of CommonMark.</summary>
    private static string Line(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            var isBlank = char.IsWhiteSpace(c) || char.IsControl(c) || (c is '#' or '>' && (line.Length == 0 || line[^1] == ' '));
            if (isBlank ? line.Length > 0 && line[^1] != ' ' : !SearchText.IsUnseen(c) && c is not ('*' or '`'))
            {
                line.Append(isBlank ? ' ' : c);
            }
        }

        return line.ToString().TrimEnd();
    }

    /// <summary>Adds up how often each term stands there; how many words there are.</summary>
    private int Count(string text, Span<double> counts)
    {
        var words = 0;
        var reader = new WordReader(text);
        Span<int> reached = stackalloc int[SearchTerms.WordsMax];
        while (reader.Read())
        {
            words++;
            for (var j = 0; j < terms.With.Count; j++)
            {
                var term = terms.With[j];
                var fit = Step(term, reader.Word, ref reached[j]);
                counts[j] += fit;
            }
        }

        return words;
    }

    /// <summary>One word on: what the term counts for when it ends here, else 0.</summary>
    private static double Step(SearchTerm term, ReadOnlySpan<char> word, ref int reached)
    {
        var fit = Fit(term, reached, word);
        if (fit == 0 && reached > 0)
        {
            reached = 0;
            fit = Fit(term, 0, word);
        }

        reached = fit == 0 ? 0 : reached + 1;
        if (reached < term.Words.Count)
        {
            return 0;
        }

        reached = 0;
        return fit;
    }

    private static double Fit(SearchTerm term, int place, ReadOnlySpan<char> word)
    {
        var wanted = term.Words[place];
        return word.SequenceEqual(wanted) ? 1
            : term.IsBeginning && place == term.Words.Count - 1 && word.StartsWith(wanted) ? BeginningShare
            : 0;
    }

    /// <summary>Whether a text has all terms as whole words, and no word more.</summary>
    private bool IsSame(int words, ReadOnlySpan<double> counts)
    {
        var wanted = 0;
        for (var j = 0; j < terms.With.Count; j++)
        {
            wanted += terms.With[j].Words.Count;
            if (counts[j] != 1)
            {
                return false;
            }
        }

        return wanted == words;
    }

    private List<(int Start, int Length)> Find(string text)
    {
        List<(int Start, int Length)> hits = [];
        var reader = new WordReader(text);
        var starts = new int[terms.With.Count];
        Span<int> reached = stackalloc int[SearchTerms.WordsMax];
        while (reader.Read() && hits.Count < HitsMax)
        {
            for (var j = 0; j < terms.With.Count; j++)
            {
                var was = reached[j];
                var fit = Step(terms.With[j], reader.Word, ref reached[j]);
                if (was == 0 || reached[j] == 1)
                {
                    starts[j] = reader.Start;
                }

                if (fit > 0 && (hits.Count == 0 || hits[^1].Start + hits[^1].Length <= starts[j]))
                {
                    hits.Add((starts[j], reader.End - starts[j]));
                }
            }
        }

        return hits;
    }
}
