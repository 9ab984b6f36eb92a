using System.Data.Common;
using Cete.Core;
using Cete.Ports;

namespace Cete.Groups;

/// <summary>
/// A connection with its prepared statements: parsing SQL costs more than most of our statements do. Parameters are written
/// <c>@p1</c>, <c>@p2</c>... and given in that order. One caller at a time.
/// </summary>
public sealed class SqlSession(DbConnection connection) : IDisposable
{
    /// <summary>Statements kept prepared: bounds the memory that queries of many shapes can take.</summary>
    private const int StatementsMax = 256;

    private readonly IPreparedStatements? _short = connection as IPreparedStatements;
    private readonly Dictionary<string, DbCommand> _statements = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, object> _derived = [];

    /// <summary>Runs a statement; the number of rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => _short?.Run(sql, values) ?? Prepare(sql, values).ExecuteNonQuery();

    /// <summary>The first column of the first row; default when there is no row or it is NULL.</summary>
    public T? Scalar<T>(string sql, params ReadOnlySpan<object?> values)
    {
        if (typeof(T) == typeof(long) && _short is not null)
        {
            return _short.RunForNumber(sql, values) is { } number ? (T)(object)number : default;
        }

        using var rows = Prepare(sql, values).ExecuteReader();
        return rows.Read() && !rows.IsDBNull(0) ? rows.GetFieldValue<T>(0) : default;
    }

    /// <summary>All rows, each turned into a value.</summary>
    public List<T> Query<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> values)
    {
        List<T> found = [];
        using var rows = Prepare(sql, values).ExecuteReader();
        while (rows.Read())
        {
            found.Add(map(rows));
        }

        return found;
    }

    /// <summary>Hands out the rows one by one, for as long as the next one is wanted.</summary>
    public void Each(string sql, Func<DbDataReader, bool> take, params ReadOnlySpan<object?> values)
    {
        using var rows = Prepare(sql, values).ExecuteReader();
        while (rows.Read() && take(rows))
        {
        }
    }

    /// <summary>The first row as a value; default when there is none.</summary>
    public T? First<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> values)
    {
        using var rows = Prepare(sql, values).ExecuteReader();
        return rows.Read() ? map(rows) : default;
    }

    /// <summary>Runs several statements at once, without values: for schemas.</summary>
    public void Script(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>
    /// What the one session that writes keeps of its tables in memory, since reading it again and again costs much: whoever writes those tables
    /// notes it here too. Dropped whenever anything is rolled back, so that it never says other than the tables do.
    /// </summary>
    public T Derived<T>()
        where T : class, new()
    {
        if (!_derived.TryGetValue(typeof(T), out var derived))
        {
            _derived.Add(typeof(T), derived = new T());
        }

        return (T)derived;
    }

    /// <summary>Something was rolled back: what was derived is read anew.</summary>
    public void ForgetDerived() => _derived.Clear();

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _statements.Clear();
    }

    private DbCommand Prepare(string sql, ReadOnlySpan<object?> values)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            if (_statements.Count == StatementsMax)
            {
                Dispose();
            }

            statement = connection.CreateCommand();
            statement.CommandText = sql;
            for (var i = 0; i < values.Length; i++)
            {
                var parameter = statement.CreateParameter();
                parameter.ParameterName = $"@p{i + 1}";
                statement.Parameters.Add(parameter);
            }

            _statements.Add(sql, statement);
        }

        Check.That(statement.Parameters.Count == values.Length, sql);
        for (var i = 0; i < values.Length; i++)
        {
            statement.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return statement;
    }
}
