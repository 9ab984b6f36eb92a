using System.Globalization;
using System.Text;
using Cete.App.Verbs.Open.Drawing;

namespace Cete.App.Verbs.Open.Running;

/// <summary>Turns frames into what a terminal is told: only the lines that changed are drawn, which counts over a slow line.</summary>
/// <param name="isColoured">Colours are wanted (https://no-color.org).</param>
internal sealed class Painter(bool isColoured)
{
    private IReadOnlyList<Line> _shown = [];

    /// <summary>What is on the terminal is not known any more.</summary>
    public void Forget() => _shown = [];

    /// <summary>What the terminal is told to show a frame.</summary>
    public string Paint(Frame frame)
    {
        var text = new StringBuilder("\u001b[?25l");
        if (_shown.Count != frame.Lines.Count)
        {
            text.Append("\u001b[0m\u001b[2J");
            _shown = [];
        }

        for (var i = 0; i < frame.Lines.Count; i++)
        {
            if (i < _shown.Count && _shown[i].Spans.SequenceEqual(frame.Lines[i].Spans))
            {
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $"\u001b[{i + 1};1H");
            foreach (var span in frame.Lines[i].Spans)
            {
                text.Append(Code(span.Look)).Append(span.Text);
            }

            text.Append("\u001b[0m\u001b[K");
        }

        if (frame.Caret is { } caret)
        {
            text.Append(CultureInfo.InvariantCulture, $"\u001b[{caret.Row + 1};{caret.Column + 1}H\u001b[?25h");
        }

        _shown = frame.Lines;
        return text.ToString();
    }

    private string Code(Look look)
    {
        var code = new StringBuilder("\u001b[0");
        Add(look.HasFlag(Look.Bold) || (!isColoured && look.HasFlag(Look.Fault)), ";1");
        Add(look.HasFlag(Look.Dim), ";2");
        Add(look.HasFlag(Look.Underline), ";4");
        Add(look.HasFlag(Look.Reverse), ";7");
        Add(isColoured && look.HasFlag(Look.Fault), ";31");
        Add(isColoured && look.HasFlag(Look.Lead), ";36");
        return code.Append('m').ToString();

        void Add(bool isWanted, string part) => code.Append(isWanted ? part : string.Empty);
    }
}
