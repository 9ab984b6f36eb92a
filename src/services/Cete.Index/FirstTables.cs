using Cete.Core;
using Cete.Groups;
using Cete.Index.Proto;

namespace Cete.Index;

/// <summary>Apply level 1: words are folded by SQLite as they are filed. Kept as it was, for logs that were written then.</summary>
internal sealed class FirstTables(Change change) : IEntryTables
{
    private SqlSession Sql => change.Sql;

    public void Provide(Entry entry, string provider)
    {
        var root = entry.Root.ToByteArray();
        Sql.Execute(
            "INSERT INTO contents (root, length, piece_length, first_piece) VALUES (@p1, @p2, @p3, @p4) ON CONFLICT (root) DO NOTHING",
            root, entry.Length, entry.PieceLength, entry.FirstPiece.ToByteArray());
        Sql.Execute(
            "INSERT INTO providers (root, node, since) VALUES (@p1, @p2, @p3) ON CONFLICT (root, node) DO NOTHING",
            root, provider, change.At.Microseconds);
    }

    public (long Id, byte[]? Root) Find(long folder, string name) => Sql.First(
        "SELECT id, root FROM entries WHERE folder = @p1 AND name = @p2 AND removed = 0",
        row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)), folder, name);

    public void AddFolder(long id, long parent, string name, string key, string words) => Sql.Execute(
        "INSERT INTO folders (id, parent, name, name_key, made_at) VALUES (@p1, @p2, @p3, @p4, @p5)",
        id, parent, name, key, change.At.Microseconds);

    public void MoveFolder(long id, long parent, string name, string key, string words) => Sql.Execute(
        "UPDATE folders SET parent = @p1, name = @p2, name_key = @p3 WHERE id = @p4", parent, name, key, id);

    public void Add(long id, long folder, EntryPath path, Entry entry)
    {
        Sql.Execute(
            """
            INSERT INTO entries (id, folder, name, name_key, words, root, length, modified, added, owner, description, tags)
            VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)
            """,
            id, folder, path.Name, entry.NameKeys[^1], entry.Words, entry.Root.ToByteArray(), entry.Length, entry.Modified,
            change.At.Microseconds, change.Account, entry.Description, string.Join('\n', entry.Tags));
        SetTags(id, entry.Tags);
        SetWords(id, entry.Words, entry.Description, entry.Tags, path.Parent.ToString());
    }

    public void Move(long entry, long folder, string name, Move command)
    {
        Sql.Execute(
            "UPDATE entries SET folder = @p1, name = @p2, name_key = @p3, words = @p4 WHERE id = @p5",
            folder, name, command.ToKeys[^1], command.Words, entry);
        Reindex(entry);
    }

    public void Describe(Describe command)
    {
        if (command.HasDescription)
        {
            Sql.Execute("UPDATE entries SET description = @p1 WHERE id = @p2", command.Description, command.Entry);
        }

        if (!command.KeepTags)
        {
            Sql.Execute("UPDATE entries SET tags = @p1 WHERE id = @p2", string.Join('\n', command.Tags), command.Entry);
            SetTags(command.Entry, command.Tags);
        }

        Reindex(command.Entry);
    }

    public void Hide(long entry) => Sql.Execute("UPDATE entries SET removed = @p1 WHERE id = @p2", change.Index, entry);

    public long HideBelow(long folder) => Sql.Execute(
        FolderTree.Below + " UPDATE entries SET removed = @p2 WHERE removed = 0 AND folder IN (SELECT id FROM tree)", folder, change.Index);

    public void Show(long entry)
    {
        Sql.Execute("UPDATE entries SET removed = 0 WHERE id = @p1", entry);
        Reindex(entry);
    }

    public void Reindex(long entry)
    {
        var (words, description, tags, folder) = Sql.First(
            "SELECT words, description, tags, folder FROM entries WHERE id = @p1",
            row => (row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3)),
            entry);
        SetWords(entry, words, description, tags.Split('\n'), FolderTree.PathOf(Sql, folder));
    }

    public void End()
    {
    }

    private void SetTags(long entry, IReadOnlyList<string> tags)
    {
        Sql.Execute("DELETE FROM tags WHERE entry = @p1", entry);
        foreach (var tag in tags)
        {
            Sql.Execute("INSERT INTO tags (tag, entry) VALUES (@p1, @p2) ON CONFLICT DO NOTHING", tag, entry);
        }
    }

    private void SetWords(long entry, string words, string description, IReadOnlyList<string> tags, string folder)
    {
        Sql.Execute("DELETE FROM entry_words WHERE rowid = @p1", entry);
        Sql.Execute(
            "INSERT INTO entry_words (rowid, name, text, path) VALUES (@p1, @p2, @p3, @p4)",
            entry, words, $"{string.Join(' ', tags)} {description}", folder);
    }
}
