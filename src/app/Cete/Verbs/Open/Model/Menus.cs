using System.Globalization;
using Cete.Api;
using Cete.App.Verbs.Open.Keys;
using Cete.Described;
using Cete.Net;

namespace Cete.App.Verbs.Open.Model;

/// <summary>Menus: views, actions, orders, choices of fields.</summary>
internal static class Menus
{
    private const int ChoicesMax = 100;

    /// <summary>The views of a service.</summary>
    public static MenuScreen Views(Scene scene) => new(
        scene.Say(scene.Service.Title), MenuUse.Views, [.. scene.Service.Views.Select(view => new MenuItem(view.Name, scene.Say(view.Title)))]);

    /// <summary>What a view can be sorted by.</summary>
    public static MenuScreen Sort(Scene scene, ViewScreen view) => new(
        "Sort by", MenuUse.Sort,
        [
            new MenuItem(string.Empty, "as the view does"),
            .. view.Kind!.Fields.Where(IsSortable).Concat(((string[])["created", "updated"]).Select(name => Scene.FieldOf(view.Kind, name)!))
                .SelectMany(field => (MenuItem[])
                    [new(field.Name, $"{scene.Say(field.Title)}, rising"), new("-" + field.Name, $"{scene.Say(field.Title)}, falling")]),
        ]);

    /// <summary>Opens what can be done: to a record, and to none.</summary>
    public static void Actions(Turn turn, RecordKind kind, RecordInfo? record, RecordPermissions? may)
    {
        var menu = new MenuScreen("What to do", MenuUse.Actions, ItemsOf(turn.Scene, may)) { Record = record };
        if (record is not null)
        {
            menu = menu with { Ask = turn.NewAsk() };
            turn.Do(new Effect.May(menu.Ask, kind.Name, record.Id));
        }

        turn.Push(menu);
    }

    /// <summary>What a menu waited for.</summary>
    public static void Take(Turn turn, MenuScreen menu, Message.Answered answer)
    {
        var items = answer.What switch
        {
            RecordPermissions may => [.. ItemsOf(turn.Scene, may), .. menu.Items],
            RecordList list => [.. menu.Items, .. list.Records.Select(record =>
                new MenuItem(record.Id.ToString(CultureInfo.InvariantCulture), turn.Scene.LabelOf(record)))],
            _ => menu.Items,
        };
        turn.Replace(menu, menu with { Ask = 0, Items = items, HasMore = answer.What is RecordList { Next: not null } });
        if (answer.Failure is { } failure)
        {
            turn.Refuse(Forms.Sentence(failure.Message));
        }
    }

    /// <summary>A key is pressed.</summary>
    public static void Press(Turn turn, MenuScreen menu, Key key)
    {
        var (found, page) = (menu.Found, Math.Max(1, turn.Model.BodyHeight - 2));
        int? to = key.Kind switch
        {
            KeyKind.Up => menu.Cursor - 1,
            KeyKind.Down => menu.Cursor + 1,
            KeyKind.PageUp => menu.Cursor - page,
            KeyKind.PageDown => menu.Cursor + page,
            KeyKind.Home => 0,
            KeyKind.End => found.Count - 1,
            _ => null,
        };
        if (to is { } cursor)
        {
            turn.Replace(menu with { Cursor = Math.Clamp(cursor, 0, Math.Max(0, found.Count - 1)) });
            return;
        }

        switch (key)
        {
            case { Kind: KeyKind.Escape } when menu.Typed.Length > 0:
                turn.Replace(menu with { Typed = string.Empty, Cursor = 0 });
                break;
            case { Kind: KeyKind.Escape }:
            case { Text: "q" } when menu is { Typed.Length: 0, Use: MenuUse.Views }:
                Leave(turn);
                break;
            case { Text: " " } when menu.Ticked is { } ticked && menu.Cursor < found.Count:
                var name = found[menu.Cursor].Name;
                turn.Replace(menu with { Ticked = ticked.Contains(name) ? [.. ticked.Where(each => each != name)] : [.. ticked, name] });
                break;
            case { Kind: KeyKind.Enter } when menu.Ticked is { } ticked:
                turn.Pop();
                FormKeys.Fill(turn, string.Join(", ", menu.Items.Select(item => item.Name).Where(ticked.Contains)), string.Empty);
                break;
            case { Kind: KeyKind.Enter } when menu.Cursor < found.Count:
                Choose(turn, menu, found[menu.Cursor]);
                break;
            case { Kind: KeyKind.Backspace } when menu.Typed.Length > 0:
                turn.Replace(menu with { Typed = menu.Typed[..^1], Cursor = 0 });
                break;
            case { Kind: KeyKind.Text }:
                turn.Replace(menu with { Typed = menu.Typed + key.Text.ReplaceLineEndings(" "), Cursor = 0 });
                break;
        }
    }

