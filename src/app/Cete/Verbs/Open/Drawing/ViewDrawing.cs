using System.Globalization;
using Cete.Api;
using Cete.App.Verbs.Open.Model;
using Cete.App.Verbs.Open.Text;
using Cete.Described;

namespace Cete.App.Verbs.Open.Drawing;

/// <summary>Views as lines, each kind in its way.</summary>
internal static class ViewDrawing
{
    /// <summary>What is between the title and the keys.</summary>
    public static Body Draw(Scene scene, ViewScreen view, int width)
    {
        if (view.Fault is { } fault)
        {
            return new Body([.. CellText.Wrap(fault, width - 2).Select(text => Line.Of(" " + text, Look.Fault))], 0);
        }

        var isChart = view is { Shape: "chart", IsDeleted: false };
        if (isChart ? view.Groups.Count == 0 : view.Items.Count == 0)
        {
            var nothing = !view.IsLoaded ? " ..." : view.IsDeleted ? " Nothing is deleted." : " There is nothing here; n adds something.";
            return new Body([Line.Of(nothing, Look.Dim)], 0);
        }

        var shape = view.IsDeleted ? "table" : view.Shape;
        return shape switch
        {
            "chart" => Chart(scene, view, width),
            "list" => Blocks(scene, view, width, isCard: false),
            "cards" => Blocks(scene, view, width, isCard: true),
            "board" => BoardDrawing.Draw(scene, view, width),
            "calendar" => Agenda(scene, view, width),
            "tree" => Tree(scene, view, width),
            "chat" => Chat(scene, view, width),
            _ => TableDrawing.Draw(scene, view, width),
        };
    }

    /// <summary>A row that is picked is marked by a sign and by how it looks, others are not.</summary>
    public static Line Mark(Line line, bool isPicked, int width)
    {
        var marked = new Line([new Span(isPicked ? "›" : " ", isPicked ? Look.Bold : Look.Plain), .. line.Spans]).Fit(width);
        return isPicked ? marked.With(Look.Reverse) : marked;
    }

    /// <summary>The fields beside the one that names a record, with what stands in them.</summary>
    public static string Facts(Scene scene, ViewScreen view, RecordInfo record, params string?[] but) => string.Join(" · ", Scene.Shown(view.View, view.Kind!)
        .Where(field => field.Name != view.Kind!.Label?.Name && !but.Contains(field.Name) && field.Name != view.Pin?.Field)
        .Select(field => (Field: field, Text: scene.Short(field, record))).Where(pair => pair.Text.Length > 0)
        .Select(pair => $"{scene.Say(pair.Field.Title)}: {pair.Text}"));

    private static Body Blocks(Scene scene, ViewScreen view, int width, bool isCard)
    {
        List<Line> lines = [];
        var picked = 0;
        var rows = Rows.Of(view, scene);
        for (var i = 0; i < rows.Count; i++)
        {
            var (record, isPicked) = (rows[i].Record, i == view.Cursor);
            picked = isPicked ? lines.Count : picked;
            lines.Add(Mark(Line.Of(new Span(" " + scene.LabelOf(record), Look.Bold)), isPicked, width));
            if (isCard)
            {
                lines.AddRange(Scene.Shown(view.View, view.Kind!).Where(field => field.Name != view.Kind!.Label?.Name)
                    .Select(field => (Field: field, Text: scene.Short(field, record))).Where(pair => pair.Text.Length > 0)
                    .Select(pair => Line.Of(new Span($"    {scene.Say(pair.Field.Title)}: ", Look.Dim), new Span(pair.Text, Look.Plain))));
                lines.Add(Line.Empty);
            }
            else if (Facts(scene, view, record) is { Length: > 0 } facts)
            {
                lines.Add(Line.Of("    " + facts, Look.Dim));
            }
        }

        return new Body(lines, picked);
    }

    private static Body Agenda(Scene scene, ViewScreen view, int width)
    {
        List<Line> lines = [];
        var (picked, day) = (0, string.Empty);
        var (start, end) = (Rows.Key(view, "start") ?? string.Empty, Rows.Key(view, "end"));
        var rows = Rows.Of(view, scene);
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            if (row.Group != day)
            {
                day = row.Group;
                lines.Add(Line.Of(" " + WeekDay(day), Look.Bold | Look.Lead));
            }

            picked = i == view.Cursor ? lines.Count : picked;
            var until = end is null ? string.Empty : Time(scene, view.Kind!, row.Record, end);
            var time = Time(scene, view.Kind!, row.Record, start) + (until.Length > 0 ? "-" + until : string.Empty);
            var facts = Facts(scene, view, row.Record, start, end);
            lines.Add(Mark(
                Line.Of(new Span($"   {CellText.Fit(time, 11)}  ", Look.Dim), new Span(scene.LabelOf(row.Record), Look.Bold), new Span("  " + facts, Look.Dim)),
                i == view.Cursor, width));
        }

