using Cete.Groups;

namespace Cete.Index;

/// <summary>The tables of the index, by apply level. What only SQLite understands stands here.</summary>
internal static class IndexSchema
{
    /// <summary>The folder that holds all others.</summary>
    public const long TopFolder = 0;

    public static void Raise(int level, SqlSession sql)
    {
        if (level == 1)
        {
            sql.Script(Level1);
        }
        else if (level == 2)
        {
            // A new index has nothing to carry over; an old one is read row by row, since words were folded by SQLite before.
            sql.Script(Level2);
            SecondLevel.CarryOver(sql);
            sql.Script(Level2End);
        }
        else if (level == IndexRights.Level)
        {
            sql.Script(Level3);
        }
        else if (level == IndexMachine.MovesLevel)
        {
            sql.Script(Level4);
        }
        else if (level == IndexMachine.ModerationLevel)
        {
            sql.Script(Level5);
        }
    }

    /// <summary>Whether contents can be taken down here: those who read an index do not know its level.</summary>
    public static bool HasModeration(SqlSession sql) =>
        sql.Scalar<long>("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'taken_down'") > 0;

    // removed = 0: in sight; else the id of the removal, by which it can be brought back.
    private const string Level1 = """
        CREATE TABLE folders (
            id BIGINT PRIMARY KEY, parent BIGINT NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL,
            made_at BIGINT NOT NULL, removed BIGINT NOT NULL DEFAULT 0);
        CREATE UNIQUE INDEX folders_name ON folders (parent, name, removed);
        CREATE INDEX folders_sorted ON folders (parent, removed, name_key, id);

        CREATE TABLE entries (
            id BIGINT PRIMARY KEY, folder BIGINT NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL, words TEXT NOT NULL,
            root BLOB NOT NULL, length BIGINT NOT NULL, modified BIGINT NOT NULL, added BIGINT NOT NULL,
            owner TEXT NOT NULL, description TEXT NOT NULL, tags TEXT NOT NULL, removed BIGINT NOT NULL DEFAULT 0);
        CREATE UNIQUE INDEX entries_name ON entries (folder, name, removed);
        CREATE INDEX entries_in_folder_by_name ON entries (folder, removed, name_key, id);
        CREATE INDEX entries_in_folder_by_size ON entries (folder, removed, length, id);
        CREATE INDEX entries_in_folder_by_id ON entries (folder, removed, id);
        CREATE INDEX entries_by_name ON entries (removed, name_key, id);
        CREATE INDEX entries_by_size ON entries (removed, length, id);
        CREATE INDEX entries_by_id ON entries (removed, id);
        CREATE INDEX entries_by_root ON entries (root);

        CREATE TABLE contents (root BLOB PRIMARY KEY, length BIGINT NOT NULL, piece_length BIGINT NOT NULL, first_piece BLOB NOT NULL);
        CREATE INDEX contents_by_start ON contents (length, first_piece);
        CREATE TABLE providers (root BLOB NOT NULL, node TEXT NOT NULL, since BIGINT NOT NULL, PRIMARY KEY (root, node));
        CREATE TABLE tags (tag TEXT NOT NULL, entry BIGINT NOT NULL, PRIMARY KEY (tag, entry));
        CREATE INDEX tags_of_entry ON tags (entry);

        CREATE VIRTUAL TABLE entry_words USING fts5 (
            name, text, path, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2", prefix='2 3');
        """;

