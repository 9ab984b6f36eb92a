using System.Globalization;
using Cete.App.Output;
using Cete.App.Verbs.Open.Drawing;
using Cete.App.Verbs.Open.Keys;
using Cete.App.Verbs.Open.Model;
using Cete.App.Verbs.Open.Running;
using Cete.App.Verbs.Open.Text;

namespace Cete.App.Verbs.Open.Plain;

/// <summary>
/// The same client, line by line, for terminals that cannot be drawn upon and for those who have a screen read to them: what there is is printed with
/// numbers, a number opens, a letter is a key.
/// </summary>
/// <param name="desk">Does what the model wants.</param>
internal sealed class LineMode(ServiceDesk desk)
{
    private const int Width = 80;
    private const int LinesOfText = 2_000;

    private OpenModel _model = null!;
    private bool _isOver;

    /// <summary>Runs until the user ends it; returns the exit code.</summary>
    public async Task<int> RunAsync(Scene scene, Target? target, CancellationToken stop)
    {
        var (model, effects) = OpenUpdate.Begin(new OpenModel(scene, Width, 1_000), target);
        _model = model;
        await DoAsync(effects, stop);
        while (!_isOver && !stop.IsCancellationRequested)
        {
            if (_model.Top is FormScreen)
            {
                await FormAsync(stop);
                continue;
            }

            Show();
            if (Ask(Hint()) is not { } line)
            {
                break;
            }

            await TakeAsync(line.Trim(), stop);
        }

        return stop.IsCancellationRequested ? ExitCodes.Cancelled : ExitCodes.Ok;
    }

    private static string? Ask(string prompt)
    {
        Console.Write(prompt);
        return Console.ReadLine();
    }

    private string Hint() => _model.Top switch
    {
        ConfirmScreen => "y or n> ",
        MenuScreen => "number, or b for back> ",
        TextScreen => "b for back> ",
        PromptScreen prompt => CellText.Line(prompt.Title) + "> ",
        ViewScreen => "number, n add, a NUMBER do, /WORDS, + more, v views, b back, q end> ",
        _ => "number, n add, a do, e change, h history, D delete, b back, q end> ",
    };

    private async Task TakeAsync(string line, CancellationToken stop)
    {
        switch (_model.Top)
        {
            case PromptScreen when line.Length == 0 || line == "b":
            case TextScreen or ConfirmScreen when line is "b" or "n" or "":
                await PressAsync(new Key(KeyKind.Escape), stop);
                break;
            case PromptScreen:
                await PressAsync(new Key(KeyKind.Text, line), stop);
                await PressAsync(new Key(KeyKind.Enter), stop);
                break;
            case not ConfirmScreen when line == "q":
                _isOver = true;
                break;
            case not ConfirmScreen when line == "b":
                await PressAsync(new Key(KeyKind.Escape), stop);
                break;
            case ViewScreen when line == "+":
                await PressAsync(new Key(KeyKind.End), stop);
                break;
            case ViewScreen when line.StartsWith('/'):
                await PressAsync(new Key(KeyKind.Text, "/"), stop);
                await PressAsync(new Key(KeyKind.Control, "^u"), stop);
                await PressAsync(new Key(KeyKind.Text, line[1..].Trim()), stop);
                await PressAsync(new Key(KeyKind.Enter), stop);
                break;
            default:
                await PickAsync(line, stop);
                break;
        }
    }

    /// <summary>A number, with a letter before it or not; or a letter.</summary>
    private async Task PickAsync(string line, CancellationToken stop)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 0 && int.TryParse(words[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Moves(number) is { } moves)
        {
            await PressAsync(new Key(KeyKind.Home), stop);
            for (var i = 0; i < moves; i++)
            {
                await PressAsync(new Key(KeyKind.Down), stop);
            }

            await PressAsync(words.Length == 1 ? new Key(KeyKind.Enter) : new Key(KeyKind.Text, words[0]), stop);
        }
        else if (words is [{ Length: 1 } letter] && _model.Top is not MenuScreen)
        {
            await PressAsync(new Key(KeyKind.Text, letter), stop);
        }
        else if (line.Length > 0)
        {
            Console.WriteLine("That is no number that stands here, and no key.");
        }
    }

