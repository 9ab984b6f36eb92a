using System.Text;
using Cete.Core;
using Cete.Described.Proto;
using Cete.Expressions;
using Cete.Formats.Calendars;

namespace Cete.Described;

/// <summary>A value as somebody handed it in, before it is known what it is for: a text, some texts, or nothing.</summary>
/// <param name="Text">The text; null where there are several, or nothing.</param>
/// <param name="List">Several.</param>
public readonly record struct InputValue(string? Text, IReadOnlyList<string>? List)
{
    /// <summary>Nothing.</summary>
    public static InputValue None => default;

    /// <summary>A text.</summary>
    public static InputValue Of(string text) => new(text, null);

    /// <summary>Several.</summary>
    public static InputValue Of(IReadOnlyList<string> list) => new(null, list);
}

/// <summary>What somebody does to a field.</summary>
public enum EditKind
{
    /// <summary>Gives it a value.</summary>
    Set,

    /// <summary>Counts it up, or down.</summary>
    Add,

    /// <summary>Puts choices into it.</summary>
    Put,

    /// <summary>Takes choices out of it.</summary>
    Take,
}

/// <summary>A change of one field.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Kind">What is done to it.</param>
/// <param name="Value">By which value.</param>
public sealed record FieldEdit(string Field, EditKind Kind, InputValue Value);

/// <summary>
/// Turns what people hand in into values: done by the node that takes it in, since it needs Unicode's tables. Whatever is wrong is said by the name of the
/// field; what a field allows is looked at by every replica again.
/// </summary>
internal static class InputReading
{
    private const int ItemsMax = 1_000;

    public static Outcome<List<NamedValue>> Read(IReadOnlyList<FieldDescriptor> fields, IEnumerable<KeyValuePair<string, InputValue>> given, string what)
    {
        List<NamedValue> read = [];
        foreach (var (name, input) in given)
        {
            var value = Find(fields, name, what) is { Succeeded: true, Value: var field } ? Read(field, input) : Find(fields, name, what).Failure!;
            if (!value.Succeeded)
            {
                return value.Failure;
            }

            read.Add(new NamedValue { Name = name, Value = Wire.ToMessage(value.Value) });
        }

        return read;
    }

    public static Outcome<List<FieldChange>> Read(IReadOnlyList<FieldDescriptor> fields, IReadOnlyList<FieldEdit> edits, string what)
    {
        List<FieldChange> read = [];
        foreach (var edit in edits)
        {
            var found = Find(fields, edit.Field, what);
            var value = found.Succeeded ? Read(found.Value, edit.Value) : found.Failure;
            if (!value.Succeeded)
            {
                return value.Failure;
            }

            var change = new FieldChange { Name = edit.Field };
            switch (edit.Kind)
            {
                case EditKind.Add:
                    change.Add = value.Value.Number;
                    break;
                case EditKind.Put:
                    change.Put = new TextList { Items = { value.Value.AsList.Select(item => item.AsText) } };
                    break;
                case EditKind.Take:
                    change.Take = new TextList { Items = { value.Value.AsList.Select(item => item.AsText) } };
                    break;
                default:
                    change.Set = Wire.ToMessage(value.Value);
                    break;
            }

            read.Add(change);
        }

        return read;
    }

    private static Outcome<FieldDescriptor> Find(IReadOnlyList<FieldDescriptor> fields, string name, string what) =>
        fields.FirstOrDefault(field => field.Name == name && field.IsStored) is { } found
            ? found
            : new Failure(
                FailureKind.Invalid,
                $"{what} have no field '{Section.Show(name)}' to be set; "
                + Nearest.Hint(name, [.. fields.Where(each => each.IsStored).Select(each => each.Name)]));

    private static Outcome<Value> Read(FieldDescriptor field, InputValue input)
    {
        if (input.List is { } list)
        {
            return field.Type != FieldType.MultiSelect ? new Failure(FailureKind.Invalid, $"{field.Name} takes one value")
                : list.Count > ItemsMax ? new Failure(FailureKind.TooLarge, $"{field.Name} takes {ItemsMax} choices at most")
                : list.Count == 0 ? Value.Null
                : Value.OfList([.. list.Select(item => Value.Of(Normal(item)))]);
        }

        if (input.Text is not { } text)
        {
            return Value.Null;
        }

        if (text.Length > 2 * DescriptorLimits.TextLengthMax)
        {
            return new Failure(FailureKind.TooLarge, $"{field.Name} has {text.Length} characters; {DescriptorLimits.TextLengthMax} is the most");
        }

        var read = FieldText.Read(field.Type, FieldTypes.IsText(field.Type) ? Normal(Trimmed(field, text)) : text);
        return !read.Succeeded ? new Failure(FailureKind.Invalid, $"{field.Name}: {read.Failure.Message}")
            : field.Type == FieldType.TimeZone && !read.Value.IsNull && CalendarZones.Find(read.Value.AsText) is null
                ? new Failure(FailureKind.Invalid, $"{field.Name}: there is no time zone '{Section.Show(text)}'; it is called as Europe/Berlin")
            : read;
    }

    /// <summary>Forms send line ends as two characters, and people leave blanks at the ends of lines.</summary>
    private static string Trimmed(FieldDescriptor field, string text) => field.Type switch
    {
        FieldType.Markdown => text.ReplaceLineEndings("\n"),
        FieldType.Sealed => text,
        FieldType.Recurrence => text.ReplaceLineEndings("\n").Trim(),
        _ => field.Editor == "lines" ? text.ReplaceLineEndings("\n").Trim() : text.Trim(),
    };

    /// <summary>NFC, so that what looks alike is alike. A half of a pair of surrogates has no form: the constraints refuse what takes its place.</summary>
    private static string Normal(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            return "\uFFFD";
        }
    }
}
