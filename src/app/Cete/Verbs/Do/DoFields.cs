using System.Text.Json.Nodes;
using Cete.App.Verbs.Open.Model;
using Cete.Core;
using Cete.Described;

namespace Cete.App.Verbs.Do;

/// <summary>Reads the fields that a script gives, all of them, so that all that is wrong is told at once.</summary>
internal static class DoFields
{
    /// <summary>The command, or everything that is wrong, a line a field.</summary>
    /// <param name="plan">What is to be done.</param>
    /// <param name="zone">Where moments without a zone are.</param>
    /// <param name="read">Reads a file that stands behind '@'.</param>
    public static Outcome<RecordCommand> Read(DoPlan plan, TimeZoneInfo zone, Func<string, Outcome<string>> read)
    {
        var (json, accounts, wrong) = (new JsonObject(), new List<string>(), new List<string>());
        foreach (var (name, text) in plan.Given)
        {
            if (plan.Fields.FirstOrDefault(field => field.Name == name) is not { } field)
            {
                wrong.Add(Unknown(plan, name));
                continue;
            }

            if (json.ContainsKey(name))
            {
                wrong.Add($"{name} is given twice");
                continue;
            }

            var typed = !text.StartsWith('@') ? text : text.StartsWith("@@", StringComparison.Ordinal) ? text[1..] : read(text[1..]);
            var value = typed.Succeeded ? FieldInput.Read(field, typed.Value, zone) : new Failure(typed.Failure.Kind, $"{name}: {typed.Failure.Message}");
            if (!value.Succeeded)
            {
                wrong.Add(value.Failure.Message);
                json[name] = null;
                continue;
            }

            json[name] = value.Value;
            if (FieldInput.IsAccountName(field, typed.Value))
            {
                accounts.Add(name);
            }
        }

        if (plan.What is CommandKind.Create or CommandKind.Act)
        {
            wrong.AddRange(plan.Fields.Where(field => field is { IsRequired: true, Default: null } && !json.ContainsKey(field.Name) && !IsStart(plan, field))
                .Select(field => $"{field.Name} is needed"));
        }

        if (plan.What == CommandKind.Update && plan.Given.Count == 0)
        {
            wrong.Add($"say what is to be changed, as {plan.Fields.Select(field => field.Name).FirstOrDefault("field")}=VALUE");
        }

        return wrong.Count > 0
            ? new Failure(FailureKind.Invalid, string.Join('\n', wrong))
            : new RecordCommand(plan.What, plan.Action?.Name ?? plan.Kind!.Name, plan.Id) { Fields = json, Accounts = accounts };
    }

    private static bool IsStart(DoPlan plan, FieldDescriptor field) => plan.Action is null && plan.Kind?.States?.Field == field.Name;

    private static string Unknown(DoPlan plan, string name)
    {
        var shown = EntryName.Show(name.Length > 40 ? name[..40] : name);
        return plan.Kind?.Field(name) is { } known && plan.Action is null && (known.IsReadOnly || !known.IsStored) ? $"{shown} is set by the service itself"
            : plan.Fields.Count == 0 ? $"{shown}: no fields are given here"
            : $"{shown} is no field here; there are {string.Join(", ", plan.Fields.Select(field => field.Name))}";
    }
}
