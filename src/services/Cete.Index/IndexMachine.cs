using Cete.Core;
using Cete.Groups;
using Cete.Index.Proto;
using Google.Protobuf;

namespace Cete.Index;

/// <summary>
/// The file index as a state machine: folders made by their users, entries filed in them, what is said about an entry, and who holds its
/// content. An entry that is replaced or removed only goes out of sight, under the id of its removal.
/// </summary>
public sealed partial class IndexMachine : IStateMachine
{
    /// <summary>Entries and folders made by one command; their ids are the command's index times this, plus their number.</summary>
    private const int IdsPerCommand = 1 << 17;

    public int LevelMax => 1;

    public void Raise(int level, SqlSession sql) => IndexSchema.Raise(level, sql);

    public Outcome<ReadOnlyMemory<byte>> Apply(AppliedCommand command, ApplyContext context)
    {
        var change = new Change(command, context);
        return command.Type switch
        {
            nameof(MakeFolder) => Make(MakeFolder.Parser.ParseFrom(command.Body.Span), change),
            nameof(FileEntries) => File(FileEntries.Parser.ParseFrom(command.Body.Span), change),
            nameof(Describe) => Say(Describe.Parser.ParseFrom(command.Body.Span), change),
            nameof(Move) => Relocate(Move.Parser.ParseFrom(command.Body.Span), change),
            nameof(Remove) => TakeOut(Remove.Parser.ParseFrom(command.Body.Span), change),
            nameof(Restore) => BringBack(Restore.Parser.ParseFrom(command.Body.Span), change),
            _ => new Failure(FailureKind.Invalid, $"the index knows no command '{command.Type}'"),
        };
    }

    private static Outcome<ReadOnlyMemory<byte>> Make(MakeFolder command, Change change)
    {
        var folder = FolderFor(command.Path, command.NameKeys, change);
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
        var folder = FolderFor(path.Parent.ToString(), entry.NameKeys, change);
        if (!folder.Succeeded)
        {
            return folder.Failure;
        }

        var sql = change.Sql;
        if (FolderTree.FindChild(sql, folder.Value, path.Name) != IndexSchema.TopFolder)
        {
            return new Failure(FailureKind.Conflict, $"{path} is a folder; file the entry under another name");
        }

        Provide(entry, provider, change);
        var (known, root) = sql.First(
            "SELECT id, root FROM entries WHERE folder = @p1 AND name = @p2 AND removed = 0",
            row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)),
            folder.Value,
            path.Name);
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
            sql.Execute("UPDATE entries SET removed = @p1 WHERE id = @p2", change.Index, known);
            change.Emit("entry-replaced", known, entry.Path, root);
        }

        var id = change.NextId();
        sql.Execute(
            """
            INSERT INTO entries (id, folder, name, name_key, words, root, length, modified, added, owner, description, tags)
            VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)
            """,
            id, folder.Value, path.Name, entry.NameKeys[^1], entry.Words, entry.Root.ToByteArray(), entry.Length, entry.Modified,
            change.At.Microseconds, change.Account, entry.Description, string.Join('\n', entry.Tags));
        SetTags(sql, id, entry.Tags);
        SetWords(sql, id, entry.Words, entry.Description, entry.Tags, path.Parent.ToString());
        change.Emit("entry-filed", id, entry.Path, entry.Root.ToByteArray());
        return (id, true);
    }

    private static void Provide(Entry entry, string provider, Change change)
    {
        var root = entry.Root.ToByteArray();
        change.Sql.Execute(
            "INSERT INTO contents (root, length, piece_length, first_piece) VALUES (@p1, @p2, @p3, @p4) ON CONFLICT (root) DO NOTHING",
            root, entry.Length, entry.PieceLength, entry.FirstPiece.ToByteArray());
        change.Sql.Execute(
            "INSERT INTO providers (root, node, since) VALUES (@p1, @p2, @p3) ON CONFLICT (root, node) DO NOTHING",
            root, provider, change.At.Microseconds);
    }

    private static Outcome<ReadOnlyMemory<byte>> Say(Describe command, Change change)
    {
        var sql = change.Sql;
        if (sql.Scalar<long>("SELECT count(*) FROM entries WHERE id = @p1 AND removed = 0", command.Entry) == 0)
        {
            return new Failure(FailureKind.NotFound, $"there is no entry {command.Entry}");
        }

        if (command.HasDescription)
        {
            sql.Execute("UPDATE entries SET description = @p1 WHERE id = @p2", command.Description, command.Entry);
        }

        if (!command.KeepTags)
        {
            sql.Execute("UPDATE entries SET tags = @p1 WHERE id = @p2", string.Join('\n', command.Tags), command.Entry);
            SetTags(sql, command.Entry, command.Tags);
        }

        Reindex(sql, command.Entry);
        return Answer(new FiledEntries { Ids = { command.Entry } });
    }

    /// <summary>The folder of a path, made where it is missing.</summary>
    private static Outcome<long> FolderFor(string text, IReadOnlyList<string> nameKeys, Change change)
    {
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

                child = change.NextId();
                change.Sql.Execute(
                    "INSERT INTO folders (id, parent, name, name_key, made_at) VALUES (@p1, @p2, @p3, @p4, @p5)",
                    child, folder, name, nameKeys[i], change.At.Microseconds);
            }

            folder = child;
        }

        return folder;
    }

    private static void SetTags(SqlSession sql, long entry, IReadOnlyList<string> tags)
    {
        sql.Execute("DELETE FROM tags WHERE entry = @p1", entry);
        foreach (var tag in tags)
        {
            sql.Execute("INSERT INTO tags (tag, entry) VALUES (@p1, @p2) ON CONFLICT DO NOTHING", tag, entry);
        }
    }

    private static void SetWords(SqlSession sql, long entry, string words, string description, IReadOnlyList<string> tags, string folder)
    {
        sql.Execute("DELETE FROM entry_words WHERE rowid = @p1", entry);
        sql.Execute(
            "INSERT INTO entry_words (rowid, name, text, path) VALUES (@p1, @p2, @p3, @p4)",
            entry, words, $"{string.Join(' ', tags)} {description}", folder);
    }

    private static ReadOnlyMemory<byte> Answer(IMessage message) => message.ToByteArray();

    /// <summary>One command on its way through the tables.</summary>
    private sealed class Change(AppliedCommand command, ApplyContext context)
    {
        private int _made;

        public SqlSession Sql => context.Sql;

        public long Index => command.Index;

        public Instant At => command.At;

        public string Account => command.Asker.Account;

        /// <summary>Ids from here on are of this command.</summary>
        public long FirstId => command.Index * IdsPerCommand;

        public long NextId()
        {
            Check.That(_made < IdsPerCommand);
            return FirstId + _made++;
        }

        public void Emit(string type, long entry, string path, byte[] root) =>
            context.Emit(type, new EntryEvent { Entry = entry, Path = path, Root = ByteString.CopyFrom(root) }.ToByteArray());
    }
}
