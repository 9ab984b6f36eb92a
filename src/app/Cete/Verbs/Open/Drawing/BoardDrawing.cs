using Cete.App.Verbs.Open.Model;
using Cete.App.Verbs.Open.Text;

namespace Cete.App.Verbs.Open.Drawing;

/// <summary>A board: its columns beside each other where there is room, else below each other.</summary>
internal static class BoardDrawing
{
    private const int ColumnMin = 18;

    /// <summary>The board of a view.</summary>
    public static Body Draw(Scene scene, ViewScreen view, int width)
    {
        var columns = Rows.Columns(view);
        return columns.Count * ColumnMin <= width ? Beside(scene, view, columns, width) : Below(scene, view, columns, width);
    }

    private static Body Beside(Scene scene, ViewScreen view, IReadOnlyList<string> columns, int width)
    {
        var rows = Rows.Of(view, scene);
        var each = width / columns.Count;
        List<List<(string Text, bool IsPicked)>> cells = [];
        foreach (var column in columns)
        {
            List<(string Text, bool IsPicked)> below = [];
            for (var i = 0; i < rows.Count; i++)
            {
                if (rows[i].Group == column)
                {
                    below.Add(((i == view.Cursor ? "›" : " ") + scene.LabelOf(rows[i].Record), i == view.Cursor));
                }
            }

            cells.Add(below);
        }

        List<Line> lines =
        [
            Line.Of([.. columns.Select((column, i) => new Span(
                CellText.Fit($" {Title(scene, view, column)} ({cells[i].Count})", each - 1) + " ", Look.Bold | Look.Lead))]),
        ];
        var picked = 0;
        for (var at = 0; at < cells.Max(below => below.Count); at++)
        {
            List<Span> spans = [];
            foreach (var below in cells)
            {
                var (text, isPicked) = at < below.Count ? below[at] : (string.Empty, false);
                spans.Add(new Span(CellText.Fit(text, each - 1), isPicked ? Look.Reverse : Look.Plain));
                spans.Add(new Span(" ", Look.Plain));
                picked = isPicked ? lines.Count : picked;
            }

            lines.Add(Line.Of(spans));
        }

        return new Body(lines, picked);
    }

    private static Body Below(Scene scene, ViewScreen view, IReadOnlyList<string> columns, int width)
    {
        List<Line> lines = [];
        var picked = 0;
        var rows = Rows.Of(view, scene);
        foreach (var column in columns)
        {
            lines.Add(Line.Of($" {Title(scene, view, column)} ({rows.Count(row => row.Group == column)})", Look.Bold | Look.Lead));
            for (var i = 0; i < rows.Count; i++)
            {
                if (rows[i].Group == column)
                {
                    picked = i == view.Cursor ? lines.Count : picked;
                    lines.Add(ViewDrawing.Mark(Line.Of("  " + scene.LabelOf(rows[i].Record)), i == view.Cursor, width));
                }
            }
        }

        return new Body(lines, picked);
    }

    private static string Title(Scene scene, ViewScreen view, string column) =>
        column.Length > 0 && view.Kind?.Field(Rows.Key(view, "column") ?? string.Empty) is { } field ? scene.Option(field, column) : "(elsewhere)";
}
