using System.Data.Common;
using Cete.Core;
using Cete.Ports;
using Microsoft.Data.Sqlite;

namespace Cete.Storage.State;

/// <summary>One SQLite database a group, in a folder of its own below the given one.</summary>
public sealed class SqliteStateStores : IStateStores
{
    private readonly string _folder;
    private readonly string? _boot;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _checked = new(StringComparer.Ordinal);

    /// <param name="folder">Where they are kept.</param>
    public SqliteStateStores(string folder)
        : this(folder, SoundStamp.ThisBoot)
    {
    }

    /// <summary>As if the machine were in another boot.</summary>
    internal SqliteStateStores(string folder, string? boot) => (_folder, _boot) = (folder, boot);

    public Outcome<IStateStore> Open(GroupId group)
    {
        var path = PathOf(group);
        try
        {
            MakeFolder(path);
            DeleteLeftovers(path);

            // Once a process: stores are closed and opened often, and reading all of a large one takes seconds.
            return SqliteStateStore.Open(path, IsChecked(path), _boot, checkedNow: () => NoteChecked(path));
        }
        catch (Exception error) when (ToFailure(error, $"opening {path}") is Failure failure)
        {
            return failure;
        }
    }

    public Outcome<bool> Restore(GroupId group, Stream snapshot, Func<DbConnection, Failure?>? inspect = null)
    {
        var path = PathOf(group);
        var incoming = path + ".incoming";
        try
        {
            MakeFolder(path);

            // Once its write-ahead log is carried over the old database is whole without it, so a stop between these lines leaves a whole
            // one, old or new. What is damaged already has nothing to lose.
            var failure = Receive(snapshot, incoming) ?? SqliteStateStore.Inspect(incoming, inspect) ?? SqliteStateStore.Settle(path) switch
            {
                { Kind: FailureKind.Conflict or FailureKind.Full } refusal => refusal,
                _ => null,
            };
            if (failure is not null)
            {
                DeleteLeftovers(path);
                return failure;
            }

            File.Delete(path + "-wal");
            File.Delete(path + "-shm");
            File.Move(incoming, path, overwrite: true);
            PhysicalFiles.SyncDirectory(Path.GetDirectoryName(path)!);
            PhysicalFiles.SyncDirectory(_folder);
            return true;
        }
        catch (Exception error) when (ToFailure(error, $"restoring {path}") is Failure failure)
        {
            // On a full disk above all, half a snapshot must not stay.
            DeleteLeftovers(path);
            return failure;
        }
    }

    public Outcome<bool> Delete(GroupId group)
    {
        var path = PathOf(group);
        var own = Path.GetDirectoryName(path)!;
        try
        {
            if (!Directory.Exists(own))
            {
                return true;
            }

            if (SqliteStateStore.Settle(path) is { Kind: FailureKind.Conflict } conflict)
            {
                return conflict;
            }

            // The database first: alone it might pass as whole without its write-ahead log, while that log alone is nothing to SQLite.
            File.Delete(path);
            PhysicalFiles.SyncDirectory(own);
            foreach (var file in Directory.GetFiles(own).Where(file => file.StartsWith(path, StringComparison.Ordinal)))
            {
                File.Delete(file);
            }

            PhysicalFiles.SyncDirectory(own);
            if (!Directory.EnumerateFileSystemEntries(own).Any())
            {
                Directory.Delete(own);
                PhysicalFiles.SyncDirectory(_folder);
            }

            lock (_gate)
            {
                _checked.Remove(path);
            }

            return true;
        }
        catch (Exception error) when (ToFailure(error, $"deleting {path}") is Failure failure)
        {
            return failure;
        }
    }

    /// <summary>A new folder's name is made durable at once: no checkpoint and no snapshot in it is durable before.</summary>
    private void MakeFolder(string path)
    {
        var own = Path.GetDirectoryName(path)!;
        if (Directory.Exists(own))
        {
            return;
        }

        Directory.CreateDirectory(own);
        PhysicalFiles.SyncDirectory(_folder);
        PhysicalFiles.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(_folder)) ?? _folder);
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

    public Outcome<Stream> CreateScratch()
    {
        try
        {
            Directory.CreateDirectory(_folder);
            var path = Path.Combine(_folder, $"{Guid.NewGuid():N}.scratch");
            var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
            if (!OperatingSystem.IsWindows())
            {
                // Without a name it is gone with the process, however that ends.
                File.Delete(path);
            }

            return file;
        }
        catch (Exception error) when (ToFailure(error, $"making a file in {_folder}") is Failure failure)
        {
            return failure;
        }
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

    private void NoteChecked(string path)
    {
        lock (_gate)
        {
            _checked.Add(path);
        }
    }

    private bool IsChecked(string path)
    {
        lock (_gate)
        {
            return _checked.Contains(path);
        }
    }

    private string PathOf(GroupId group) => Path.Combine(_folder, group.Name, "store.db");
}
