using Cete.Core;
using Cete.Groups;

namespace Cete.Index;

/// <summary>
/// Whether whoever asks may do what a command wants, from apply level 3 on: <see cref="Standing.May"/> is asked, with whom a thing belongs to and
/// where it is. Below that level everybody may do everything, as when those commands were given.
/// </summary>
internal sealed class IndexRights(AppliedCommand command, ApplyContext context)
{
    /// <summary>The apply level that brought rights, and owners of folders.</summary>
    public const int Level = 3;

    private readonly Standing _asker = command.Asker.Standing;
    private readonly Dictionary<long, string> _owners = [];
    private readonly HashSet<long> _filedIn = [];
    private bool _hasMadeFolder;

    private bool IsAsked => context.Level >= Level;

    /// <summary>A folder may be made in another one: by right, or as the one new folder of an upload.</summary>
    public Failure? MakeIn(long parent, EntryPath path, string name)
    {
        var target = TargetOf(parent, path);
        if (!IsAsked || _asker.May(Actions.IndexMakeFolder, target))
        {
            return null;
        }

        if (!_hasMadeFolder && _asker.May(Actions.IndexFile, target))
        {
            _hasMadeFolder = true;
            return null;
        }

        return Refuse(_hasMadeFolder ? $"to make more than one new folder at once outside your own, and '{EntryName.Show(name)}' in {path} would be another" : $"to make folders in {path}");
    }

    /// <summary>Entries may be filed in a folder.</summary>
    public Failure? FileIn(long folder, EntryPath path)
    {
        if (!IsAsked || _filedIn.Contains(folder))
        {
            return null;
        }

        if (!_asker.May(Actions.IndexFile, TargetOf(folder, path)))
        {
            return Refuse($"to file entries in {path}");
        }

        _filedIn.Add(folder);
        return null;
    }

    /// <summary>Something may be done to an entry.</summary>
    public Failure? ToEntry(string action, long entry)
    {
        if (!IsAsked)
        {
            return null;
        }

        var (owner, folder) = context.Sql.First("SELECT owner, folder FROM entries WHERE id = @p1", row => (row.GetString(0), row.GetInt64(1)), entry);
        var path = FolderTree.PathOf(context.Sql, folder);
        return _asker.May(action, new ActionTarget(owner, path)) ? null : Refuse($"to do that to entry {entry} in {path}, which is another's");
    }

    /// <summary>Something may be done to a folder itself.</summary>
    public Failure? ToFolder(string action, long folder, EntryPath path) =>
        !IsAsked || _asker.May(action, TargetOf(folder, path)) ? null : Refuse($"to do that to {path}, which is another's");

    /// <summary>A folder may be taken away with all below it: what others have there is theirs.</summary>
    public Failure? RemoveBelow(long folder, EntryPath path)
    {
        if (!IsAsked || _asker.May(Actions.IndexRemove, new ActionTarget(null, path.ToString())))
        {
            return null;
        }

        if (ToFolder(Actions.IndexRemove, folder, path) is { } failure)
        {
            return failure;
        }

        var others = context.Sql.Scalar<long>(
            FolderTree.Below
            + """
              SELECT (SELECT count(*) FROM entries WHERE removed = 0 AND owner <> @p2 AND folder IN (SELECT id FROM tree))
                   + (SELECT count(*) FROM folders WHERE removed = 0 AND owner <> @p2 AND id IN (SELECT id FROM tree))
              """,
            folder, _asker.Account);
        return others == 0 ? null : Refuse($"to remove {path}: {others} of what is in it belong to others");
    }

    /// <summary>What went with a removal may come back.</summary>
    public Failure? Restore(long removal)
    {
        if (!IsAsked || _asker.May(Actions.IndexRemove))
        {
            return null;
        }

        var things = context.Sql.Query(
            """
            SELECT owner, folder FROM entries WHERE removed = @p1 AND removed > 0
            UNION SELECT owner, id FROM folders WHERE removed = @p1 ORDER BY 1, 2
            """,
            row => (Owner: row.GetString(0), Folder: row.GetInt64(1)), removal);
        return things.All(thing => _asker.May(Actions.IndexRemove, new ActionTarget(thing.Owner, FolderTree.PathOf(context.Sql, thing.Folder))))
            ? null
            : Refuse($"to bring back removal {removal}, which holds what belongs to others");
    }

    /// <summary>Whoever said that somebody holds a content may take that back, and who keeps order.</summary>
    public Failure? Withdraw(string owner) =>
        _asker.May(Actions.IndexRemove, new ActionTarget(owner, EntryPath.Top.ToString())) ? null
        : Refuse("to take back what another said of who holds a content");

    private ActionTarget TargetOf(long folder, EntryPath path)
    {
        if (!IsAsked)
        {
            return default;
        }

        if (!_owners.TryGetValue(folder, out var owner))
        {
            owner = context.Sql.Scalar<string>("SELECT owner FROM folders WHERE id = @p1", folder) ?? string.Empty;
            _owners.Add(folder, owner);
        }

        return new ActionTarget(owner, path.ToString());
    }

    private Failure Refuse(string what) => _asker.IsKnown
        ? new Failure(FailureKind.Forbidden, $"your account has no right {what}; ask a moderator")
        : new Failure(FailureKind.Unauthenticated, $"a guest has no right {what}; log in");
}
