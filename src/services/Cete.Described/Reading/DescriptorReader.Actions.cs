using Cete.Expressions;
using Cete.Hocon;

namespace Cete.Described;

/// <content>Actions, hooks, and the steps of both.</content>
public sealed partial class DescriptorReader
{
    private static readonly TimeSpan ScheduleLeast = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ScheduleMost = TimeSpan.FromDays(366);

    private List<ActionDescriptor> ReadActions(IReadOnlyList<RecordKind> records, Dictionary<string, RecordType> emits)
    {
        List<ActionDescriptor> actions = [];
        foreach (var (name, value) in _root.Members("actions", DescriptorLimits.PartsMax, Names.IsWord, Names.WordForm))
        {
            if (value is not HoconObject inner)
            {
                _problems.Add(value.Origin, $"actions.{name}", "is to be an object", "write { on = ..., steps = [ ... ] }");
                continue;
            }

            var section = new Section(inner, $"actions.{name}", _problems);
            var on = section.Choice("on", [.. records.Select(kind => kind.Name)]);
            var form = new RecordType("input");
            var input = ReadFields(section, "input", form, isForm: true).ConvertAll(draft => Finish(draft, form, isForm: true));
            Dictionary<string, RecordType> known = new(StringComparer.Ordinal) { ["input"] = form };
            if (on is not null)
            {
                known.Add("record", _types[on]);
            }

            var who = on is null ? _scopes.Plain() : _scopes.With(("record", _types[on]));
            if (!section.Has("who"))
            {
                section.Warn("who", "nobody may do it", "write who = \"auth.known\" for everybody with an account");
            }

            actions.Add(new ActionDescriptor(name, section.Words("title") ?? Words.Of(Titled(name)))
            {
                On = on,
                Input = input,
                Who = ReadRule(section, "who", who, isFilter: false),
                When = section.Expression("when", who, ExpressionType.Bool),
                Price = ReadPrice(section, _scopes.With(known.Select(pair => (pair.Key, pair.Value)))),
                Confirm = section.Words("confirm") ?? Words.Of(string.Empty),
                Steps = new StepReader(this, records) { Emits = emits }.Read(section, "steps", known),
            });
            section.Close();
        }

        return actions;
    }

    private List<HookDescriptor> ReadHooks(IReadOnlyList<RecordKind> records, Dictionary<string, RecordType> emits)
    {
        List<HookDescriptor> hooks = [];
        foreach (var section in _root.Items("hooks", DescriptorLimits.PartsMax))
        {
            var name = section.Text("name", DescriptorLimits.NameLengthMax) ?? section.Path;
            var every = section.Span("every", ScheduleLeast, ScheduleMost);
            var on = section.Text("on");
            if (section.Has("every") == section.Has("on"))
            {
                section.Wrong("on", "a hook has either 'on' or 'every'", "write on = books.created, or every = 1h");
                continue;
            }

            Dictionary<string, RecordType> known = new(StringComparer.Ordinal);
            var hook = on is null
                ? new HookDescriptor(name, HookTrigger.Schedule, null, string.Empty) { Every = every ?? TimeSpan.FromHours(1), Steps = [] }
                : ReadTrigger(section, name, on, records, emits, known);
            if (hook is null)
            {
                continue;
            }

            var reader = new StepReader(this, records) { Emits = emits };
            hooks.Add(hook with
            {
                When = section.Expression("when", _scopes.With(known.Select(pair => (pair.Key, pair.Value))), ExpressionType.Bool),
                Steps = reader.Read(section, "steps", known),
                OnError = section.Has("on-error") ? reader.Read(section, "on-error", known) : [],
            });
            section.Close();
        }

        return hooks;
    }

