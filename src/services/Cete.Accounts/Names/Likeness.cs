using System.Text;

namespace Cete.Accounts;

/// <summary>
/// What names are compared by: folded, so that capitals do not matter, and as a skeleton, so that look-alikes do not. The idea is that of Unicode
/// UTS #39 §4; the table is our own and holds what letters of <see cref="Scripts"/> look like in common fonts.
/// </summary>
internal static class Likeness
{
    private static readonly Dictionary<char, string> LookAlikes = Table(
        ("0", "o"), ("1|Il", "l"), ("ıɩ", "i"), ("łŁ", "l"), ("øØ", "o"), ("đĐ", "d"), ("ħĦ", "h"), ("ŧŦ", "t"), ("æÆ", "ae"), ("œŒ", "oe"), ("ßẞ", "ss"),
        ("аАαΑ", "a"), ("ВΒβ", "b"), ("сСϲϹ", "c"), ("ԁ", "d"), ("еЕΕєЄ", "e"), ("һНΗ", "h"), ("ііιϊ", "i"), ("ІΙӀӏ", "l"), ("јЈϳ", "j"), ("кКκΚ", "k"),
        ("мМΜ", "m"), ("ηΝ", "n"), ("оОοΟσΣ", "o"), ("рРρΡ", "p"), ("ԛ", "q"), ("гΓ", "r"), ("ѕЅ", "s"), ("тТτΤ", "t"), ("υμ", "u"), ("νѵѴ", "v"), ("ѡωԝ", "w"),
        ("хХχΧ", "x"), ("уУүҮγΥ", "y"), ("Ζ", "z"), ("סه", "o"), ("וןا", "l"), ("ー一", "-"));

    private static readonly (string From, string To)[] Pairs = [("rn", "m"), ("vv", "w"), ("cl", "d")];

    /// <summary>Capitals and small letters alike, the two small sigmas too.</summary>
    public static string Fold(string text) => text.ToUpperInvariant().ToLowerInvariant().Normalize(NormalizationForm.FormKC);

    /// <summary>Equal for names that look alike.</summary>
    public static string Skeleton(string text)
    {
        var skeleton = new StringBuilder();
        foreach (var rune in text.Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            // The marks of Latin, Greek and Cyrillic; those of other scripts tell letters apart.
            if (rune.Value is not (>= 0x300 and <= 0x36F))
            {
                skeleton.Append(rune.IsBmp && LookAlikes.TryGetValue((char)rune.Value, out var like) ? like : Fold(rune.ToString()));
            }
        }

        var folded = skeleton.ToString();
        foreach (var (from, to) in Pairs)
        {
            folded = folded.Replace(from, to, StringComparison.Ordinal);
        }

        return folded;
    }

    /// <summary>A skeleton that takes i for l as well, and leaves out what stands between letters: for names that nobody may come near.</summary>
    public static string WithoutDots(string text)
    {
        var bare = new string([.. text.Where(c => c is not ('.' or '_' or '-'))]);
        return Skeleton(bare).Replace('i', 'l');
    }

    private static Dictionary<char, string> Table(params (string Letters, string Like)[] rows)
    {
        Dictionary<char, string> table = [];
        foreach (var (letters, like) in rows)
        {
            foreach (var letter in letters)
            {
                table[letter] = like;
            }
        }

        return table;
    }
}
