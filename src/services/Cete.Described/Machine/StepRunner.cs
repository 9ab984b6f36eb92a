using Cete.Core;
using Cete.Expressions;

namespace Cete.Described;

/// <summary>Carries out the steps of an action or hook. Throws <see cref="RefusedException"/>, whereupon whoever began it undoes all of them.</summary>
internal sealed class StepRunner(Change change, RecordWriter writer, Hooks hooks)
{
    private StoredService Service => writer.Service;

    /// <summary>Runs steps in order; each sees the records that those before it made and named.</summary>
    public void Run(IReadOnlyList<Step> steps, RuleScope scope, int depth)
    {
        foreach (var step in steps)
        {
            if (step.When is null || step.When.Evaluate(scope).IsTrue)
            {
                scope = Run(step, scope, depth);
            }
        }
    }

    private RuleScope Run(Step step, RuleScope scope, int depth)
    {
        switch (step)
        {
            case Step.Create create:
                var row = writer.Create(writer.Draft(Service.Of(create.Record), Values(create.With, scope)), depth);
                return create.As is { } name ? scope.With(name, row) : scope;
            case Step.Update update:
                Update(update, scope, depth);
                return scope;
            case Step.Delete delete:
                writer.Delete(Target(delete.Record, delete.Target, scope), depth);
                return scope;
            case Step.Each each:
                RunEach(each, scope, depth);
                return scope;
            case Step.Emit emit:
                hooks.Emit(Service, emit.Event, [.. Values(emit.With, scope)], depth);
                return scope;
            case Step.Fail fail:
                throw new RefusedException(new Failure(FailureKind.Conflict, fail.Text.ToString()));
            default:
                Check.That(false, "a step of no known kind");
                return scope;
        }
    }

    private static IEnumerable<KeyValuePair<string, Value>> Values(IReadOnlyList<KeyValuePair<string, Operand>> operands, RuleScope scope) =>
        operands.Select(pair => new KeyValuePair<string, Value>(pair.Key, pair.Value.Expression?.Evaluate(scope) ?? pair.Value.Value));

    private Row Target(string kind, Expression target, RuleScope scope)
    {
        var id = target.Evaluate(scope);
        return id.IsNull
            ? throw new RefusedException(new Failure(FailureKind.Conflict, $"a step is about no record ({target.Text} is empty)"))
            : writer.Need(Service.Of(kind), id.Number);
    }

    private void Update(Step.Update update, RuleScope scope, int depth)
    {
        var row = Target(update.Record, update.Target, scope);
        var values = row.Copy();
        foreach (var (name, value) in Values(update.Set, scope))
        {
            values[RecordWriter.PlaceOf(row.Kind, name)] = value;
        }

        writer.Update(row, values, depth);
    }

    /// <summary>Goes through the records as they were before the first of them was changed.</summary>
    private void RunEach(Step.Each each, RuleScope scope, int depth)
    {
        var kind = Service.Of(each.Record);
        var sql = new SqlWriter(Service);
        sql.Put($"SELECT r.id FROM {kind.Table} r WHERE {StoredKind.IsAlive("r")}");
        if (each.Where is { } where)
        {
            sql.Text.Append(" AND ");
            where.WriteSql(sql, each.As, "r", scope);
        }

        sql.Put($" ORDER BY r.id LIMIT {DescriptorLimits.EachMax}");
        object?[] parameters = [.. sql.Values];
        foreach (var id in change.Sql.Query(sql.Text.ToString(), row => row.GetInt64(0), parameters))
        {
            if (writer.Find(kind, id) is { IsAlive: true } row)
            {
                Run(each.Steps, scope.With(each.As, row), depth);
            }
        }
    }
}
