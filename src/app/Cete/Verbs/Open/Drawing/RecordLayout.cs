using Cete.Api;
using Cete.App.Verbs.Open.Model;
using Cete.App.Verbs.Open.Text;
using Cete.Described;

namespace Cete.App.Verbs.Open.Drawing;

/// <summary>Where a line of a record leads.</summary>
internal abstract record Stop
{
    /// <summary>To a record.</summary>
    public sealed record ToRecord(string Kind, long Id) : Stop;

    /// <summary>To what hangs on the record.</summary>
    public sealed record ToList(RecordKind Kind, Pin Pin) : Stop;
}

/// <summary>A line of a record.</summary>
/// <param name="Line">The line.</param>
/// <param name="Stop">Where it leads; null for nowhere.</param>
internal sealed record RecordLine(Line Line, Stop? Stop);

/// <summary>A record, line by line: its fields, what can be done, and what hangs on it. The keys move along the same lines that are drawn.</summary>
internal static class RecordLayout
{
    private const int TitlesMax = 18;

    /// <summary>All lines.</summary>
    public static IReadOnlyList<RecordLine> Lines(Scene scene, RecordScreen screen, int width)
    {
        List<RecordLine> lines = [];
        if (screen.Record is not { } record)
        {
            AddText(lines, screen.Fault ?? (screen.Ask != 0 ? "..." : "It is not there (any more)."), width);
            return lines;
        }

        var fields = screen.Kind.Fields.Where(field => !field.IsHidden && record.Fields.ContainsKey(field.Name)).ToList();
        var titles = Math.Min(TitlesMax, Math.Max(6, fields.Select(field => CellWidth.Of(scene.Say(field.Title))).DefaultIfEmpty(0).Max()));
        foreach (var field in fields)
        {
            Add(lines, scene, record, field, titles, width);
        }

        var by = record.Owner is { } owner ? $", by {scene.NameOf(owner)}" : string.Empty;
        lines.Add(new RecordLine(Line.Of($"{CellText.Fit("Added", titles)}  {scene.Moment(record.Created)}{by}", Look.Dim), null));
        AddActions(lines, scene, screen);
        foreach (var pointing in screen.Pointing)
        {
            Add(lines, scene, screen, pointing, width);
        }

        return lines;
    }

    private static void Add(List<RecordLine> lines, Scene scene, RecordInfo record, FieldDescriptor field, int titles, int width)
    {
        var title = new Span(CellText.Fit(scene.Say(field.Title), titles) + "  ", Look.Dim);
        var to = field.Type == FieldType.Relation ? Scene.To(record, field.Name) : 0;
        if (to > 0)
        {
            lines.Add(new RecordLine(Line.Of(title, new Span(scene.Short(field, record), Look.Underline)), new Stop.ToRecord(field.To ?? string.Empty, to)));
            return;
        }

        if (!FieldInput.IsLong(field) || field.Type == FieldType.Sealed)
        {
            var said = scene.Short(field, record);
            var wrapped = CellText.Wrap(said.Length > 0 ? said : "-", Math.Max(10, width - titles - 4));
            lines.AddRange(wrapped.Select((text, i) => new RecordLine(
                Line.Of(i == 0 ? title : new Span(new string(' ', titles + 2), Look.Plain), new Span(text, Look.Plain)), null)));
            return;
        }

        lines.Add(new RecordLine(Line.Of(title), null));
        foreach (var text in CellText.Wrap(Scene.Raw(record, field.Name), width - 4))
        {
            lines.Add(new RecordLine(Line.Of("  " + text), null));
        }
    }

    private static void AddActions(List<RecordLine> lines, Scene scene, RecordScreen screen)
    {
        string[] can =
        [
            .. (screen.May?.Actions ?? []).Select(scene.Service.Action).OfType<ActionDescriptor>().Select(action => $"a {scene.Say(action.Title)}"),
            .. screen.May?.Update == true ? (string[])["e change"] : [],
            .. screen.May?.Delete == true ? (string[])["D delete"] : [],
        ];
        if (can.Length > 0)
        {
            lines.Add(new RecordLine(Line.Empty, null));
            lines.Add(new RecordLine(Line.Of(string.Join("   ", can), Look.Bold), null));
        }
    }

    private static void Add(List<RecordLine> lines, Scene scene, RecordScreen screen, Pointing pointing, int width)
    {
        var pin = new Pin(pointing.Field.Name, screen.Id, screen.Title);
        var count = pointing.List?.Total is { } total ? $" ({total})" : pointing.Ask != 0 ? " ..." : string.Empty;
        lines.Add(new RecordLine(Line.Empty, null));
        lines.Add(new RecordLine(Line.Of(new Span(scene.Say(pointing.Kind.Title) + count, Look.Bold | Look.Lead)), new Stop.ToList(pointing.Kind, pin)));
        foreach (var record in pointing.List?.Records ?? [])
        {
            var facts = pointing.Kind.Fields
                .Where(field => !field.IsHidden && field.Type != FieldType.Sealed
                    && field.Name != pointing.Field.Name && field.Name != pointing.Kind.Label?.Name)
                .Select(field => (Field: field, Text: scene.Short(field, record))).Where(pair => pair.Text.Length > 0)
                .Select(pair => FieldInput.IsLong(pair.Field) ? pair.Text : $"{scene.Say(pair.Field.Title)}: {pair.Text}");
            var label = scene.LabelOf(record);
            var by = record.Owner is { } owner ? scene.NameOf(owner) : string.Empty;
            var said = string.Join(" · ", (string[])[label, .. facts, by]);
            lines.Add(new RecordLine(Line.Of("  " + CellText.Cut(said, Math.Max(4, width - 4))), new Stop.ToRecord(record.Kind, record.Id)));
        }

        if (pointing.List?.Next is not null)
        {
            lines.Add(new RecordLine(Line.Of("  all of them", Look.Underline), new Stop.ToList(pointing.Kind, pin)));
        }
    }

    private static void AddText(List<RecordLine> lines, string text, int width) =>
        lines.AddRange(CellText.Wrap(text, width - 2).Select(each => new RecordLine(Line.Of(each), null)));
}
