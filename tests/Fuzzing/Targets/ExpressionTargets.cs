using Cete.Core;
using Cete.Expressions;
using Microsoft.Data.Sqlite;

namespace Cete.Fuzzing.Targets;

/// <summary>Rules of described services: their authors are strangers to those who run them.</summary>
internal static class ExpressionTargets
{
    private static readonly string[] Examples =
    [
        "record.owner == auth.id || 'editor' in auth.roles", "record.title.lowerAscii().contains('a') && size(record.title) < 5", "!(record.votes + 1 > 2 * 3)",
        "record.price * 2 >= 1.5 ? record.done : !record.done", "record.parent.parent.title != null && has(record.created)",
        "notes.exists(n, n.parent == record.id && n.votes > 0) || notes.all(m, m.done)", "notes.sum(n, n.price, true) - notes.count(n, n.done) > 0",
        "notes.filter(n, n.title in record.tags).size() == 0", "record.created + duration('1h30m') < timestamp('2026-11-23T10:00:00Z')",
        "date(record.created).getDayOfWeek() in [0, 6]", "record.title.matches('^[a-z]{1,3}$')", "auth.roles.exists(r, r.startsWith(\"e\\u0064\"))",
        "min(record.votes, int('12')) % 5 == abs(-3) // a remark", "record.title + 'x' == string(record.votes).trim()",
        "round(decimal(record.votes) / 3.5) == -1",
    ];

    public static (string Name, Func<FuzzTarget> Make)[] All { get; } = [("expression", Expressions)];

    private static FuzzTarget Expressions()
    {
        var notes = new Notes();
        return FuzzTarget.OfText(
            "expression", text => Read(text, notes), Examples,
            "record.", "auth.roles", "notes.exists(n, ", "notes.sum(n, n.votes, ", " && ", " || ", "!", "(", ")", "[", "]", "?", ":", " in ", " == null",
            "1.000001", "-9223372036854775808", "'", "\\u", ".size()", "n.parent.parent", "record.tags", "matches('(a*)*')", "//", "\n", "'\uD83D'") with
        { AllocatedMax = 8 * 1024 * 1024, AllocatedPerByte = 4_000, Ended = notes.Dispose };
    }

    private static string Read(string text, Notes notes)
    {
        var result = Expression.Compile(text, notes.Scope);
        foreach (var error in result.Errors)
        {
            var isPlaced = error.Offset >= 0 && error.Offset <= text.Length && error.Line > 0 && error.Column > 0;
            Oracle.That(isPlaced && error.Message.Length > 0, "an error of no place");
        }

        Oracle.That(result.Succeeded == (result.Errors.Count == 0), "neither an expression nor an error");
        if (!result.Succeeded)
        {
            return Oracle.Of(new Failure(FailureKind.Invalid, result.Errors[0].Message));
        }

        Oracle.That(Expression.Compile(result.Expression.Text, notes.Scope).Succeeded, "it is read once only");
        var expected = notes.Evaluate(result.Expression);
        if (result.Expression.WhyNotSql("record") is { } why)
        {
            return FuzzTarget.Taken + " but no SQL " + new string([.. why.Message.Where(char.IsAsciiLetter).Take(24)]);
        }

        result.Expression.WriteSql(new SqlWriter(notes, SqlDialect.PostgreSql), "record", "r", notes);
        Oracle.That(notes.Ask(result.Expression).SequenceEqual(expected), "memory and SQL differ");
        return FuzzTarget.Taken + " " + result.Expression.Type;
    }

    /// <summary>Three notes in memory and in a database.</summary>
    private sealed class Notes : ISqlNames, IEvaluationScope, IDisposable
    {
        private readonly RecordType _type = new("notes");
        private readonly SqliteConnection _connection = new("Data Source=:memory:");
        private readonly List<Dictionary<string, Value>> _rows = [];
        private Dictionary<string, Value>? _record;

