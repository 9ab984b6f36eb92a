using System.Globalization;
using System.Text;
using Cete.Core;

namespace Cete.Index;

/// <summary>
/// What people type, taken apart: words that all must begin something, "phrases", -without, and tag:name. Nothing typed is an error.
/// </summary>
/// <param name="With">What entries must hold.</param>
/// <param name="Without">What they must not hold.</param>
/// <param name="Tags">Tags that they must have.</param>
internal sealed record SearchWords(IReadOnlyList<SearchTerm> With, IReadOnlyList<SearchTerm> Without, IReadOnlyList<string> Tags)
{
    /// <summary>Terms of one search, and words of one term; more are left out.</summary>
    private const int TermsMax = 16;

    /// <summary>Nothing to look for was typed.</summary>
    public bool IsEmpty => With.Count == 0 && Without.Count == 0 && Tags.Count == 0;

    /// <summary>Nothing can hold what is asked for, since the same is left out.</summary>
    public bool IsContradiction => Without.Any(left => !left.IsWhole && With.Any(
        term => term.Tokens.Count == left.Tokens.Count && term.Text.StartsWith(left.Text, StringComparison.Ordinal)));

    public static SearchWords Parse(string typed)
    {
        List<SearchTerm> with = [];
        List<SearchTerm> without = [];
        List<string> tags = [];
        foreach (var (word, isPhrase) in Split(NameKey.Normalize(typed)).Take(TermsMax))
        {
            if (!isPhrase && word.StartsWith("tag:", StringComparison.OrdinalIgnoreCase) && word.Length > 4)
            {
                tags.Add(Tag.Normalize(word[4..]));
            }
            else if (!isPhrase && word.Length > 1 && word[0] == '-')
            {
                AddTo(without, word[1..], isPhrase: false);
            }
            else
            {
                AddTo(with, word, isPhrase);
            }
        }

        return new SearchWords(with, without, tags);
    }

    private static void AddTo(List<SearchTerm> terms, string word, bool isPhrase)
    {
        // A term without a letter, digit or symbol holds no word: to find nothing for it would be stricter than people mean.
        List<string> tokens = [.. Tokens.Of(word).Take(TermsMax)];
        if (tokens.Count > 0)
        {
            terms.Add(new SearchTerm(tokens, isPhrase));
        }
    }

    private static IEnumerable<(string Word, bool IsPhrase)> Split(string typed)
    {
        for (var i = 0; i < typed.Length;)
        {
            if (char.IsWhiteSpace(typed[i]) || typed[i] == '\0')
            {
                i++;
                continue;
            }

            var isPhrase = typed[i] == '"';
            var start = isPhrase ? i + 1 : i;
            var end = start;
            while (end < typed.Length && (isPhrase ? typed[end] != '"' : !char.IsWhiteSpace(typed[end])))
            {
                end++;
            }

            if (end > start)
            {
                yield return (typed[start..end].Replace('\0', ' '), isPhrase);
            }

            i = isPhrase ? end + 1 : end;
        }
    }
}

/// <summary>Words that stand together, one after the other.</summary>
/// <param name="Tokens">At least one.</param>
/// <param name="IsWhole">The last one is a whole word, not the beginning of one.</param>
internal sealed record SearchTerm(IReadOnlyList<string> Tokens, bool IsWhole)
{
    public string Last => Tokens[^1];

    /// <summary>As words stand in the tables.</summary>
    public string Text { get; } = string.Join(' ', Tokens);
}

/// <summary>What tags look like.</summary>
public static class Tag
{
    /// <summary>Characters of a tag.</summary>
    public const int LengthMax = 40;

    public static string Normalize(string tag) => NameKey.Normalize(tag).Trim().ToLowerInvariant();

    /// <summary>Null when a normalized tag may be used.</summary>
    public static Failure? Check(string tag) =>
        tag.Length is > 0 and <= LengthMax && tag.EnumerateRunes().All(IsOfTags)
            ? null
            : new Failure(FailureKind.Invalid, $"'{EntryName.Show(tag)}' is not a tag: 1 to {LengthMax} letters, digits, '-', '_' and '.'");

    // Marks too: without them there are no words in most scripts of India.
    private static bool IsOfTags(Rune rune) =>
        (Rune.IsLetterOrDigit(rune) && rune != Rune.ReplacementChar) || rune.Value is '-' or '_' or '.'
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
