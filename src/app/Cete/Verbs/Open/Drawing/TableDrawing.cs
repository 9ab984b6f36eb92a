using Cete.App.Verbs.Open.Model;
using Cete.App.Verbs.Open.Text;
using Cete.Described;

namespace Cete.App.Verbs.Open.Drawing;

/// <summary>A table: columns as wide as what stands in them, cut where there is no room for all.</summary>
internal static class TableDrawing
{
    private const int ColumnMin = 6;
    private const int ColumnMax = 40;

    /// <summary>The table of a view.</summary>
    public static Body Draw(Scene scene, ViewScreen view, int width)
    {
        FieldDescriptor[] fields = [Scene.FieldOf(view.Kind!, "id")!, .. Scene.Shown(view.View, view.Kind!).Where(field => field.Name != view.Pin?.Field)];
        var rows = view.Items.Select(item => fields.Select(field => scene.Short(field, item)).ToArray()).ToList();
        var heads = fields.Select(field => field.Name == "id" ? "#" : scene.Say(field.Title)).ToArray();
        var widths = Widths(heads, rows, width - 2);
        List<Line> lines = [Line.Of("  " + Join(fields, heads, widths), Look.Bold | Look.Lead)];
        lines.AddRange(rows.Select((row, i) => ViewDrawing.Mark(Line.Of(" " + Join(fields, row, widths)), i == view.Cursor, width)));
        return new Body(lines, view.Cursor + 1);
    }

    /// <summary>How wide each column is; 0 for those that have no room.</summary>
    public static int[] Widths(string[] heads, IReadOnlyList<string[]> rows, int room)
    {
        var wanted = heads.Select((head, i) =>
            Math.Min(ColumnMax, rows.Select(row => CellWidth.Of(row[i])).Append(CellWidth.Of(head)).Max())).ToArray();
        var widths = (int[])wanted.Clone();
        while (widths.Where(one => one > 0).Sum(one => one + 2) - 2 > room)
        {
            var widest = Array.IndexOf(widths, widths.Max());
            if (widths[widest] > ColumnMin)
            {
                widths[widest]--;
                continue;
            }

            // The last columns go first.
            var last = Array.FindLastIndex(widths, one => one > 0);
            if (last <= 0)
            {
                break;
            }

            widths[last] = 0;
        }

        return widths;
    }

    private static string Join(FieldDescriptor[] fields, string[] texts, int[] widths) => string.Join(
        "  ", texts.Select((text, i) => (Text: text, Index: i)).Where(cell => widths[cell.Index] > 0)
            .Select(cell => CellText.Fit(cell.Text, widths[cell.Index], IsNumber(fields[cell.Index]))));

    private static bool IsNumber(FieldDescriptor field) => field.Type is FieldType.Integer or FieldType.Decimal or FieldType.Credits;
}
