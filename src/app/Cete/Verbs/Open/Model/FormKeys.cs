using Cete.App.Verbs.Open.Keys;
using Cete.Described;

namespace Cete.App.Verbs.Open.Model;

/// <summary>What keys do in a form.</summary>
internal static class FormKeys
{
    /// <summary>A key is pressed.</summary>
    public static void Press(Turn turn, FormScreen form, Key key)
    {
        if (form.Ask != 0 && key.Kind != KeyKind.Escape)
        {
            return;
        }

        var isAtButton = form.Focus >= form.Fields.Count;
        switch (key)
        {
            case { Kind: KeyKind.Escape } when form is { IsChanged: true, IsLeaving: false, Ask: 0 }:
                turn.Replace(form with { IsLeaving = true });
                turn.Refuse("Escape once more leaves, and what you typed is lost.");
                break;
            case { Kind: KeyKind.Escape }:
                OpenUpdate.Back(turn);
                break;
            case { Text: "^s" }:
            case { Kind: KeyKind.Enter } when isAtButton:
                Send(turn, form);
                break;
            case { Kind: KeyKind.Tab }:
            case { Kind: KeyKind.Down } when isAtButton || !IsMoving(form, key):
                Go(turn, form, 1);
                break;
            case { Kind: KeyKind.BackTab }:
            case { Kind: KeyKind.Up } when isAtButton || !IsMoving(form, key):
                Go(turn, form, -1);
                break;
            default:
                if (!isAtButton)
                {
                    Edit(turn, form, form.Fields[form.Focus], key);
                }

                break;
        }
    }

    /// <summary>Text comes back from an editor.</summary>
    public static void Take(Turn turn, Message.Edited edited)
    {
        if (turn.Top is not FormScreen form || form.Ask != edited.Ask)
        {
            return;
        }

        turn.Replace(form with { Ask = 0 });
        if (edited.Failure is { } failure)
        {
            turn.Refuse(Forms.Sentence(failure.Message));
        }
        else if (edited.Text is { } text)
        {
            var isLong = FieldInput.IsLong(form.Fields[form.Focus].Field);
            Fill(turn, isLong ? text.ReplaceLineEndings("\n").TrimEnd('\n') : text.ReplaceLineEndings(" ").Trim(), string.Empty);
        }
    }

    /// <summary>The field where one is has another value.</summary>
    public static void Fill(Turn turn, string text, string label)
    {
        if (turn.Top is FormScreen form && form.Focus < form.Fields.Count)
        {
            Put(turn, form, form.Fields[form.Focus] with { Text = text, Label = text.Length > 0 ? label : string.Empty, Caret = text.Length, Error = null });
        }
    }

    /// <summary>A field whose value is chosen and not typed.</summary>
    public static bool IsChosen(FieldDescriptor field) =>
        field.Type is FieldType.Select or FieldType.MultiSelect or FieldType.Boolean or FieldType.Relation;

    private static void Edit(Turn turn, FormScreen form, FormField at, Key key)
    {
        if (at.IsFixed)
        {
            if (key.Kind == KeyKind.Enter)
            {
                Go(turn, form, 1);
            }

            return;
        }

        if (key.IsControl('e') && !IsChosen(at.Field))
        {
            var ask = turn.NewAsk();
            turn.Replace(form with { Ask = ask });
            turn.Do(new Effect.Edit(ask, at.Text, at.Field.Type == FieldType.Markdown ? ".md" : ".txt"));
        }
        else if (IsChosen(at.Field))
        {
            if (at.Field.Type == FieldType.Boolean && key is { Text: " " } or { Kind: KeyKind.Left or KeyKind.Right })
            {
                Fill(turn, at.Text == "true" ? "false" : "true", string.Empty);
            }
            else if (key.Kind is KeyKind.Enter or KeyKind.Right || key.Is(' '))
            {
                Menus.Field(turn, form, at);
            }
        }
        else if (key.Kind == KeyKind.Enter && !FieldInput.IsLong(at.Field))
        {
            Go(turn, form, 1);
        }
        else if (new LineEdit(at.Text, at.Caret).Press(key, FieldInput.IsLong(at.Field)) is { } edit)
        {
            Put(turn, form, at with { Text = edit.Text, Caret = edit.Caret, Error = edit.Text == at.Text ? at.Error : null });
        }
    }

    /// <summary>Up and down move within a text of several lines, as long as there are more.</summary>
    private static bool IsMoving(FormScreen form, Key key) => form.Fields[form.Focus] is var at
        && FieldInput.IsLong(at.Field) && new LineEdit(at.Text, at.Caret).Press(key, isLong: true) is not null;

    private static void Go(Turn turn, FormScreen form, int step)
    {
        var count = form.Fields.Count + 1;
        var at = form.Focus;
        do
        {
            at = (at + step + count) % count;
        }
        while (at < form.Fields.Count && form.Fields[at].IsFixed);
        turn.Replace(form with { Focus = at, IsLeaving = false });
    }

    private static void Put(Turn turn, FormScreen form, FormField field) => turn.Replace(form with
    {
        IsLeaving = false,
        Fields = [.. form.Fields.Select((each, i) => i == form.Focus ? field : each)],
    });

    private static void Send(Turn turn, FormScreen form)
    {
        var (read, command) = Forms.Read(turn.Scene, form);
        if (command is null)
        {
            turn.Replace(read);
            if (read.Fault is null)
            {
                OpenUpdate.Back(turn);
                turn.Say("Nothing was changed.");
            }

            return;
        }

        var sent = read with { Ask = turn.NewAsk() };
        turn.Replace(sent);
        turn.Do(new Effect.Write(sent.Ask, command));
    }
}
