using Cete.Api;
using Cete.App.Verbs.Open.Text;
using Cete.Core;

namespace Cete.App.Verbs.Open.Model;

/// <summary>Takes up what was answered, and what happened meanwhile.</summary>
internal static class Answers
{
    /// <summary>Records that a list holds: what is beyond is for a filter.</summary>
    private const int ItemsMax = 2_000;

    /// <summary>Something was answered. Who asked may be gone: then it is for nobody.</summary>
    public static void Take(Turn turn, Message.Answered answer)
    {
        var found = turn.Model.Screens.LastOrDefault(screen => screen switch
        {
            ViewScreen view => view.Ask == answer.Ask || view.MayAsk == answer.Ask,
            RecordScreen record => record.Ask == answer.Ask || record.MayAsk == answer.Ask || record.Pointing.Any(each => each.Ask == answer.Ask),
            FormScreen form => form.Ask == answer.Ask,
            MenuScreen menu => menu.Ask == answer.Ask,
            PromptScreen prompt => prompt.Ask == answer.Ask,
            ConfirmScreen confirm => confirm.Ask == answer.Ask,
            TextScreen text => text.Ask == answer.Ask,
            _ => false,
        });
        switch (found)
        {
            case ViewScreen view:
                Take(turn, view, answer);
                break;
            case RecordScreen record:
                Take(turn, record, answer);
                break;
            case FormScreen or PromptScreen or ConfirmScreen when answer.What is WrittenAnswer written:
                Written(turn, found, written);
                break;
            case FormScreen form:
                Take(turn, form, answer);
                break;
            case PromptScreen prompt:
                turn.Replace(prompt, prompt with { Ask = 0, Fault = Said(answer) });
                break;
            case ConfirmScreen:
                if (ReferenceEquals(turn.Top, found))
                {
                    OpenUpdate.Back(turn);
                }

                turn.Refuse(Said(answer));
                break;
            case MenuScreen menu:
                Menus.Take(turn, menu, answer);
                break;
            case TextScreen { Kind: { } kind } text:
                turn.Replace(text, text with
                {
                    Ask = 0,
                    Lines = answer.What is RecordHistory history ? HistoryTexts.Of(turn.Scene, kind, history) : [Said(answer)],
                });
                break;
        }
    }

    /// <summary>Something happened to a record of the service: whatever is shown may hang on it.</summary>
    public static void Take(Turn turn, RecordEventInfo told)
    {
        if (turn.Base is ViewScreen { Items.Count: > Asking.AtOnce } view && view.Kind?.Name == told.Kind)
        {
            // A long list is not read again: what stands in it changes where it stands.
            var isGone = told.Record is null;
            turn.Replace(view, view with
            {
                Items = [.. view.Items.Where(item => !isGone || item.Id != told.Id).Select(item => item.Id == told.Id ? told.Record! : item)],
            });
            return;
        }

        Asking.Reload(turn);
    }

    private static void Take(Turn turn, ViewScreen view, Message.Answered answer)
    {
        if (answer.Ask == view.MayAsk)
        {
            turn.Replace(view, view with { May = answer.What as RecordPermissions });
            return;
        }

        var next = view with { Ask = 0, IsLoaded = true, Fault = answer.Failure is null ? null : Said(answer) };
        if (answer.What is RecordGroupList groups)
        {
            next = next with { Groups = groups.Groups };
        }
        else if (answer.What is RecordList page)
        {
            next = Filled(turn.Scene, view, next, page);
        }

        turn.Replace(view, next);
        if (view.IsStale && ReferenceEquals(turn.Base, next))
        {
            Asking.Reload(turn);
        }
    }

