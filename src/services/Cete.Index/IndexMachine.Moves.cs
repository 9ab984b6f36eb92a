using System.Text;
using Cete.Core;
using Cete.Groups;
using Cete.Index.Proto;

namespace Cete.Index;

/// <summary>Moving, removing and bringing back.</summary>
public sealed partial class IndexMachine
{
    private static Outcome<ReadOnlyMemory<byte>> Relocate(Move command, Change change)
    {
        var (from, to) = (EntryPath.Parse(command.From), EntryPath.Parse(command.To));
        if (!from.Succeeded || !to.Succeeded || from.Value.IsTop || to.Value.IsTop)
        {
            return from.Failure ?? to.Failure ?? new Failure(FailureKind.Invalid, "the top folder cannot be moved");
        }

        if (LacksKeys(command.ToKeys, command.ToWords, to.Value, change))
        {
            return Keyless;
        }

        var found = Find(change.Sql, from.Value);
        if (!found.Succeeded)
        {
            return found.Failure;
        }

        if (Find(change.Sql, to.Value).Succeeded)
        {
            return new Failure(FailureKind.Conflict, $"{to.Value} exists already; choose another name");
        }

        var (entry, moved) = found.Value;
        var refused = entry != 0 ? change.Rights.ToEntry(Actions.IndexMove, entry) : change.Rights.ToFolder(Actions.IndexMove, moved, from.Value);
        var folder = refused is not null ? refused : FolderFor(to.Value.Parent.ToString(), command.ToKeys, command.ToWords, change);
        if (!folder.Succeeded)
        {
            return folder.Failure;
        }

        if (change.Rights.FileIn(folder.Value, to.Value.Parent) is { } unfiled)
        {
            return unfiled;
        }

        if (entry != 0)
        {
            change.Tables.Move(entry, folder.Value, to.Value.Name, command);
            TellMove(entry, command, isFolder: false, change);
            return Answer(new FiledEntries { Ids = { entry } });
        }

        if (IsBelow(change.Sql, folder.Value, moved))
        {
            return new Failure(FailureKind.Conflict, $"{from.Value} cannot be moved into itself");
        }

        var (names, bytes) = LongestBelow(change.Sql, moved);
        if (to.Value.Names.Count + names > Limits.FolderDepthMax)
        {
            return new Failure(FailureKind.TooLarge, $"there would be a path of {to.Value.Names.Count + names} names; {Limits.FolderDepthMax} is the most");
        }

        if (Encoding.UTF8.GetByteCount(to.Value.ToString()) + bytes > Limits.PathBytesMax)
        {
            return new Failure(FailureKind.TooLarge, $"there would be a path of more than {Limits.PathBytesMax} bytes");
        }

        var words = command.ToWords.Count > 0 ? command.ToWords[^1] : string.Empty;
        change.Tables.MoveFolder(moved, folder.Value, to.Value.Name, command.ToKeys[^1], words);
        foreach (var below in EntriesBelow(change.Sql, moved))
        {
            change.Tables.Reindex(below);
        }

        TellMove(moved, command, isFolder: true, change);
        return Answer(new FiledEntries { Ids = { moved } });
    }

    private static void TellMove(long thing, Move command, bool isFolder, Change change)
    {
        if (change.TellsMoves)
        {
            change.EmitThing("moved", thing, command.To, isFolder, command.From);
        }
    }

    private static Outcome<ReadOnlyMemory<byte>> TakeOut(Remove command, Change change)
    {
        var path = EntryPath.Parse(command.Path);
        if (!path.Succeeded || path.Value.IsTop)
        {
            return path.Failure ?? new Failure(FailureKind.Invalid, "the top folder cannot be removed");
        }

        var found = Find(change.Sql, path.Value);
        if (!found.Succeeded)
        {
            return found.Failure;
        }

        var (entry, folder) = found.Value;
        var refused = entry != 0 ? change.Rights.ToEntry(Actions.IndexRemove, entry) : change.Rights.RemoveBelow(folder, path.Value);
        if (refused is not null)
        {
            return refused;
        }

        long count = 1;
        if (entry != 0)
        {
            change.Tables.Hide(entry);
        }
        else
        {
            count = change.Tables.HideBelow(folder);
            change.Sql.Execute(FolderTree.Below + " UPDATE folders SET removed = @p2 WHERE removed = 0 AND id IN (SELECT id FROM tree)", folder, change.Index);
        }

        if (change.TellsMoves)
        {
            change.EmitThing("removed", entry != 0 ? entry : folder, command.Path, isFolder: entry == 0);
        }
        else
        {
            change.Emit("removed", entry != 0 ? entry : folder, command.Path, []);
        }

        return Answer(new Removed { Removal = change.Index, Entries = count });
    }

