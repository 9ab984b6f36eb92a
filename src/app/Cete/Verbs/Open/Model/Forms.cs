using System.Text.Json.Nodes;
using Cete.Api;
using Cete.App.Verbs.Open.Text;
using Cete.Core;
using Cete.Described;

namespace Cete.App.Verbs.Open.Model;

/// <summary>Forms: made of descriptions, read, and sent.</summary>
internal static class Forms
{
    /// <summary>A form for a new record, that hangs on another one where it was opened from there.</summary>
    public static FormScreen Create(Scene scene, RecordKind kind, Pin? pin)
    {
        var fields = FieldInput.Editable(kind, isNew: true).Select(field => pin is not null && field.Name == pin.Field
            ? new FormField(field, pin.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), string.Empty) { Label = pin.Label, IsFixed = true }
            : Begin(scene, field, FieldInput.Begin(field))).ToArray();
        return Focused(new FormScreen($"Add to {scene.Say(kind.Title)}", new RecordCommand(CommandKind.Create, kind.Name, null), fields) { Button = "Add" });
    }

    /// <summary>A form for what is to be changed of a record.</summary>
    public static FormScreen Update(Scene scene, RecordKind kind, RecordInfo record) => Focused(new FormScreen(
        $"Change {scene.LabelOf(record)}", new RecordCommand(CommandKind.Update, kind.Name, record.Id) { Revision = record.Revision },
        [.. FieldInput.Editable(kind, isNew: false).Where(field => record.Fields.ContainsKey(field.Name))
            .Select(field => Begin(scene, field, Scene.Raw(record, field.Name)) with
            {
                Label = record.Labels is { } labels && labels.TryGetValue(field.Name, out var label) ? CellText.Line(label) : string.Empty,
            })]));

    /// <summary>A form for what an action asks.</summary>
    public static FormScreen Act(Scene scene, ActionDescriptor action, RecordInfo? record) => Focused(new FormScreen(
        scene.Say(action.Title) + (record is null ? string.Empty : $": {scene.LabelOf(record)}"), new RecordCommand(CommandKind.Act, action.Name, record?.Id),
        [.. action.Input.Select(field => Begin(scene, field, FieldInput.Begin(field)))])
    {
        Button = scene.Say(action.Title),
        Warning = scene.Say(action.Confirm),
    });

    /// <summary>Reads what was typed: the command that does it, or the form with what is wrong. Null for a command where nothing was changed.</summary>
    public static (FormScreen Form, RecordCommand? Command) Read(Scene scene, FormScreen form)
    {
        var isUpdate = form.Command.What == CommandKind.Update;
        var fields = new JsonObject();
        List<string> accounts = [];
        List<FormField> read = [];
        foreach (var field in form.Fields)
        {
            var value = FieldInput.Read(field.Field, field.Text, scene.Zone);

            // What stood there before the description was changed may stay.
            if (isUpdate && field.Text == field.Original)
            {
                read.Add(field with { Error = null });
                continue;
            }

            read.Add(field with { Error = value.Succeeded ? null : Said(scene, field.Field, value.Failure) });

            // What the description gives by itself is left to it: a field that only some may set is not to be set by all.
            var isGiven = !isUpdate && field.Text == field.Original && (field.Field.Default is not null || field.Field.Write is not null);
            if (value.Succeeded && !isGiven && (value.Value is not null || isUpdate))
            {
                fields[field.Field.Name] = value.Value;
                if (FieldInput.IsAccountName(field.Field, field.Text))
                {
                    accounts.Add(field.Field.Name);
                }
            }
        }

        var done = form with { Fields = read, Fault = null };
        var wrong = read.FindIndex(field => field.Error is not null);
        return wrong >= 0 ? (done with { Focus = wrong, Fault = "Something is to be corrected; nothing was sent yet." }, null)
            : (done, isUpdate && fields.Count == 0 ? null : form.Command with { Fields = fields, Accounts = accounts });
    }

    /// <summary>The form with why the service refused it, beside the field that it names.</summary>
    public static FormScreen Blame(Scene scene, FormScreen form, Failure failure)
    {
        var at = form.Fields.ToList().FindIndex(field => FieldInput.Blame(field.Field, failure, scene) is not null);
        return at < 0 ? form with { Ask = 0, Fault = Sentence(failure.Message) } : form with
        {
            Ask = 0,
            Focus = at,
            Fault = "Something is to be corrected; nothing was done.",
            Fields = [.. form.Fields.Select((field, i) => i == at ? field with { Error = Said(scene, field.Field, failure) } : field)],
        };
    }

    /// <summary>The form with what others have made of the record meanwhile. Sent once more it counts.</summary>
    public static FormScreen Beside(Scene scene, FormScreen form, RecordInfo now) => form with
    {
        Ask = 0,
        Command = form.Command with { Revision = now.Revision },
        Fault = "Somebody has changed it meanwhile; look at what stands there now, and save again what you want to stand.",
        Fields =
        [
            .. form.Fields.Select(field =>
            {
                var theirs = FieldInput.Typed(field.Field, Scene.Raw(now, field.Field.Name), scene.Zone);
                return theirs == field.Original ? field
                    : field.Text == field.Original ? field with { Text = theirs, Original = theirs, Theirs = null, Caret = theirs.Length }
                    : field with { Original = theirs, Theirs = scene.Short(field.Field, now) is { Length: > 0 } said ? said : "nothing" };
            }),
        ],
    };

    /// <summary>An error as a sentence that a terminal shows.</summary>
    public static string Sentence(string message)
    {
        var line = CellText.Line(message);
        return line.Length == 0 ? line : char.ToUpperInvariant(line[0]) + line[1..] + (line[^1] is '.' or '!' or '?' ? string.Empty : ".");
    }

    private static FormField Begin(Scene scene, FieldDescriptor field, string raw)
    {
        var typed = FieldInput.Typed(field, raw, scene.Zone);
        if (field.Type == FieldType.Boolean && typed.Length == 0)
        {
            typed = "false";
        }

        return new FormField(field, typed, typed) { Caret = typed.Length };
    }

    /// <summary>One begins where something is to be filled in.</summary>
    private static FormScreen Focused(FormScreen form) => form with { Focus = Math.Max(0, form.Fields.ToList().FindIndex(field => !field.IsFixed)) };

    private static string Said(Scene scene, FieldDescriptor field, Failure failure) =>
        Sentence(FieldInput.Blame(field, failure, scene) ?? CellText.Line(failure.Message));
}