    /// <summary>How often one goes down for a number; null where there is none.</summary>
    private int? Moves(int number) => _model.Top switch
    {
        ViewScreen view when number >= 1 && number <= Rows.Of(view, _model.Scene).Count => number - 1,
        MenuScreen menu when number >= 1 && number <= menu.Found.Count => number - 1,
        RecordScreen record => RecordLayout.Lines(_model.Scene, record, Width).Index().Where(line => line.Item.Stop is not null)
            .Skip(number - 1).Select(line => (int?)line.Index).FirstOrDefault(),
        _ => null,
    };

    private void Show()
    {
        Console.WriteLine();
        if (_model.Notice.Length > 0)
        {
            Console.WriteLine((_model.IsFault ? "! " : string.Empty) + CellText.Line(_model.Notice));
        }

        var number = 0;
        switch (_model.Top)
        {
            case ViewScreen { Items.Count: > 0 } view when view.Shape != "chart":
                Console.WriteLine(CellText.Line(view.Title));
                foreach (var row in Rows.Of(view, _model.Scene))
                {
                    number++;
                    var field = Scene.Shown(view.View, view.Kind!).FirstOrDefault(FieldInput.IsLong);
                    var text = field is null ? string.Empty : _model.Scene.Short(field, row.Record);
                    var group = row.Group.Length > 0 ? $"[{CellText.Line(row.Group)}] " : string.Empty;
                    Console.WriteLine($"{number,4}  {new string(' ', 2 * Math.Min(row.Depth, 10))}{group}{_model.Scene.LabelOf(row.Record)}"
                        + $"  {(text.Length > 0 ? text : ViewDrawing.Facts(_model.Scene, view, row.Record))}");
                }

                break;
            case RecordScreen record:
                foreach (var line in RecordLayout.Lines(_model.Scene, record, Width))
                {
                    Console.WriteLine($"{(line.Stop is null ? string.Empty : (++number).ToString(CultureInfo.InvariantCulture)),4}  {line.Line.ToString().TrimEnd()}");
                }

                break;
            case MenuScreen menu:
                Console.WriteLine(CellText.Line(menu.Title));
                foreach (var item in menu.Found)
                {
                    Console.WriteLine($"{++number,4}  {item.Label}");
                }

                break;
            case PromptScreen prompt:
                Console.WriteLine(prompt.Fault ?? string.Empty);
                break;
            default:
                Print(OpenDrawing.Draw(_model with { Height = LinesOfText }));
                break;
        }
    }

    /// <summary>What is between the title and the keys.</summary>
    private static void Print(Frame frame)
    {
        foreach (var line in frame.ToString().Split('\n')[..^2].Where(line => line.Length > 0))
        {
            Console.WriteLine(line);
        }
    }

    /// <summary>Asks one field after the other, then sends it.</summary>
    private async Task FormAsync(CancellationToken stop)
    {
        var form = (FormScreen)_model.Top;
        Console.WriteLine();
        Console.WriteLine($"{CellText.Line(form.Title)}  (an empty line keeps what is there, '-' empties it, Ctrl-D leaves)");
        for (var i = 0; i < form.Fields.Count && _model.Top is FormScreen now; i++)
        {
            var field = now.Fields[i];
            if (field.IsFixed || (form.Fault is not null && field.Error is null && form.Fields.Any(each => each.Error is not null)))
            {
                continue;
            }

            _model = _model with { Screens = [.. _model.Screens.Take(_model.Screens.Count - 1), now with { Focus = i }] };
            if (field.Error is { } error)
            {
                Console.WriteLine("! " + error);
            }

            if (!await FieldAsync(field, stop))
            {
                await PressAsync(new Key(KeyKind.Escape), stop);
                await PressAsync(new Key(KeyKind.Escape), stop);
                return;
            }
        }

        if (form.Warning.Length > 0 && Ask($"{form.Warning} y or n> ")?.Trim() != "y")
        {
            await PressAsync(new Key(KeyKind.Escape), stop);
            await PressAsync(new Key(KeyKind.Escape), stop);
            return;
        }

        await PressAsync(new Key(KeyKind.Control, "^s"), stop);
        if (_model.Top is FormScreen { Fault: { } fault } after)
        {
            Console.WriteLine("! " + fault);
            if (after.Fields.All(each => each.Error is null) && Ask("Again? y or n> ")?.Trim() != "y")
            {
                await PressAsync(new Key(KeyKind.Escape), stop);
                await PressAsync(new Key(KeyKind.Escape), stop);
            }
        }
    }

