using Cete.Expressions;
using Cete.Groups;

namespace Cete.Described;

/// <summary>What records are called that others point to: one statement for each relation of a page, and only those that the asker may look at.</summary>
internal sealed class RelationLabels(SqlSession sql, StoredService service, RuleScope scope)
{
    public List<RecordView> Fill(StoredKind kind, List<RecordView> records)
    {
        Dictionary<string, Dictionary<long, string>> labels = new(StringComparer.Ordinal);
        foreach (var field in kind.Fields.Where(field => field.Type == FieldType.Relation))
        {
            long[] wanted = [.. records.Select(record => record.Get(field.Name)).Where(value => !value.IsNull).Select(value => value.Number).Distinct()];
            if (wanted.Length > 0)
            {
                labels[field.Name] = Ask(service.Of(field.To!), wanted);
            }
        }

        return labels.Count == 0 ? records : records.ConvertAll(record => record with
        {
            Labels = labels
                .Where(pair => pair.Value.ContainsKey(record.Get(pair.Key).Number))
                .ToDictionary(pair => pair.Key, pair => pair.Value[record.Get(pair.Key).Number], StringComparer.Ordinal),
        });
    }

    private Dictionary<long, string> Ask(StoredKind target, long[] ids)
    {
        var (label, rule) = (target.Kind.Label, target.Kind.Rules.View);
        if (label is null || label.Read is not null || rule.IsClosed)
        {
            return [];
        }

        var statement = new SqlWriter(service);
        statement.Put($"SELECT r.id, r.{StoredKind.ColumnOf(label.Name)} FROM {target.Table} r WHERE {StoredKind.IsAlive("r")} AND r.id IN (");
        statement.Text.AppendJoin(", ", ids.Select(id => statement.Parameter(id))).Append(')');
        if (rule.Condition is { } condition)
        {
            statement.Text.Append(" AND (");
            condition.WriteSql(statement, "record", "r", scope);
            statement.Text.Append(')');
        }

        object?[] values = [.. statement.Values];
        return sql.Query(statement.Text.ToString(), row => (row.GetInt64(0), row.IsDBNull(1) ? string.Empty : row.GetString(1)), values)
            .ToDictionary(pair => pair.Item1, pair => pair.Item2);
    }
}
