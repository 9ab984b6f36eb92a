using System.Globalization;
using System.Text;
using Cete.Core;
using Cete.Described.Proto;
using Cete.Expressions;
using Cete.Groups;

namespace Cete.Described;

/// <summary>
/// Writes records of one service: constraints, states, uniqueness, relations and history hold whoever writes; whether he may, his caller has decided.
/// Throws <see cref="RefusedException"/>.
/// </summary>
internal sealed class RecordWriter(Change change, StoredService service, Hooks hooks)
{
    private SqlSession Sql => change.Sql;

    public StoredService Service => service;

    public RuleScope Scope { get; } = new(change.Sql, service, change.Asker.Standing, change.At);

    /// <summary>The record of an id; null where there is none, deleted and hidden ones included.</summary>
    public Row? Find(StoredKind kind, long id) => Sql.First($"{kind.Select} WHERE id = @p1", row => Row.Read(kind, row), id);

    /// <summary>The record of an id that is neither deleted nor hidden.</summary>
    public Row Need(StoredKind kind, long id) =>
        Find(kind, id) is { IsAlive: true } row ? row : throw new RefusedException(Missing(kind, id));

    public static Failure Missing(StoredKind kind, long id) =>
        new(FailureKind.NotFound, $"there is no record {id.ToString(CultureInfo.InvariantCulture)} among {kind.Name}");

    /// <summary>What a record would be, with what it has when nothing is said.</summary>
    public Row Draft(StoredKind kind, IEnumerable<KeyValuePair<string, Value>> given)
    {
        var values = new Value[kind.Fields.Count];
        var isGiven = new bool[values.Length];
        foreach (var (name, value) in given)
        {
            var place = PlaceOf(kind, name);
            (values[place], isGiven[place]) = (value, !value.IsNull);
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (!isGiven[i] && kind.Fields[i].Default is { } otherwise)
            {
                values[i] = otherwise.Expression?.Evaluate(Scope) ?? otherwise.Value;
            }

            if (!isGiven[i] && kind.Kind.States is { } states && states.Field == kind.Fields[i].Name)
            {
                values[i] = Value.Of(states.Start);
            }
        }

        return new Row(kind, 0, change.Asker.Account, change.At, values) { Updated = change.At };
    }

    /// <summary>Whether a draft can become a record.</summary>
    public void CheckNew(Row draft)
    {
        if (draft.Kind.Kind.States is { } states && draft.Get(states.Field) is var state && state != Value.Of(states.Start))
        {
            throw Refused(FailureKind.Invalid, $"{states.Field} of new {draft.Kind.Name} is '{states.Start}'");
        }

        CheckValues(draft, before: null);
        CheckUnique(draft);
    }

    /// <summary>Whether a record can become what it is to be.</summary>
    public void CheckChanged(Row before, Row after)
    {
        CheckStates(before, after);
        CheckValues(after, before);
        CheckUnique(after);
    }

    /// <summary>Makes a record of a draft.</summary>
    public Row Create(Row draft, int depth)
    {
        var kind = draft.Kind;
        change.Count();
        CheckNew(draft);
        var id = Sql.Scalar<long>("SELECT next_id FROM kinds WHERE service = @p1 AND name = @p2", service.Number, kind.Name);
        Sql.Execute("UPDATE kinds SET next_id = next_id + 1 WHERE service = @p1 AND name = @p2", service.Number, kind.Name);
        var row = new Row(kind, id, draft.Owner, draft.Created, draft.Copy()) { Updated = draft.Updated };
        object?[] values = [id, row.Owner, row.Created.Microseconds, row.Updated.Microseconds, row.Revision, .. row.Copy().Select(value => value.ToStored())];
        Sql.Execute(kind.Insert, values);
        TextIndex.Put(Sql, row);
        Note(row, "created", string.Empty);
        Tell(row, "created");
        hooks.Run(this, HookTrigger.Created, row, old: null, depth);
        return row;
    }