    /// <summary>Asks one field; false when whoever is asked leaves.</summary>
    private async Task<bool> FieldAsync(FormField field, CancellationToken stop)
    {
        var title = _model.Scene.Say(field.Field.Title) + (field.Field.IsRequired ? " *" : string.Empty);
        if (FormKeys.IsChosen(field.Field))
        {
            await PressAsync(new Key(KeyKind.Enter), stop);
            if (_model.Top is not MenuScreen menu)
            {
                return true;
            }

            foreach (var (at, item) in menu.Items.Index())
            {
                Console.WriteLine($"{at + 1,4}  {item.Label}");
            }

            var chosen = Ask($"{title}, by number{(menu.Ticked is null ? string.Empty : "s, with blanks between")}> ");
            foreach (var word in (chosen ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Moves(number) is { } moves)
                {
                    _model = _model with { Screens = [.. _model.Screens.Take(_model.Screens.Count - 1), (MenuScreen)_model.Top with { Cursor = moves }] };
                    await PressAsync(menu.Ticked is null ? new Key(KeyKind.Enter) : new Key(KeyKind.Text, " "), stop);
                }
            }

            if (_model.Top is MenuScreen)
            {
                await PressAsync(new Key(menu.Ticked is null ? KeyKind.Escape : KeyKind.Enter), stop);
            }

            return chosen is not null;
        }

        var isLong = FieldInput.IsLong(field.Field);
        var now = field.Text.Length > 0 && !isLong ? $" [{CellText.Line(field.Text)}]" : string.Empty;
        var line = Ask(isLong ? $"{title}, lines until one with a dot alone:\n" : $"{title}{now}> ");
        if (line is null)
        {
            return false;
        }

        if (line.Length > 0 && line != ".")
        {
            await FillAsync(isLong && line != "-" ? Long(line) : line, stop);
        }

        return true;
    }

    private async Task FillAsync(string text, CancellationToken stop)
    {
        var turn = new Turn(_model);
        FormKeys.Fill(turn, text == "-" ? string.Empty : text, string.Empty);
        _model = turn.Model;
        await DoAsync(turn.Effects, stop);
    }

    private static string Long(string first)
    {
        List<string> lines = [first];
        while (lines.Count < LinesOfText && Console.ReadLine() is { } line && line != ".")
        {
            lines.Add(line);
        }

        return string.Join('\n', lines);
    }

    private async Task PressAsync(Key key, CancellationToken stop)
    {
        var (model, effects) = OpenUpdate.Update(_model, new Message.Pressed(key));
        _model = model;
        await DoAsync(effects, stop);
    }

    /// <summary>Does all that is wanted, and what is wanted then.</summary>
    private async Task DoAsync(IReadOnlyList<Effect> effects, CancellationToken stop)
    {
        Queue<Effect> open = new(effects);
        while (open.TryDequeue(out var effect))
        {
            if (effect is Effect.Quit)
            {
                _isOver = true;
                return;
            }

            foreach (var message in await desk.RunAsync(effect, stop) ?? [])
            {
                var (model, more) = OpenUpdate.Update(_model, message);
                _model = model;
                foreach (var one in more)
                {
                    open.Enqueue(one);
                }
            }
        }
    }
}
