using System.Globalization;
using Cete.Core;
using Cete.Ports;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cete.Storage.State;

/// <summary>A connection that keeps statements prepared at SQLite itself (https://sqlite.org/c3ref/stmt.html): half of what they cost through ADO.NET.</summary>
internal sealed class StatementConnection : SqliteConnection, IPreparedStatements
{
    /// <summary>Statements kept prepared, like those of ADO.NET.</summary>
    private const int StatementsMax = 256;

    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    public int Run(string sql, ReadOnlySpan<object?> values)
    {
        var statement = Bind(sql, values);
        try
        {
            while (Step(statement))
            {
            }

            return raw.sqlite3_changes(Handle);
        }
        finally
        {
            raw.sqlite3_reset(statement.Handle);
        }
    }

    public long? RunForNumber(string sql, ReadOnlySpan<object?> values)
    {
        var statement = Bind(sql, values);
        try
        {
            return Step(statement) && raw.sqlite3_column_type(statement.Handle, 0) != raw.SQLITE_NULL ? raw.sqlite3_column_int64(statement.Handle, 0) : null;
        }
        finally
        {
            raw.sqlite3_reset(statement.Handle);
        }
    }

    public override void Open()
    {
        base.Open();

        // As ADO.NET waits for locks of others, which it does itself.
        raw.sqlite3_busy_timeout(Handle, DefaultTimeout * 1_000);
    }

    public override void Close()
    {
        Forget();
        base.Close();
    }

    private bool Step(Statement statement)
    {
        var code = raw.sqlite3_step(statement.Handle);
        if (code is raw.SQLITE_ROW)
        {
            return true;
        }

        if (code != raw.SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(code, Handle);
        }

        return false;
    }

    private Statement Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            if (_statements.Count == StatementsMax)
            {
                Forget();
            }

            _statements.Add(sql, statement = Prepare(sql));
        }

        Check.That(statement.Places.Length == values.Length, sql);
        for (var i = 0; i < values.Length; i++)
        {
            Bind(statement.Handle, statement.Places[i], values[i]);
        }

        return statement;
    }

    private Statement Prepare(string sql)
    {
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v3(Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle, out var tail), Handle);
        Check.That(tail.Trim().Length == 0, $"one statement is run at a time: {sql}");

        // Names come in the order in which the text has them, which need not be that of their numbers.
        var places = new int[raw.sqlite3_bind_parameter_count(handle)];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = raw.sqlite3_bind_parameter_index(handle, string.Create(CultureInfo.InvariantCulture, $"@p{i + 1}"));
            Check.That(places[i] > 0, sql);
        }

        return new Statement(handle, places);
    }

    private void Bind(sqlite3_stmt statement, int place, object? value)
    {
        var code = value switch
        {
            null or DBNull => raw.sqlite3_bind_null(statement, place),
            long number => raw.sqlite3_bind_int64(statement, place, number),
            int number => raw.sqlite3_bind_int64(statement, place, number),
            bool isTrue => raw.sqlite3_bind_int64(statement, place, isTrue ? 1 : 0),
            double number => raw.sqlite3_bind_double(statement, place, number),
            string text => raw.sqlite3_bind_text(statement, place, text),
            byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(statement, place, 0),
            byte[] bytes => raw.sqlite3_bind_blob(statement, place, bytes),
            _ => throw new ArgumentException($"a value of the type {value.GetType().Name} is bound by nobody yet", nameof(value)),
        };
        SqliteException.ThrowExceptionForRC(code, Handle);
    }

    private void Forget()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Handle.Dispose();
        }

        _statements.Clear();
    }

    private sealed record Statement(sqlite3_stmt Handle, int[] Places);
}