    /// <summary>Writes what a record is to be, of what it was.</summary>
    public Row Update(Row before, Value[] values, int depth)
    {
        var kind = before.Kind;
        var changed = Enumerable.Range(0, values.Length).Where(i => !IsSame(values[i], before.Values[i])).ToArray();
        if (changed.Length == 0)
        {
            return before;
        }

        change.Count();
        var row = before.With(change.At, values);
        CheckChanged(before, row);
        var sets = string.Concat(changed.Select((place, i) => $", {StoredKind.ColumnOf(kind.Fields[place].Name)} = @p{i + 4}"));
        object?[] stored = [row.Id, row.Updated.Microseconds, row.Revision, .. changed.Select(place => values[place].ToStored())];
        Sql.Execute($"UPDATE {kind.Table} SET updated_at = @p2, revision = @p3{sets} WHERE id = @p1", stored);
        TextIndex.Replace(Sql, row, changed);
        Note(row, "updated", Before(before, changed));
        Tell(row, "updated");
        hooks.Run(this, HookTrigger.Updated, row, before, depth);
        return row;
    }

    /// <summary>Deletes a record, and does with those that point to it what their relations say. It can be brought back for a time.</summary>
    public Row Delete(Row row, int depth)
    {
        change.Count();
        var gone = new Row(row.Kind, row.Id, row.Owner, row.Created, row.Copy()) { Updated = change.At, Revision = row.Revision + 1, Deleted = change.At };
        Sql.Execute(
            $"UPDATE {row.Kind.Table} SET deleted_at = @p2, updated_at = @p2, revision = @p3 WHERE id = @p1", row.Id, change.At.Microseconds, gone.Revision);
        TextIndex.Remove(Sql, gone);
        Note(gone, "deleted", string.Empty);
        Tell(gone, "deleted");
        LetGo(row, depth);
        hooks.Run(this, HookTrigger.Deleted, row, old: null, depth);
        return gone;
    }

    /// <summary>Brings a deleted record back, or shows a hidden one again.</summary>
    public Row Restore(Row row, string what)
    {
        change.Count();
        var back = new Row(row.Kind, row.Id, row.Owner, row.Created, row.Copy()) { Updated = change.At, Revision = row.Revision + 1 };
        CheckUnique(back);
        Sql.Execute(
            $"UPDATE {row.Kind.Table} SET deleted_at = NULL, hidden = 0, updated_at = @p2, revision = @p3 WHERE id = @p1",
            row.Id, change.At.Microseconds, back.Revision);
        TextIndex.Put(Sql, back);
        Note(back, what, string.Empty);
        Tell(back, what);
        return back;
    }

    /// <summary>Hides a record from all but moderators.</summary>
    public Row Hide(Row row, string reason)
    {
        change.Count();
        var hidden = new Row(row.Kind, row.Id, row.Owner, row.Created, row.Copy()) { Updated = change.At, Revision = row.Revision + 1, IsHidden = true };
        Sql.Execute(
            $"UPDATE {row.Kind.Table} SET hidden = 1, updated_at = @p2, revision = @p3 WHERE id = @p1", row.Id, change.At.Microseconds, hidden.Revision);
        TextIndex.Remove(Sql, hidden);
        Note(hidden, "hidden", reason);
        Tell(hidden, "hidden");
        return hidden;
    }

    public static int PlaceOf(StoredKind kind, string field) => kind.PlaceOf(field) is var place and >= 0 ? place
        : throw new RefusedException(new Failure(
            FailureKind.Invalid, $"{kind.Name} have no field '{Section.Show(field)}'; {Nearest.Hint(field, [.. kind.Fields.Select(each => each.Name)])}"));

    private static bool IsSame(Value a, Value b) => a.Kind == b.Kind && a.Equals(b);

    private void CheckValues(Row row, Row? before)
    {
        for (var i = 0; i < row.Values.Length; i++)
        {
            var (field, value) = (row.Kind.Fields[i], row.Values[i]);
            if (before is not null && IsSame(value, before.Values[i]))
            {
                // What stood there before the description was changed may stay.
                continue;
            }

            if (FieldRules.Check(field, value) is { } wrong)
            {
                throw new RefusedException(wrong);
            }

            if (field.Type == FieldType.Relation && !value.IsNull && !Exists(service.Of(field.To!), value.Number))
            {
                throw Refused(FailureKind.Conflict, $"{field.Name} points to record {value.Number} among {field.To}, which there is not (any more)");
            }
        }
    }

