using Cete.Groups;

namespace Cete.Index;

/// <summary>Brings what was filed at apply level 1 into the tables of level 2. All of it in order: replicas come to the same tables.</summary>
internal static class SecondLevel
{
    private const int PageRows = 1_000;

    public static void CarryOver(SqlSession sql)
    {
        var vocabulary = new Vocabulary(sql);
        CarryFolders(sql, vocabulary);

        // A content is named by a number that no command gives away: commands count from their index on.
        sql.Execute(
            """
            INSERT INTO contents (id, root, length, piece_length, first_piece, holders)
            SELECT row_number() OVER (ORDER BY c.root), c.root, c.length, c.piece_length, c.first_piece,
                (SELECT count(*) FROM old_providers p WHERE p.root = c.root)
            FROM old_contents c
            """);
        sql.Execute(
            "INSERT INTO providers (content, node, since) SELECT c.id, p.node, p.since FROM old_providers p JOIN contents c ON c.root = p.root");
        sql.Script("CREATE INDEX carried_root ON contents (root)");
        CarryEntries(sql, vocabulary);
        sql.Script("DROP INDEX carried_root");
        vocabulary.Write(0);
    }

    private static void CarryFolders(SqlSession sql, Vocabulary vocabulary)
    {
        foreach (var (id, name) in sql.Query("SELECT id, name FROM folders ORDER BY id", row => (row.GetInt64(0), row.GetString(1))))
        {
            var words = Tokens.Line(name);
            sql.Execute("UPDATE folders SET words = @p1 WHERE id = @p2", words, id);
            vocabulary.Note(words);
        }
    }

    private static void CarryEntries(SqlSession sql, Vocabulary vocabulary)
    {
        for (var after = -1L; ;)
        {
            var rows = sql.Query(
                "SELECT id, name, description, tags, removed FROM old_entries WHERE id > @p1 ORDER BY id LIMIT @p2",
                row => (Id: row.GetInt64(0), Name: row.GetString(1), About: row.GetString(2), Tags: row.GetString(3), Removed: row.GetInt64(4)),
                after, PageRows);
            foreach (var row in rows)
            {
                string[] tags = row.Tags.Split('\n', StringSplitOptions.RemoveEmptyEntries);
                string[] words = [Tokens.Line(row.Name), Tokens.Line(string.Join(' ', tags)), Tokens.Line(row.About)];
                sql.Execute(
                    """
                    INSERT INTO entries (id, folder, name, name_key, words, tag_words, about_words, kind, content, length, modified, added, owner,
                        description, tags, removed)
                    SELECT e.id, e.folder, e.name, e.name_key, @p1, @p2, @p3, @p4, c.id, e.length, e.modified, e.added, e.owner,
                        e.description, e.tags, e.removed
                    FROM old_entries e JOIN contents c ON c.root = e.root WHERE e.id = @p5
                    """,
                    words[0], words[1], words[2], EntryKind.Of(row.Name), row.Id);
                if (row.Removed == 0)
                {
                    EntryWords.Refile(sql, row.Id);
                }

                Array.ForEach(words, vocabulary.Note);
                after = row.Id;
            }

            if (rows.Count < PageRows)
            {
                return;
            }
        }
    }
}
