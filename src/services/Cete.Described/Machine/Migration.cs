using Cete.Core;
using Cete.Expressions;
using Cete.Groups;

namespace Cete.Described;

/// <summary>
/// Brings the tables of a service from one description to another, records included, in one step that is the same on every replica; or says why not.
/// Nothing is lost that the new description does not give up by name (<c>drops</c>).
/// </summary>
/// <param name="sql">The store.</param>
/// <param name="before">The service as it was; null for a new one.</param>
/// <param name="after">As it is to be.</param>
/// <param name="now">By which defaults are computed.</param>
internal sealed class Migration(SqlSession sql, StoredService? before, StoredService after, Instant now)
{
    private readonly List<string> _changes = [];

    /// <summary>Fields that records were given something in.</summary>
    private readonly HashSet<(string Kind, string Field)> _filled = [];

    /// <summary>What was done to records that are there, for people.</summary>
    public IReadOnlyList<string> Changes => _changes;

    /// <summary>Does it; throws <see cref="RefusedException"/> where something would be lost or be wrong.</summary>
    public void Run()
    {
        foreach (var kind in before?.Kinds ?? [])
        {
            DropIndexes(kind);
        }

        foreach (var gone in before?.Kinds.Where(kind => Successor(kind) is null) ?? [])
        {
            Drop(gone);
        }

        foreach (var kind in after.Kinds)
        {
            if (Predecessor(kind) is { } old)
            {
                Alter(old, kind);
            }
            else
            {
                Make(kind);
            }
        }

        foreach (var kind in after.Kinds)
        {
            MakeIndexes(kind);
            MakeTexts(kind);
        }
    }

    private StoredKind? Predecessor(StoredKind kind) => before?.Find(kind.Name) ?? (kind.Kind.Was is { } was ? before?.Find(was) : null);

    private StoredKind? Successor(StoredKind kind) =>
        after.Find(kind.Name) ?? after.Kinds.FirstOrDefault(each => each.Kind.Was == kind.Name && before!.Find(each.Name) is null);

    private void Make(StoredKind kind)
    {
        var columns = string.Concat(kind.Fields.Select(field => $", {StoredKind.ColumnOf(field.Name)} {StoredKind.SqlTypeOf(field)}"));
        sql.Execute(
            $"""
            CREATE TABLE {kind.Table} (id BIGINT PRIMARY KEY, owner TEXT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
                revision BIGINT NOT NULL, deleted_at BIGINT, hidden BIGINT NOT NULL DEFAULT 0{columns})
            """);
        sql.Execute("INSERT INTO kinds (service, name, next_id) VALUES (@p1, @p2, 1)", after.Number, kind.Name);
    }

    private void Drop(StoredKind kind)
    {
        var count = sql.Scalar<long>($"SELECT count(*) FROM {kind.Table} r WHERE {StoredKind.IsAlive("r")}");
        if (count > 0)
        {
            throw Refused(
                $"records.{kind.Name} is left out, and there are {count}: delete them first, or say by 'was = {kind.Name}' which kind they become");
        }

        TextIndex.Drop(sql, kind);
        sql.Execute($"DROP TABLE {kind.Table}");
        sql.Execute("DELETE FROM kinds WHERE service = @p1 AND name = @p2", after.Number, kind.Name);
        _changes.Add($"{kind.Name}: no such records any more");
    }

    private void Alter(StoredKind old, StoredKind kind)
    {
        if (old.Name != kind.Name)
        {
            sql.Execute($"ALTER TABLE {old.Table} RENAME TO {kind.Table}");
            sql.Execute("UPDATE kinds SET name = @p3 WHERE service = @p1 AND name = @p2", after.Number, old.Name, kind.Name);
            sql.Execute("UPDATE history SET kind = @p3 WHERE service = @p1 AND kind = @p2", after.Number, old.Name, kind.Name);
            _changes.Add($"{old.Name} are called {kind.Name} now");
        }

        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in kind.Fields)
        {
            if (Find(old, field) is not { } was)
            {
                continue;
            }

            taken.Add(was.Name);
            if (was.Name != field.Name)
            {
                sql.Execute($"ALTER TABLE {kind.Table} RENAME COLUMN {StoredKind.ColumnOf(was.Name)} TO {StoredKind.ColumnOf(field.Name)}");
                _changes.Add($"{kind.Name}.{was.Name} is called {field.Name} now");
            }

            Convert(kind, was, field);
            CheckOptions(kind, was, field);
        }

        foreach (var gone in old.Fields.Where(field => !taken.Contains(field.Name)))
        {
            DropField(kind, gone);
        }

