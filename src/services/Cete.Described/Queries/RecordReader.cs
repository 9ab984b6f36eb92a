using System.Data.Common;
using Cete.Core;
using Cete.Expressions;
using Cete.Groups;

namespace Cete.Described;

/// <summary>
/// Reads records as one asker may see them: the rules of lists and fields become part of each statement, so that what he may not see is neither counted,
/// nor ordered by, nor found.
/// </summary>
internal sealed partial class RecordReader
{
    private const string Alias = "r";

    private readonly SqlSession _sql;
    private readonly StoredService _service;
    private readonly StoredKind _kind;
    private readonly RuleScope _scope;
    private readonly FieldDescriptor[] _fields;

    public RecordReader(SqlSession sql, StoredService service, StoredKind kind, Standing asker, Instant now)
    {
        (_sql, _service, _kind) = (sql, service, kind);
        _scope = new RuleScope(sql, service, asker, now);
        _fields = [.. kind.Kind.Fields];
    }

    /// <summary>One record that he may look at; null where there is none.</summary>
    public RecordView? Find(long id)
    {
        var statement = Begin();
        WriteAlive(statement, isDeleted: false);
        WriteRule(statement, _kind.Kind.Rules.View);
        statement.Text.Append(" AND r.id = ").Append(statement.Parameter(id));
        return Query(statement).FirstOrDefault();
    }

