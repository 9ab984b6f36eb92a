using System.Globalization;
using Cete.App.Verbs.Open.Model;
using Cete.App.Verbs.Open.Text;

namespace Cete.App.Verbs.Open.Drawing;

/// <summary>The model as it is shown: a title, what there is, and the keys that are used most.</summary>
internal static class OpenDrawing
{
    /// <summary>All lines of a terminal.</summary>
    public static Frame Draw(OpenModel model)
    {
        var (width, height) = (model.Width, model.Height);
        var body = BodyOf(model);
        var (bottom, caret) = Bottom(model);
        var room = model.BodyHeight;
        var first = model.Top is TextScreen text ? Math.Clamp(text.Scroll, 0, Math.Max(0, body.Lines.Count - room)) : body.First(room);
        List<Line> lines = [Title(model)];
        for (var i = 0; i < room; i++)
        {
            lines.Add((first + i < body.Lines.Count ? body.Lines[first + i] : Line.Empty).Fit(width));
        }

        lines.AddRange(bottom.Select(line => line.Fit(width)));

        // Lowest terminals have room for less than that.
        var shown = lines.Count > height ? [.. lines.Take(height)] : lines;
        var at = caret;
        if (at is null && body.Caret is { } place && place.Row >= first && place.Row < first + room)
        {
            at = (place.Row - first + 1, place.Column);
        }

        return new Frame(shown, at is { } spot && spot.Item1 < shown.Count ? (spot.Item1, Math.Min(spot.Item2, width - 1)) : null);
    }

    private static Body BodyOf(OpenModel model) => model.Top switch
    {
        FormScreen form => FormDrawing.Draw(model.Scene, form, model.Width),
        MenuScreen menu => Menu(menu, model.Width),
        TextScreen text => new Body([.. text.Lines.SelectMany(line => CellText.Wrap(line, model.Width - 2)).Select(line => Line.Of(" " + line))], 0),
        ConfirmScreen confirm => new Body(
            [Line.Empty, .. CellText.Wrap(confirm.Text, model.Width - 2).Select(line => Line.Of(" " + line)), Line.Empty,
                Line.Of(confirm.Ask != 0 ? " ..." : " y  yes    n  no", Look.Bold)],
            0),
        _ => Base(model),
    };

    /// <summary>What is read: below a line that is typed it goes on being seen.</summary>
    private static Body Base(OpenModel model) => model.Screens.LastOrDefault(screen => screen is ViewScreen or RecordScreen) switch
    {
        ViewScreen view => ViewDrawing.Draw(model.Scene, view, model.Width),
        RecordScreen record => Record(model, record),
        _ => new Body([], 0),
    };

    private static Body Record(OpenModel model, RecordScreen record)
    {
        var lines = RecordLayout.Lines(model.Scene, record, model.Width);
        return new Body([.. lines.Select((line, i) => i == record.Cursor
            ? ViewDrawing.Mark(line.Line, true, model.Width)
            : new Line([new Span(" ", Look.Plain), .. line.Line.Spans]))], record.Cursor);
    }

    private static Body Menu(MenuScreen menu, int width)
    {
        List<Line> lines = menu.Typed.Length > 0 ? [Line.Of($"  with: {CellText.Line(menu.Typed)}", Look.Dim)] : [];
        var before = lines.Count;
        lines.AddRange(menu.Found.Select((item, i) => ViewDrawing.Mark(
            Line.Of((menu.Ticked is { } ticked ? ticked.Contains(item.Name) ? " [x] " : " [ ] " : " ") + item.Label), i == menu.Cursor, width)));
        if (menu.Found.Count == 0)
        {
            lines.Add(Line.Of(menu.Ask != 0 ? " ..." : " There is nothing to choose.", Look.Dim));
        }
        else if (menu.HasMore)
        {
            lines.Add(Line.Of("  there are more", Look.Dim));
        }

        return new Body(lines, menu.Cursor + before);
    }

    private static Line Title(OpenModel model)
    {
        var name = model.Scene.Say(model.Scene.Service.Title);
        var top = model.Top is PromptScreen ? model.Screens.LastOrDefault(screen => screen is ViewScreen or RecordScreen) ?? model.Top : model.Top;
        var title = top.Title == name ? name : $"{name} › {CellText.Line(top.Title)}";
        if (top is ViewScreen view)
        {
            title += Facts(view);
        }

        var right = model.IsLive ? " live " : " not live ";
        var room = Math.Max(0, model.Width - CellWidth.Of(right) - 1);
        return Line.Of(new Span(" " + CellText.Fit(title, room), Look.Reverse | Look.Bold), new Span(right, Look.Reverse)).Fit(model.Width);
    }

    private static string Facts(ViewScreen view)
    {
        var pin = view.Pin is { } to ? $" of {CellText.Line(to.Label)}" : string.Empty;
        var month = view is { Shape: "calendar", IsDeleted: false } ? $" {view.Month.ToString("yyyy-MM", CultureInfo.InvariantCulture)}" : string.Empty;
        var total = view.Total is { } count ? $" ({(view.Next is null ? string.Empty : $"{view.Items.Count} of ")}{count})" : string.Empty;
        return pin + month + (view.IsDeleted ? " deleted" : string.Empty) + total
            + (view.Search.Length > 0 ? $" /{CellText.Line(view.Search)}" : string.Empty)
            + (view.Filter.Length > 0 ? $" [{CellText.Line(view.Filter)}]" : string.Empty)
            + (view.Sort.Length > 0 ? $" by {CellText.Line(view.Sort)}" : string.Empty);
    }

    /// <summary>The two lines below: what came of it or what is typed, and keys.</summary>
    private static (IReadOnlyList<Line> Lines, (int Row, int Column)? Caret) Bottom(OpenModel model)
    {
        var keys = Line.Of(" " + Keys(model.Top), Look.Dim);
        if (model.Top is PromptScreen prompt)
        {
            var label = $" {CellText.Line(prompt.Title)}: ";
            var (text, column) = FormDrawing.Window(prompt.Text, prompt.Caret, model.Width - CellWidth.Of(label) - 1);
            var typed = Line.Of(new Span(label, Look.Bold), new Span(text, Look.Underline));
            Line[] lines = [typed, prompt.Fault is { } fault ? Line.Of(" ! " + fault, Look.Fault) : keys];
            return (lines, (Math.Min(model.Height - 2, model.BodyHeight + 1), CellWidth.Of(label) + column));
        }

        var notice = model.Notice.Length == 0 ? Line.Empty
            : Line.Of((model.IsFault ? " ! " : " ") + CellText.Line(model.Notice), model.IsFault ? Look.Fault : Look.Bold);
        return ([notice, keys], null);
    }

    private static string Keys(Screen screen) => screen switch
    {
        ViewScreen { IsDeleted: true } => "Enter bring back  d back to the others  q back  ? keys",
        ViewScreen { Shape: "calendar" } => "Enter open  n add  [ ] month  / search  v views  q back  ? keys",
        ViewScreen => "Enter open  n add  a do  / search  s sort  v views  q back  ? keys",
        RecordScreen => "Enter open  a do  n add  e change  h history  q back  ? keys",
        FormScreen => "Tab next  Ctrl-S send  Ctrl-E editor  Esc leave  F1 keys",
        MenuScreen { Ticked: not null } => "Space tick  Enter choose  Esc leave",
        MenuScreen => "Enter choose  Esc leave  letters narrow it down",
        PromptScreen => "Enter go on  Esc leave",
        ConfirmScreen => "y yes  n no",
        _ => "Up, Down  q back",
    };
}
