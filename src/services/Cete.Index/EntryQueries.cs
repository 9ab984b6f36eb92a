using System.Data.Common;
using System.Globalization;
using Cete.Core;
using Cete.Groups;

namespace Cete.Index;

/// <summary>What the index answers: all by ordered statements with a bounded number of rows.</summary>
internal static class EntryQueries
{
    private const string Columns =
        """
        e.id, e.folder, e.name, e.root, e.length, c.piece_length, e.modified, e.added, e.owner, e.description, e.tags,
        (SELECT count(*) FROM providers p WHERE p.root = e.root)
        """;

    /// <summary>Matches that a search by relevance looks at: the best of them are the best of all but for ties.</summary>
    private const int CandidatesMax = 1_000;

    public static EntryRecord? ById(SqlSession sql, long id) =>
        sql.First($"SELECT {Columns} FROM entries e JOIN contents c ON c.root = e.root WHERE e.id = @p1 AND e.removed = 0", row => Read(sql, row, null), id);

    public static EntryRecord? ByPath(SqlSession sql, EntryPath path) =>
        FolderTree.Find(sql, path.Parent) is { } folder
            ? sql.First(
                $"SELECT {Columns} FROM entries e JOIN contents c ON c.root = e.root WHERE e.folder = @p1 AND e.name = @p2 AND e.removed = 0",
                row => Read(sql, row, path.Parent.ToString()), folder, path.Name)
            : null;