    /// <summary>What he may do with the kind, or with one record of it; null where there is none for him.</summary>
    public Permissions? May(long id)
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
        var actions = _service.Descriptor.Actions
            .Where(action => action.On == (row is null ? null : _kind.Name) && scope.Allows(action.Who) && action.When?.Evaluate(scope).IsTrue != false);
        return new Permissions(
            create, row is not null && scope.With("new", row).Allows(rules.Update), row is not null && scope.Allows(rules.Delete),
            _scope.Asker.May(Actions.ServicesModerate), [.. actions.Select(action => action.Name)]);
    }

    /// <summary>One record, whether it is there still or not: for those who follow what happens to records.</summary>
    public bool WasVisible(long id)
    {
        var statement = new SqlWriter(_service);
        statement.Text.Append("SELECT 1 FROM ").Append(_kind.Table).Append(" r WHERE r.id = ").Append(statement.Parameter(id));
        WriteRule(statement, _kind.Kind.Rules.List);
        object?[] values = [.. statement.Values];
        return _sql.Scalar<long>(statement.Text.ToString(), values) == 1;
    }

    /// <summary>A page of those that he finds in lists.</summary>
    public Outcome<RecordPage> List(RecordQuery query)
    {
        var view = query.View is null ? null : _service.Descriptor.Views.FirstOrDefault(each => each.Name == query.View && each.Records == _kind.Name);
        if (query.View is not null && view is null)
        {
            return new Failure(FailureKind.NotFound, $"{_service.Name} has no view '{Section.Show(query.View)}' of {_kind.Name}");
        }

        var order = RecordOrder.Of(_kind, query.Sort.Count > 0 ? query.Sort : view?.Sort ?? FeedOf(query)?.Sort ?? []);
        if (!order.Succeeded)
        {
            return order.Failure;
        }

        var (filter, terms) = (Compile(query.Filter), Terms(query.Search));
        if ((filter.Failure ?? terms.Failure ?? CheckSearch(query)) is { } wrong)
        {
            return wrong;
        }

        _terms = terms.Value;
        if (_terms is { IsAny: true } && query.Sort.Count == 0)
        {
            return Finish(Search(query, _terms, view, filter.Value), query, view, filter.Value);
        }

        var limit = Math.Clamp(query.Limit, 1, RecordQuery.LimitMax);
        var statement = Begin();
        WriteWhere(statement, query, view, filter.Value);
        order.Value.WriteAfter(statement, query.Cursor);
        order.Value.WriteOrder(statement);
        statement.Text.Append(" LIMIT ").Append(statement.Parameter((long)limit + 1));
        var found = Query(statement);
        var isMore = found.Count > limit;
        if (isMore)
        {
            found.RemoveAt(limit);
        }

        return Finish(new RecordPage(found, isMore ? order.Value.CursorAt(found[^1]) : null), query, view, filter.Value);
    }

    private RecordPage Finish(RecordPage page, RecordQuery query, ViewDescriptor? view, Expression? filter) => page with
    {
        Items = _terms is null ? page.Items : [.. page.Items.Select(record => record with { Pieces = PiecesOf(record) })],
        Total = query.IsCounted ? Count(query, view, filter) : null,
        IsPartial = _terms is not null && !TextIndex.IsComplete(_sql, _kind),
    };

    private static Failure? CheckSearch(RecordQuery query) => query.IsDeleted && !string.IsNullOrWhiteSpace(query.Search)
        ? new Failure(FailureKind.Invalid, "what is deleted is not searched by words; leave out one of 'search' and 'deleted'")
        : null;

    /// <summary>How many records have each value of a field alike, the most frequent first.</summary>
    public Outcome<IReadOnlyList<RecordGroup>> Group(RecordQuery query, string by, string? sum)
    {
        const int GroupsMax = 100;
        var (filter, terms) = (Compile(query.Filter), Terms(query.Search));
        var view = query.View is null ? null : _service.Descriptor.Views.FirstOrDefault(each => each.Name == query.View && each.Records == _kind.Name);
        if ((filter.Failure ?? terms.Failure) is { } wrong)
        {
            return wrong;
        }

        _terms = terms.Value;
        var (key, value) = (RecordOrder.Open(_kind, by), sum is null ? null : RecordOrder.Open(_kind, sum));
        if (key is null || (sum is not null && (value is null || !FieldTypes.IsNumber(value.Type))))
        {
            return new Failure(FailureKind.Invalid, $"{_kind.Name} have no such field that everybody who sees them may see");
        }

        var statement = new SqlWriter(_service);
        var column = StoredKind.ColumnOf(key.Name);

        // A sum of whole numbers that does not fit is an error of the database: it is for a picture, so it may be rounded.
        var summed = value is null ? "NULL" : $"CAST(sum(CAST(r.{StoredKind.ColumnOf(value.Name)} AS DOUBLE PRECISION)) AS BIGINT)";
        statement.Put($"SELECT r.{column}, count(*), {summed} FROM {_kind.Table} r");
        WriteWhere(statement, query, view, filter.Value);
        statement.Put($" GROUP BY r.{column} ORDER BY 2 DESC, 1 LIMIT {GroupsMax}");
        object?[] values = [.. statement.Values];
        return Outcome.Of<IReadOnlyList<RecordGroup>>(_sql.Query(
            statement.Text.ToString(),
            row => new RecordGroup(
                row.IsDBNull(0) ? Value.Null : Value.FromStored(TypeOf(key), row.GetValue(0)), row.GetInt64(1),
                value is null || row.IsDBNull(2) ? Value.Null : Value.FromStored(TypeOf(value), row.GetValue(2))),
            values));
    }

    /// <summary>What happened to a record, the newest first; fields that he may not see are left out.</summary>
    public IReadOnlyList<RecordChange> History(RecordView record, int countMax)
    {
        var seen = record.Values.Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);
        return _sql.Query(
            """
            SELECT revision, at, account, what, before FROM history WHERE service = @p1 AND kind = @p2 AND id = @p3 ORDER BY revision DESC LIMIT @p4
            """,
            row => new RecordChange(
                row.GetInt64(0), new Instant(row.GetInt64(1)), row.GetString(2), row.GetString(3),
                row.GetString(3) == "updated" ? [.. Before(row.GetString(4)).Where(pair => seen.Contains(pair.Key))] : []),
            _service.Number, _kind.Name, record.Id, countMax);
    }

    private bool MayCreate(Expression condition)
    {
        var readsRecord = condition.Reads.Any(read => read.Variable == "record");
        var readsAsker = condition.Reads.Any(read => read.Variable == "auth");
        return readsRecord ? _scope.Asker.IsKnown || !readsAsker : condition.Evaluate(_scope).IsTrue;
    }

    private static IEnumerable<KeyValuePair<string, string>> Before(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t', 2)).Where(parts => parts.Length == 2).Select(
            parts => new KeyValuePair<string, string>(
                parts[0], parts[1].Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal)));

    private static ExpressionType TypeOf(FieldDescriptor field) => FieldTypes.ToExpressionType(field.Type, null) ?? ExpressionType.Text;

    private long Count(RecordQuery query, ViewDescriptor? view, Expression? filter)
    {
        var statement = new SqlWriter(_service);
        statement.Put($"SELECT count(*) FROM (SELECT 1 FROM {_kind.Table} r");
        WriteWhere(statement, query, view, filter);
        statement.Put($" LIMIT {RecordQuery.CountMax}) counted");
        object?[] values = [.. statement.Values];
        return _sql.Scalar<long>(statement.Text.ToString(), values);
    }

    /// <summary>What somebody typed: it reads fields that everybody may see who sees the record, and nothing else.</summary>
    private Outcome<Expression?> Compile(string? filter)
    {
        if (filter is null)
        {
            return (Expression?)null;
        }

        var open = new RecordType(_kind.Name);
        open.Add("id", ExpressionType.Int);
        open.Add("owner", ExpressionType.Text);
        open.Add("created", ExpressionType.Timestamp);
        open.Add("updated", ExpressionType.Timestamp);
        open.Add("revision", ExpressionType.Int);
        foreach (var field in _kind.Fields.Where(field => field.Read is null && field.Type != FieldType.Sealed))
        {
            open.Add(field.Name, TypeOf(field));
        }

        var scope = new ExpressionScope();
        scope.Add("record", open);
        scope.Add("now", ExpressionType.Timestamp);
        scope.Add("auth", ExpressionScopes.Auth);
        var result = Expression.Compile(filter, scope, ExpressionType.Bool);
        var error = result.Expression is { } made ? made.WhyNotSql("record") : result.Errors[0];
        return error is null ? result.Expression : new Failure(FailureKind.Invalid, $"the filter is wrong at character {error.Offset + 1}: {error.Message}");
    }

    private SqlWriter Begin()
    {
        var statement = new SqlWriter(_service);
        statement.Text.Append("SELECT r.id, r.owner, r.created_at, r.updated_at, r.revision, r.deleted_at, r.hidden");
        foreach (var field in _fields)
        {
            statement.Text.Append(", ");
            WriteField(statement, field);
        }

        statement.Text.Append(" FROM ").Append(_kind.Table).Append(" r");
        return statement;
    }

    private void WriteField(SqlWriter statement, FieldDescriptor field)
    {
        if (field.Read is { IsClosed: true })
        {
            statement.Text.Append("NULL");
            return;
        }

        var condition = field.Read?.Condition;
        if (condition is not null)
        {
            statement.Text.Append("CASE WHEN ");
            condition.WriteSql(statement, "record", Alias, _scope);
            statement.Text.Append(" THEN ");
        }

        if (field.Formula is { } formula)
        {
            formula.WriteSql(statement, "record", Alias, _scope);
        }
        else
        {
            statement.Text.Append("r.").Append(StoredKind.ColumnOf(field.Name));
        }

        if (condition is not null)
        {
            statement.Text.Append(" END");
        }
    }

    private void WriteWhere(SqlWriter statement, RecordQuery query, ViewDescriptor? view, Expression? filter)
    {
        WriteAlive(statement, query.IsDeleted);
        WriteRule(statement, _kind.Kind.Rules.List);
        if (query.IsDeleted)
        {
            WriteRule(statement, _kind.Kind.Rules.Delete);
        }

        Write(statement, view?.Filter);
        Write(statement, FeedOf(query)?.Filter);
        Write(statement, filter);
        WriteText(statement);
    }

    private FeedDescriptor? FeedOf(RecordQuery query) => query.Feed is { } name ? _service.Descriptor.Feed(name) : null;

    private static void WriteAlive(SqlWriter statement, bool isDeleted) =>
        statement.Text.Append(" WHERE ").Append(isDeleted ? "r.deleted_at IS NOT NULL AND r.hidden = 0" : StoredKind.IsAlive(Alias));

    private void WriteRule(SqlWriter statement, Rule rule)
    {
        if (rule.IsClosed)
        {
            statement.Text.Append(" AND 1 = 0");
        }

        Write(statement, rule.Condition);
    }

    private void Write(SqlWriter statement, Expression? condition)
    {
        if (condition is not null)
        {
            statement.Text.Append(" AND (");
            condition.WriteSql(statement, "record", Alias, _scope);
            statement.Text.Append(')');
        }
    }

    private List<RecordView> Query(SqlWriter statement)
    {
        object?[] values = [.. statement.Values];
        var found = _sql.Query(statement.Text.ToString(), Read, values);
        return new RelationLabels(_sql, _service, _scope).Fill(_kind, found);
    }

    private RecordView Read(DbDataReader row)
    {
        const int Common = 7;
        var values = new List<KeyValuePair<string, Value>>(_fields.Length);
        for (var i = 0; i < _fields.Length; i++)
        {
            var field = _fields[i];
            if (field.Read is not null && row.IsDBNull(Common + i))
            {
                // Nothing there, or not for him: he cannot tell.
                continue;
            }

            var type = field.Formula?.Type ?? TypeOf(field);
            values.Add(new(field.Name, row.IsDBNull(Common + i) ? Value.Null : Value.FromStored(type, row.GetValue(Common + i))));
        }

        return new RecordView(
            _kind.Name, row.GetInt64(0), row.GetString(1), new Instant(row.GetInt64(2)), new Instant(row.GetInt64(3)), row.GetInt64(4), values)
        {
            Deleted = row.IsDBNull(5) ? null : new Instant(row.GetInt64(5)),
            IsHidden = row.GetInt64(6) != 0,
        };
    }
}
