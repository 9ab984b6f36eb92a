using Cete.App.Verbs.Open.Keys;

namespace Cete.App.Verbs.Open.Model;

/// <summary>What keys do where a line is typed, something is asked, or lines are read.</summary>
internal static class Prompts
{
    /// <summary>A key where a line is typed.</summary>
    public static void Press(Turn turn, PromptScreen prompt, Key key)
    {
        switch (key.Kind)
        {
            case KeyKind.Escape:
                turn.Pop();
                break;
            case KeyKind.Enter:
                Enter(turn, prompt);
                break;
            default:
                if (new LineEdit(prompt.Text, prompt.Caret).Press(key, isLong: false) is { } edit)
                {
                    turn.Replace(prompt with { Text = edit.Text, Caret = edit.Caret });
                }

                break;
        }
    }

    /// <summary>A key where something is asked.</summary>
    public static void Press(Turn turn, ConfirmScreen confirm, Key key)
    {
        if (confirm.Ask == 0 && key.Is('y'))
        {
            turn.Pop();
            Send(turn, confirm);
        }
        else if (key.Kind == KeyKind.Escape || key.Is('n') || key.Is('q'))
        {
            turn.Pop();
        }
    }

    /// <summary>A key where lines are read.</summary>
    public static void Press(Turn turn, TextScreen text, Key key)
    {
        var page = Math.Max(1, turn.Model.BodyHeight - 1);
        int? to = key switch
        {
            { Kind: KeyKind.Up } or { Text: "k" } => text.Scroll - 1,
            { Kind: KeyKind.Down } or { Text: "j" } => text.Scroll + 1,
            { Kind: KeyKind.PageUp } => text.Scroll - page,
            { Kind: KeyKind.PageDown } or { Text: " " } => text.Scroll + page,
            { Kind: KeyKind.Home } => 0,
            { Kind: KeyKind.End } => text.Lines.Count,
            _ => null,
        };
        if (to is { } scroll)
        {
            turn.Replace(text with { Scroll = Math.Clamp(scroll, 0, Math.Max(0, text.Lines.Count - 1)) });
        }
        else if (key.Kind is KeyKind.Escape or KeyKind.Enter or KeyKind.Backspace or KeyKind.Left or KeyKind.Help || key.Is('q') || key.Is('?'))
        {
            turn.Pop();
        }
    }

    /// <summary>Sends a command that needs no form; what comes of it is told on this screen.</summary>
    public static void Send(Turn turn, ConfirmScreen confirm)
    {
        var sent = confirm with { Ask = turn.NewAsk() };
        turn.Push(sent);
        turn.Do(new Effect.Write(sent.Ask, sent.Command));
    }

    private static void Enter(Turn turn, PromptScreen prompt)
    {
        if (prompt.Use != PromptUse.Say)
        {
            turn.Pop();
            if (turn.Top is ViewScreen view)
            {
                ViewKeys.Change(turn, prompt.Use == PromptUse.Search ? view with { Search = prompt.Text.Trim() } : view with { Filter = prompt.Text.Trim() });
            }

            return;
        }

        if (prompt.Ask != 0 || prompt.Text.Trim().Length == 0)
        {
            return;
        }

        var form = prompt.Form!;
        var text = turn.Base is ViewScreen talk ? Rows.Key(talk, "text") : null;
        var filled = form with { Fields = [.. form.Fields.Select(field => field.Field.Name == text ? field with { Text = prompt.Text } : field)] };
        var (read, command) = Forms.Read(turn.Scene, filled);
        if (command is null)
        {
            turn.Replace(prompt with { Fault = read.Fields.FirstOrDefault(field => field.Error is not null)?.Error ?? read.Fault });
            return;
        }

        var sent = prompt with { Ask = turn.NewAsk(), Fault = null, Form = form with { Command = command with { Fields = [] } } };
        turn.Replace(sent);
        turn.Do(new Effect.Write(sent.Ask, command));
    }
}
