using Cete.Core;
using Cete.Ports;
using Microsoft.Data.Sqlite;

namespace Cete.Storage.State;

/// <summary>One SQLite database a group, in a folder of its own below the given one.</summary>
public sealed class SqliteStateStores(string folder) : IStateStores
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _checked = new(StringComparer.Ordinal);

    public Outcome<IStateStore> Open(GroupId group)
    {
        var path = PathOf(group);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            DeleteLeftovers(path);

            // Once a process: stores are closed and opened often, and reading all of a large one takes seconds.
            var opened = SqliteStateStore.Open(path, check: !IsChecked(path));
            if (opened.Succeeded)
            {
                lock (_gate)
                {
                    _checked.Add(path);
                }
            }

            return opened;
        }
        catch (Exception error) when (ToFailure(error, $"opening {path}") is Failure failure)
        {
            return failure;
        }
    }

    public Outcome<bool> Restore(GroupId group, Stream snapshot)
    {
        var path = PathOf(group);
        var incoming = path + ".incoming";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (Receive(snapshot, incoming) is { } damage)
            {
                DeleteLeftovers(path);
                return damage;
            }

            // Once its write-ahead log is carried over the old database is whole without it, so a stop between these lines leaves a whole
            // one, old or new.
            SqliteStateStore.TrySettle(path);
            File.Delete(path + "-wal");
            File.Delete(path + "-shm");
            File.Move(incoming, path, overwrite: true);
            PhysicalFiles.SyncDirectory(Path.GetDirectoryName(path)!);
            return true;
        }
        catch (Exception error) when (ToFailure(error, $"restoring {path}") is Failure failure)
        {
            // On a full disk above all, half a snapshot must not stay.
            DeleteLeftovers(path);
            return failure;
        }
    }

    private static Failure? Receive(Stream snapshot, string incoming)
    {
        using (var file = new FileStream(incoming, FileMode.Create, FileAccess.ReadWrite))
        {
            snapshot.CopyTo(file);
            file.Flush();
            if (!SnapshotSeal.TryTakeOff(file))
            {
                return new Failure(FailureKind.Damaged, "the snapshot is cut short or damaged: its seal does not fit; ask for it again");
            }

            file.Flush(flushToDisk: true);
        }

        return SqliteStateStore.FindDamage(incoming);
    }

    private static void DeleteLeftovers(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            return;
        }

        // By prefix, not by pattern: to .NET the pattern "store.db.*" names store.db too.
        foreach (var file in Directory.GetFiles(folder))
        {
            if (file.StartsWith(path + ".incoming", StringComparison.Ordinal) || file.StartsWith(path + ".snapshot", StringComparison.Ordinal))
            {
                File.Delete(file);
            }
        }
    }

    private static Failure? ToFailure(Exception error, string doing) => error switch
    {
        SqliteException sqlite => SqliteFailure.From(sqlite, doing),
        IOException disk => DiskFailure.From(disk, doing),
        UnauthorizedAccessException => new Failure(FailureKind.Forbidden, $"no right to it while {doing}: {error.Message}"),
        _ => null,
    };

    private bool IsChecked(string path)
    {
        lock (_gate)
        {
            return _checked.Contains(path);
        }
    }

    private string PathOf(GroupId group) => Path.Combine(folder, group.Name, "store.db");
}
