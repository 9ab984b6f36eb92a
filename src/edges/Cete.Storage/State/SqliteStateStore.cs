using System.Data.Common;
using Cete.Core;
using Cete.Ports;
using Microsoft.Data.Sqlite;

namespace Cete.Storage.State;

/// <summary>
/// A group's SQLite database in WAL mode with <c>synchronous = NORMAL</c>: commits cost no fsync, a loss of power loses only
/// commits after the last checkpoint, never half of one.
/// </summary>
internal sealed class SqliteStateStore : IStateStore
{
    private readonly string _path;
    private readonly SqliteConnection _writer;

    private SqliteStateStore(string path, SqliteConnection writer)
    {
        _path = path;
        _writer = writer;
    }

    public DbConnection Writer => _writer;

    public long BytesSinceCheckpoint => new FileInfo(_path + "-wal") is { Exists: true } wal ? wal.Length : 0;

    public static Outcome<IStateStore> Open(string path)
    {
        var connection = Connect(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384");
            Scalar(connection, "SELECT count(*) FROM sqlite_schema");
            return new SqliteStateStore(path, connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Null when the database in a file is sound.</summary>
    public static Failure? FindDamage(string path)
    {
        using var connection = Connect(path, SqliteOpenMode.ReadWrite);
        try
        {
            var verdict = (string)Scalar(connection, "PRAGMA quick_check(1)")!;
            return verdict == "ok" ? null : new Failure(FailureKind.Damaged, $"the snapshot is damaged: {verdict}");
        }
        catch (SqliteException error)
        {
            return SqliteFailure.From(error, "checking a snapshot");
        }
    }

    public DbConnection OpenReader()
    {
        var reader = Connect(_path, SqliteOpenMode.ReadWrite);
        Execute(reader, "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096");
        return reader;
    }

    public bool Checkpoint()
    {
        using var command = _writer.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        using var row = command.ExecuteReader();
        Check.That(row.Read());

        // Columns: busy, frames in the log, frames carried over. A reader may stand in the way of cutting the file; that is no harm.
        return row.GetInt64(1) == row.GetInt64(2);
    }

    public void WriteSnapshot(Stream target)
    {
        var copy = $"{_path}.snapshot";
        File.Delete(copy);
        try
        {
            using (var reader = Connect(_path, SqliteOpenMode.ReadWrite))
            {
                using var command = reader.CreateCommand();
                command.CommandText = "VACUUM INTO $copy";
                command.Parameters.AddWithValue("$copy", copy);
                command.ExecuteNonQuery();
            }

            using var file = File.OpenRead(copy);
            file.CopyTo(target);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    public Failure Explain(DbException error, string doing) => SqliteFailure.From((SqliteException)error, $"{doing} ({_path})");

    public void Dispose() => _writer.Dispose();

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var text = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 30 };
        var connection = new SqliteConnection(text.ToString());
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
