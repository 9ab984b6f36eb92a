using System.Data.Common;
using System.Globalization;
using Cete.Core;
using Cete.Ports;
using Cete.Storage.State;

namespace Cete.Storage.Tests.State;

/// <summary>A group's store in a temporary folder, with one table that tests fill.</summary>
internal sealed class StoreRig : IDisposable
{
    public static readonly GroupId Group = GroupId.Of("forum");
    private readonly TempFolder _folder = new();

    public StoreRig() => Stores = new SqliteStateStores(_folder.Path);

    public SqliteStateStores Stores { get; private set; }

    public string Path => _folder.At("forum", "store.db");

    /// <summary>The files of the store, but for the stamp that says that they are sound.</summary>
    public IReadOnlyList<string> Files =>
        [.. Directory.EnumerateFiles(_folder.At("forum")).Select(path => System.IO.Path.GetFileName(path)!)
            .Where(name => !name.EndsWith(".sound", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>As after a start of the program: what this process has read counts no more.</summary>
    public void Restart() => Stores = new SqliteStateStores(_folder.Path);

    /// <summary>As after a start of the machine; null for a system that does not tell its boots apart.</summary>
    public void Restart(string? boot) => Stores = new SqliteStateStores(_folder.Path, boot);

    public IStateStore Open() => Stores.Open(Group).Value;

    public static void Execute(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static long Count(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM post";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>Makes the table where it is absent, and adds rows of some 200 bytes.</summary>
    public static void AddRows(IStateStore store, int count)
    {
        Execute(store.Writer, "CREATE TABLE IF NOT EXISTS post (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
        var numbers = $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})";
        Execute(store.Writer, $"{numbers} INSERT INTO post (text) SELECT printf('%0200d', i) FROM n");
    }

    public static byte[] Snapshot(int rows)
    {
        using var source = new StoreRig();
        using var store = source.Open();
        AddRows(store, rows);
        using var stream = new MemoryStream();
        store.WriteSnapshot(stream);
        return stream.ToArray();
    }

    public void Dispose() => _folder.Dispose();
}
