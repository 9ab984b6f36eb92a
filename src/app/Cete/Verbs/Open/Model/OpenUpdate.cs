using Cete.Api;
using Cete.App.Verbs.Open.Keys;

namespace Cete.App.Verbs.Open.Model;

/// <summary>
/// The client as a state machine: what it is, and something that it is told, give what it becomes and what it wants to be done. It knows no terminal, no
/// network and no clock.
/// </summary>
internal static class OpenUpdate
{
    /// <summary>How it begins: with the views of a service, or with what somebody named.</summary>
    public static (OpenModel Model, IReadOnlyList<Effect> Effects) Begin(OpenModel model, Target? target)
    {
        var turn = new Turn(model);
        turn.Push(Menus.Views(turn.Scene));
        switch (target)
        {
            case { Kind: { } kind, Id: { } id }:
                Asking.OpenRecord(turn, kind, id);
                break;
            case { View: { } view }:
                Asking.OpenView(turn, view);
                break;
            default:
                Asking.OpenView(turn, turn.Scene.Service.Views[0]);
                break;
        }

        return (turn.Model, turn.Effects);
    }

    /// <summary>One step.</summary>
    public static (OpenModel Model, IReadOnlyList<Effect> Effects) Update(OpenModel model, Message message)
    {
        var turn = new Turn(model);
        switch (message)
        {
            case Message.Pressed pressed:
                turn.Model = turn.Model with { Notice = string.Empty, IsFault = false };
                Press(turn, pressed.Key);
                break;
            case Message.Resized size:
                turn.Model = turn.Model with { Width = Math.Max(1, size.Width), Height = Math.Max(1, size.Height) };
                break;
            case Message.Ticked tick:
                turn.Model = turn.Model with { Scene = turn.Scene with { Now = tick.Now } };
                break;
            case Message.Named named:
                turn.Model = turn.Model with { Scene = turn.Scene with { Names = turn.Scene.Names.SetItem(named.Account, named.Name) } };
                break;
            case Message.Live live:
                turn.Model = turn.Model with { IsLive = live.IsLive };
                if (live.HasMissed)
                {
                    Asking.Reload(turn);
                }

                break;
            case Message.Changed changed:
                Answers.Take(turn, changed.Event);
                break;
            case Message.Answered answer:
                Answers.Take(turn, answer);
                break;
            case Message.Edited edited:
                FormKeys.Take(turn, edited);
                break;
        }

        AskNames(turn);
        return (turn.Model, turn.Effects);
    }

    private static void Press(Turn turn, Key key)
    {
        if (key.IsControl('c'))
        {
            turn.Do(new Effect.Quit());
            return;
        }

        if (key.IsControl('l'))
        {
            Asking.Reload(turn);
            return;
        }

        if (key.Kind == KeyKind.Help || (key.Is('?') && turn.Top is not (FormScreen or PromptScreen or MenuScreen { Typed.Length: > 0 })))
        {
            turn.Push(new TextScreen("Keys", HelpTexts.Of(turn.Top)));
            return;
        }

        switch (turn.Top)
        {
            case ViewScreen view:
                ViewKeys.Press(turn, view, key);
                break;
            case RecordScreen record:
                RecordKeys.Press(turn, record, key);
                break;
            case FormScreen form:
                FormKeys.Press(turn, form, key);
                break;
            case MenuScreen menu:
                Menus.Press(turn, menu, key);
                break;
            case PromptScreen prompt:
                Prompts.Press(turn, prompt, key);
                break;
            case ConfirmScreen confirm:
                Prompts.Press(turn, confirm, key);
                break;
            case TextScreen text:
                Prompts.Press(turn, text, key);
                break;
        }
    }

    /// <summary>Back to what lies below, which may have changed meanwhile; out of the program at the bottom.</summary>
    public static void Back(Turn turn)
    {
        if (turn.Pop())
        {
            Asking.Reload(turn);
        }
        else
        {
            turn.Do(new Effect.Quit());
        }
    }

    /// <summary>Accounts that stand in records: as who made them, and in their fields.</summary>
    public static IEnumerable<string> AccountsOf(Scene scene, IEnumerable<RecordInfo> records) => records.SelectMany(record =>
        (scene.Service.Record(record.Kind)?.Fields ?? []).Where(field => field.Type == Cete.Described.FieldType.Account)
            .Select(field => Scene.Raw(record, field.Name)).Append(record.Owner ?? string.Empty)).Where(id => id.Length > 0);

    /// <summary>Accounts that are shown and whose names are not known yet.</summary>
    private static void AskNames(Turn turn)
    {
        const int AtOnce = 50;
        IEnumerable<RecordInfo> shown = turn.Base switch
        {
            ViewScreen view => view.Items,
            RecordScreen record => [.. record.Record is { } one ? (RecordInfo[])[one] : [], .. record.Pointing.SelectMany(each => each.List?.Records ?? [])],
            _ => [],
        };
        string[] asked = [.. AccountsOf(turn.Scene, shown).Where(id => !turn.Model.AskedNames.Contains(id)).Distinct().Take(AtOnce)];
        if (asked.Length > 0)
        {
            turn.Model = turn.Model with { AskedNames = turn.Model.AskedNames.Union(asked) };
            turn.Do(new Effect.Names(asked));
        }
    }
}
