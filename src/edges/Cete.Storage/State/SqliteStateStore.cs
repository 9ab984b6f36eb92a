using System.Data;
using System.Data.Common;
using Cete.Core;
using Cete.Ports;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Cete.Storage.State;

/// <summary>
/// A group's SQLite database in WAL mode with <c>synchronous = NORMAL</c>: commits cost no fsync, a loss of power loses only
/// commits after the last checkpoint, never half of one.
/// </summary>
internal sealed class SqliteStateStore : IStateStore
{
    /// <summary>Bytes of a write-ahead log from which on it is cut: four times what is written between two checkpoints.</summary>
    private const long WalBytesMax = 256 * 1024 * 1024;

    /// <summary>How long a store that is to go waits for those that are just closing it.</summary>
    private const int SettleSecondsMax = 1;

    private readonly string _path;
    private readonly SqliteConnection _writer;
    private readonly long _pageBytes;
    private readonly string? _boot;
    private readonly Action _checkedNow;
    private long _snapshots;

    /// <summary>Pages may be other than they were written, and nobody has read all of them yet.</summary>
    private volatile bool _isUnread;

    /// <summary>Damage was met: no stamp is set any more.</summary>
    private volatile bool _isDamaged;

    /// <summary>What <see cref="BytesWritten"/> was at the last whole checkpoint; below zero by what an earlier process has left behind.</summary>
    private long _bytesAtCheckpoint;

    private SqliteStateStore(string path, SqliteConnection writer, bool isUnread, string? boot, Action checkedNow)
    {
        _path = path;
        _writer = writer;
        _isUnread = isUnread;
        _boot = boot;
        _checkedNow = checkedNow;
        _pageBytes = (long)Scalar(writer, "PRAGMA page_size")!;
        _bytesAtCheckpoint = BytesWritten - WalBytes(path);
    }

    public DbConnection Writer => _writer;

    // Not the length of the write-ahead log: its file stays as long as it ever was and is written anew from its start.
    public long BytesSinceCheckpoint => BytesWritten - _bytesAtCheckpoint;

    /// <summary>Bytes of pages that were put into the write-ahead log.</summary>
    private long BytesWritten
    {
        get
        {
            raw.sqlite3_db_status(_writer.Handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, resetFlg: 0);
            return pages * _pageBytes;
        }
    }