    private HookDescriptor? ReadTrigger(
        Section section, string name, string on, IReadOnlyList<RecordKind> records, Dictionary<string, RecordType> emits, Dictionary<string, RecordType> known)
    {
        if (on.Split(':') is [var service, var foreign])
        {
            if (!Names.IsWord(service) || !Names.IsWord(foreign))
            {
                section.Wrong("on", $"'{Section.Show(on)}' is no event of a service", "write on = \"news:published\"");
                return null;
            }

            known["event"] = section.Find("takes") is { } takes ? ReadTypes(foreign, takes, section.PathOf("takes")) : new RecordType(foreign);
            return new HookDescriptor(name, HookTrigger.Event, service, foreign) { Steps = [] };
        }

        if (emits.TryGetValue(on, out var own))
        {
            known["event"] = own;
            return new HookDescriptor(name, HookTrigger.Event, null, on) { Steps = [] };
        }

        var parts = on.Split('.');
        HookTrigger? trigger = parts is not [_, var what] ? null : what switch
        {
            "created" => HookTrigger.Created,
            "updated" => HookTrigger.Updated,
            "deleted" => HookTrigger.Deleted,
            _ => null,
        };
        if (trigger is not { } found || records.All(kind => kind.Name != parts[0]))
        {
            string[] all = [.. records.SelectMany(kind => new[] { $"{kind.Name}.created", $"{kind.Name}.updated", $"{kind.Name}.deleted" }), .. emits.Keys];
            section.Wrong("on", $"nothing is called '{Section.Show(on)}'", Nearest.Hint(on, all));
            return null;
        }

        known["record"] = _types[parts[0]];
        if (found == HookTrigger.Updated)
        {
            known["old"] = _types[parts[0]];
        }

        return new HookDescriptor(name, found, null, parts[0]) { Steps = [] };
    }

    /// <summary>Reads the steps of one action or hook.</summary>
    private sealed class StepReader(DescriptorReader reader, IReadOnlyList<RecordKind> records)
    {
        private const int DepthMax = 3;

        private static readonly string[] Kinds = ["create", "set", "delete", "each", "fail", "emit"];

        private int _count;

        public Dictionary<string, RecordType> Emits { get; init; } = [];

        public List<Step> Read(Section section, string key, IReadOnlyDictionary<string, RecordType> outer, int depth = 0)
        {
            List<Step> steps = [];

            // What an earlier step made has a name in the later ones.
            var known = new Dictionary<string, RecordType>(outer, StringComparer.Ordinal);
            foreach (var item in section.Items(key, DescriptorLimits.StepsMax))
            {
                if (++_count > DescriptorLimits.StepsMax)
                {
                    section.Wrong(key, $"there are more than {DescriptorLimits.StepsMax} steps");
                    return steps;
                }

                if (ReadOne(item, known, depth) is { } step)
                {
                    steps.Add(step);
                }

                item.Close();
            }

            if (steps.Count == 0 && !section.Has(key))
            {
                section.Wrong(key, "there are no steps", "write steps = [ { set { state = done } } ]");
            }

            return steps;
        }

        private Step? ReadOne(Section item, Dictionary<string, RecordType> known, int depth)
        {
            var kinds = Kinds.Where(item.Has).ToArray();
            if (kinds.Length != 1)
            {
                reader._problems.Add(item.Origin, item.Path, "a step does one thing", $"it has one of {string.Join(", ", Kinds)}");
                return null;
            }

            var scope = Scope(known);
            var when = item.Expression("when", scope, ExpressionType.Bool);
            var step = kinds[0] switch
            {
                "create" => ReadCreate(item, known, scope),
                "set" => ReadSet(item, known, scope),
                "delete" => ReadTarget(item, "delete", known, scope) is { } target ? new Step.Delete(target.Type.Record!.Name, target) : null,
                "each" => ReadEach(item, known, depth),
                "fail" => new Step.Fail(item.Words("fail") ?? Words.Of("refused")),
                _ => ReadEmit(item, scope),
            };
            return step is null ? null : step with { When = when };
        }

        private ExpressionScope Scope(IReadOnlyDictionary<string, RecordType> known) => reader._scopes.With(known.Select(pair => (pair.Key, pair.Value)));

        private Step? ReadCreate(Section item, Dictionary<string, RecordType> known, ExpressionScope scope)
        {
            var kind = Kind(item, "create");
            var name = item.Text("as", DescriptorLimits.NameLengthMax);
            if (kind is null)
            {
                item.Has("with");
                return null;
            }

            var with = ReadFields(item, "with", kind, scope);
            foreach (var missing in kind.Fields.Where(field => field is { IsRequired: true, Default: null } && with.All(pair => pair.Key != field.Name)))
            {
                item.Wrong("with", $"{kind.Name} need '{missing.Name}'");
            }

            Name(item, name, kind, known);
            return new Step.Create(kind.Name, with, name);
        }

        private Step? ReadSet(Section item, Dictionary<string, RecordType> known, ExpressionScope scope)
        {
            var target = item.Has("of") ? ReadTarget(item, "of", known, scope)
                : known.ContainsKey("record") ? Expression.Compile("record.id", scope).Expression
                : null;
            if (target is null)
            {
                if (!item.Has("of"))
                {
                    item.Wrong("set", "there is no record at hand to change", "say which one by of = ...");
                }

                return null;
            }

            var kind = records.First(each => each.Name == target.Type.Record!.Name);
            return new Step.Update(kind.Name, target, ReadFields(item, "set", kind, scope));
        }

