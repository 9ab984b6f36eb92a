using Cete.Core;
using Cete.Ports;
using Microsoft.Data.Sqlite;

namespace Cete.Storage.State;

/// <summary>One SQLite database a group, in a folder of its own below the given one.</summary>
public sealed class SqliteStateStores(string folder) : IStateStores
{
    public Outcome<IStateStore> Open(GroupId group)
    {
        var path = PathOf(group);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return SqliteStateStore.Open(path);
        }
        catch (SqliteException error)
        {
            return SqliteFailure.From(error, $"opening {path}");
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, $"opening {path}");
        }
    }

    public Outcome<bool> Restore(GroupId group, Stream snapshot)
    {
        var path = PathOf(group);
        var incoming = path + ".incoming";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (var file = new FileStream(incoming, FileMode.Create, FileAccess.Write))
            {
                snapshot.CopyTo(file);
                file.Flush(flushToDisk: true);
            }

            if (SqliteStateStore.FindDamage(incoming) is { } damage)
            {
                File.Delete(incoming);
                return damage;
            }

            // Without its write-ahead log the old database is still a whole, older one, so a stop between these two lines loses nothing that the log does not hold.
            File.Delete(path + "-wal");
            File.Delete(path + "-shm");
            File.Move(incoming, path, overwrite: true);
            PhysicalFiles.SyncDirectory(Path.GetDirectoryName(path)!);
            return true;
        }
        catch (SqliteException error)
        {
            return SqliteFailure.From(error, $"restoring {path}");
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, $"restoring {path}");
        }
    }

    private string PathOf(GroupId group) => Path.Combine(folder, group.Name, "store.db");
}