    /// <summary>Something was chosen.</summary>
    public static void Choose(Turn turn, MenuScreen menu, MenuItem item)
    {
        switch (menu.Use)
        {
            case MenuUse.Views when turn.Scene.Service.Views.FirstOrDefault(view => view.Name == item.Name) is { } view:
                Asking.OpenView(turn, view);
                break;
            case MenuUse.Sort:
                turn.Pop();
                ViewKeys.Change(turn, (ViewScreen)turn.Top with { Sort = item.Name });
                break;
            case MenuUse.Field:
                turn.Pop();
                FormKeys.Fill(turn, item.Name, item.Label);
                break;
            case MenuUse.Add:
                turn.Pop();
                var words = item.Name.Split('.');
                if (turn.Scene.Service.Record(words[0]) is { } kind && menu.Record is { } to)
                {
                    turn.Push(Forms.Create(turn.Scene, kind, new Pin(words[1], to.Id, turn.Scene.LabelOf(to))));
                }

                break;
            case MenuUse.Actions:
                turn.Pop();
                Act(turn, menu, item.Name);
                break;
        }
    }

    /// <summary>Opens the choices of a field of a form.</summary>
    public static void Field(Turn turn, FormScreen form, FormField at)
    {
        var (scene, field) = (turn.Scene, at.Field);
        var menu = new MenuScreen(scene.Say(field.Title), MenuUse.Field, field.IsRequired ? [] : [new MenuItem(string.Empty, "(nothing)")]);
        switch (field.Type)
        {
            case FieldType.Select or FieldType.MultiSelect:
                var options = Reached(scene, form, at).Select(option => new MenuItem(option.Name, scene.Say(option.Title)));
                turn.Push(field.Type == FieldType.MultiSelect
                    ? menu with { Items = [.. options], Ticked = at.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) }
                    : Picked(menu with { Items = [.. menu.Items, .. options] }, at.Text));
                break;
            case FieldType.Boolean:
                turn.Push(Picked(menu with { Items = [new MenuItem("true", "yes"), new MenuItem("false", "no")] }, at.Text));
                break;
            case FieldType.Relation when scene.Service.Record(field.To ?? string.Empty) is { } to:
                var ask = turn.NewAsk();
                turn.Do(new Effect.Records(ask, to.Name, new RecordAsk
                {
                    Sort = to.Label is { } label && IsSortable(label) ? label.Name : null,
                    Limit = ChoicesMax,
                }));
                turn.Push(menu with { Ask = ask });
                break;
        }
    }

    /// <summary>States are chosen among those that can be reached.</summary>
    private static IEnumerable<FieldOption> Reached(Scene scene, FormScreen form, FormField at)
    {
        var states = form.Command.What == CommandKind.Update ? scene.Service.Record(form.Command.Name)?.States : null;
        return states?.Field != at.Field.Name ? at.Field.Options : at.Field.Options.Where(
            option => option.Name == at.Original || states.Moves.GetValueOrDefault(at.Original)?.Contains(option.Name) == true);
    }

    private static MenuScreen Picked(MenuScreen menu, string name) =>
        menu with { Cursor = Math.Max(0, menu.Items.ToList().FindIndex(item => item.Name == name)) };

    private static MenuItem[] ItemsOf(Scene scene, RecordPermissions? may) =>
        [.. (may?.Actions ?? []).Select(scene.Service.Action).OfType<ActionDescriptor>().Select(action => new MenuItem(action.Name, scene.Say(action.Title)))];

    private static void Act(Turn turn, MenuScreen menu, string name)
    {
        if (turn.Scene.Service.Action(name) is not { } action)
        {
            return;
        }

        var form = Forms.Act(turn.Scene, action, action.On is null ? null : menu.Record);
        if (action.Input.Count > 0)
        {
            turn.Push(form);
        }
        else if (form.Warning.Length > 0)
        {
            turn.Push(new ConfirmScreen(form.Title, form.Warning, form.Command));
        }
        else
        {
            Prompts.Send(turn, new ConfirmScreen(form.Title, string.Empty, form.Command));
        }
    }

    private static void Leave(Turn turn)
    {
        if (!turn.Pop())
        {
            turn.Do(new Effect.Quit());
        }
        else
        {
            Asking.Reload(turn);
        }
    }

    private static bool IsSortable(FieldDescriptor field) =>
        field.Read is null && field.Type is not (FieldType.Sealed or FieldType.MultiSelect or FieldType.Formula or FieldType.File or FieldType.Account);
}
