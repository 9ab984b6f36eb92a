using Cete.Expressions;
using Cete.Hocon;

namespace Cete.Described;

/// <content>Kinds of records and their fields.</content>
public sealed partial class DescriptorReader
{
    private static readonly string[] Editors = ["line", "lines", "markdown", "choice", "radio", "toggle", "stars", "slider", "picker"];
    private static readonly string[] Displays = ["text", "markdown", "badge", "stars", "bar", "link", "image", "code", "ago"];
    private static readonly string[] OnDeletes = ["keep", "clear", "cascade", "deny"];

    private List<RecordKind> ReadRecords()
    {
        var drafts = new List<(string Name, Section Section)>();
        foreach (var (name, value) in _root.Members("records", DescriptorLimits.RecordsMax, Names.IsField, Names.FieldForm))
        {
            if (Names.IsReservedForKinds(name))
            {
                _problems.Add(value.Origin, "records", $"'{name}' means something else in expressions", "take another name");
            }
            else if (value is HoconObject inner)
            {
                var type = new RecordType(name);
                ExpressionScopes.AddCommon(type);
                _types.Add(name, type);
                drafts.Add((name, new Section(inner, $"records.{name}", _problems)));
            }
            else
            {
                _problems.Add(value.Origin, $"records.{name}", "is to be an object", "write { fields { ... } }");
            }
        }

        if (drafts.Count == 0 && !_problems.HasErrors)
        {
            _problems.Add(_root.Origin, string.Empty, "there are no records", "describe at least one kind: records { notes { fields { title = text } } }");
        }

        // First all fields of all kinds, so that expressions can read any of them.
        var fields = drafts.ConvertAll(draft => ReadFields(draft.Section, "fields", _types[draft.Name], isForm: false));
        return [.. drafts.Select((draft, i) => ReadRecord(draft.Name, draft.Section, fields[i]))];
    }

    private RecordKind ReadRecord(string name, Section section, List<FieldDraft> drafts)
    {
        var type = _types[name];
        var fields = drafts.ConvertAll(draft => Finish(draft, type, isForm: false));
        var label = section.Text("label");
        var found = label is null ? fields.Find(field => field.Type == FieldType.Text) : fields.Find(field => field.Name == label);
        if (label is not null && found is not { Type: FieldType.Text or FieldType.Select or FieldType.Link or FieldType.Email })
        {
            section.Wrong("label", $"there is no field of text '{Section.Show(label)}'", Nearest.Hint(label, [.. fields.Select(field => field.Name)]));
        }

        var kind = new RecordKind(name, section.Words("title") ?? Words.Of(Titled(name)), type)
        {
            Fields = fields,
            Label = found,
            Rules = ReadRules(section, type),
            Price = ReadPrice(section, _scopes.With(("record", type))),
            Search = ReadSearch(section, fields, found),
            Indexes = ReadFieldLists(section, "indexes", fields),
            Unique = ReadFieldLists(section, "unique", fields),
            States = ReadStates(section, fields),
            KeepsHistory = section.Flag("history", otherwise: true),
            KeepsDeleted = section.Span("keep-deleted", TimeSpan.Zero, TimeSpan.FromDays(3650)) ?? TimeSpan.FromDays(30),
            Was = ReadWas(section, _types.Keys),
            Drops = section.Names("drops", DescriptorLimits.FieldsMax),
        };
        if (fields.Count == 0)
        {
            section.Wrong("fields", "a kind of record needs fields", "write fields { title = text }");
        }

        section.Close();
        return kind;
    }

    private static string? ReadWas(Section section, IReadOnlyCollection<string> taken)
    {
        var was = section.Text("was", DescriptorLimits.NameLengthMax);
        if (was is not null && taken.Contains(was))
        {
            section.Wrong("was", $"'{was}' is there still", "name what it was called in the version before");
        }

        return was;
    }