    // INTEGER PRIMARY KEY and WITHOUT ROWID spare a second tree a table. Words come folded, so the tokenizer need only split at blanks: what
    // it takes for a word beside letters are the signs of Marks and what tags may hold.
    private const string Level2 = """
        ALTER TABLE folders ADD COLUMN words TEXT NOT NULL DEFAULT '';
        ALTER TABLE entries RENAME TO old_entries;
        ALTER TABLE contents RENAME TO old_contents;
        ALTER TABLE providers RENAME TO old_providers;
        DROP TABLE entry_words;
        DROP TABLE tags;

        CREATE TABLE contents (
            id INTEGER PRIMARY KEY, root BLOB NOT NULL, length BIGINT NOT NULL, piece_length BIGINT NOT NULL, first_piece BLOB NOT NULL,
            holders BIGINT NOT NULL);
        CREATE TABLE providers (
            content BIGINT NOT NULL, node TEXT NOT NULL, since BIGINT NOT NULL, PRIMARY KEY (content, node)) WITHOUT ROWID;
        CREATE TABLE entries (
            id INTEGER PRIMARY KEY, folder BIGINT NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL,
            words TEXT NOT NULL, tag_words TEXT NOT NULL, about_words TEXT NOT NULL, kind TEXT NOT NULL,
            content BIGINT NOT NULL, length BIGINT NOT NULL, modified BIGINT NOT NULL, added BIGINT NOT NULL,
            owner TEXT NOT NULL, description TEXT NOT NULL, tags TEXT NOT NULL, removed BIGINT NOT NULL DEFAULT 0);
        CREATE TABLE words (word TEXT PRIMARY KEY, weight BIGINT NOT NULL) WITHOUT ROWID;
        CREATE VIRTUAL TABLE entry_words USING fts5 (
            name, text, path, marks, content='', contentless_delete=1, tokenize="ascii tokenchars '<=>#~@$-_.'");
        """;

    // What is older than owners belongs to nobody: to change it takes the right to change what is others'.
    private const string Level3 = "ALTER TABLE folders ADD COLUMN owner TEXT NOT NULL DEFAULT ''";

    // Who said that somebody holds a content may take that back; of what is older, those alone who keep order.
    private const string Level4 = "ALTER TABLE providers ADD COLUMN owner TEXT NOT NULL DEFAULT ''";

    // closed and decided are 0 while nobody has looked at it, then the act by which somebody did. The log is only added to.
    private const string Level5 = """
        CREATE TABLE taken_down (
            root BLOB PRIMARY KEY, reason TEXT NOT NULL, account TEXT NOT NULL, at BIGINT NOT NULL, act BIGINT NOT NULL);
        CREATE UNIQUE INDEX taken_down_by_act ON taken_down (act);
        CREATE TABLE reports (
            id INTEGER PRIMARY KEY, root BLOB NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL, note TEXT NOT NULL, at BIGINT NOT NULL,
            closed BIGINT NOT NULL DEFAULT 0);
        CREATE UNIQUE INDEX reports_one ON reports (root, account);
        CREATE INDEX reports_of_account ON reports (account, at);
        CREATE INDEX reports_open ON reports (closed, id);
        CREATE TABLE appeals (
            id INTEGER PRIMARY KEY, root BLOB NOT NULL, account TEXT NOT NULL, note TEXT NOT NULL, at BIGINT NOT NULL,
            decided BIGINT NOT NULL DEFAULT 0, upheld BIGINT NOT NULL DEFAULT 0, answer TEXT NOT NULL DEFAULT '');
        CREATE UNIQUE INDEX appeals_one ON appeals (root, account, decided);
        CREATE INDEX appeals_of_account ON appeals (account, at);
        CREATE INDEX appeals_open ON appeals (decided, id);
        CREATE TABLE moderation_log (
            id INTEGER PRIMARY KEY, at BIGINT NOT NULL, act TEXT NOT NULL, root BLOB NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL,
            note TEXT NOT NULL);
        CREATE INDEX moderation_log_by_act ON moderation_log (act, id);
        """;

    // Lists by age need no index: the words give entries up by their ids.
    private const string Level2End = """
        DROP TABLE old_entries;
        DROP TABLE old_providers;
        DROP TABLE old_contents;
        CREATE UNIQUE INDEX contents_root ON contents (root);
        CREATE UNIQUE INDEX entries_name ON entries (folder, name, removed);
        CREATE INDEX entries_in_folder_by_name ON entries (folder, removed, name_key, id);
        CREATE INDEX entries_in_folder_by_size ON entries (folder, removed, length, id);
        CREATE INDEX entries_by_name ON entries (removed, name_key, id);
        CREATE INDEX entries_by_size ON entries (removed, length, id);
        CREATE INDEX entries_out_of_sight ON entries (removed, id) WHERE removed > 0;
        CREATE INDEX entries_by_content ON entries (content);
        CREATE INDEX words_common ON words (word, weight) WHERE weight >= 8;
        """;
}
