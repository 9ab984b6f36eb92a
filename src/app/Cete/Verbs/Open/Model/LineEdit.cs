using Cete.App.Verbs.Open.Keys;

namespace Cete.App.Verbs.Open.Model;

/// <summary>A text with the place where one writes.</summary>
/// <param name="Text">The text.</param>
/// <param name="Caret">The place, in UTF-16.</param>
internal readonly record struct LineEdit(string Text, int Caret)
{
    /// <summary>A field takes less.</summary>
    private const int LengthMax = 200_000;

    /// <summary>What a key makes of it; null where the key is for something else.</summary>
    /// <param name="key">The key.</param>
    /// <param name="isLong">It may have several lines.</param>
    public LineEdit? Press(Key key, bool isLong)
    {
        var at = Math.Clamp(Caret, 0, Text.Length);
        switch (key.Kind)
        {
            case KeyKind.Text:
                return Insert(at, isLong ? key.Text : key.Text.ReplaceLineEndings(" "));
            case KeyKind.Enter when isLong:
                return Insert(at, "\n");
            case KeyKind.Backspace:
                return new LineEdit(Text.Remove(Before(at), at - Before(at)), Before(at));
            case KeyKind.Delete:
                return new LineEdit(Text.Remove(at, After(at) - at), at);
            case KeyKind.Left:
                return this with { Caret = Before(at) };
            case KeyKind.Right:
                return this with { Caret = After(at) };
            case KeyKind.Home:
                return this with { Caret = LineStart(at) };
            case KeyKind.End:
                return this with { Caret = LineEnd(at) };
            case KeyKind.Up when isLong && LineStart(at) > 0:
                var above = LineStart(LineStart(at) - 1);
                return this with { Caret = Whole(Math.Min(above + at - LineStart(at), LineEnd(above))) };
            case KeyKind.Down when isLong && LineEnd(at) < Text.Length:
                var below = LineEnd(at) + 1;
                return this with { Caret = Whole(Math.Min(below + at - LineStart(at), LineEnd(below))) };
            case KeyKind.Control when key.IsControl('u'):
                return new LineEdit(Text.Remove(LineStart(at), at - LineStart(at)), LineStart(at));
            case KeyKind.Control when key.IsControl('w'):
                var word = at;
                while (word > 0 && Text[word - 1] == ' ')
                {
                    word--;
                }

                while (word > 0 && !char.IsWhiteSpace(Text[word - 1]))
                {
                    word--;
                }

                return new LineEdit(Text.Remove(word, at - word), word);
            default:
                return null;
        }
    }

    private LineEdit Insert(int at, string text) =>
        Text.Length + text.Length > LengthMax ? this : new LineEdit(Text.Insert(at, text), at + text.Length);

    private int Before(int at) => at == 0 ? 0 : at > 1 && char.IsSurrogatePair(Text[at - 2], Text[at - 1]) ? at - 2 : at - 1;

    private int After(int at) => at >= Text.Length ? Text.Length : at + 1 < Text.Length && char.IsSurrogatePair(Text[at], Text[at + 1]) ? at + 2 : at + 1;

    private int LineStart(int at) => at == 0 ? 0 : Text.LastIndexOf('\n', at - 1) + 1;

    private int LineEnd(int at) => Text.IndexOf('\n', at) is var end and >= 0 ? end : Text.Length;

    /// <summary>Not within a character of two halves.</summary>
    private int Whole(int at) => at > 0 && at < Text.Length && char.IsSurrogatePair(Text[at - 1], Text[at]) ? at - 1 : at;
}