        public Notes()
        {
            _type.Add("id", ExpressionType.Int).Add("title", ExpressionType.Text).Add("owner", ExpressionType.Text).Add("votes", ExpressionType.Int)
                .Add("price", ExpressionType.Decimal).Add("created", ExpressionType.Timestamp).Add("done", ExpressionType.Bool)
                .Add("tags", ExpressionType.ListOf(ExpressionType.Text)).Add("parent", ExpressionType.RelationTo(_type));
            var auth = new RecordType("auth").Add("id", ExpressionType.Text).Add("roles", ExpressionType.ListOf(ExpressionType.Text));
            Scope = new ExpressionScope().Add("record", _type).Add("auth", auth).Add("now", ExpressionType.Timestamp).AddCollection("notes", _type);
            _connection.Open();
            var columns = "title TEXT, owner TEXT, votes INTEGER, price INTEGER, created INTEGER, done INTEGER, tags TEXT, parent INTEGER";
            Run($"CREATE TABLE notes (id INTEGER PRIMARY KEY, {columns})", []);
            var (some, extreme, no) = (Value.OfList([Value.Of("abc")]), long.MaxValue, Value.OfList([]));
            Add(Value.Of("abc"), Value.Of("ann"), Value.Of(2), Value.OfDecimal(1_500_000), Value.OfTimestamp(-1), Value.True, some, Value.Of(2));
            Add(Value.Of("\U0001F600"), Value.Of(""), Value.Of(extreme), Value.OfDecimal(-extreme), Value.OfTimestamp(extreme), Value.False, no, Value.Of(9));
            Add(default, default, default, default, default, default, default, default);
        }

        public ExpressionScope Scope { get; }

        public string Table(RecordType type) => type.Name;

        public string Column(RecordType type, string field) => field;

        public string? Alive(RecordType type, string alias) => null;

        public List<Value> Evaluate(Expression expression) => [.. _rows.Select(row =>
        {
            _record = row;
            return expression.Evaluate(this);
        }).Select(value => expression.Type.Kind == ValueKind.Bool ? Value.Of(value.IsTrue) : value)];

        public List<Value> Ask(Expression expression)
        {
            _record = null;
            var writer = new SqlWriter(this);
            expression.WriteSql(writer, "record", "r", this);
            var what = expression.Type.Kind == ValueKind.Bool ? $"CASE WHEN {writer.Text} THEN 1 ELSE 0 END" : writer.Text.ToString();
            using var command = Command($"SELECT {what} FROM notes r ORDER BY r.id", writer.Values);
            using var reader = command.ExecuteReader();
            var values = new List<Value>();
            while (reader.Read())
            {
                values.Add(Value.FromStored(expression.Type, reader.IsDBNull(0) ? null : reader.GetValue(0)));
            }

            return values;
        }

        public Value Get(string variable) => Value.OfTimestamp(1_795_428_000_000_000);

        public Value Get(string variable, string field) => (variable, field) switch
        {
            ("auth", "id") => Value.Of("ann"),
            ("auth", _) => Value.OfList([Value.Of("editor"), Value.Of("abc")]),
            _ => _record?.GetValueOrDefault(field) ?? throw new FuzzFailedException("a record is read that is not known"),
        };

        public Value Follow(RecordType type, long id, string field) => _rows.Find(row => row["id"].Number == id)?.GetValueOrDefault(field) ?? Value.Null;

        public Value Aggregate(CollectionMacro macro, IEvaluationScope scope) =>
            macro.Evaluate(_rows.Select(row => (Func<string, Value>)(field => row.GetValueOrDefault(field))), scope);

        public void Dispose() => _connection.Dispose();

        private void Add(params Value[] values)
        {
            var row = new Dictionary<string, Value>(StringComparer.Ordinal) { ["id"] = Value.Of(_rows.Count + 1) };
            foreach (var (field, value) in _type.Fields.Skip(1).Zip(values))
            {
                row.Add(field, value);
            }

            _rows.Add(row);
            Run("INSERT INTO notes VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9)", [.. row.Values.Select(value => value.ToStored())]);
        }

        private void Run(string statement, IReadOnlyList<object?> values)
        {
            using var command = Command(statement, values);
            command.ExecuteNonQuery();
        }

        private SqliteCommand Command(string statement, IReadOnlyList<object?> values)
        {
            var command = _connection.CreateCommand();
            command.CommandText = statement;
            for (var i = 0; i < values.Count; i++)
            {
                command.Parameters.AddWithValue(FormattableString.Invariant($"@p{i + 1}"), values[i] ?? DBNull.Value);
            }

            return command;
        }
    }
}