    /// <summary>The view with what came. Whoever has picked a row goes on with its record; whoever is at the end of a talk stays at its end.</summary>
    private static ViewScreen Filled(Scene scene, ViewScreen before, ViewScreen next, RecordList page)
    {
        var rows = Rows.Of(before, scene);
        var picked = before.Cursor < rows.Count ? rows[before.Cursor].Record.Id : 0;
        var wasAtEnd = before.Cursor >= rows.Count - 1;
        next = next with
        {
            Items = before.IsMore ? [.. before.Items.Concat(page.Records).DistinctBy(item => item.Id).Take(ItemsMax)] : page.Records,
            Next = before.IsMore && before.Items.Count + page.Records.Count >= ItemsMax ? null : page.Next,
            Total = before.IsMore ? before.Total : page.Total,
        };
        var now = Rows.Of(next, scene);
        var at = now.ToList().FindIndex(row => row.Record.Id == picked);
        var isTalk = next.Shape == "chat" && (wasAtEnd || !before.IsLoaded) && !before.IsMore;
        return next with { Cursor = isTalk ? Math.Max(0, now.Count - 1) : at >= 0 ? at : Math.Clamp(before.Cursor, 0, Math.Max(0, now.Count - 1)) };
    }

    private static void Take(Turn turn, RecordScreen screen, Message.Answered answer)
    {
        if (answer.Ask == screen.MayAsk)
        {
            turn.Replace(screen, screen with { May = answer.What as RecordPermissions, MayAsk = 0 });
            return;
        }

        if (answer.Ask != screen.Ask)
        {
            turn.Replace(screen, screen with
            {
                Pointing = [.. screen.Pointing.Select(each => each.Ask == answer.Ask ? each with { Ask = 0, List = answer.What as RecordList } : each)],
            });
            return;
        }

        var record = answer.What as RecordInfo;
        var next = screen with
        {
            Ask = 0,
            Record = record ?? (answer.Failure?.Kind == FailureKind.NotFound ? null : screen.Record),
            Title = record is null ? screen.Title : turn.Scene.LabelOf(record),
            Fault = answer.Failure is null ? null : Said(answer),
        };
        turn.Replace(screen, next);
        if (screen.IsStale && ReferenceEquals(turn.Base, next))
        {
            Asking.Reload(turn);
        }
    }

    private static void Take(Turn turn, FormScreen form, Message.Answered answer)
    {
        if (answer.What is RecordInfo now)
        {
            turn.Replace(form, Forms.Beside(turn.Scene, form, now));
        }
        else if (answer.Failure is { Kind: FailureKind.Conflict } && form.Command is { What: CommandKind.Update, Id: { } id })
        {
            // Somebody was faster, or the new values clash with another record: what stands there now tells which.
            var ask = turn.NewAsk();
            turn.Do(new Effect.Record(ask, form.Command.Name, id));
            turn.Replace(form, Forms.Blame(turn.Scene, form, answer.Failure) with { Ask = ask });
        }
        else
        {
            turn.Replace(form, Forms.Blame(turn.Scene, form, answer.Failure!));
        }
    }

    /// <summary>A command was carried out.</summary>
    private static void Written(Turn turn, Screen from, WrittenAnswer written)
    {
        var (command, goesOn) = from switch
        {
            FormScreen form => (form.Command, form.GoesOn),
            PromptScreen prompt => (prompt.Form!.Command, false),
            _ => (((ConfirmScreen)from).Command, false),
        };
        if (!ReferenceEquals(turn.Top, from))
        {
            return;
        }

        if (from is PromptScreen talk)
        {
            // Whoever talks goes on.
            turn.Replace(talk with { Ask = 0, Text = string.Empty, Caret = 0, Fault = null });
            Asking.Reload(turn);
            return;
        }

        turn.Pop();
        if (command.What == CommandKind.Delete && turn.Top is RecordScreen gone && gone.Id == command.Id)
        {
            turn.Pop();
        }

        turn.Say(command.What switch
        {
            CommandKind.Create => "It is added.",
            CommandKind.Update => "It is changed.",
            CommandKind.Delete => "It is deleted; for a time it can be brought back.",
            CommandKind.Restore => "It is back.",
            _ => "Done.",
        });
        if (goesOn && command.What == CommandKind.Create && turn.Scene.Service.Record(command.Name) is { } kind)
        {
            Asking.OpenRecord(turn, kind, written.Id);
        }
        else
        {
            Asking.Reload(turn);
        }
    }

    private static string Said(Message.Answered answer) => Forms.Sentence(CellText.Line(answer.Failure?.Message ?? "nothing came"));
}
