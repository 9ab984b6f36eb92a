using System.Text;

namespace Cete.Hocon;

/// <summary>Replacements in one text that do not overlap, given in any order.</summary>
internal sealed class TextEdits(string text)
{
    private readonly List<(int Start, int End, string Text)> _edits = [];

    public void Replace(int start, int end, string replacement) => _edits.Add((start, end, replacement));

    public string Apply()
    {
        _edits.Sort(static (left, right) => left.Start.CompareTo(right.Start));
        var edited = new StringBuilder(text.Length);
        var at = 0;
        foreach (var (start, end, replacement) in _edits)
        {
            Core.Check.That(start >= at && end >= start, "edits overlap");
            edited.Append(text, at, start - at).Append(replacement);
            at = end;
        }

        return edited.Append(text, at, text.Length - at).ToString();
    }
}
