using Cete.Core;
using Cete.Groups;
using Cete.Index.Proto;
using Google.Protobuf;

namespace Cete.Index;

/// <summary>
/// The file index as a state machine: folders made by their users, entries filed in them, what is said about an entry, and who holds its
/// content. An entry that is replaced or removed only goes out of sight, under the id of its removal.
/// </summary>
/// <param name="levelMax">The newest apply level: an older one is for tests of what older programs wrote.</param>
public sealed partial class IndexMachine(int levelMax = IndexRights.Level) : IStateMachine
{
    public int LevelMax => levelMax;

    public void Raise(int level, SqlSession sql) => IndexSchema.Raise(level, sql);

    public Outcome<ReadOnlyMemory<byte>> Apply(AppliedCommand command, ApplyContext context)
    {
        var change = new Change(command, context);
        var result = command.Type switch
        {
            nameof(MakeFolder) => Make(MakeFolder.Parser.ParseFrom(command.Body.Span), change),
            nameof(FileEntries) => File(FileEntries.Parser.ParseFrom(command.Body.Span), change),
            nameof(Describe) => Say(Describe.Parser.ParseFrom(command.Body.Span), change),
            nameof(Move) => Relocate(Move.Parser.ParseFrom(command.Body.Span), change),
            nameof(Remove) => TakeOut(Remove.Parser.ParseFrom(command.Body.Span), change),
            nameof(Restore) => BringBack(Restore.Parser.ParseFrom(command.Body.Span), change),
            _ => new Failure(FailureKind.Invalid, $"the index knows no command '{command.Type}'"),
        };
        if (result.Succeeded)
        {
            change.Tables.End();
        }

        return result;
    }

    private static Outcome<ReadOnlyMemory<byte>> Make(MakeFolder command, Change change)
    {
        var folder = FolderFor(command.Path, command.NameKeys, command.NameWords, change);
        return folder.Succeeded ? Answer(new FiledEntries { Ids = { folder.Value } }) : folder.Failure;
    }

    private static Outcome<ReadOnlyMemory<byte>> File(FileEntries command, Change change)
    {
        if (command.Entries.Count > Limits.EntriesPerCommandMax)
        {
            return new Failure(FailureKind.TooLarge, $"{command.Entries.Count} entries at once; {Limits.EntriesPerCommandMax} is the most");
        }

        var answer = new FiledEntries();
        foreach (var entry in command.Entries)
        {
            var filed = FileOne(entry, command.Provider, change);
            if (!filed.Succeeded)
            {
                return filed.Failure;
            }

            answer.Ids.Add(filed.Value.Id);
            answer.Unchanged += filed.Value.IsNew ? 0 : 1;
        }

        return Answer(answer);
    }

    private static Outcome<(long Id, bool IsNew)> FileOne(Entry entry, string provider, Change change)
    {
        var parsed = EntryPath.Parse(entry.Path);
        if (!parsed.Succeeded || parsed.Value.IsTop)
        {
            return parsed.Failure ?? new Failure(FailureKind.Invalid, "an entry needs a name");
        }

        var path = parsed.Value;
        var folder = FolderFor(path.Parent.ToString(), entry.NameKeys, entry.NameWords, change);
        if (!folder.Succeeded)
        {
            return folder.Failure;
        }

        var sql = change.Sql;
        if (HasFolders(folder.Value, change) && FolderTree.FindChild(sql, folder.Value, path.Name) != IndexSchema.TopFolder)
        {
            return new Failure(FailureKind.Conflict, $"{path} is a folder; file the entry under another name");
        }

        if (change.Rights.FileIn(folder.Value, path.Parent) is { } refused)
        {
            return refused;
        }

        change.Tables.Provide(entry, provider);
        var isFirst = change.Filed.Add((folder.Value, path.Name)) && folder.Value >= change.FirstId;
        var (known, root) = isFirst ? default : change.Tables.Find(folder.Value, path.Name);
        if (root is not null && root.AsSpan().SequenceEqual(entry.Root.Span))
        {
            return (known, false);
        }

        if (known >= change.FirstId)
        {
            // What it replaced could not be told apart from what was there before: both would be of the same removal.
            return new Failure(FailureKind.Conflict, $"{path} stands twice among the entries, with different contents; file each under a name of its own");
        }

        if (root is not null)
        {
            if (change.Rights.ToEntry(Actions.IndexRemove, known) is { } kept)
            {
                return kept;
            }

            change.Tables.Hide(known);
            change.Emit("entry-replaced", known, entry.Path, root);
        }

        var id = change.NextId();
        change.Tables.Add(id, folder.Value, path, entry);
        change.Emit("entry-filed", id, entry.Path, entry.Root.ToByteArray());
        return (id, true);
    }

    private static Outcome<ReadOnlyMemory<byte>> Say(Describe command, Change change)
    {
        var sql = change.Sql;
        if (sql.Scalar<long>("SELECT count(*) FROM entries WHERE id = @p1 AND removed = 0", command.Entry) == 0)
        {
            return new Failure(FailureKind.NotFound, $"there is no entry {command.Entry}");
        }

        if (change.Rights.ToEntry(Actions.IndexDescribe, command.Entry) is { } refused)
        {
            return refused;
        }

        change.Tables.Describe(command);
        return Answer(new FiledEntries { Ids = { command.Entry } });
    }

    /// <summary>The folder of a path, made where it is missing.</summary>
    private static Outcome<long> FolderFor(string text, IReadOnlyList<string> nameKeys, IReadOnlyList<string> nameWords, Change change)
    {
        if (change.Folders.TryGetValue(text, out var found))
        {
            return found;
        }

        var path = EntryPath.Parse(text);
        if (!path.Succeeded)
        {
            return path.Failure;
        }

        Check.That(nameKeys.Count >= path.Value.Names.Count, "every name comes with its key");
        var folder = IndexSchema.TopFolder;
        for (var i = 0; i < path.Value.Names.Count; i++)
        {
            var name = path.Value.Names[i];
            var child = FolderTree.FindChild(change.Sql, folder, name);
            if (child == IndexSchema.TopFolder)
            {
                if (change.Sql.Scalar<long>("SELECT count(*) FROM entries WHERE folder = @p1 AND name = @p2 AND removed = 0", folder, name) > 0)
                {
                    return new Failure(FailureKind.Conflict, $"'{EntryName.Show(name)}' in {path.Value} is a file, not a folder; choose another folder");
                }

                if (change.Rights.MakeIn(folder, path.Value.Take(i), name) is { } refused)
                {
                    return refused;
                }

                child = change.NextId();
                change.HaveFolders[folder] = true;
                change.Tables.AddFolder(child, folder, name, nameKeys[i], i < nameWords.Count ? nameWords[i] : string.Empty);
            }

            folder = child;
        }

        change.Folders.Add(text, folder);
        return folder;
    }

    private static bool HasFolders(long folder, Change change)
    {
        if (!change.HaveFolders.TryGetValue(folder, out var has))
        {
            has = change.Sql.Scalar<long>("SELECT EXISTS (SELECT 1 FROM folders WHERE parent = @p1 AND removed = 0)", folder) > 0;
            change.HaveFolders.Add(folder, has);
        }

        return has;
    }

    private static ReadOnlyMemory<byte> Answer(IMessage message) => message.ToByteArray();
}