    private RecordRules ReadRules(Section section, RecordType type)
    {
        if (section.Below("rules") is not { } rules)
        {
            section.Warn("rules", "nobody may see or make any", "write rules { list = \"\", view = \"\", create = \"auth.known\" }");
            return new RecordRules(Rule.Nobody, Rule.Nobody, Rule.Nobody, Rule.Nobody, Rule.Nobody);
        }

        var scope = _scopes.With(("record", type));
        var read = new RecordRules(
            ReadRule(rules, "list", scope, isFilter: true), ReadRule(rules, "view", scope, isFilter: true), ReadRule(rules, "create", scope, isFilter: false),
            ReadRule(rules, "update", _scopes.With(("record", type), ("new", type)), isFilter: false), ReadRule(rules, "delete", scope, isFilter: false));
        rules.Close();
        return read;
    }

    private static Rule ReadRule(Section rules, string key, ExpressionScope scope, bool isFilter)
    {
        if (!rules.Has(key))
        {
            return Rule.Nobody;
        }

        if (rules.Find(key) is HoconScalar { Text: "" })
        {
            return Rule.Everybody;
        }

        if (rules.Expression(key, scope, ExpressionType.Bool) is not { } condition)
        {
            return Rule.Nobody;
        }

        if (isFilter && condition.WhyNotSql("record") is { } reason)
        {
            rules.Wrong(key, $"the database cannot answer this: {reason.Message}", "such a rule picks rows; leave that part out, or keep it in a field");
        }

        return Rule.When(condition);
    }

    private static IReadOnlyList<IReadOnlyList<string>> ReadFieldLists(Section section, string key, List<FieldDescriptor> fields)
    {
        List<IReadOnlyList<string>> lists = [];
        if (section.Find(key) is not { } value)
        {
            return lists;
        }

        if (value is not HoconArray { Count: <= DescriptorLimits.IndexesMax } array)
        {
            section.Wrong(key, "is to be an array of names or of arrays of names, 16 at most", $"write {key} = [ [author, title] ]");
            return lists;
        }

        foreach (var item in array)
        {
            var names = item is HoconArray many ? many.OfType<HoconScalar>().Select(each => each.Text).ToArray() : item is HoconScalar one ? [one.Text] : [];
            var wrong = names.FirstOrDefault(
                name => !Names.OfEveryRecord.Contains(name) && fields.Find(field => field.Name == name) is not { IsStored: true, Type: not FieldType.Sealed });
            if (names.Length is 0 or > 4)
            {
                section.Problems.Add(item.Origin, section.PathOf(key), "is to be one to four names of fields");
            }
            else if (wrong is not null)
            {
                section.Problems.Add(
                    item.Origin, section.PathOf(key), $"there is no field '{Section.Show(wrong)}' that can be ordered",
                    Nearest.Hint(wrong, [.. fields.Select(field => field.Name)]));
            }
            else
            {
                lists.Add(names);
            }
        }

        return lists;
    }

    private static StateMachine? ReadStates(Section section, List<FieldDescriptor> fields)
    {
        if (section.Below("states") is not { } states)
        {
            return null;
        }

        var name = states.Text("field") ?? "state";
        var field = fields.Find(each => each.Name == name);
        if (field is not { Type: FieldType.Select })
        {
            states.Wrong("field", $"there is no select '{Section.Show(name)}'", "a state machine needs a field of the type select");
            return null;
        }

        string[] options = [.. field.Options.Select(option => option.Name)];
        var start = states.Choice("start", options);
        if (start is null && !states.Has("start"))
        {
            states.Wrong("start", "is needed", "say in which state a record begins");
        }

        Dictionary<string, IReadOnlyList<string>> moves = new(StringComparer.Ordinal);
        if (states.Below("moves") is { } table)
        {
            foreach (var from in options)
            {
                var to = table.Names(from, DescriptorLimits.OptionsMax);
                if (to.FirstOrDefault(each => !options.Contains(each)) is { } wrong)
                {
                    table.Wrong(from, $"there is no state '{Section.Show(wrong)}'", Nearest.Hint(wrong, options));
                }

                moves[from] = to;
            }

            table.Close();
        }

        states.Close();
        return start is null ? null : new StateMachine(name, start, moves);
    }
}
