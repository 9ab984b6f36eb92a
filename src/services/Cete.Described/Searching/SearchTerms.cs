using System.Globalization;
using System.Text;
using Cete.Core;

namespace Cete.Described;

/// <summary>
/// What somebody typed to find records, taken apart: words that all must be there, "phrases", -without. The last word may be the beginning of one, since it
/// is being typed. Nothing of it is the syntax of the index: only its words are.
/// </summary>
public sealed class SearchTerms
{
    /// <summary>Characters of a search: nobody types more, and what is pasted finds nothing.</summary>
    public const int CharsMax = 500;

    /// <summary>Words of a search: each is a list that the index goes through.</summary>
    public const int WordsMax = 16;

    /// <summary>Of a word that is still being typed: fewer begin too many words.</summary>
    private const int BeginningMin = 2;

    private SearchTerms(List<SearchTerm> with, List<SearchTerm> without) => (With, Without) = (with, without);

    /// <summary>What records must have; where that is nothing, nothing is found.</summary>
    internal IReadOnlyList<SearchTerm> With { get; }

    /// <summary>What they must not have.</summary>
    internal IReadOnlyList<SearchTerm> Without { get; }

    /// <summary>There is a word to look for.</summary>
    public bool IsAny => With.Count > 0;

    /// <summary>What makes it another search.</summary>
    internal string Signature => string.Join(' ', With.Select(term => term.ToString()).Concat(Without.Select(term => "-" + term)));

    /// <summary>Takes apart what was typed.</summary>
    public static Outcome<SearchTerms> Parse(string typed)
    {
        if (typed.Length > CharsMax)
        {
            return new Failure(FailureKind.Invalid, $"a search has at most {CharsMax} characters, and this one has {typed.Length}; take fewer words");
        }

        List<SearchTerm> with = [];
        List<SearchTerm> without = [];
        foreach (var (piece, isPhrase, isLast) in Split(typed))
        {
            var isWithout = !isPhrase && piece.Length > 1 && piece[0] == '-';
            var (words, text) = WordsOf(piece);
            if (words.Count > 0)
            {
                var isBeginning = isLast && !isPhrase && !isWithout && words[^1].EnumerateRunes().Count() >= BeginningMin && !IsIdeograph(words[^1]);
                (isWithout ? without : with).Add(new SearchTerm(words, text, isBeginning));
            }
        }

        var count = with.Concat(without).Sum(term => term.Words.Count);
        return count > WordsMax
            ? new Failure(FailureKind.Invalid, $"a search has at most {WordsMax} words, and this one has {count}; take fewer")
            : new SearchTerms(with, without);
    }

    /// <summary>As FTS5 is asked: each word quoted, so that nothing in it means anything to it.</summary>
    /// <param name="column">The only column that is looked in; null for all.</param>
    internal string ToMatch(string? column)
    {
        var all = string.Join(" AND ", With.Select(term => (column is null ? string.Empty : column + " : ") + term.ToMatch()));
        return Without.Count == 0 ? all : $"({all}) NOT ({string.Join(" OR ", Without.Select(term => term.ToMatch()))})";
    }

    private static (List<string> Words, string Text) WordsOf(string piece)
    {
        List<string> words = [];
        List<string> texts = [];
        var reader = new WordReader(piece);
        while (reader.Read())
        {
            if (reader.Word.Length > 0)
            {
                words.Add(reader.Word.ToString());
                texts.Add(SearchText.Clean(piece[reader.Start..reader.End]).Trim());
            }
        }

        return (words, string.Join(' ', texts));
    }

    private static bool IsIdeograph(string word) => SearchText.IsIdeograph(word, 0, out _);

    private static IEnumerable<(string Piece, bool IsPhrase, bool IsLast)> Split(string typed)
    {
        var text = Normal(typed);
        for (var i = 0; i < text.Length;)
        {
            if (IsBlank(text[i]))
            {
                i++;
                continue;
            }

            var isPhrase = text[i] == '"';
            var start = isPhrase ? i + 1 : i;
            var end = start;
            while (end < text.Length && text[end] != '"' && (isPhrase || !IsBlank(text[end])))
            {
                end++;
            }

            i = isPhrase ? end + 1 : end;
            yield return (text[start..end], isPhrase, text.AsSpan(Math.Min(i, text.Length)).Trim().IsEmpty);
        }
    }

    private static bool IsBlank(char c) => char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Control;

    /// <summary>As what is filed is written: with accents on their letters.</summary>
    private static string Normal(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            // Half a pair of surrogates is of no word.
            return text;
        }
    }
}

/// <summary>Words that stand together, one after the other.</summary>
/// <param name="Words">At least one, folded.</param>
/// <param name="Text">The same as they were typed, for the index to fold.</param>
/// <param name="IsBeginning">The last one may be the beginning of a word.</param>
internal sealed record SearchTerm(IReadOnlyList<string> Words, string Text, bool IsBeginning)
{
    /// <summary>As FTS5 is asked: words hold letters and digits alone, so a quote is none of them.</summary>
    public string ToMatch() => $"\"{Text}\"{(IsBeginning ? " *" : string.Empty)}";

    public override string ToString() => string.Join('+', Words) + (IsBeginning ? "*" : string.Empty);
}
