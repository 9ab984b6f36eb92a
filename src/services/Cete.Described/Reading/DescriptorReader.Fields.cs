using System.Globalization;
using Cete.Expressions;
using Cete.Hocon;

namespace Cete.Described;

/// <content>Fields of records and forms.</content>
public sealed partial class DescriptorReader
{
    /// <summary>A field of which name and type are known, before expressions are.</summary>
    private sealed record FieldDraft(string Name, FieldType Type, string? To, Section? Section);

    private List<FieldDraft> ReadFields(Section section, string key, RecordType type, bool isForm)
    {
        List<FieldDraft> drafts = [];
        foreach (var (name, value) in section.Members(key, DescriptorLimits.FieldsMax, Names.IsField, Names.FieldForm))
        {
            var path = $"{section.PathOf(key)}.{name}";
            if (Names.OfEveryRecord.Contains(name))
            {
                _problems.Add(value.Origin, path, $"every record has '{name}' by itself", "take another name");
            }
            else if (ReadDraft(name, value, path) is { } draft)
            {
                if (isForm && draft.Type == FieldType.Formula)
                {
                    _problems.Add(value.Origin, path, "nobody types in what is computed", "leave it out");
                    continue;
                }

                drafts.Add(draft);
                if (FieldTypes.ToExpressionType(draft.Type, draft.To is null ? null : _types.GetValueOrDefault(draft.To)) is { } shape)
                {
                    type.Add(name, shape);
                }
            }
        }

        return drafts;
    }

    private FieldDraft? ReadDraft(string name, HoconValue value, string path)
    {
        var section = value is HoconObject inner ? new Section(inner, path, _problems) : null;
        var written = section is null ? (value as HoconScalar)?.Text : section.Text("type");
        if (written is null)
        {
            _problems.Add(value.Origin, path, "has no type", $"there are {string.Join(", ", FieldTypes.All)}");
            return null;
        }

        if (FieldTypes.Find(written) is not { } type)
        {
            _problems.Add(
                section?.OriginOf("type") ?? value.Origin, path, $"there is no type '{Section.Show(written)}'", Nearest.Hint(written, FieldTypes.All));
            return null;
        }

        var to = section?.Text("to");
        if (type == FieldType.Relation && (to is null || !_types.ContainsKey(to)))
        {
            _problems.Add(
                section?.OriginOf("to") ?? value.Origin, path,
                to is null ? "a relation needs the kind of record that it points to" : $"there are no records '{Section.Show(to)}'",
                to is null ? $"write {name} {{ type = relation, to = ... }}" : Nearest.Hint(to, _types.Keys));
            return null;
        }

        return new FieldDraft(name, type, to, section);
    }

    private FieldDescriptor Finish(FieldDraft draft, RecordType record, bool isForm)
    {
        var field = new FieldDescriptor(draft.Name, draft.Type, Words.Of(Titled(draft.Name))) { To = draft.To };
        if (draft.Section is not { } section)
        {
            return RequireOptions(field, null);
        }

        field = field with
        {
            Title = section.Words("title") ?? field.Title,
            Help = section.Words("help") ?? field.Help,
            IsRequired = section.Flag("required"),
            IsReadOnly = section.Flag("read-only"),
            IsHidden = section.Flag("hidden"),
            Editor = section.Choice("editor", Editors) ?? string.Empty,
            Display = section.Choice("display", Displays) ?? string.Empty,
            Options = ReadOptions(section, draft.Type),
            Min = ReadBound(section, "min", draft.Type),
            Max = ReadBound(section, "max", draft.Type),
            Pattern = ReadPattern(section, draft.Type),
            OnDelete = draft.Type == FieldType.Relation && section.Choice("on-delete", OnDeletes) is { } word
                ? Enum.Parse<OnDelete>(word, ignoreCase: true) : OnDelete.Keep,
            Was = isForm ? null : section.Text("was", DescriptorLimits.NameLengthMax),
        };
        field = ReadFieldRules(field, section, record, isForm);
        field = field with { Default = ReadDefault(section, field) };
        if (draft.Type == FieldType.Rating)
        {
            field = field with { Min = field.Min ?? 1, Max = field.Max ?? 5 };
        }

        if (draft.Type == FieldType.Formula)
        {
            field = field with { Formula = ReadFormula(section, record), IsReadOnly = true };
        }

        if (field.Min > field.Max)
        {
            section.Wrong("min", "is more than max");
        }

        section.Close();
        return RequireOptions(field, section);
    }

    private FieldDescriptor RequireOptions(FieldDescriptor field, Section? section)
    {
        if (field is { Type: FieldType.Select or FieldType.MultiSelect, Options.Count: 0 } && section?.Has("options") != true)
        {
            var at = section?.Origin ?? _root.Origin;
            _problems.Add(at, section?.Path ?? field.Name, $"'{field.Name}' needs choices", $"write {field.Name} {{ type = select, options = [a, b] }}");
        }

        return field;
    }

    private FieldDescriptor ReadFieldRules(FieldDescriptor field, Section section, RecordType record, bool isForm)
    {
        if (isForm || section.Below("rules") is not { } rules)
        {
            return field;
        }

        var scope = _scopes.With(("record", record));
        var (read, write) = (rules.Has("read"), rules.Has("write"));
        field = field with
        {
            Read = read ? ReadRule(rules, "read", scope, isFilter: true) : null,
            Write = write ? ReadRule(rules, "write", scope, isFilter: false) : null,
        };
        rules.Close();
        return field;
    }

