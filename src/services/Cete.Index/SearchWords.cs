using System.Globalization;
using System.Text;
using Cete.Core;

namespace Cete.Index;

/// <summary>
/// Turns what people type into a query of FTS5: words that all must begin something, "phrases", -without, and tag:name. Nothing typed is an error.
/// </summary>
/// <param name="Match">What entries must match; empty for no condition.</param>
/// <param name="Without">What they must not match, when there is no <paramref name="Match"/> that says so already.</param>
/// <param name="Tags">Tags that they must have.</param>
internal sealed record SearchWords(string Match, string Without, IReadOnlyList<string> Tags)
{
    /// <summary>Words of one search; more are left out.</summary>
    private const int WordsMax = 16;

    /// <summary>Nothing to look for was typed.</summary>
    public bool IsEmpty => Match.Length == 0 && Without.Length == 0 && Tags.Count == 0;

    public static SearchWords Parse(string typed)
    {
        List<string> with = [];
        List<string> without = [];
        List<string> tags = [];
        foreach (var (word, isPhrase) in Split(NameKey.Normalize(typed)).Take(WordsMax))
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

        // FTS5 has no query of a NOT alone.
        var (match, none) = (string.Join(" AND ", with), string.Join(" OR ", without));
        return match.Length > 0 && none.Length > 0 ? new SearchWords($"({match}) NOT ({none})", string.Empty, tags) : new SearchWords(match, none, tags);
    }

    private static void AddTo(List<string> terms, string word, bool isPhrase)
    {
        // A term without a letter or digit has no token: FTS5 would match nothing, where people mean to be less strict.
        if (word.EnumerateRunes().Any(rune => Rune.IsLetterOrDigit(rune)))
        {
            terms.Add($"\"{word.Replace("\"", "\"\"", StringComparison.Ordinal)}\"{(isPhrase ? string.Empty : "*")}");
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
