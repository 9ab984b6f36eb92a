using System.Globalization;
using System.Numerics;
using System.Text;

namespace Cete.Index;

/// <summary>
/// What an entry is found by beside its words, filed among them so that one intersection of lists answers a question: each begins with a
/// sign that no word holds.
/// </summary>
internal static class Marks
{
    /// <summary>A word begins with these one to three letters.</summary>
    public static string Beginning(string letters) => "<" + letters;

    /// <summary>A whole word of the name.</summary>
    public static string InName(string word) => "=" + word;

    public static string Tag(string tag) => "#" + tag;

    public static string Kind(string kind) => "~" + kind;

    /// <summary>It is in a folder or below.</summary>
    public static string Within(long folder) => "@" + folder.ToString(CultureInfo.InvariantCulture);

    /// <summary>It is in a folder, not below.</summary>
    public static string RightIn(long folder) => ">" + folder.ToString(CultureInfo.InvariantCulture);

    /// <summary>Lengths from a power of two to the next.</summary>
    public static string Octave(int octave) => "$" + octave.ToString(CultureInfo.InvariantCulture);

    public static int OctaveOf(long length) => length <= 0 ? 0 : 1 + BitOperations.Log2((ulong)length);

    /// <summary>The shortest and the longest length of an octave.</summary>
    public static (long First, long Last) LengthsOf(int octave) =>
        (octave == 0 ? 0 : octave > 63 ? long.MaxValue : 1L << (octave - 1), octave >= 63 ? long.MaxValue : (1L << octave) - 1);

    /// <summary>The first characters of a word; null when it is shorter.</summary>
    public static string? First(string word, int count)
    {
        var at = 0;
        for (; count > 0 && at < word.Length; count--)
        {
            at += char.IsHighSurrogate(word[at]) && at + 1 < word.Length ? 2 : 1;
        }

        return count == 0 ? word[..at] : null;
    }

    /// <summary>All marks of an entry, with a blank between them.</summary>
    public static string Of(string words, string others, string kind, long length, IReadOnlyList<string> tags, IReadOnlyList<long> folders)
    {
        var text = new StringBuilder(256);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Add(InName(word));
            AddBeginnings(word);
        }

        foreach (var word in others.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            AddBeginnings(word);
        }

        foreach (var tag in tags)
        {
            Add(Tag(tag));
        }

        foreach (var folder in folders)
        {
            Add(Within(folder));
        }

        Add(RightIn(folders[^1]));
        Add(Kind(kind));
        Add(Octave(OctaveOf(length)));
        return text.ToString();

        void AddBeginnings(string word)
        {
            for (var count = 1; count <= 3; count++)
            {
                if (First(word, count) is { } letters)
                {
                    Add(Beginning(letters));
                }
            }
        }

        void Add(string mark)
        {
            if (seen.Add(mark))
            {
                text.Append(mark).Append(' ');
            }
        }
    }
}