        return new Body(lines, picked);
    }

    private static string WeekDay(string day) => DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        ? date.ToString("ddd yyyy-MM-dd", CultureInfo.InvariantCulture) : day;

    private static string Time(Scene scene, RecordKind kind, RecordInfo record, string field) =>
        Scene.FieldOf(kind, field) is { Type: FieldType.DateTime } moment && scene.Short(moment with { Display = string.Empty }, record) is { Length: 16 } said
            ? said[11..] : string.Empty;

    private static Body Tree(Scene scene, ViewScreen view, int width)
    {
        List<Line> lines = [];
        var (picked, parent) = (0, Rows.Key(view, "parent"));
        var rows = Rows.Of(view, scene);
        var depthMax = Math.Max(1, (width / 2) - 8) / 2;
        for (var i = 0; i < rows.Count; i++)
        {
            var (record, isPicked) = (rows[i].Record, i == view.Cursor);
            picked = isPicked ? lines.Count : picked;
            var depth = Math.Min(rows[i].Depth, depthMax);
            var indent = " " + string.Concat(Enumerable.Repeat("│ ", depth));
            var text = view.Kind!.Fields.FirstOrDefault(FieldInput.IsLong);
            if (text is null)
            {
                lines.Add(Mark(Headed(new Span(indent, Look.Dim), scene.LabelOf(record), Facts(scene, view, record, parent)), isPicked, width));
                continue;
            }

            var head = $"{Author(scene, record)}  {scene.Ago(record.Created)}";
            var facts = Facts(scene, view, record, parent, text.Name);
            lines.Add(Mark(Headed(new Span(indent, Look.Dim), head, facts), isPicked, width));
            lines.AddRange(CellText.Wrap(Scene.Raw(record, text.Name), width - (2 * depth) - 4).Take(12)
                .Select(each => Line.Of(new Span(" " + indent, Look.Dim), new Span(each, Look.Plain))));
        }

        return new Body(lines, picked);
    }

    private static Body Chat(Scene scene, ViewScreen view, int width)
    {
        List<Line> lines = [];
        var picked = 0;
        var text = Rows.Key(view, "text") ?? string.Empty;
        var rows = Rows.Of(view, scene);
        for (var i = 0; i < rows.Count; i++)
        {
            var (record, isPicked) = (rows[i].Record, i == view.Cursor);
            var time = scene.Moment(record.Created)[11..];
            var facts = Facts(scene, view, record, text);
            lines.Add(Mark(Headed(new Span($" {time} ", Look.Dim), Author(scene, record), facts), isPicked, width));
            lines.AddRange(CellText.Wrap(Scene.Raw(record, text), width - 8).Select(each => Line.Of("       " + each)));

            // The last line of what is picked is to be seen: one reads a talk from below.
            picked = isPicked ? lines.Count - 1 : picked;
        }

        return new Body(lines, picked);
    }

    private static Line Headed(Span before, string head, string facts) =>
        Line.Of(before, new Span(head, Look.Bold), new Span(facts.Length > 0 ? "  " + facts : string.Empty, Look.Dim));

    private static string Author(Scene scene, RecordInfo record) => record.Owner is { } owner ? scene.NameOf(owner) : "somebody";

    private static Body Chart(Scene scene, ViewScreen view, int width)
    {
        var by = Scene.FieldOf(view.Kind!, Rows.Key(view, "group") ?? "owner");
        var value = Rows.Key(view, "value") is { } name ? Scene.FieldOf(view.Kind!, name) : null;
        var bars = view.Groups.Select(group => (
            Label: by is null ? string.Empty : scene.Of(by, group.Key) is { Length: > 0 } label ? label : "(nothing)",
            Number: value is null ? group.Count : decimal.TryParse(Scene.Raw(group.Sum), NumberStyles.Any, CultureInfo.InvariantCulture, out var sum) ? sum : 0,
            Said: value is null ? group.Count.ToString(CultureInfo.InvariantCulture) : scene.Of(value, group.Sum))).ToList();
        var labels = Math.Clamp(bars.Max(bar => CellWidth.Of(bar.Label)), 4, Math.Max(4, width / 3));
        var numbers = bars.Max(bar => CellWidth.Of(bar.Said));
        var (room, most) = (Math.Max(1, width - labels - numbers - 5), Math.Max(1, bars.Max(bar => Math.Abs(bar.Number))));
        return new Body(
            [.. bars.Select((bar, i) => Mark(
                Line.Of(
                    new Span($" {CellText.Fit(bar.Label, labels)} ", Look.Plain),
                    new Span(new string('█', (int)(Math.Abs(bar.Number) * room / most)), Look.Lead),
                    new Span($" {bar.Said}", Look.Plain)),
                i == view.Cursor, width))],
            view.Cursor);
    }
}