    public static IReadOnlyList<EntryRecord> ByRoot(SqlSession sql, Hash256 root) =>
        sql.Query(
            $"SELECT {Columns} FROM entries e JOIN contents c ON c.root = e.root WHERE e.root = @p1 AND e.removed = 0 ORDER BY e.id LIMIT 100",
            row => Read(sql, row, null), root.ToArray());

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
        var (afterKey, afterId) = Cursor.ReadText(cursor);
        var found = sql.Query(
            """
            SELECT id, name, name_key, made_at FROM folders
            WHERE parent = @p1 AND removed = 0 AND (name_key, id) > (@p2, @p3) ORDER BY name_key, id LIMIT @p4
            """,
            row => (Id: row.GetInt64(0), Name: row.GetString(1), Key: row.GetString(2), Made: row.GetInt64(3)),
            parent, afterKey, afterId, limit + 1);
        var items = found.Take(limit).Select(f => ReadFolder(sql, f.Id, Join(parentPath, f.Name), new Instant(f.Made))).ToList();
        return new Page<FolderRecord>(items, found.Count > limit ? Cursor.Of(found[limit - 1].Key, found[limit - 1].Id) : null, null);
    }

    public static Outcome<Page<EntryRecord>> List(SqlSession sql, EntryQuery query)
    {
        if (FolderTree.Find(sql, query.Folder) is not { } folder)
        {
            return new Failure(FailureKind.NotFound, $"there is no folder {query.Folder}");
        }

        var words = SearchWords.Parse(query.Words);
        if (query.Words.Length > 0 && words.IsEmpty)
        {
            return new Page<EntryRecord>([], null, 0);
        }

        return words.Match.Length > 0 && query.Sort == EntrySort.Relevance
            ? ByRelevance(sql, query, words, folder)
            : BySort(sql, query, words, folder);
    }

    private static Page<EntryRecord> ByRelevance(SqlSession sql, EntryQuery query, SearchWords words, long folder)
    {
        var statement = new Statement(Scope(query), folder);
        statement.Add("SELECT m.id FROM (SELECT rowid AS id, bm25(entry_words, 10.0, 3.0, 1.0) AS rank FROM entry_words WHERE entry_words MATCH ");
        statement.AddValue(words.Match);
        statement.Add($" ORDER BY rank, rowid LIMIT {CandidatesMax}) m JOIN entries e ON e.id = m.id WHERE e.removed = 0");
        AddFilters(statement, query, words);
        statement.Add(" ORDER BY m.rank, m.id");
        var ids = sql.Query(statement.Text, row => row.GetInt64(0), statement.Values);
        var offset = Cursor.ReadOffset(query.Cursor);
        var items = ids.Skip(offset).Take(query.Limit).Select(id => ById(sql, id)!).ToList();
        return new Page<EntryRecord>(items, offset + items.Count < ids.Count ? Cursor.Of(offset + items.Count) : null, ids.Count);
    }

    private static Page<EntryRecord> BySort(SqlSession sql, EntryQuery query, SearchWords words, long folder)
    {
        var column = query.Sort switch
        {
            EntrySort.Size => "e.length",
            EntrySort.Added => "e.id",
            _ => "e.name_key",
        };
        var (sign, order) = query.Descending ? ("<", "DESC") : (">", "ASC");
        var statement = new Statement(Scope(query), folder);
        statement.Add($"SELECT {Columns}, e.name_key FROM entries e JOIN contents c ON c.root = e.root WHERE e.removed = 0");
        AddFilters(statement, query, words);
        if (words.Match.Length > 0)
        {
            statement.Add(" AND e.id IN (SELECT rowid FROM entry_words WHERE entry_words MATCH ");
            statement.AddValue(words.Match);
            statement.Add(")");
        }

        if (query.Cursor is not null)
        {
            var (text, id) = Cursor.ReadText(query.Cursor);
            statement.Add($" AND ({column}, e.id) {sign} (");
            statement.AddValue(query.Sort is EntrySort.Name or EntrySort.Relevance ? text : long.Parse(text, CultureInfo.InvariantCulture));
            statement.Add(", ");
            statement.AddValue(id);
            statement.Add(")");
        }

        statement.Add($" ORDER BY {column} {order}, e.id {order} LIMIT ");
        statement.AddValue(query.Limit + 1);
        var path = query.Below ? null : query.Folder.ToString();
        var found = sql.Query(statement.Text, row => (Entry: Read(sql, row, path), Key: row.GetString(12)), statement.Values);
        var items = found.Take(query.Limit).Select(f => f.Entry).ToList();
        return new Page<EntryRecord>(items, found.Count > query.Limit ? NextCursor(query.Sort, found[query.Limit - 1]) : null, null);
    }

    private static string NextCursor(EntrySort sort, (EntryRecord Entry, string Key) last) => sort switch
    {
        EntrySort.Size => Cursor.Of(last.Entry.Length.ToString(CultureInfo.InvariantCulture), last.Entry.Id),
        EntrySort.Added => Cursor.Of(last.Entry.Id.ToString(CultureInfo.InvariantCulture), last.Entry.Id),
        _ => Cursor.Of(last.Key, last.Entry.Id),
    };

    /// <summary>What stands before the SELECT: the tree of folders, when only a part of it is looked at.</summary>
    private static string Scope(EntryQuery query) => query is { Below: true, Folder.IsTop: false } ? FolderTree.Below + " " : string.Empty;

    private static void AddFilters(Statement statement, EntryQuery query, SearchWords words)
    {
        // @p1 is the folder in each of them, so that one statement text always has the same parameters.
        statement.Add(query switch
        {
            { Below: false } => " AND e.folder = @p1",
            { Folder.IsTop: false } => " AND e.folder IN (SELECT id FROM tree)",
            _ => " AND @p1 = 0",
        });
        foreach (var tag in words.Tags)
        {
            statement.Add(" AND EXISTS (SELECT 1 FROM tags t WHERE t.entry = e.id AND t.tag = ");
            statement.AddValue(tag);
            statement.Add(")");
        }
    }

    private static FolderRecord ReadFolder(SqlSession sql, long id, string path, Instant made) => new(
        id, path, made,
        sql.Scalar<long>("SELECT count(*) FROM folders WHERE parent = @p1 AND removed = 0", id),
        sql.Scalar<long>("SELECT count(*) FROM entries WHERE folder = @p1 AND removed = 0", id));

    private static EntryRecord Read(SqlSession sql, DbDataReader row, string? folder) => new(
        row.GetInt64(0),
        Join(folder ?? FolderTree.PathOf(sql, row.GetInt64(1)), row.GetString(2)),
        new Hash256(row.GetFieldValue<byte[]>(3)),
        row.GetInt64(4),
        row.GetInt32(5),
        row.GetInt64(6) is var modified and not 0 ? new Instant(modified) : null,
        new Instant(row.GetInt64(7)),
        row.GetString(8),
        row.GetString(9),
        row.GetString(10).Split('\n', StringSplitOptions.RemoveEmptyEntries),
        row.GetInt32(11));

    private static string Join(string folder, string name) => folder.Length == 1 ? folder + name : $"{folder}/{name}";
}
