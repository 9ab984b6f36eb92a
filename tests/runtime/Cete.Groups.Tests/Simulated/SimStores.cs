using System.Data.Common;
using System.Globalization;
using System.Text;
using Cete.Core;
using Cete.Groups.Tests.Support;
using Cete.Ports;
using Microsoft.Data.Sqlite;

namespace Cete.Groups.Tests.Simulated;

/// <summary>
/// SQLite in memory (DESIGN.md §9): a crash puts the store back to an image of any commit at or after the last checkpoint.
/// </summary>
internal sealed class SimStores(Prng chance) : IStateStores, IDisposable
{
    private readonly List<SqliteConnection> _images = [];
    private static int _names;
    private Store? _open;
    private SqliteConnection? _closed;

    private Prng Chance => chance;

    public bool IsOpen => _open is not null;

    public SqliteConnection Current => _open!.Connection;

    /// <summary>The disk of a node that is restored from a backup holds a store, and nothing of its log.</summary>
    public void Begin(SqliteConnection backup) => _images.Add(Copy(backup));

    /// <summary>The store as it is now, for whoever keeps it.</summary>
    public SqliteConnection Copy() => Copy(Current);

    public Outcome<IStateStore> Open(GroupId group)
    {
        var connection = Memory();
        if (_closed is { } closed)
        {
            closed.BackupDatabase(connection);
            closed.Dispose();
            _closed = null;
        }
        else if (_images.Count > 0)
        {
            _images[0].BackupDatabase(connection);
        }
        else
        {
            _images.Add(Copy(connection));
        }

        return _open = new Store(this, connection);
    }

    public Outcome<bool> Restore(GroupId group, Stream snapshot, Func<DbConnection, Failure?>? inspect = null)
    {
        Check.That(_closed is not null, "the store is closed before another takes its place");
        var number = new byte[sizeof(int)];
        snapshot.ReadExactly(number);
        var incoming = Copy(Snapshots[BitConverter.ToInt32(number)]);
        if ((chance.Chance(1, 8) ? FaultyLog.Full : inspect?.Invoke(incoming)) is { } failure)
        {
            incoming.Dispose();
            return failure;
        }

        Tamper?.Invoke(incoming);
        _closed.Dispose();
        _closed = incoming;
        Keep(null);
        _images.Add(Copy(incoming));
        return true;
    }

    public Outcome<Stream> CreateScratch() => new MemoryStream();

    /// <summary>What snapshots hold: in the streams stands only which one it is. Shared by the nodes of a run.</summary>
    public List<SqliteConnection> Snapshots { get; init; } = [];

    /// <summary>Breaks a snapshot when it takes the store's place, behind every look at it.</summary>
    public Action<SqliteConnection>? Tamper { get; init; }

    public Outcome<bool> Delete(GroupId group) => throw new NotSupportedException();

    /// <summary>Remembers the commit of this moment as one that a crash may go back to. Not within a transaction.</summary>
    public void Sample()
    {
        if (_open is not null)
        {
            _images.Add(Copy(_open.Connection));
        }
    }

    public void Crash()
    {
        if (_closed is not null)
        {
            _images.Add(_closed);
            _closed = null;
        }

        Sample();
        var survivor = _images.Count == 0 ? null : _images[chance.Next(_images.Count)];
        _open?.Connection.Dispose();
        _open = null;
        Keep(survivor);
    }

    /// <summary>Everything in the store.</summary>
    public string Dump()
    {
        var text = new StringBuilder();
        foreach (var table in Rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"))
        {
            text.Append(table).AppendJoin(string.Empty, Rows($"SELECT * FROM {table.Trim()} ORDER BY 1, 2"));
        }

        return text.ToString();
    }

    public void Dispose()
    {
        _open?.Connection.Dispose();
        _closed?.Dispose();
        Snapshots.ForEach(snapshot => snapshot.Dispose());
        Keep(null);
    }

    private static SqliteConnection Memory()
    {
        var connection = new SqliteConnection($"Data Source=sim-{Interlocked.Increment(ref _names)};Mode=Memory;Cache=Shared;Pooling=False");
        connection.Open();
        return connection;
    }

    private static SqliteConnection Copy(SqliteConnection source)
    {
        var image = Memory();
        source.BackupDatabase(image);
        return image;
    }

    private void Keep(SqliteConnection? image)
    {
        _images.Where(other => !ReferenceEquals(other, image)).ToList().ForEach(other => other.Dispose());
        _images.RemoveAll(other => !ReferenceEquals(other, image));
    }

    private List<string> Rows(string sql)
    {
        using var command = Current.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        List<string> found = [];
        while (rows.Read())
        {
            found.Add(string.Join('|', Enumerable.Range(0, rows.FieldCount).Select(i => rows.GetValue(i) switch
            {
                byte[] bytes => Convert.ToHexString(bytes),
                IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
                var value => value.ToString(),
            })) + "\n");
        }

        return found;
    }

    private sealed class Store(SimStores owner, SqliteConnection connection) : IStateStore
    {
        public SqliteConnection Connection => connection;

        public DbConnection Writer => connection;

        public long BytesSinceCheckpoint => owner._images.Count;

        public DbConnection OpenReader()
        {
            var reader = new SqliteConnection(connection.ConnectionString);
            reader.Open();
            return reader;
        }

        public bool Checkpoint()
        {
            if (owner.Chance.Chance(1, 4))
            {
                throw new SqliteException("database or disk is full", 13);
            }

            if (owner.Chance.Chance(1, 4))
            {
                return false;
            }

            var image = Copy(connection);
            owner.Keep(null);
            owner._images.Add(image);
            return true;
        }

        public Failure? Examine(CancellationToken cancellation) => null;

        public Failure Explain(DbException error, string doing) =>
            new(((SqliteException)error).SqliteErrorCode == 13 ? FailureKind.Full : FailureKind.Damaged, $"{error.Message} while {doing}");

        public void WriteSnapshot(Stream target)
        {
            owner.Snapshots.Add(Copy(connection));
            target.Write(BitConverter.GetBytes(owner.Snapshots.Count - 1));
        }

        /// <summary>Closed in order: what it held is there when it is opened again.</summary>
        public void Dispose()
        {
            if (ReferenceEquals(owner._open, this))
            {
                (owner._closed, owner._open) = (Copy(connection), null);
            }

            connection.Dispose();
        }
    }
}