        foreach (var field in kind.Fields)
        {
            if (Find(old, field) is null)
            {
                sql.Execute($"ALTER TABLE {kind.Table} ADD COLUMN {StoredKind.ColumnOf(field.Name)} {StoredKind.SqlTypeOf(field)}");
                _changes.Add($"{kind.Name}.{field.Name} is new");
            }

            Fill(kind, field);
        }
    }

    private static FieldDescriptor? Find(StoredKind old, FieldDescriptor field) =>
        old.Fields.FirstOrDefault(each => each.Name == field.Name) ?? old.Fields.FirstOrDefault(each => each.Name == field.Was);

    private void DropField(StoredKind kind, FieldDescriptor field)
    {
        var column = StoredKind.ColumnOf(field.Name);
        var count = sql.Scalar<long>($"SELECT count(*) FROM {kind.Table} r WHERE r.{column} IS NOT NULL AND r.deleted_at IS NULL");
        if (count > 0 && !kind.Kind.Drops.Contains(field.Name))
        {
            throw Refused(
                $"records.{kind.Name}.fields.{field.Name} is left out, and {count} records have something there: say drops = [{field.Name}] to lose it, "
                + "or by 'was' which field it becomes");
        }

        sql.Execute($"ALTER TABLE {kind.Table} DROP COLUMN {column}");
        _changes.Add($"{kind.Name}.{field.Name} is gone{(count > 0 ? $", with what {count} records had there" : string.Empty)}");
    }

    /// <summary>Gives records a field's default, and makes sure that what is needed is there.</summary>
    private void Fill(StoredKind kind, FieldDescriptor field)
    {
        var column = StoredKind.ColumnOf(field.Name);
        var otherwise = kind.Kind.States is { } states && states.Field == field.Name ? Value.Of(states.Start)
            : field.Default is { } given ? given.Expression?.Evaluate(new RuleScope(sql, after, Standing.Nobody, now)) ?? given.Value
            : Value.Null;
        var isNeeded = field.IsRequired || kind.Kind.States?.Field == field.Name;
        if (isNeeded && !otherwise.IsNull)
        {
            var filled = sql.Execute($"UPDATE {kind.Table} SET {column} = @p1 WHERE {column} IS NULL", otherwise.ToStored());
            if (filled > 0)
            {
                _filled.Add((kind.Name, field.Name));
                _changes.Add($"{kind.Name}.{field.Name} is '{FieldText.Write(otherwise)}' where nothing was said ({filled} records)");
            }
        }
        else if (isNeeded && sql.Scalar<long>($"SELECT count(*) FROM {kind.Table} r WHERE r.{column} IS NULL AND r.deleted_at IS NULL") is var lacking and > 0)
        {
            throw Refused($"records.{kind.Name}.fields.{field.Name} is required, and {lacking} records have nothing there: give it a default");
        }
    }

    /// <summary>Turns what a column holds into another type, where that loses nothing.</summary>
    private void Convert(StoredKind kind, FieldDescriptor was, FieldDescriptor field)
    {
        if (was.Type == field.Type)
        {
            if (was.To != field.To && before!.Find(was.To!) is { } target && Successor(target)?.Name != field.To)
            {
                throw Refused($"records.{kind.Name}.fields.{field.Name} pointed to {was.To}, and would point to {field.To}: take a new field");
            }

            return;
        }

        if (Conversion(StoredKind.ColumnOf(field.Name), was.Type, field.Type) is not { } expression)
        {
            throw Refused(
                $"records.{kind.Name}.fields.{field.Name} was {FieldTypes.NameOf(was.Type)} and cannot become {FieldTypes.NameOf(field.Type)}: "
                + "take a new field");
        }

        _changes.Add($"{kind.Name}.{field.Name} is {FieldTypes.NameOf(field.Type)} now, and was {FieldTypes.NameOf(was.Type)}");
        if (expression.Length == 0)
        {
            return;
        }

        // What a column may hold is said when it is made, so another one takes its place.
        var (column, spare) = (StoredKind.ColumnOf(field.Name), "x_" + field.Name);
        sql.Execute($"ALTER TABLE {kind.Table} ADD COLUMN {spare} {StoredKind.SqlTypeOf(field)}");
        sql.Execute($"UPDATE {kind.Table} SET {spare} = {expression} WHERE {column} IS NOT NULL");
        sql.Execute($"ALTER TABLE {kind.Table} DROP COLUMN {column}");
        sql.Execute($"ALTER TABLE {kind.Table} RENAME COLUMN {spare} TO {column}");
    }

    /// <summary>What gives the new form of a column; empty where it is the same one; null where there is none.</summary>
    private static string? Conversion(string column, FieldType from, FieldType to)
    {
        const string Separator = "char(31)";
        return (from, to) switch
        {
            (FieldType.Integer, FieldType.Rating) or (FieldType.Rating, FieldType.Integer) => string.Empty,
            (FieldType.Decimal, FieldType.Credits) or (FieldType.Credits, FieldType.Decimal) => string.Empty,
            (FieldType.Text, FieldType.Markdown) => string.Empty,
            (FieldType.Select or FieldType.Link or FieldType.Email or FieldType.Phone or FieldType.Geo, FieldType.Text or FieldType.Markdown) => string.Empty,
            (FieldType.Text, FieldType.Select) => string.Empty,
            (FieldType.Integer or FieldType.Rating, FieldType.Decimal or FieldType.Credits) =>
                $"CASE WHEN abs({column}) <= {long.MaxValue / 1_000_000} THEN {column} * 1000000 END",
            (FieldType.Integer or FieldType.Rating, FieldType.Text) => $"CAST({column} AS TEXT)",
            (FieldType.Date, FieldType.DateTime) => $"{column} * 86400000000",
            (FieldType.Select, FieldType.MultiSelect) => $"{Separator} || {column} || {Separator}",
            (FieldType.Boolean, FieldType.Integer) => string.Empty,
            _ => null,
        };
    }

    /// <summary>A choice that records have made cannot be left out.</summary>
    private void CheckOptions(StoredKind kind, FieldDescriptor was, FieldDescriptor field)
    {
        if (field.Type is not (FieldType.Select or FieldType.MultiSelect))
        {
            return;
        }

        var column = StoredKind.ColumnOf(field.Name);
        if (field.Type == FieldType.MultiSelect)
        {
            foreach (var gone in was.Options.Where(option => field.Options.All(each => each.Name != option.Name)))
            {
                RefuseIfAny(kind, field, gone.Name, $"instr(r.{column}, char(31) || @p1 || char(31)) > 0");
            }

            return;
        }

        var known = field.Options.Select(option => option.Name).ToHashSet(StringComparer.Ordinal);
        var used = sql.Query($"SELECT DISTINCT r.{column} FROM {kind.Table} r WHERE r.{column} IS NOT NULL ORDER BY 1 LIMIT 10000", row => row.GetString(0));
        foreach (var gone in used.Where(name => !known.Contains(name)))
        {
            RefuseIfAny(kind, field, gone, $"r.{column} = @p1");
        }
    }

    private void RefuseIfAny(StoredKind kind, FieldDescriptor field, string option, string where)
    {
        var count = sql.Scalar<long>($"SELECT count(*) FROM {kind.Table} r WHERE {where}", option);
        if (count > 0)
        {
            throw Refused(
                $"records.{kind.Name}.fields.{field.Name} has no choice '{Section.Show(option)}' any more, which {count} records have: "
                + "keep it, or change those records first");
        }
    }

    private void DropIndexes(StoredKind kind)
    {
        foreach (var fields in IndexesOf(kind))
        {
            sql.Execute($"DROP INDEX IF EXISTS {IndexName(kind, fields)}");
        }
    }

    private void MakeIndexes(StoredKind kind)
    {
        foreach (var unique in kind.Kind.Unique)
        {
            CheckNoTwins(kind, unique);
        }

        foreach (var fields in IndexesOf(kind))
        {
            sql.Execute($"CREATE INDEX {IndexName(kind, fields)} ON {kind.Table} ({string.Join(", ", fields.Select(StoredKind.ColumnOf))}, id)");
        }
    }

    /// <summary>Keeps the words of records where they are searched by what they were searched by; else they are filed anew, most of them by ticks.</summary>
    private void MakeTexts(StoredKind kind)
    {
        if (Predecessor(kind) is not { } old)
        {
            TextIndex.Make(sql, kind);
        }
        else if (!IsSearchedAlike(old, kind))
        {
            TextIndex.Drop(sql, old);
            TextIndex.Make(sql, kind);
            _changes.Add(kind.Search.Count == 0
                ? $"{kind.Name} are not searched any more"
                : $"{kind.Name} are searched by {string.Join(", ", kind.Search.Select(field => field.Name))} now");
        }
        else if (old.Name != kind.Name && kind.Search.Count > 0)
        {
            TextIndex.Rename(sql, old, kind);
        }
    }

    private bool IsSearchedAlike(StoredKind old, StoredKind kind) =>
        old.Search.Count == kind.Search.Count
        && old.Search.Zip(kind.Search).All(pair => Find(old, pair.Second) == pair.First && !_filled.Contains((kind.Name, pair.Second.Name)));

    private void CheckNoTwins(StoredKind kind, IReadOnlyList<string> fields)
    {
        var columns = fields.Select(field => $"r.{StoredKind.ColumnOf(field)}").ToArray();
        var areThere = string.Join(" AND ", columns.Select(each => each + " IS NOT NULL"));
        var twins = sql.Scalar<long>(
            $"""
            SELECT count(*) FROM (SELECT 1 FROM {kind.Table} r WHERE r.deleted_at IS NULL AND {areThere}
                GROUP BY {string.Join(", ", columns)} HAVING count(*) > 1) twins
            """);
        if (twins > 0)
        {
            throw Refused($"records.{kind.Name}.unique: {twins} times there are several records with the same {string.Join(", ", fields)}; change those first");
        }
    }

    /// <summary>
    /// Those that are described, those that uniqueness is looked up by, and one for each relation, since what points to a record is looked for.
    /// </summary>
    private static IEnumerable<IReadOnlyList<string>> IndexesOf(StoredKind kind) =>
        kind.Kind.Indexes.Concat(kind.Kind.Unique)
            .Concat(kind.Fields.Where(field => field.Type == FieldType.Relation).Select(field => (IReadOnlyList<string>)[field.Name]))
            .DistinctBy(fields => string.Join(',', fields), StringComparer.Ordinal);

    private static string IndexName(StoredKind kind, IReadOnlyList<string> fields) => $"{kind.Table}__{string.Join("__", fields)}";

    private static RefusedException Refused(string message) => new(new Failure(FailureKind.Conflict, message));
}
