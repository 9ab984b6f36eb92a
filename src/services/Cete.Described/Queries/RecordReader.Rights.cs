using Cete.Core;
using Cete.Expressions;

namespace Cete.Described;

/// <content>What whoever asks may do.</content>
internal sealed partial class RecordReader
{
    /// <summary>What he may do with the kind, or with one record of it; null where there is none for him.</summary>
    /// <param name="id">Which record; 0 for the kind as such.</param>
    /// <param name="column">A field of choices whose values are looked at, too: which of them he may give it.</param>
    public Permissions? May(long id, string? column = null)
    {
        var row = id == 0 ? null : _sql.First($"{_kind.Select} WHERE id = @p1", found => Row.Read(_kind, found), id);
        var scope = row is null ? _scope : _scope.With("record", row);
        var rules = _kind.Kind.Rules;
        if (id != 0 && (row is not { IsAlive: true } || !scope.Allows(rules.View)))
        {
            return null;
        }

        // A rule that reads what the record will be cannot be answered before; it is asked again then.
        var create = rules.Create.IsOpen || (rules.Create.Condition is { } condition && MayCreate(condition));
        var actions = ActionsOn(row is null ? null : _kind.Name, scope);
        return new Permissions(
            create, row is not null && scope.With("new", row).Allows(rules.Update), row is not null && scope.Allows(rules.Delete),
            _scope.Asker.May(Actions.ServicesModerate), actions)
        {
            Locked = row is null ? [] : [.. _kind.Fields.Where(field => IsLocked(field, scope)).Select(field => field.Name)],
            Moves = row is null || column is null ? [] : MovesOf(row, column, scope),
        };
    }

    /// <summary>One record for those who keep order, hidden or deleted ones too.</summary>
    /// <param name="id">Which one.</param>
    /// <param name="isReported">Somebody who saw it has reported it, so that they see it whatever its rules say; else they see what these let them.</param>
    public RecordView? FindForModerator(long id, bool isReported)
    {
        var statement = Begin();
        statement.Text.Append(" WHERE r.id = ").Append(statement.Parameter(id));
        if (!isReported)
        {
            WriteRule(statement, _kind.Kind.Rules.View);
        }

        return Query(statement).FirstOrDefault();
    }

    /// <summary>Actions of a service that somebody may do now: to a record, or to none.</summary>
    public static IReadOnlyList<string> ActionsOn(StoredService service, string? kind, RuleScope scope) =>
    [
        .. service.Descriptor.Actions
            .Where(action => action.On == kind && scope.Allows(action.Who) && action.When?.Evaluate(scope).IsTrue != false)
            .Select(action => action.Name),
    ];

    private IReadOnlyList<string> ActionsOn(string? kind, RuleScope scope) => ActionsOn(_service, kind, scope);

    private bool MayCreate(Expression condition)
    {
        var fields = condition.Reads.Where(read => read.Variable == "record").Select(read => read.Field).ToArray();
        if (fields.Length == 0)
        {
            return condition.Evaluate(_scope).IsTrue;
        }

        // Whose it will be is known before anything is typed.
        return fields.All(field => field is "owner")
            ? condition.Evaluate(_scope.With("record", field => field == "owner" ? Value.Of(_scope.Asker.Account) : Value.Null)).IsTrue
            : _scope.Asker.IsKnown || condition.Reads.All(read => read.Variable != "auth");
    }

    private static bool IsLocked(FieldDescriptor field, RuleScope scope) => field.IsReadOnly || (field.Write is { } rule && !scope.Allows(rule));

    private IReadOnlyList<string> MovesOf(Row row, string column, RuleScope scope)
    {
        var place = _kind.PlaceOf(column);
        if (place < 0 || _kind.Fields[place] is not { Type: FieldType.Select } field || IsLocked(field, scope))
        {
            return [];
        }

        var states = _kind.Kind.States is { } machine && machine.Field == column ? machine : null;
        List<string> moves = [];
        foreach (var option in field.Options.Select(option => option.Name))
        {
            var was = row.Values[place].AsText;
            if (option == was || (states is not null && states.Moves.GetValueOrDefault(was)?.Contains(option) != true))
            {
                continue;
            }

            var values = row.Copy();
            values[place] = Value.Of(option);
            if (scope.With("new", row.With(_now, values)).Allows(_kind.Kind.Rules.Update))
            {
                moves.Add(option);
            }
        }

        return moves;
    }
}
