using System.Text;

namespace Cete.Described;

/// <summary>
/// Goes through the words of a text as people see it, each folded as the index folds it: no case, no accents. It asks Unicode's tables, so it is for
/// questions alone, never for what replicas write.
/// </summary>
/// <param name="text">The text.</param>
internal ref struct WordReader(ReadOnlySpan<char> text)
{
    /// <summary>Characters of a word that are compared; of what is longer the rest counts as there.</summary>
    private const int LengthMax = 64;

    /// <summary>By character of the basic plane: what it is folded to; 0 where nobody has looked yet, <see cref="Nothing"/> for an accent.</summary>
    private static readonly char[] Folded = new char[char.MaxValue + 1];

    private const char Nothing = '\uffff';

    private readonly ReadOnlySpan<char> _text = text;
    private readonly char[] _word = new char[LengthMax];
    private int _length;
    private int _at;

    /// <summary>Where the word begins.</summary>
    public int Start { get; private set; }

    /// <summary>Behind its last character.</summary>
    public int End { get; private set; }

    /// <summary>Folded.</summary>
    public readonly ReadOnlySpan<char> Word => _word.AsSpan(0, _length);

    /// <summary>Goes to the next word; false at the end.</summary>
    public bool Read()
    {
        _length = 0;
        while (_at < _text.Length)
        {
            if (SearchText.IsUnseen(_text[_at]))
            {
                _at++;
                continue;
            }

            var isWhole = SearchText.IsIdeograph(_text, _at, out var count);
            if (isWhole && _length > 0)
            {
                return true;
            }

            var isPart = isWhole || SearchText.IsOfWord(_text, _at, out count);
            if (!isPart && _length > 0)
            {
                return true;
            }

            if (isPart)
            {
                Take(count);
            }

            _at += count;
            if (isWhole)
            {
                return true;
            }
        }

        return _length > 0;
    }

    private void Take(int count)
    {
        if (_length == 0)
        {
            Start = _at;
        }

        End = _at + count;
        for (var i = 0; i < count && _length < LengthMax; i++)
        {
            var c = _text[_at + i];
            var folded = c < 128 ? char.ToLowerInvariant(c) : Folded[c] is var known and not '\0' ? known : Folded[c] = Fold(c);
            if (folded != Nothing)
            {
                _word[_length++] = folded;
            }
        }

        // An accent that stands alone is no beginning.
        if (_length == 0)
        {
            Start = End;
        }
    }

    private static char Fold(char c)
    {
        if (char.IsSurrogate(c))
        {
            return c;
        }

        var parts = c is >= '\uac00' and <= '\ud7a3' ? c.ToString() : c.ToString().Normalize(NormalizationForm.FormD);
        return IsAccent(parts[0]) ? Nothing : parts.Skip(1).All(IsAccent) ? char.ToLowerInvariant(parts[0]) : char.ToLowerInvariant(c);
    }

    // What SQLite takes off letters: accents of Latin, Greek and Cyrillic.
    private static bool IsAccent(char c) => c is >= '\u0300' and <= '\u036f';
}