    private Expression? ReadFormula(Section section, RecordType record)
    {
        if (section.Expression("value", _scopes.With(("record", record))) is not { } formula)
        {
            if (!section.Has("value"))
            {
                section.Wrong("value", "a formula needs what it comes to", "write value = \"record.price * record.count\"");
            }

            return null;
        }

        if (formula.WhyNotSql("record") is { } reason)
        {
            section.Wrong("value", $"the database cannot compute this: {reason.Message}");
        }

        return formula;
    }

    private Operand? ReadDefault(Section section, FieldDescriptor field) =>
        section.Find("default") is { } value ? ReadOperand(value, section.PathOf("default"), field, _scopes.Plain()) : null;

    /// <summary>A value that is written out, or an expression behind '='.</summary>
    private Operand? ReadOperand(HoconValue value, string path, FieldDescriptor field, ExpressionScope scope)
    {
        if (value is HoconScalar { Kind: HoconKind.String, Text: ['=', ..] })
        {
            var expected = FieldTypes.ToExpressionType(field.Type, field.To is null ? null : _types.GetValueOrDefault(field.To));
            return ExpressionReading.Compile(_problems, value, path, scope, expected, skip: 1) is { } expression ? new Operand(Value.Null, expression) : null;
        }

        var text = value is HoconArray many ? string.Join(',', many.OfType<HoconScalar>().Select(each => each.Text))
            : value is HoconScalar { Kind: not HoconKind.Null } one ? one.Text : string.Empty;
        var read = FieldText.Read(field.Type, text);
        if ((read.Failure ?? (read.Value.IsNull ? null : FieldRules.Check(field, read.Value))) is { } failure)
        {
            _problems.Add(value.Origin, path, failure.Message, "an expression begins with '='");
            return null;
        }

        return new Operand(read.Value, null);
    }

    private static List<FieldOption> ReadOptions(Section section, FieldType type)
    {
        List<FieldOption> options = [];
        switch (section.Find("options"))
        {
            case null:
                return options;
            case not null when type is not (FieldType.Select or FieldType.MultiSelect):
                section.Wrong("options", "only a select has choices");
                return options;
            case HoconArray array:
                options.AddRange(array.OfType<HoconScalar>().Select(each => new FieldOption(each.Text, Words.Of(Titled(each.Text)))));
                break;
            case HoconObject:
                var titled = section.Below("options")!;
                options.AddRange(titled.Keys.Select(name => new FieldOption(name, titled.Words(name) ?? Words.Of(Titled(name)))));
                break;
            default:
                section.Wrong("options", "is to be an array of names, or an object of names and titles", "write options = [a, b]");
                return options;
        }

        if (options.Count is 0 or > DescriptorLimits.OptionsMax)
        {
            section.Wrong("options", $"a select has 1 to {DescriptorLimits.OptionsMax} choices");
        }

        foreach (var wrong in options.Where(option => !Names.IsWord(option.Name) && !IsPlainOption(option.Name)))
        {
            section.Wrong("options", $"'{Section.Show(wrong.Name)}' is no name of a choice", "a choice is up to 64 letters, digits, blanks, '-', '_' and '.'");
        }

        if (options.GroupBy(option => option.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            section.Wrong("options", $"'{twice.Key}' stands there twice");
        }

        return options;
    }

    private static bool IsPlainOption(string name) =>
        name.Length is > 0 and <= 64 && name.Trim() == name && name.All(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_' or '.');

    /// <summary>A bound in the form in which values are kept; of texts and choices, how many.</summary>
    private static long? ReadBound(Section section, string key, FieldType type)
    {
        if (section.Text(key) is not { } text)
        {
            return null;
        }

        var counted = FieldTypes.IsText(type) || type == FieldType.MultiSelect ? FieldType.Integer : type;
        var read = FieldText.Read(counted, text);
        if (read is not { Succeeded: true, Value: { IsNull: false } value } || value.Kind is ValueKind.Bool or ValueKind.List or ValueKind.Text)
        {
            section.Wrong(key, read.Failure?.Message ?? $"means nothing for the type {FieldTypes.NameOf(type)}");
            return null;
        }

        if (FieldTypes.IsText(type) && value.Number is < 0 or > DescriptorLimits.TextLengthMax)
        {
            section.Wrong(key, $"is to be between 0 and {DescriptorLimits.TextLengthMax.ToString(CultureInfo.InvariantCulture)}");
            return null;
        }

        return value.Number;
    }

    private static string? ReadPattern(Section section, FieldType type)
    {
        const int PatternLengthMax = 200;
        if (section.Text("pattern", PatternLengthMax) is not { } pattern)
        {
            return null;
        }

        if (!FieldTypes.IsText(type) || type is FieldType.Select or FieldType.Sealed)
        {
            section.Wrong("pattern", "only texts have one");
        }
        else if (FieldRules.Pattern(pattern) is null)
        {
            section.Wrong("pattern", "is no regular expression that can be matched in bounded time", "look-around and back references cannot");
        }

        return pattern;
    }
}