    /// <summary>Opens a store.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="isChecked">
    /// This process has read all of its pages before. If not, they are read first, so that damage is found now and not amid the work; but where a stamp
    /// says that the file is as its store left it, that is done by <see cref="Examine"/>.
    /// </param>
    /// <param name="boot">What stamps are of; null for none.</param>
    /// <param name="checkedNow">Called when all pages were read and are sound.</param>
    public static Outcome<IStateStore> Open(string path, bool isChecked, string? boot, Action checkedNow)
    {
        var isStamped = SoundStamp.Holds(path, boot);
        var connection = Connect(new StatementConnection(), path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            if ((string)Scalar(connection, "PRAGMA journal_mode = WAL")! != "wal")
            {
                connection.Dispose();
                return new Failure(FailureKind.Unavailable,
                    $"{path} cannot have a write-ahead log: its file system lacks shared memory; choose another --data folder");
            }

            Execute(connection, "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA cell_size_check = ON");
            Scalar(connection, "SELECT count(*) FROM sqlite_schema");
            if (!isChecked && !isStamped && FindDamage(connection) is { } damage)
            {
                connection.Dispose();
                SoundStamp.Remove(path);
                return DamageOf(path, damage);
            }

            var store = new SqliteStateStore(path, connection, isUnread: !isChecked && isStamped, boot, checkedNow);
            if (!store._isUnread)
            {
                checkedNow();
            }

            return store;
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
        using var connection = Connect(new SqliteConnection(), path);
        try
        {
            return FindDamage(connection) is { } damage ? new Failure(FailureKind.Damaged, $"the snapshot is damaged: {damage}") : null;
        }
        catch (SqliteException error)
        {
            return SqliteFailure.From(error, "checking a snapshot");
        }
    }

    /// <summary>Lets somebody look at the database in a file that is not in use.</summary>
    public static Failure? Inspect(string path, Func<DbConnection, Failure?>? inspect)
    {
        if (inspect is null)
        {
            return null;
        }

        using var connection = Connect(new SqliteConnection(), path);
        return inspect(connection);
    }

    /// <summary>
    /// Carries over what a killed process left in the write-ahead log, so that the file alone is a whole state. Fails with what SQLite
    /// says, as a conflict when anybody has the database open: to them, and to the next one, a replaced file would be damage.
    /// </summary>
    public static Failure? Settle(string path)
    {
        if (!File.Exists(path) || !File.Exists(path + "-wal"))
        {
            return null;
        }

        try
        {
            // Only this way out of the write-ahead log asks for the database alone; a checkpoint shares it with those who are idle.
            using var connection = Connect(new SqliteConnection(), path);
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = DELETE";
            command.CommandTimeout = SettleSecondsMax;
            command.ExecuteScalar();
            return null;
        }
        catch (SqliteException error)
        {
            return SqliteFailure.From(error, $"closing {path}") is { Kind: not FailureKind.Conflict } failure
                ? failure
                : new Failure(FailureKind.Conflict, $"{path} is still open somewhere, so it can be neither replaced nor removed");
        }
    }

    public DbConnection OpenReader()
    {
        var reader = Connect(new Reader(), _path);
        Execute(reader, "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384; PRAGMA cell_size_check = ON");
        return reader;
    }

    public bool Checkpoint()
    {
        // The write-ahead log is not cut: to write over what the file system has given already costs half of what it costs to be given it again.
        // It begins anew only at a commit at which no one reads from it; if that was not to be had for long, each checkpoint tries to cut it.
        using var command = _writer.CreateCommand();
        command.CommandText = WalBytes(_path) > WalBytesMax ? "PRAGMA wal_checkpoint(TRUNCATE)" : "PRAGMA wal_checkpoint(PASSIVE)";
        using var row = command.ExecuteReader();
        Check.That(row.Read());

        // Columns: busy, frames in the log, frames carried over.
        if (row.GetInt64(1) != row.GetInt64(2))
        {
            return false;
        }

        _bytesAtCheckpoint = BytesWritten;
        SetStamp();
        return true;
    }

    public Failure? Examine(CancellationToken cancellation)
    {
        if (!_isUnread)
        {
            return null;
        }

        try
        {
            using var connection = Connect(new SqliteConnection(), _path);
            using var ending = cancellation.Register(() => raw.sqlite3_interrupt(connection.Handle));
            cancellation.ThrowIfCancellationRequested();
            if (FindDamage(connection) is { } damage)
            {
                return Note(DamageOf(_path, damage));
            }

            _isUnread = false;
            _checkedNow();
            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (SqliteException error)
        {
            return cancellation.IsCancellationRequested ? null : Note(SqliteFailure.From(error, $"reading all pages of {_path}"));
        }
    }

    public void WriteSnapshot(Stream target)
    {
        // Several receivers may be served at once, each with a copy of its own.
        var copy = $"{_path}.snapshot-{Interlocked.Increment(ref _snapshots)}";
        File.Delete(copy);
        try
        {
            using (var reader = Connect(new SqliteConnection(), _path))
            {
                using var command = reader.CreateCommand();
                command.CommandText = "VACUUM INTO $copy";
                command.Parameters.AddWithValue("$copy", copy);
                command.ExecuteNonQuery();
            }

            using var file = File.OpenRead(copy);
            SnapshotSeal.CopySealed(file, target);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    public Failure Explain(DbException error, string doing) => Note(SqliteFailure.From((SqliteException)error, $"{doing} ({_path})"));

    public void Dispose()
    {
        _writer.Dispose();
        if (!File.Exists(_path + "-wal"))
        {
            SetStamp();
        }
    }

    /// <summary>The file alone is a whole database now: its write-ahead log is carried over.</summary>
    private void SetStamp()
    {
        if (!_isDamaged)
        {
            SoundStamp.Set(_path, _boot);
        }
    }

    private Failure Note(Failure failure)
    {
        if (failure.Kind == FailureKind.Damaged)
        {
            _isDamaged = true;
            SoundStamp.Remove(_path);
        }

        return failure;
    }

    private static SqliteConnection Connect(SqliteConnection connection, string path, SqliteOpenMode mode = SqliteOpenMode.ReadWrite)
    {
        var text = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 30 };
        try
        {
            connection.ConnectionString = text.ToString();
            connection.Open();

            // A plan never depends on the values given: else statements with a LIMIT over a virtual table are prepared anew for each.
            raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_ENABLE_QPSG, 1, out _);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static long WalBytes(string path) => new FileInfo(path + "-wal") is { Exists: true } wal ? wal.Length : 0;

    private static Failure DamageOf(string path, string damage) =>
        new(FailureKind.Damaged, $"the database {path} is damaged: {damage}; restore it from a backup, or the node from its community");

    private static string? FindDamage(SqliteConnection connection)
    {
        var verdict = (string)Scalar(connection, "PRAGMA quick_check(1)")!;
        return verdict == "ok" ? null : verdict;
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

    /// <summary>A connection whose transactions only read: the plain ones of the library would lock the database for writing.</summary>
    private sealed class Reader : SqliteConnection
    {
        public override SqliteTransaction BeginTransaction(IsolationLevel isolationLevel) => BeginTransaction(isolationLevel, deferred: true);
    }
}
