using System.Data.Common;
using Cete.Core;
using Cete.Groups;
using Cete.Index.Moderation;

namespace Cete.Index;

/// <summary>What the index answers: all by ordered statements with a bounded number of rows.</summary>
internal static class EntryQueries
{
    private const string Columns =
        """
        e.id, e.folder, e.name, c.root, e.length, c.piece_length, e.modified, e.added, e.owner, e.description, e.tags, c.holders
        """;

    public static EntryRecord? ById(SqlSession sql, long id) =>
        WithPaths(sql, sql.Query(
            $"SELECT {Columns} FROM entries e JOIN contents c ON c.id = e.content WHERE e.id = @p1 AND e.removed = 0", Read, id)).FirstOrDefault();

    public static EntryRecord? ByPath(SqlSession sql, EntryPath path) =>
        FolderTree.Find(sql, path.Parent) is { } folder
            ? WithPaths(sql, sql.Query(
                $"SELECT {Columns} FROM entries e JOIN contents c ON c.id = e.content WHERE e.folder = @p1 AND e.name = @p2 AND e.removed = 0",
                Read, folder, path.Name)).FirstOrDefault()
            : null;

    /// <summary>Entries in the order of ids given.</summary>
    public static List<EntryRecord> ByIds(SqlSession sql, IEnumerable<long> ids) => WithPaths(sql, ids.Select(id => sql.First(
        $"SELECT {Columns} FROM entries e JOIN contents c ON c.id = e.content WHERE e.id = @p1", Read, id)).ToList());

    public static IReadOnlyList<EntryRecord> ByRoot(SqlSession sql, Hash256 root) =>
        WithPaths(sql, sql.Query(
            $"SELECT {Columns} FROM entries e JOIN contents c ON c.id = e.content WHERE c.root = @p1 AND e.removed = 0 ORDER BY e.id LIMIT 100",
            Read, root.ToArray()));

    /// <summary>Where the oldest entry with a content stands; null where none does.</summary>
    public static string? OldestPath(SqlSession sql, Hash256 root) => sql.Query(
        "SELECT e.folder, e.name FROM entries e JOIN contents c ON c.id = e.content WHERE c.root = @p1 AND e.removed = 0 ORDER BY e.id LIMIT 1",
        row => (Folder: row.GetInt64(0), Name: row.GetString(1)), root.ToArray()) is [var (folder, name)]
            ? Join(FolderTree.PathOf(sql, folder), name) : null;

    /// <summary>Contents of a length that are filed; there may be more than are looked at.</summary>
    public static IEnumerable<long> ContentsOf(SqlSession sql, long length) => sql.Query(
        "SELECT content FROM entries WHERE removed = 0 AND length = @p1 ORDER BY id LIMIT 1000", row => row.GetInt64(0), length);

    public static FolderRecord? Folder(SqlSession sql, EntryPath path)
    {
        if (FolderTree.Find(sql, path) is not { } id)
        {
            return null;
        }

        var made = sql.Scalar<long>("SELECT made_at FROM folders WHERE id = @p1", id);
        return ReadFolder(sql, id, path.ToString(), new Instant(made));
    }

    /// <summary>Folders right below one, in order; a page of them.</summary>
    public static Page<FolderRecord> Folders(SqlSession sql, long parent, string parentPath, string? cursor, int limit)
    {
        var (afterKey, afterId) = Cursor.Read(Cursor.FolderList, cursor) ?? (string.Empty, -1);
        var found = sql.Query(
            """
            SELECT id, name, name_key, made_at FROM folders
            WHERE parent = @p1 AND removed = 0 AND (name_key, id) > (@p2, @p3) ORDER BY name_key, id LIMIT @p4
            """,
            row => (Id: row.GetInt64(0), Name: row.GetString(1), Key: row.GetString(2), Made: row.GetInt64(3)),
            parent, afterKey, afterId, limit + 1);
        var items = found.Take(limit).Select(f => ReadFolder(sql, f.Id, Join(parentPath, f.Name), new Instant(f.Made))).ToList();
        return new Page<FolderRecord>(items, found.Count > limit ? Cursor.Of(Cursor.FolderList, found[limit - 1].Key, found[limit - 1].Id) : null, null);
    }

