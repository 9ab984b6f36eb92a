using Cete.Core;
using Cete.Expressions;
using Cete.Groups;

namespace Cete.Described;

/// <summary>
/// What expressions read of one moment: who asks, the time, and the records at hand. Relations and collections are looked up in the store that is
/// being read or written.
/// </summary>
internal sealed class RuleScope(SqlSession sql, StoredService service, Standing asker, Instant now) : IEvaluationScope
{
    private readonly Dictionary<string, Func<string, Value>> _records = new(StringComparer.Ordinal);

    public StoredService Service => service;

    public Standing Asker => asker;

    /// <summary>The same moment, with one more record at hand.</summary>
    public RuleScope With(string name, Row row) => With(name, row.Get);

    /// <summary>The same moment, with one more variable that has fields.</summary>
    public RuleScope With(string name, Func<string, Value> fields)
    {
        var scope = new RuleScope(sql, service, asker, now);
        foreach (var (known, get) in _records)
        {
            scope._records[known] = get;
        }

        scope._records[name] = fields;
        return scope;
    }

    /// <summary>The same, with nothing that somebody wrote at hand, in another service.</summary>
    public RuleScope In(StoredService other) => new(sql, other, asker, now);

    public Value Get(string variable) => variable == "now" ? Value.OfTimestamp(now.Microseconds) : Value.Null;

    public Value Get(string variable, string field) =>
        _records.TryGetValue(variable, out var get) ? get(field)
        : variable != "auth" ? Value.Null
        : field switch
        {
            "id" => Value.Of(asker.Account),
            "known" => Value.Of(asker.IsKnown),
            "roles" => Value.OfList([.. asker.Roles.Select(role => Value.Of(role))]),
            _ => Value.Null,
        };

    public Value Follow(RecordType type, long id, string field)
    {
        if (service.Find(type.Name) is not { } kind || !type.TryFind(field, out var shape))
        {
            return Value.Null;
        }

        var column = StoredKind.ColumnOf(field);
        var found = sql.First(
            $"SELECT r.{column} FROM {kind.Table} r WHERE r.id = @p1 AND {StoredKind.IsAlive("r")}", row => row.IsDBNull(0) ? null : row.GetValue(0), id);
        return Value.FromStored(shape, found);
    }

    public Value Aggregate(CollectionMacro macro, IEvaluationScope scope)
    {
        var writer = new SqlWriter(service);
        macro.WriteSql(writer, scope);
        object?[] values = [.. writer.Values];
        var found = sql.First($"SELECT {writer.Text}", row => row.IsDBNull(0) ? null : row.GetValue(0), values);
        return Value.FromStored(macro.Type, found);
    }

    /// <summary>Whether a rule lets the asker do it.</summary>
    public bool Allows(Rule rule) => rule.IsOpen || rule.Condition?.Evaluate(this).IsTrue == true;
}