    private static Outcome<ReadOnlyMemory<byte>> BringBack(Restore command, Change change)
    {
        var sql = change.Sql;
        if (command.Removal <= 0)
        {
            return new Failure(FailureKind.Invalid, "a removal has a number above 0");
        }

        if (change.Rights.Restore(command.Removal) is { } refused)
        {
            return refused;
        }

        // The index of what is out of sight is used only where a statement says that it asks for nothing else.
        // What was put in the place of a removed thing meanwhile would clash with it: nothing is overwritten by an undo.
        var taken = sql.Scalar<long>(
            """
            SELECT (SELECT count(*) FROM entries r JOIN entries e ON e.folder = r.folder AND e.name = r.name AND e.removed = 0
                    WHERE r.removed = @p1 AND r.removed > 0)
                 + (SELECT count(*) FROM entries r JOIN folders f ON f.parent = r.folder AND f.name = r.name AND f.removed = 0
                    WHERE r.removed = @p1 AND r.removed > 0)
                 + (SELECT count(*) FROM folders r JOIN folders f ON f.parent = r.parent AND f.name = r.name AND f.removed = 0
                    WHERE r.removed = @p1)
                 + (SELECT count(*) FROM folders r JOIN entries e ON e.folder = r.parent AND e.name = r.name AND e.removed = 0
                    WHERE r.removed = @p1)
            """,
            command.Removal);
        if (taken > 0)
        {
            return new Failure(FailureKind.Conflict, $"{taken} of the names are in use again; move what has them away, then restore");
        }

        var hidden = sql.Scalar<long>(
            """
            SELECT (SELECT count(*) FROM entries e JOIN folders f ON f.id = e.folder WHERE e.removed = @p1 AND e.removed > 0 AND f.removed NOT IN (0, @p1))
                 + (SELECT count(*) FROM folders c JOIN folders f ON f.id = c.parent WHERE c.removed = @p1 AND f.removed NOT IN (0, @p1))
            """,
            command.Removal);
        if (hidden > 0)
        {
            return new Failure(FailureKind.Conflict, "the folder it was in has been removed too; restore that first");
        }

        var tops = change.TellsMoves ? TopsOf(sql, command.Removal) : [];
        var folders = sql.Execute("UPDATE folders SET removed = 0 WHERE removed = @p1", command.Removal);
        var entries = sql.Query("SELECT id FROM entries WHERE removed = @p1 AND removed > 0 ORDER BY id", row => row.GetInt64(0), command.Removal);
        foreach (var entry in entries)
        {
            // A folder above may have another name by now.
            change.Tables.Show(entry);
        }

        foreach (var (thing, isFolder) in tops)
        {
            change.EmitThing("restored", thing, PathOf(sql, thing, isFolder), isFolder);
        }

        return folders + entries.Count == 0
            ? new Failure(FailureKind.NotFound, $"there is no removal {command.Removal}, or it was undone already")
            : Answer(new Removed { Removal = command.Removal, Entries = entries.Count });
    }

    /// <summary>
    /// What went with a removal, without what went because it is below: one thing, or as many entries as one command can have replaced.
    /// </summary>
    private static List<(long Thing, bool IsFolder)> TopsOf(SqlSession sql, long removal) => sql.Query(
        """
        SELECT id, 1 FROM folders f WHERE f.removed = @p1 AND NOT EXISTS (SELECT 1 FROM folders a WHERE a.id = f.parent AND a.removed = @p1)
        UNION ALL
        SELECT id, 0 FROM entries e WHERE e.removed = @p1 AND e.removed > 0
            AND NOT EXISTS (SELECT 1 FROM folders a WHERE a.id = e.folder AND a.removed = @p1)
        ORDER BY 1
        """,
        row => (row.GetInt64(0), row.GetInt64(1) == 1), removal);

    private static string PathOf(SqlSession sql, long thing, bool isFolder)
    {
        if (isFolder)
        {
            return FolderTree.PathOf(sql, thing);
        }

        var (folder, name) = sql.First("SELECT folder, name FROM entries WHERE id = @p1", row => (row.GetInt64(0), row.GetString(1)), thing);
        return FolderTree.PathOf(sql, folder) is var path && path.Length == 1 ? path + name : $"{path}/{name}";
    }

    /// <summary>What stands at a path: an entry, or else a folder.</summary>
    private static Outcome<(long Entry, long Folder)> Find(SqlSession sql, EntryPath path)
    {
        if (FolderTree.Find(sql, path.Parent) is { } parent)
        {
            var entry = sql.Scalar<long>("SELECT id FROM entries WHERE folder = @p1 AND name = @p2 AND removed = 0", parent, path.Name);
            var folder = entry != 0 ? 0 : FolderTree.FindChild(sql, parent, path.Name);
            if (entry != 0 || folder != IndexSchema.TopFolder)
            {
                return (entry, folder);
            }
        }

        return new Failure(FailureKind.NotFound, $"there is nothing at {path}");
    }

    private static bool IsBelow(SqlSession sql, long folder, long above)
    {
        for (var depth = 0; folder != IndexSchema.TopFolder && depth <= Limits.FolderDepthMax; depth++)
        {
            if (folder == above)
            {
                return true;
            }

            folder = sql.Scalar<long>("SELECT parent FROM folders WHERE id = @p1", folder);
        }

        return false;
    }

    /// <summary>The most names and the most bytes that a path has below a folder, also of what is out of sight, since it may come back.</summary>
    private static (int Names, int Bytes) LongestBelow(SqlSession sql, long folder) => sql.First(
        """
        WITH RECURSIVE tree (id, names, bytes) AS (
            SELECT @p1, 0, 0
            UNION ALL
            SELECT f.id, t.names + 1, t.bytes + 1 + octet_length(f.name) FROM folders f JOIN tree t ON f.parent = t.id WHERE t.names < 100)
        SELECT max(names), max(bytes) FROM (
            SELECT names, bytes FROM tree
            UNION ALL
            SELECT t.names + 1, t.bytes + 1 + octet_length(e.name) FROM entries e JOIN tree t ON e.folder = t.id) paths
        """,
        row => (row.GetInt32(0), row.GetInt32(1)),
        folder);

    private static List<long> EntriesBelow(SqlSession sql, long folder) =>
        sql.Query(FolderTree.Below + " SELECT id FROM entries WHERE removed = 0 AND folder IN (SELECT id FROM tree) ORDER BY id", row =>
            row.GetInt64(0), folder);
}