    private bool Exists(StoredKind kind, long id) =>
        Sql.Scalar<long>($"SELECT count(*) FROM {kind.Table} r WHERE r.id = @p1 AND {StoredKind.IsAlive("r")}", id) > 0;

    private static void CheckStates(Row before, Row after)
    {
        if (before.Kind.Kind.States is not { } states)
        {
            return;
        }

        var (from, to) = (before.Get(states.Field), after.Get(states.Field));
        if (from == to || (states.Moves.TryGetValue(from.AsText, out var moves) && moves.Contains(to.AsText)))
        {
            return;
        }

        var ways = states.Moves.GetValueOrDefault(from.AsText) is { Count: > 0 } some ? $"it can become {string.Join(", ", some)}" : "it stays so";
        throw Refused(FailureKind.Conflict, $"{states.Field} is '{from.AsText}' and cannot become '{to.AsText}'; {ways}");
    }

    private void CheckUnique(Row row)
    {
        foreach (var fields in row.Kind.Kind.Unique)
        {
            object?[] values = [row.Id, .. fields.Select(field => row.Get(field).ToStored())];
            if (values.Contains(null))
            {
                continue;
            }

            var where = string.Concat(fields.Select((field, i) => $" AND {StoredKind.ColumnOf(field)} = @p{i + 2}"));
            if (Sql.Scalar<long>($"SELECT id FROM {row.Kind.Table} WHERE id <> @p1 AND deleted_at IS NULL{where} LIMIT 1", values) is var other and > 0)
            {
                var shown = string.Join(", ", fields.Select(field => $"{field} '{Section.Show(FieldText.Write(row.Get(field)))}'"));
                throw Refused(FailureKind.Conflict, $"there is one of {row.Kind.Name} with {shown} already");
            }
        }
    }

    private void LetGo(Row target, int depth)
    {
        foreach (var kind in service.Kinds)
        {
            foreach (var field in kind.Fields.Where(field => field.To == target.Kind.Name && field.OnDelete != OnDelete.Keep))
            {
                var column = StoredKind.ColumnOf(field.Name);
                var pointing = Sql.Query(
                    $"{kind.Select} r WHERE r.{column} = @p1 AND r.deleted_at IS NULL ORDER BY id LIMIT @p2", row => Row.Read(kind, row), target.Id,
                    field.OnDelete == OnDelete.Deny ? 1 : DescriptorLimits.ChangesMax + 1);
                foreach (var row in pointing)
                {
                    LetGo(row, field, target, depth);
                }
            }
        }
    }

    private void LetGo(Row row, FieldDescriptor field, Row target, int depth)
    {
        switch (field.OnDelete)
        {
            case OnDelete.Deny:
                throw Refused(FailureKind.Conflict, $"record {row.Id} among {row.Kind.Name} points to record {target.Id}, so it stays");
            case OnDelete.Cascade:
                // Records may point to each other in a circle.
                if (Find(row.Kind, row.Id) is { Deleted: null } still)
                {
                    Delete(still, depth);
                }

                break;
            default:
                var values = row.Copy();
                values[row.Kind.PlaceOf(field.Name)] = Value.Null;
                Update(row, values, depth);
                break;
        }
    }

    private void Note(Row row, string what, string before)
    {
        if (row.Kind.Kind.KeepsHistory)
        {
            Sql.Execute(
                "INSERT INTO history (service, kind, id, revision, at, account, what, before) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)",
                service.Number, row.Kind.Name, row.Id, row.Revision, change.At.Microseconds, change.Asker.Account, what, before);
        }
    }

    /// <summary>What changed fields were before, a line each: the name, a tab, the text with line ends written as \n.</summary>
    private static string Before(Row before, int[] changed)
    {
        var text = new StringBuilder();
        foreach (var place in changed)
        {
            var field = before.Kind.Fields[place];
            var was = field.Type == FieldType.Sealed ? string.Empty : FieldText.Write(before.Values[place]);
            was = was.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
            text.Append(field.Name).Append('\t').Append(was).Append('\n');
        }

        return text.ToString();
    }

    private void Tell(Row row, string what) => change.Emit(
        "record-changed", new RecordChanged { Service = service.Name, Kind = row.Kind.Name, Id = row.Id, Revision = row.Revision, What = what });

    private static RefusedException Refused(FailureKind kind, string message) => new(new Failure(kind, message));
}
