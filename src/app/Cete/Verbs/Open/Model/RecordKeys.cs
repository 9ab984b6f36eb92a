using Cete.App.Verbs.Open.Drawing;
using Cete.App.Verbs.Open.Keys;

namespace Cete.App.Verbs.Open.Model;

/// <summary>What keys do at a record.</summary>
internal static class RecordKeys
{
    /// <summary>A key is pressed.</summary>
    public static void Press(Turn turn, RecordScreen screen, Key key)
    {
        var lines = RecordLayout.Lines(turn.Scene, screen, turn.Model.Width);
        if (Move(lines, screen.Cursor, turn.Model.BodyHeight, key) is { } cursor)
        {
            turn.Replace(screen with { Cursor = Math.Clamp(cursor, 0, Math.Max(0, lines.Count - 1)) });
            return;
        }

        switch (key)
        {
            case { Kind: KeyKind.Escape or KeyKind.Backspace or KeyKind.Left } or { Text: "q" }:
                OpenUpdate.Back(turn);
                break;
            case { Kind: KeyKind.Enter or KeyKind.Right } when screen.Cursor < lines.Count:
                Follow(turn, lines[screen.Cursor].Stop);
                break;
            case { Text: "r" }:
                Asking.Reload(turn);
                break;
            case { Text: "v" }:
                turn.Push(Menus.Views(turn.Scene));
                break;
            case { Text: "e" } when screen.Record is { } record:
                if (screen.May is { Update: false })
                {
                    turn.Refuse("You may not change this.");
                }
                else
                {
                    turn.Push(Forms.Update(turn.Scene, screen.Kind, record));
                }

                break;
            case { Text: "a" } when screen.Record is { } record:
                Menus.Actions(turn, screen.Kind, record, null);
                break;
            case { Text: "n" } when screen.Record is not null:
                Add(turn, screen);
                break;
            case { Text: "h" }:
                var ask = turn.NewAsk();
                turn.Do(new Effect.History(ask, screen.Kind.Name, screen.Id));
                turn.Push(new TextScreen("What happened to it", ["..."]) { Ask = ask, Kind = screen.Kind });
                break;
            case { Kind: KeyKind.Delete } or { Text: "D" } when screen.Record is { } record:
                if (screen.May is { Delete: false })
                {
                    turn.Refuse("You may not delete this.");
                }
                else
                {
                    turn.Push(new ConfirmScreen(
                        "Delete", $"Delete {turn.Scene.LabelOf(record)}?",
                        new RecordCommand(CommandKind.Delete, screen.Kind.Name, screen.Id) { Revision = record.Revision }));
                }

                break;
        }
    }

    private static int? Move(IReadOnlyList<RecordLine> lines, int cursor, int height, Key key)
    {
        var page = Math.Max(1, height - 2);
        return key switch
        {
            { Kind: KeyKind.Up } or { Text: "k" } => cursor - 1,
            { Kind: KeyKind.Down } or { Text: "j" } => cursor + 1,
            { Kind: KeyKind.PageUp } => cursor - page,
            { Kind: KeyKind.PageDown } or { Text: " " } => cursor + page,
            { Kind: KeyKind.Home } or { Text: "g" } => 0,
            { Kind: KeyKind.End } or { Text: "G" } => lines.Count - 1,
            { Kind: KeyKind.Tab } => Stop(lines, cursor, 1),
            { Kind: KeyKind.BackTab } => Stop(lines, cursor, -1),
            _ => null,
        };
    }

    /// <summary>The next line that leads somewhere.</summary>
    private static int Stop(IReadOnlyList<RecordLine> lines, int cursor, int step)
    {
        for (var tried = 1; tried <= lines.Count; tried++)
        {
            var at = (((cursor + (step * tried)) % lines.Count) + lines.Count) % lines.Count;
            if (lines[at].Stop is not null)
            {
                return at;
            }
        }

        return cursor;
    }

    private static void Follow(Turn turn, Stop? stop)
    {
        switch (stop)
        {
            case Stop.ToRecord to when turn.Scene.Service.Record(to.Kind) is { } kind:
                Asking.OpenRecord(turn, kind, to.Id);
                break;
            case Stop.ToList to:
                Asking.OpenView(turn, ViewShapes.ForKind(turn.Scene.Service, to.Kind), to.Pin);
                break;
        }
    }

    /// <summary>Adds something that hangs on the record.</summary>
    private static void Add(Turn turn, RecordScreen screen)
    {
        MenuItem[] kinds =
        [
            .. screen.Pointing.Where(each => !each.Kind.Rules.Create.IsClosed && !each.Field.IsReadOnly)
                .Select(each => new MenuItem($"{each.Kind.Name}.{each.Field.Name}", turn.Scene.Say(each.Kind.Title))),
        ];
        if (kinds.Length == 0)
        {
            turn.Refuse("Nothing is added to this.");
            return;
        }

        var menu = new MenuScreen("Add to", MenuUse.Add, kinds) { Record = screen.Record };
        turn.Push(menu);
        if (kinds.Length == 1)
        {
            Menus.Choose(turn, menu, kinds[0]);
        }
    }
}
