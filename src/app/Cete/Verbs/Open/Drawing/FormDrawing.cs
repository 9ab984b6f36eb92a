using System.Text;
using Cete.App.Verbs.Open.Model;
using Cete.App.Verbs.Open.Text;
using Cete.Described;

namespace Cete.App.Verbs.Open.Drawing;

/// <summary>A form as lines: each field with its title, what stands in it, and what is wrong with it.</summary>
internal static class FormDrawing
{
    /// <summary>What is between the title and the keys.</summary>
    public static Body Draw(Scene scene, FormScreen form, int width)
    {
        List<Line> lines = [];
        var (picked, caret) = (0, ((int Row, int Column)?)null);
        if (form.Fault is { } fault)
        {
            lines.AddRange(CellText.Wrap(fault, width - 3).Select(text => Line.Of(" ! " + text, Look.Fault)));
        }

        for (var i = 0; i < form.Fields.Count; i++)
        {
            var (field, isHere) = (form.Fields[i], i == form.Focus);
            picked = isHere ? lines.Count : picked;
            lines.Add(Head(scene, field, isHere));
            var at = Value(scene, field, isHere, width, lines);
            if (at is { } place)
            {
                (caret, picked) = (place, place.Row);
            }

            Notes(scene, field, isHere, width, lines);
        }

        if (form.Warning.Length > 0)
        {
            lines.AddRange(CellText.Wrap(form.Warning, width - 3).Select(text => Line.Of(" " + text, Look.Bold)));
        }

        var isAtButton = form.Focus >= form.Fields.Count;
        picked = isAtButton ? lines.Count : picked;
        lines.Add(Line.Of(
            new Span((isAtButton ? "›" : " ") + "[ ", Look.Plain),
            new Span(form.Ask != 0 ? "..." : form.Button, isAtButton ? Look.Reverse : Look.Bold),
            new Span(" ]", Look.Plain)));
        return new Body(lines, picked) { Caret = form.Ask == 0 ? caret : null };
    }

    /// <summary>A text with its caret, on one line of so many cells, moved so that the caret is seen.</summary>
    public static (string Text, int Column) Window(string text, int caret, int width)
    {
        var (before, behind) = (Shown(text[..Math.Min(caret, text.Length)]), Shown(text[Math.Min(caret, text.Length)..]));
        var start = 0;
        while (CellWidth.Of(before[start..]) >= Math.Max(1, width) && start < before.Length)
        {
            start += Rune.GetRuneAt(before, start).Utf16SequenceLength;
        }

        var seen = before[start..];
        return (seen + CellText.Cut(behind, Math.Max(0, width - CellWidth.Of(seen))), CellWidth.Of(seen));
    }

    private static Line Head(Scene scene, FormField field, bool isHere) => Line.Of(
        new Span((isHere ? "›" : " ") + scene.Say(field.Field.Title), isHere ? Look.Bold | Look.Lead : Look.Bold),
        new Span(field.Field is { IsRequired: true, Default: null } ? " *" : string.Empty, Look.Plain),
        new Span("  " + Form(field.Field), Look.Dim));

    /// <summary>What stands in it; where one writes, if that is here.</summary>
    private static (int Row, int Column)? Value(Scene scene, FormField field, bool isHere, int width, List<Line> lines)
    {
        var look = isHere ? Look.Underline : Look.Plain;
        if (field.IsFixed || FormKeys.IsChosen(field.Field))
        {
            var said = Chosen(scene, field);
            lines.Add(Line.Of(new Span("  ", Look.Plain), new Span(said.Length > 0 ? said : "(nothing)", isHere ? Look.Reverse : look)));
            return null;
        }

        if (!FieldInput.IsLong(field.Field))
        {
            var (text, column) = Window(field.Text, field.Caret, width - 4);
            lines.Add(Line.Of(new Span("  ", Look.Plain), new Span(CellText.Fit(text, Math.Max(1, width - 4)), look)));
            return isHere ? (lines.Count - 1, column + 2) : null;
        }

        return Long(field, isHere, width, lines);
    }

    private static (int Row, int Column)? Long(FormField field, bool isHere, int width, List<Line> lines)
    {
        (int Row, int Column)? caret = null;
        var start = 0;
        foreach (var line in field.Text.Split('\n'))
        {
            var isCaretHere = isHere && field.Caret >= start && field.Caret <= start + line.Length;
            var room = Math.Max(2, width - 6);
            var (from, isFirst) = (0, true);
            while (isFirst || from < line.Length)
            {
                isFirst = false;
                var end = Math.Max(Fitting(line, from, room), Math.Min(line.Length, from + 1));
                lines.Add(Line.Of(new Span("  │ ", Look.Dim), new Span(Shown(line[from..end]), Look.Plain)));
                var at = field.Caret - start;
                if (isCaretHere && at >= from && (at < end || end == line.Length))
                {
                    caret = (lines.Count - 1, 4 + CellWidth.Of(Shown(line[from..Math.Min(at, end)])));
                }

                from = end;
            }

            start += line.Length + 1;
        }

        return caret;
    }

    private static int Fitting(string line, int from, int room)
    {
        var (at, cells) = (from, 0);
        foreach (var rune in line.AsSpan(from).EnumerateRunes())
        {
            cells += CellWidth.Of(Shown(rune.ToString()));
            if (cells > room)
            {
                break;
            }

            at += rune.Utf16SequenceLength;
        }

        return at;
    }

    private static string Chosen(Scene scene, FormField field) => field.Field.Type switch
    {
        FieldType.Boolean => field.Text == "true" ? "[x] yes" : "[ ] no",
        FieldType.Relation when field.Text.Length == 0 => string.Empty,
        FieldType.Relation => field.Label.Length > 0 ? $"{field.Label} (#{CellText.Line(field.Text)})" : $"#{CellText.Line(field.Text)}",
        FieldType.Select => scene.Option(field.Field, field.Text),
        FieldType.MultiSelect => string.Join(
            ", ", field.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(name => scene.Option(field.Field, name))),
        _ => CellText.Line(field.Text),
    };

    private static void Notes(Scene scene, FormField field, bool isHere, int width, List<Line> lines)
    {
        if (field.Error is { } error)
        {
            lines.AddRange(CellText.Wrap(error, width - 6).Select(text => Line.Of("  ! " + text, Look.Fault)));
        }

        if (field.Theirs is { } theirs)
        {
            lines.Add(Line.Of($"  now there is: {theirs}", Look.Bold));
        }

        if (isHere && scene.Say(field.Field.Help) is { Length: > 0 } help)
        {
            lines.AddRange(CellText.Wrap(help, width - 4).Select(text => Line.Of("  " + text, Look.Dim)));
        }
    }

    /// <summary>How a value of the field is written.</summary>
    private static string Form(FieldDescriptor field)
    {
        var form = field.Type switch
        {
            FieldType.Date => "as 2026-11-23",
            FieldType.DateTime => "as 2026-11-23 18:30, your time",
            FieldType.Duration => "as 1h30m",
            FieldType.Account => "name of an account",
            FieldType.Link => "as https://...",
            FieldType.Geo => "as 52.52,13.405",
            FieldType.Rating => $"1 to {field.Max ?? 5}",
            FieldType.Decimal or FieldType.Credits => "a number, as 12.50",
            FieldType.Integer => "a whole number",
            FieldType.File => "a content's root",
            _ => string.Empty,
        };
        return field.Default is { Expression: not null } ? form.Length > 0 ? form + "; empty: by itself" : "empty: by itself" : form;
    }

    /// <summary>What is typed stands as it will be shown to others.</summary>
    private static string Shown(string text) => CellText.Line(text);
}
