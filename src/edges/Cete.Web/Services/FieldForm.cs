using System.Globalization;
using Cete.Core;
using Cete.Described;
using Cete.Expressions;
using Cete.Web.Pages.Accounts;
using Cete.Web.Pages.Services;

namespace Cete.Web.Services;

/// <summary>Fields of a description as fields of a form, and back.</summary>
internal static class FieldForm
{
    /// <summary>The revision that was seen by whoever filled a form in; 0 where it does not say.</summary>
    public static long RevisionIn(PageForm form) => long.TryParse(form["revision"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? seen : 0;

    /// <summary>The fields that somebody fills in who makes a record, or changes it.</summary>
    public static IEnumerable<FieldDescriptor> Editable(RecordKind kind, RecordView? record) => kind.Fields.Where(field =>
        field.IsStored && !field.IsReadOnly && field.Write is not { IsClosed: true }

        // What is not shown is filled in where it must be, and how a record begins is not for anybody to choose.
        && (!field.IsHidden || field is { IsRequired: true, Default: null })
        && (record is not null || kind.States?.Field != field.Name));

    /// <summary>A field as it stands before anything is typed.</summary>
    public static FieldInput Begin(FieldDescriptor field, RecordView? record)
    {
        var value = record is not null ? record.Get(field.Name) : field.Default is { Expression: null } otherwise ? otherwise.Value : Value.Null;
        var text = FieldText.Write(value);
        return new FieldInput(field, field.Type == FieldType.DateTime ? text.TrimEnd('Z') : text)
        {
            Chosen = field.Type == FieldType.MultiSelect ? [.. value.AsList.Select(item => item.AsText)] : [],
        };
    }

    /// <summary>A field with what was typed, and what is wrong with it.</summary>
    public static FieldInput Read(FieldDescriptor field, PageForm form, ServiceScene scene)
    {
        var given = form.Values("f." + field.Name);
        if (field.Type == FieldType.MultiSelect)
        {
            return Checked(new FieldInput(field, string.Join(", ", given)) { Chosen = given }, scene);
        }

        var text = given.Count > 0 ? given[0] : string.Empty;
        text = field.Type switch
        {
            FieldType.Boolean => given.Contains("true") ? "true" : "false",
            FieldType.Markdown or FieldType.Sealed => text.ReplaceLineEndings("\n"),
            FieldType.Account => AccountId.TryParse(text.Trim(), out _) ? text.Trim() : scene.AccountOf(text.Trim())?.ToString() ?? text.Trim(),
            _ when IsLong(field) => text.ReplaceLineEndings("\n").Trim(),
            _ => text.Trim(),
        };
        return Checked(new FieldInput(field, text), scene);
    }

    /// <summary>What a field hands in.</summary>
    public static InputValue InputOf(FieldInput input) => input.Field.Type == FieldType.MultiSelect ? InputValue.Of(input.Chosen)
        : input.Text.Length == 0 ? InputValue.None
        : InputValue.Of(input.Text);

    /// <summary>Something else stands in it than in another one.</summary>
    public static bool Differs(FieldInput one, FieldInput other) =>
        one.Field.Type == FieldType.MultiSelect ? !one.Chosen.Order().SequenceEqual(other.Chosen.Order())
            : one.Field.Type == FieldType.Boolean ? (one.Text == "true") != (other.Text == "true")
            : one.Text != other.Text;

    /// <summary>Text of several lines.</summary>
    public static bool IsLong(FieldDescriptor field) =>
        field.Type is FieldType.Markdown or FieldType.Sealed or FieldType.Recurrence || field.Editor is "lines" or "markdown";

    /// <summary>A failure of the service beside the field that it names; the fields as they are where it names none.</summary>
    public static (IReadOnlyList<FieldInput> Fields, bool IsNamed) Blame(IReadOnlyList<FieldInput> fields, Failure failure, ServiceScene scene)
    {
        var at = fields.FirstOrDefault(input => Rest(input.Field, failure.Message) is not null);
        return at is null || failure.Kind is not (FailureKind.Invalid or FailureKind.TooLarge or FailureKind.Forbidden or FailureKind.Conflict)
            ? (fields, false)
            : ([.. fields.Select(input => input == at ? input with { Error = Said(input.Field, failure, scene) } : input)], true);
    }

    private static FieldInput Checked(FieldInput input, ServiceScene scene)
    {
        var field = input.Field;
        var value = field.Type == FieldType.MultiSelect
            ? input.Chosen.Count == 0 ? Value.Null : Value.OfList([.. input.Chosen.Select(Value.Of)])
            : FieldText.Read(field.Type, input.Text);
        var wrong = !value.Succeeded ? value.Failure : value.Value.IsNull && input.IsComputed ? null : FieldRules.Check(field, value.Value);
        return wrong is null ? input : input with { Error = Said(field, wrong, scene) };
    }

    /// <summary>What is wrong in a sentence that begins with what people call the field.</summary>
    private static string Said(FieldDescriptor field, Failure failure, ServiceScene scene)
    {
        var rest = Rest(field, failure.Message);
        var text = rest is not null ? scene.Say(field.Title) + rest : failure.Message;
        return Pages.Texts.Show(text.EndsWith('.') ? text : text + ".");
    }

    /// <summary>What an error says behind the name of the field; null where it begins with something else.</summary>
    private static string? Rest(FieldDescriptor field, string message) =>
        message.StartsWith(field.Name, StringComparison.Ordinal) && message.Length > field.Name.Length && message[field.Name.Length] is ' ' or ':'
            ? message[field.Name.Length..]
            : null;
}
