using Cete.Core;
using Cete.Groups;
using Cete.Index.Moderation;
using Cete.Index.Proto;
using Cete.Ports;
using Cete.Swarm;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Cete.Index;

/// <summary>
/// The file index as a state machine: folders made by their users, entries filed in them, what is said about an entry, and who holds its
/// content. An entry that is replaced or removed only goes out of sight, under the id of its removal.
/// </summary>
/// <param name="levelMax">The newest apply level: an older one is for tests of what older programs wrote.</param>
public sealed partial class IndexMachine(int levelMax = IndexMachine.ModerationLevel) : IStateMachine
{
    /// <summary>The apply level that tells of what was moved and what came back, and from which on contents are withdrawn.</summary>
    public const int MovesLevel = 4;

    /// <summary>The apply level from which on contents are reported and taken down.</summary>
    public const int ModerationLevel = 5;

    private static readonly Failure Keyless = new(FailureKind.Invalid, "a name comes without its key");

    public int LevelMax => levelMax;

    public void Raise(int level, SqlSession sql) => IndexSchema.Raise(level, sql);

    public Outcome<ReadOnlyMemory<byte>> Apply(AppliedCommand command, ApplyContext context)
    {
        var parsed = Parse(command);
        if (!parsed.Succeeded)
        {
            return parsed.Failure;
        }

        var change = new Change(command, context);
        var result = parsed.Value switch
        {
            MakeFolder c => Make(c, change),
            FileEntries c => File(c, change),
            Describe c => Say(c, change),
            Move c => Relocate(c, change),
            Remove c => TakeOut(c, change),
            Withdraw c => TakeBack(c, change),
            ReportContent or TakeDown or PutBack or DismissReports or AppealTakeDown or DecideAppeal => new Moderating(change).Apply(parsed.Value),
            _ => BringBack((Restore)parsed.Value, change),
        };
        if (result.Succeeded)
        {
            change.Tables.End();
        }

        return result;
    }

    /// <summary>Any member can have a command proposed: what is thrown here would stop every replica for good.</summary>
    private static Outcome<IMessage> Parse(AppliedCommand command)
    {
        MessageDescriptor? message = command.Type switch
        {
            nameof(MakeFolder) => MakeFolder.Descriptor,
            nameof(FileEntries) => FileEntries.Descriptor,
            nameof(Describe) => Describe.Descriptor,
            nameof(Move) => Move.Descriptor,
            nameof(Remove) => Remove.Descriptor,
            nameof(Restore) => Restore.Descriptor,
            nameof(Withdraw) => Withdraw.Descriptor,
            nameof(ReportContent) => ReportContent.Descriptor,
            nameof(TakeDown) => TakeDown.Descriptor,
            nameof(PutBack) => PutBack.Descriptor,
            nameof(DismissReports) => DismissReports.Descriptor,
            nameof(AppealTakeDown) => AppealTakeDown.Descriptor,
            nameof(DecideAppeal) => DecideAppeal.Descriptor,
            _ => null,
        };
        if (message is null)
        {
            return new Failure(FailureKind.Invalid, $"the index knows no command '{command.Type}'");
        }

        try
        {
            return Outcome.Of(ProtobufBytes.Read(message, command.Body.Span));
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return new Failure(FailureKind.Invalid, $"the body of the command '{command.Type}' cannot be read");
        }
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
        if (Unsound(entry, path, change) is { } unsound)
        {
            return unsound;
        }

        if (change.HasTakenDown && TakenDownContents.ReasonOf(change.Sql, entry.Root.ToByteArray()) is { } reason)
        {
            var refusal = TakenDownContents.Refuse(new Hash256(entry.Root.Span), reason);
            return refusal with { Message = $"{path}: {refusal.Message}" };
        }

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

    /// <summary>What no root of ours proposes: what is read of it later must make sense.</summary>
    private static Failure? Unsound(Entry entry, EntryPath path, Change change) =>
        entry.Root.Length != Hash256.Size || entry.FirstPiece.Length != Hash256.Size
            ? new Failure(FailureKind.Invalid, "the hashes of an entry have 32 bytes each")
        : !PieceLengths.IsValid(entry.PieceLength, entry.Length) ? new Failure(FailureKind.Invalid, "an entry says of its content what cannot be")
        : LacksKeys(entry.NameKeys, entry.NameWords, path, change) ? Keyless
        : null;

    /// <summary>Whether a name of a path comes without its key, or, from the second level on, without its words.</summary>
    private static bool LacksKeys(IReadOnlyList<string> keys, IReadOnlyList<string> words, EntryPath path, Change change) =>
        keys.Count < path.Names.Count || (change.HasWords && words.Count < path.Names.Count);

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

        if (nameKeys.Count < path.Value.Names.Count)
        {
            return Keyless;
        }

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