    public static Outcome<Page<EntryRecord>> List(SqlSession sql, EntryQuery query)
    {
        if (FolderTree.Find(sql, query.Folder) is not { } folder)
        {
            return new Failure(FailureKind.NotFound, $"there is no folder {query.Folder}");
        }

        var words = SearchWords.Parse(query.Words);
        if (query.Words.Length > 0 && (words.IsEmpty || (words.IsContradiction && !query.AnyWord)))
        {
            return new Page<EntryRecord>([], null, 0);
        }

        if (words.IsEmpty && query.Filter == EntryFilter.None && query.Sort != EntrySort.Added)
        {
            return BySort(sql, query, folder);
        }

        var found = EntrySearch.Run(sql, query, words, folder);
        return words.IsEmpty ? found : TakenDownContents.LeaveOut(found);
    }

    private static Page<EntryRecord> BySort(SqlSession sql, EntryQuery query, long folder)
    {
        var (list, column) = query.Sort == EntrySort.Size ? (Cursor.SizeList, "e.length") : (Cursor.NameList, "e.name_key");
        var (sign, order) = query.Descending ? ("<", "DESC") : (">", "ASC");
        var statement = new Statement(Scope(query), folder);
        statement.Add($"SELECT {Columns}, e.name_key FROM entries e JOIN contents c ON c.id = e.content WHERE e.removed = 0");
        AddFolder(statement, query);
        object? key = list == Cursor.NameList ? Cursor.Read(list, query.Cursor)?.Key : Cursor.ReadNumber(list, query.Cursor)?.Key;
        if (key is not null)
        {
            statement.Add($" AND ({column}, e.id) {sign} (");
            statement.AddValue(key);
            statement.Add(", ");
            statement.AddValue(Cursor.Read(list, query.Cursor)!.Value.Id);
            statement.Add(")");
        }

        statement.Add($" ORDER BY {column} {order}, e.id {order} LIMIT ");
        statement.AddValue(query.Limit + 1);
        var found = sql.Query(statement.Text, row => (Entry: Read(row), Key: row.GetString(12)), statement.Values);
        var items = WithPaths(sql, found.Take(query.Limit).Select(f => f.Entry));
        return new Page<EntryRecord>(items, found.Count > query.Limit ? CursorAfter(list, items[^1], found[query.Limit - 1].Key) : null, null);
    }

    private static string CursorAfter(char list, EntryRecord last, string nameKey) =>
        Cursor.Of(list, list == Cursor.SizeList ? $"{last.Length}" : nameKey, last.Id);

    /// <summary>What stands before the SELECT: the tree of folders, when only a part of it is looked at.</summary>
    private static string Scope(EntryQuery query) => query is { Below: true, Folder.IsTop: false } ? FolderTree.Below + " " : string.Empty;

    // @p1 is the folder in each of them, so that one statement text always has the same parameters.
    private static void AddFolder(Statement statement, EntryQuery query) => statement.Add(query switch
    {
        { Below: false } => " AND e.folder = @p1",
        { Folder.IsTop: false } => " AND e.folder IN (SELECT id FROM tree)",
        _ => " AND @p1 = 0",
    });

    private static FolderRecord ReadFolder(SqlSession sql, long id, string path, Instant made) => new(
        id, path, made,
        sql.Scalar<long>("SELECT count(*) FROM folders WHERE parent = @p1 AND removed = 0", id),
        sql.Scalar<long>("SELECT count(*) FROM entries WHERE folder = @p1 AND removed = 0", id));

    /// <summary>An entry without the path of its folder.</summary>
    private static (long Folder, EntryRecord Entry) Read(DbDataReader row) => (row.GetInt64(1), new EntryRecord(
        row.GetInt64(0),
        row.GetString(2),
        new Hash256(row.GetFieldValue<byte[]>(3)),
        row.GetInt64(4),
        row.GetInt32(5),
        row.GetInt64(6) is var modified and not 0 ? new Instant(modified) : null,
        new Instant(row.GetInt64(7)),
        row.GetString(8),
        row.GetString(9),
        row.GetString(10).Split('\n', StringSplitOptions.RemoveEmptyEntries),
        row.GetInt32(11)));

    /// <summary>Looks up paths only after all rows are read: a statement must not be prepared while another is being read.</summary>
    private static List<EntryRecord> WithPaths(SqlSession sql, IEnumerable<(long Folder, EntryRecord Entry)> found)
    {
        Dictionary<long, string> paths = [];
        List<EntryRecord> entries = [];
        foreach (var (folder, entry) in found)
        {
            if (!paths.TryGetValue(folder, out var path))
            {
                paths.Add(folder, path = FolderTree.PathOf(sql, folder));
            }

            entries.Add(entry with { Path = Join(path, entry.Path) });
        }

        TakenDownContents.Mark(sql, entries);
        return entries;
    }

    private static string Join(string folder, string name) => folder.Length == 1 ? folder + name : $"{folder}/{name}";
}
