using System.Text;

namespace Cete.Index;

/// <summary>Finds in a text what was searched for: beginnings of words, whatever their case and accents.</summary>
public sealed class Highlighter
{
    private readonly List<string> _tokens;

    /// <param name="typed">As it was typed into a search.</param>
    public Highlighter(string typed)
    {
        var words = SearchWords.Parse(typed);
        _tokens = [.. words.With.SelectMany(term => term.Tokens).Distinct().OrderByDescending(token => token.Length)];
    }

    /// <summary>The text in pieces, each with whether it was searched for. Joined they are the text.</summary>
    public IReadOnlyList<(string Text, bool IsHit)> Split(string text)
    {
        List<(string, bool)> pieces = [];
        var from = 0;
        foreach (var (start, end) in Hits(text))
        {
            if (start > from)
            {
                pieces.Add((text[from..start], false));
            }

            pieces.Add((text[start..end], true));
            from = end;
        }

        if (from < text.Length || text.Length == 0)
        {
            pieces.Add((text[from..], false));
        }

        return pieces;
    }

    /// <summary>A piece of a long text around the first hit, cut between words; null when nothing in it was searched for.</summary>
    public string? Snippet(string text, int length)
    {
        var line = text.ReplaceLineEndings(" ");
        if (Hits(line) is not [var (start, _), ..])
        {
            return null;
        }

        // Some words in front of it, and none cut in two where there are blanks.
        var from = start <= length / 3 ? 0 : line.IndexOf(' ', start - (length / 3)) is var blank && blank >= 0 && blank < start ? blank + 1 : start;
        var end = Math.Min(line.Length, from + length);
        if (end < line.Length)
        {
            var stop = line.LastIndexOf(' ', end - 1, end - from);
            end = stop > start ? stop : char.IsHighSurrogate(line[end - 1]) ? end + 1 : end;
        }

        return $"{(from > 0 ? "\u2026 " : string.Empty)}{line[from..end].Trim()}{(end < line.Length ? " \u2026" : string.Empty)}";
    }

    private List<(int Start, int End)> Hits(string text)
    {
        List<(int, int)> hits = [];
        if (_tokens.Count == 0)
        {
            return hits;
        }

        var (folded, ends) = Fold(text);
        for (var at = 0; at < text.Length;)
        {
            var end = IsStart(text, at) ? EndOfHit(text, folded, ends, at) : 0;
            if (end > at)
            {
                hits.Add((at, end));
                at = end;
            }
            else
            {
                at++;
            }
        }

        return hits;
    }

    /// <summary>Each character folded, and where the one after it begins; empty for the second half of a pair.</summary>
    private static (string[] Folded, int[] Ends) Fold(string text)
    {
        var (folded, ends) = (new string[text.Length], new int[text.Length]);
        Array.Fill(folded, string.Empty);
        for (var i = 0; i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var count) == System.Buffers.OperationStatus.Done)
            {
                folded[i] = Tokens.Fold(rune.ToString());
            }

            ends[i] = i + count;
            i += count;
        }

        return (folded, ends);
    }

    private static bool IsStart(string text, int at)
    {
        if (!Rune.TryGetRuneAt(text, at, out var rune) || !Tokens.IsOfWords(rune))
        {
            return false;
        }

        return at == 0 || Tokens.IsWhole(rune)
            || !Rune.TryGetRuneAt(text, at - (at > 1 && char.IsLowSurrogate(text[at - 1]) ? 2 : 1), out var before)
            || !Tokens.IsOfWords(before) || Tokens.IsWhole(before)
            || NameKey.IsWordStart(text[at - 1], text[at], at + 1 < text.Length ? text[at + 1] : ' ');
    }

    private int EndOfHit(string text, string[] folded, int[] ends, int start)
    {
        foreach (var token in _tokens)
        {
            var (matched, at) = (0, start);
            while (at < text.Length && matched < token.Length && string.CompareOrdinal(token, matched, folded[at], 0, folded[at].Length) == 0)
            {
                matched += folded[at].Length;
                at = ends[at];
            }

            if (matched >= token.Length)
            {
                // Accents that stand behind their letter belong to it.
                while (at < text.Length && folded[at].Length == 0)
                {
                    at = Math.Max(at + 1, ends[at]);
                }

                return at;
            }
        }

        return 0;
    }
}
