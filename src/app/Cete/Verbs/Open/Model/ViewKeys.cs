using Cete.App.Verbs.Open.Keys;

namespace Cete.App.Verbs.Open.Model;

/// <summary>What keys do in a view.</summary>
internal static class ViewKeys
{
    /// <summary>A key is pressed.</summary>
    public static void Press(Turn turn, ViewScreen view, Key key)
    {
        if (Move(turn, view, key))
        {
            return;
        }

        switch (key)
        {
            case { Kind: KeyKind.Enter }:
                Open(turn, view);
                break;
            case { Kind: KeyKind.Escape } when view.Search.Length + view.Filter.Length > 0 || view.IsDeleted:
                Change(turn, view with { Search = string.Empty, Filter = string.Empty, IsDeleted = false });
                break;
            case { Kind: KeyKind.Escape or KeyKind.Backspace } or { Text: "q" }:
                OpenUpdate.Back(turn);
                break;
            case { Kind: KeyKind.Tab }:
                Next(turn, view, 1);
                break;
            case { Kind: KeyKind.BackTab }:
                Next(turn, view, -1);
                break;
            case { Text: "v" }:
                turn.Push(Menus.Views(turn.Scene));
                break;
            case { Text: "/" }:
                turn.Push(new PromptScreen("Search for", PromptUse.Search, view.Search) { Caret = view.Search.Length });
                break;
            case { Text: "f" }:
                turn.Push(new PromptScreen("Filter, as record.state == 'open'", PromptUse.Filter, view.Filter) { Caret = view.Filter.Length });
                break;
            case { Text: "s" }:
                turn.Push(Menus.Sort(turn.Scene, view));
                break;
            case { Text: "r" }:
                Asking.Reload(turn);
                break;
            case { Text: "n" or "w" }:
                Add(turn, view);
                break;
            case { Text: "a" }:
                Menus.Actions(turn, view.Kind!, PickedOf(turn, view), view.May);
                break;
            case { Text: "d" }:
                Change(turn, view with { IsDeleted = !view.IsDeleted });
                break;
            case { Text: "[" or "]" } when view.Shape == "calendar":
                Change(turn, view with { Month = Bounded(view.Month, key.Text == "[" ? -1 : 1) });
                break;
        }
    }

    /// <summary>The record that is picked; null for none.</summary>
    public static Cete.Api.RecordInfo? PickedOf(Turn turn, ViewScreen view) =>
        Rows.Of(view, turn.Scene) is var rows && view.Cursor < rows.Count ? rows[view.Cursor].Record : null;

    /// <summary>The view is asked for otherwise: from its beginning.</summary>
    public static void Change(Turn turn, ViewScreen view)
    {
        turn.Replace(view with { Items = [], Groups = [], Next = null, Total = null, Cursor = 0, Ask = 0, IsLoaded = false, Fault = null });
        Asking.Reload(turn);
    }

    private static bool Move(Turn turn, ViewScreen view, Key key)
    {
        var count = view.Shape == "chart" && !view.IsDeleted ? view.Groups.Count : view.Items.Count;
        var (last, page) = (Math.Max(0, count - 1), Math.Max(1, turn.Model.BodyHeight - 2));
        int? to = key switch
        {
            { Kind: KeyKind.Up } or { Text: "k" } => view.Cursor - 1,
            { Kind: KeyKind.Down } or { Text: "j" } => view.Cursor + 1,
            { Kind: KeyKind.PageUp } => view.Cursor - page,
            { Kind: KeyKind.PageDown } or { Text: " " } => view.Cursor + page,
            { Kind: KeyKind.Home } or { Text: "g" } => 0,
            { Kind: KeyKind.End } or { Text: "G" } => last,
            { Kind: KeyKind.Left or KeyKind.Right } when view is { Shape: "board", IsDeleted: false } => Beside(turn, view, key.Kind == KeyKind.Left ? -1 : 1),
            _ => null,
        };
        if (to is not { } cursor)
        {
            return false;
        }

        turn.Replace(view with { Cursor = Math.Clamp(cursor, 0, last) });

        // Who comes to the end of what is there goes on; a talk goes on at its beginning.
        if (Rows.IsTurned(view) ? cursor <= 0 : cursor >= last)
        {
            Asking.More(turn);
        }

        return true;
    }

    /// <summary>The row of the column beside, at the same height.</summary>
    private static int Beside(Turn turn, ViewScreen view, int step)
    {
        var rows = Rows.Of(view, turn.Scene);
        if (view.Cursor >= rows.Count)
        {
            return view.Cursor;
        }

        var columns = Rows.Columns(view).ToList();
        var here = rows[view.Cursor].Group;
        var height = rows.Take(view.Cursor).Count(row => row.Group == here);
        for (var at = columns.IndexOf(here) + step; at >= 0 && at < columns.Count; at += step)
        {
            var first = rows.ToList().FindIndex(row => row.Group == columns[at]);
            if (first >= 0)
            {
                return first + Math.Min(height, rows.Count(row => row.Group == columns[at]) - 1);
            }
        }

        return view.Cursor;
    }

    private static void Open(Turn turn, ViewScreen view)
    {
        if (view is { Shape: "chart", IsDeleted: false })
        {
            return;
        }

        if (PickedOf(turn, view) is not { } record)
        {
            return;
        }

        if (view.IsDeleted)
        {
            var restore = new RecordCommand(CommandKind.Restore, view.Kind!.Name, record.Id);
            turn.Push(new ConfirmScreen("Bring back", $"Bring {turn.Scene.LabelOf(record)} back?", restore));
            return;
        }

        Asking.OpenRecord(turn, view.Kind!, record.Id);
    }

    private static void Add(Turn turn, ViewScreen view)
    {
        if (view.Kind!.Rules.Create.IsClosed || view.May is { Create: false })
        {
            turn.Refuse($"You may not add to {turn.Scene.Say(view.Kind.Title)}; 'cete login' may help.");
            return;
        }

        var form = Forms.Create(turn.Scene, view.Kind, view.Pin);
        var text = view.Shape == "chat" ? Rows.Key(view, "text") : null;
        var isLine = text is not null && form.Fields.All(field => field.IsFixed || field.Field.Name == text || !field.Field.IsRequired);
        turn.Push(isLine
            ? new PromptScreen("Say", PromptUse.Say, string.Empty) { Form = form }
            : form with { GoesOn = view.Pin is null && view.Shape is not ("chat" or "tree") });
    }

    /// <summary>The view beside, of those of the service.</summary>
    private static void Next(Turn turn, ViewScreen view, int step)
    {
        var views = turn.Scene.Service.Views.Where(each => ViewShapes.Of(each) is not ("form" or "page")).ToList();
        if (view.Pin is not null || views.Count < 2)
        {
            return;
        }

        var at = views.IndexOf(view.View);
        turn.Pop();
        Asking.OpenView(turn, views[(at + step + views.Count) % views.Count]);
    }

    private static DateOnly Bounded(DateOnly month, int step) =>
        month.Year is > 1 and < 9999 ? month.AddMonths(step) : step > 0 == month.Year <= 1 ? month.AddMonths(step) : month;
}
