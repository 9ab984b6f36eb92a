using Cete.App.Verbs.Open.Text;

namespace Cete.App.Verbs.Open.Drawing;

/// <summary>How text looks. Nothing is said by colour alone.</summary>
[Flags]
internal enum Look
{
    Plain = 0,
    Bold = 1,
    Dim = 2,
    Reverse = 4,
    Underline = 8,

    /// <summary>Something is wrong.</summary>
    Fault = 16,

    /// <summary>It leads, as titles do.</summary>
    Lead = 32,
}

/// <summary>Text of one look.</summary>
internal readonly record struct Span(string Text, Look Look);

/// <summary>A line of a terminal. Its texts are harmless already.</summary>
internal sealed record Line(IReadOnlyList<Span> Spans)
{
    /// <summary>Nothing.</summary>
    public static Line Empty { get; } = new([]);

    /// <summary>The cells that it takes.</summary>
    public int Width => Spans.Sum(span => CellWidth.Of(span.Text));

    /// <summary>A text of one look.</summary>
    public static Line Of(string text, Look look = Look.Plain) => new([new Span(text, look)]);

    /// <summary>A line of several texts.</summary>
    public static Line Of(params IReadOnlyList<Span> spans) => new(spans);

    /// <summary>The same with something more to how it looks.</summary>
    public Line With(Look look) => new([.. Spans.Select(span => span with { Look = span.Look | look })]);

    /// <summary>In exactly so many cells.</summary>
    public Line Fit(int width)
    {
        List<Span> spans = [];
        var left = width;
        foreach (var span in Spans)
        {
            var cells = CellWidth.Of(span.Text);
            if (cells > left)
            {
                spans.Add(span with { Text = CellText.Cut(span.Text, left) });
                left -= CellWidth.Of(spans[^1].Text);
                break;
            }

            spans.Add(span);
            left -= cells;
        }

        if (left > 0)
        {
            spans.Add(new Span(new string(' ', left), spans.Count > 0 ? spans[^1].Look & Look.Reverse : Look.Plain));
        }

        return new Line(spans);
    }

    /// <summary>Its text alone.</summary>
    public override string ToString() => string.Concat(Spans.Select(span => span.Text));
}

/// <summary>What fills a terminal.</summary>
/// <param name="Lines">Its lines, each as wide as it is.</param>
/// <param name="Caret">Where one writes, from 0; null where nothing is written.</param>
internal sealed record Frame(IReadOnlyList<Line> Lines, (int Row, int Column)? Caret)
{
    /// <summary>As text, without blanks at the ends of lines.</summary>
    public override string ToString() => string.Join('\n', Lines.Select(line => line.ToString().TrimEnd()));
}

/// <summary>The part of a screen between its title and the keys.</summary>
/// <param name="Lines">All its lines.</param>
/// <param name="Picked">The line that must be seen.</param>
internal sealed record Body(IReadOnlyList<Line> Lines, int Picked)
{
    /// <summary>Where one writes; null where nothing is written. The row is one of <see cref="Lines"/>.</summary>
    public (int Row, int Column)? Caret { get; init; }

    /// <summary>The first line that is seen where so many have room: the one that is picked stands in the middle as far as that can be.</summary>
    public int First(int height) => Math.Clamp(Picked - (height / 2), 0, Math.Max(0, Lines.Count - height));
}
