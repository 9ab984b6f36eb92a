using Cete.Core;
using Cete.Storage.State;
using Microsoft.Data.Sqlite;

namespace Cete.Storage.Local;

/// <summary>
/// A small database of a user's, opened when it is first needed: for what is too much for a file each. What is committed survives a crash; a loss of power may
/// cost the newest of it, never half of one, but for what is to be durable. One caller at a time has it.
/// </summary>
/// <param name="path">Its file; its folder is made.</param>
/// <param name="schema">Makes its tables where there are none.</param>
internal sealed class LocalDatabase(string path, string schema) : IDisposable
{
    private readonly Lock _gate = new();
    private SqliteConnection? _connection;
    private bool _isDisposed;
    private long _changes;

    /// <summary>Counts rows that were changed since it was opened.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    /// <summary>Does something with it, all or nothing.</summary>
    public Outcome<T> Do<T>(string doing, Func<LocalCommands, T> work, bool isDurable = false)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return new Failure(FailureKind.Cancelled, "the agent stops");
            }

            try
            {
                var opened = _connection is null ? Open() : null;
                if (opened is not null)
                {
                    return opened;
                }

                if (isDurable)
                {
                    Set("PRAGMA synchronous = FULL");
                }

                using var transaction = _connection!.BeginTransaction(deferred: true);
                using var commands = new LocalCommands(_connection!, transaction);
                var done = work(commands);
                transaction.Commit();
                Interlocked.Add(ref _changes, commands.Changes);
                return done;
            }
            catch (SqliteException error)
            {
                return SqliteFailure.From(error, $"{doing} in {path}");
            }
            finally
            {
                if (isDurable && _connection is not null)
                {
                    Set("PRAGMA synchronous = NORMAL");
                }
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _connection?.Dispose();
        }
    }

    private void Set(string pragma)
    {
        using var command = _connection!.CreateCommand();
        command.CommandText = pragma;
        command.ExecuteNonQuery();
    }

    private Failure? Open()
    {
        if (PrivateFile.MakeFolder(Path.GetDirectoryName(path)!) is { } failure)
        {
            return failure;
        }

        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -2000; " + schema;
            command.ExecuteNonQuery();
            _connection = connection;
            return null;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}

/// <summary>Statements of one piece of work.</summary>
internal sealed class LocalCommands(SqliteConnection connection, SqliteTransaction transaction) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    /// <summary>Rows that it changed.</summary>
    public long Changes { get; private set; }

    /// <summary>Runs a statement with the values of <c>@p1</c> and so on; how many rows it changed.</summary>
    public int Execute(string text, params object?[] values)
    {
        var changed = With(text, values).ExecuteNonQuery();
        Changes += Math.Max(0, changed);
        return changed;
    }

    /// <summary>The rows of a question.</summary>
    public List<T> Query<T>(string text, Func<SqliteDataReader, T> read, params object?[] values)
    {
        using var reader = With(text, values).ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }
    }

    private SqliteCommand With(string text, object?[] values)
    {
        if (!_prepared.TryGetValue(text, out var command))
        {
            command = connection.CreateCommand();
            (command.CommandText, command.Transaction) = (text, transaction);
            _prepared.Add(text, command);
        }

        command.Parameters.Clear();
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"@p{i + 1}", values[i] ?? DBNull.Value);
        }

        return command;
    }
}
