using Cete.Core;
using Cete.Groups;
using Cete.Index.Proto;

namespace Cete.Index;

/// <summary>
/// Apply level 2: words come folded in the command, marks beside them answer filters, and what is out of sight has neither. Contents are
/// named by a number within, so that only one tree of pages is hit at random by their roots.
/// </summary>
internal sealed class EntryTables(Change change) : IEntryTables
{
    private readonly Vocabulary _vocabulary = new(change.Sql);
    private readonly EntryWords _words = new(change.Sql);

    /// <summary>The content that was provided last: the one of the entry that is added next.</summary>
    private long _content;

    private SqlSession Sql => change.Sql;

    public void Provide(Entry entry, string provider)
    {
        // Most contents are new. The index by root is the largest that is hit at random: it is gone through once.
        var root = entry.Root.ToByteArray();
        var isNew = Sql.Execute(
            """
            INSERT INTO contents (id, root, length, piece_length, first_piece, holders) VALUES (@p1, @p2, @p3, @p4, @p5, 1)
            ON CONFLICT (root) DO NOTHING
            """,
            change.FreeId, root, entry.Length, entry.PieceLength, entry.FirstPiece.ToByteArray()) > 0;
        _content = isNew ? change.NextId() : Sql.Scalar<long>("SELECT id FROM contents WHERE root = @p1", root);
        if (!isNew)
        {
            if (Sql.Scalar<long>("SELECT count(*) FROM providers WHERE content = @p1 AND node = @p2", _content, provider) > 0)
            {
                return;
            }

            Sql.Execute("UPDATE contents SET holders = holders + 1 WHERE id = @p1", _content);
        }

        if (!change.TellsMoves)
        {
            Sql.Execute("INSERT INTO providers (content, node, since) VALUES (@p1, @p2, @p3)", _content, provider, change.At.Microseconds);
            return;
        }

        Sql.Execute(
            "INSERT INTO providers (content, node, since, owner) VALUES (@p1, @p2, @p3, @p4)", _content, provider, change.At.Microseconds, change.Account);
    }

    public (long Id, byte[]? Root) Find(long folder, string name) => Sql.First(
        "SELECT e.id, c.root FROM entries e JOIN contents c ON c.id = e.content WHERE e.folder = @p1 AND e.name = @p2 AND e.removed = 0",
        row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)), folder, name);

    public void AddFolder(long id, long parent, string name, string key, string words)
    {
        Sql.Execute(
            "INSERT INTO folders (id, parent, name, name_key, words, made_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6)",
            id, parent, name, key, words, change.At.Microseconds);
        if (change.HasOwners)
        {
            Sql.Execute("UPDATE folders SET owner = @p1 WHERE id = @p2", change.Account, id);
        }

        _vocabulary.Note(words);
    }

    public void MoveFolder(long id, long parent, string name, string key, string words)
    {
        Sql.Execute("UPDATE folders SET parent = @p1, name = @p2, name_key = @p3, words = @p4 WHERE id = @p5", parent, name, key, words, id);
        _words.ForgetFolders();
        _vocabulary.Note(words);
    }

    public void Add(long id, long folder, EntryPath path, Entry entry)
    {
        Sql.Execute(
            """
            INSERT INTO entries (id, folder, name, name_key, words, tag_words, about_words, kind, content, length, modified, added, owner, description, tags)
            VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15)
            """,
            id, folder, path.Name, entry.NameKeys[^1], entry.NameWords[^1], entry.TagWords, entry.AboutWords, entry.Kind, _content,
            entry.Length, entry.Modified, change.At.Microseconds, change.Account, entry.Description, string.Join('\n', entry.Tags));
        _words.File(
            id, new EntryWords.Facts(folder, entry.NameWords[^1], entry.TagWords, entry.AboutWords, entry.Kind, entry.Length, entry.Tags));
        _vocabulary.Note(entry.NameWords[^1]);
        _vocabulary.Note(entry.TagWords);
        _vocabulary.Note(entry.AboutWords);
    }

    public void Move(long entry, long folder, string name, Move command)
    {
        Sql.Execute(
            "UPDATE entries SET folder = @p1, name = @p2, name_key = @p3, words = @p4, kind = @p5 WHERE id = @p6",
            folder, name, command.ToKeys[^1], command.ToWords[^1], command.Kind, entry);
        _vocabulary.Note(command.ToWords[^1]);
        Reindex(entry);
    }

    public void Describe(Describe command)
    {
        if (command.HasDescription)
        {
            Sql.Execute("UPDATE entries SET description = @p1, about_words = @p2 WHERE id = @p3", command.Description, command.AboutWords, command.Entry);
            _vocabulary.Note(command.AboutWords);
        }

        if (!command.KeepTags)
        {
            Sql.Execute(
                "UPDATE entries SET tags = @p1, tag_words = @p2 WHERE id = @p3", string.Join('\n', command.Tags), command.TagWords, command.Entry);
            _vocabulary.Note(command.TagWords);
        }

        Reindex(command.Entry);
    }

    public void Hide(long entry)
    {
        Sql.Execute("UPDATE entries SET removed = @p1 WHERE id = @p2", change.Index, entry);
        _words.Remove(entry);
    }

    public long HideBelow(long folder)
    {
        var entries = Sql.Query(
            FolderTree.Below + " SELECT id FROM entries WHERE removed = 0 AND folder IN (SELECT id FROM tree) ORDER BY id", row => row.GetInt64(0), folder);
        foreach (var entry in entries)
        {
            Hide(entry);
        }

        return entries.Count;
    }

    public void Show(long entry)
    {
        Sql.Execute("UPDATE entries SET removed = 0 WHERE id = @p1", entry);
        Reindex(entry);
    }

    public void Reindex(long entry)
    {
        _words.Remove(entry);
        _words.File(entry);
    }

    public void End() => _vocabulary.Write(change.Index);
}
