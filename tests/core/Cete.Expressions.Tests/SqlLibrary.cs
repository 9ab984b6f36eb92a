using Cete.Core;
using Microsoft.Data.Sqlite;

namespace Cete.Expressions.Tests;

/// <summary>The same random records in memory and in a database, some of which are deleted there.</summary>
internal sealed class SqlLibrary : ISqlNames, IDisposable
{
    private readonly SqliteConnection _connection = new("Data Source=:memory:");

    public SqlLibrary(Prng chance)
    {
        _connection.Open();
        Fill(Library.Books, 12, chance);
        Fill(Library.Authors, 5, chance);
        Fill(Library.Loans, 10, chance);
        Memory.Records["input"] = Row(Library.Books, chance.Next(10), chance);
        Memory.Records["auth"] = Row(Library.Auth, null, chance);
        Memory.Plain["now"] = Value.OfTimestamp(1_795_428_000_000_000);
    }

    public MemoryLibrary Memory { get; } = new();

    public IReadOnlyList<Dictionary<string, Value>> Books => Memory.Tables["books"];

    public string Table(RecordType type) => $"t_{type.Name}";

    public string Column(RecordType type, string field) => $"\"c_{field}\"";

    public string? Alive(RecordType type, string alias) => type == Library.Authors ? null : $"{alias}.deleted IS NULL";

    public List<(long Id, object? Value)> Select(string what, string where, IReadOnlyList<object?> values)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT r.c_id, {what} FROM t_books r WHERE r.deleted IS NULL AND ({where}) ORDER BY r.c_id";
        for (var i = 0; i < values.Count; i++)
        {
            command.Parameters.AddWithValue(FormattableString.Invariant($"@p{i + 1}"), values[i]);
        }

        using var reader = command.ExecuteReader();
        var rows = new List<(long, object?)>();
        while (reader.Read())
        {
            rows.Add((reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetValue(1)));
        }

        return rows;
    }

    /// <summary>How a statement would be carried out.</summary>
    public string Plan(string where, IReadOnlyList<object?> values)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN SELECT r.c_id FROM t_books r WHERE {where}";
        for (var i = 0; i < values.Count; i++)
        {
            command.Parameters.AddWithValue(FormattableString.Invariant($"@p{i + 1}"), values[i]);
        }

        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
        {
            lines.Add(reader.GetString(3));
        }

        return string.Join('\n', lines);
    }

    public void Run(string statement)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    public void Dispose() => _connection.Dispose();

    private void Fill(RecordType type, int count, Prng chance)
    {
        var columns = type.Fields.Select(field =>
            $"{Column(type, field)} {(field == "id" ? "INTEGER PRIMARY KEY" : IsText(type, field) ? "TEXT" : "INTEGER")}");
        Run($"CREATE TABLE {Table(type)} ({string.Join(", ", columns)}, deleted INTEGER)");
        var table = Memory.Tables[type.Name] = [];
        for (var id = 0; id < count; id++)
        {
            var row = Row(type, id, chance);
            var isDeleted = Alive(type, "x") is not null && chance.Chance(1, 6);
            using var command = _connection.CreateCommand();
            var values = string.Join(", ", type.Fields.Select((_, i) => $"@p{i}"));
            command.CommandText = $"INSERT INTO {Table(type)} VALUES ({values}, {(isDeleted ? "1" : "NULL")})";
            for (var i = 0; i < type.Fields.Count; i++)
            {
                command.Parameters.AddWithValue($"@p{i}", row[type.Fields[i]].ToStored() ?? DBNull.Value);
            }

            command.ExecuteNonQuery();
            if (!isDeleted)
            {
                table.Add(row);
            }
        }
    }

    private static bool IsText(RecordType type, string field) => type.TryFind(field, out var found) && found.Kind is ValueKind.Text or ValueKind.List;

    private static Dictionary<string, Value> Row(RecordType type, int? id, Prng chance) => type.Fields.ToDictionary(
        field => field,
        field => field == "id" && id is { } number ? Value.Of(number) : type.TryFind(field, out var found) ? SampleValues.Of(found, chance) : Value.Null,
        StringComparer.Ordinal);
}