        /// <summary>The name of a record at hand, or an expression that comes to one.</summary>
        private Expression? ReadTarget(Section item, string key, Dictionary<string, RecordType> known, ExpressionScope scope)
        {
            var isName = item.Find(key) is HoconScalar { Text: var text } && known.ContainsKey(text);
            var target = isName ? Expression.Compile($"{item.Text(key)}.id", scope).Expression : item.Expression(key, scope);
            if (target is not null && (target.Type.Record is not { } record || records.All(kind => kind.Name != record.Name)))
            {
                item.Wrong(key, "comes to no record", $"name one at hand ({string.Join(", ", known.Keys.Where(name => name != "input"))}), or a relation");
                return null;
            }

            return target;
        }

        private Step? ReadEach(Section item, Dictionary<string, RecordType> known, int depth)
        {
            var kind = Kind(item, "each");
            var name = item.Text("as", DescriptorLimits.NameLengthMax) ?? "each";
            var inner = new Dictionary<string, RecordType>(known, StringComparer.Ordinal);
            if (kind is null || depth == DepthMax)
            {
                if (kind is not null)
                {
                    item.Wrong("each", $"stands more than {DepthMax} deep");
                }

                item.Has("where");
                item.Has("steps");
                return null;
            }

            Name(item, name, kind, inner);
            var where = item.Expression("where", Scope(inner), ExpressionType.Bool);
            if (where?.WhyNotSql(name) is { } reason)
            {
                item.Wrong("where", $"the database cannot answer this: {reason.Message}");
            }

            return new Step.Each(kind.Name, name, where, Read(item, "steps", inner, depth + 1));
        }

        private Step ReadEmit(Section item, ExpressionScope scope)
        {
            var name = item.Choice("emit", Emits.Keys) ?? string.Empty;
            List<KeyValuePair<string, Operand>> with = [];
            foreach (var (field, value) in item.Members("with", DescriptorLimits.FieldsMax, Names.IsField, Names.FieldForm))
            {
                var path = $"{item.PathOf("with")}.{field}";
                if (!Emits.TryGetValue(name, out var type) || !type.TryFind(field, out var expected))
                {
                    reader._problems.Add(value.Origin, path, $"the event has no field '{field}'", "name it in emits");
                }
                else if (ExpressionReading.Compile(reader._problems, value, path, scope, expected, SkipOf(value)) is { } given)
                {
                    with.Add(new(field, new Operand(Value.Null, given)));
                }
            }

            return new Step.Emit(name, with);
        }

        /// <summary>Events hold expressions alone, with or without '='.</summary>
        private static int SkipOf(HoconValue value) => value is HoconScalar { Text: ['=', ..] } ? 1 : 0;

        private List<KeyValuePair<string, Operand>> ReadFields(Section item, string key, RecordKind kind, ExpressionScope scope)
        {
            List<KeyValuePair<string, Operand>> fields = [];
            foreach (var (name, value) in item.Members(key, DescriptorLimits.FieldsMax, Names.IsField, Names.FieldForm))
            {
                var path = $"{item.PathOf(key)}.{name}";
                if (kind.Field(name) is not { IsStored: true } field)
                {
                    reader._problems.Add(
                        value.Origin, path, $"{kind.Name} have no field '{Section.Show(name)}' to be set",
                        Nearest.Hint(name, [.. kind.Fields.Where(each => each.IsStored).Select(each => each.Name)]));
                }
                else if (reader.ReadOperand(value, path, field, scope) is { } operand)
                {
                    fields.Add(new(name, operand));
                }
            }

            return fields;
        }

        private RecordKind? Kind(Section item, string key) =>
            item.Choice(key, [.. records.Select(kind => kind.Name)]) is { } name ? records.First(kind => kind.Name == name) : null;

        private void Name(Section item, string? name, RecordKind kind, Dictionary<string, RecordType> known)
        {
            if (name is null)
            {
                return;
            }

            if (!Names.IsField(name) || Names.IsReserved(name) || known.ContainsKey(name) || reader._types.ContainsKey(name))
            {
                item.Wrong("as", $"'{Section.Show(name)}' cannot be the name of a record here", Names.FieldForm + ", and means nothing else");
                return;
            }

            known[name] = kind.Type;
        }
    }
}
