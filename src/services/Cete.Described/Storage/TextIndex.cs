using System.Globalization;
using Cete.Groups;

namespace Cete.Described;

/// <summary>
/// The words of records: beside the table of each kind that is searched one of FTS5, with a column for each place of <see cref="RecordKind.Search"/>. It holds
/// no text, only where words stand, and only of records that are neither deleted nor hidden; <see cref="RecordWriter"/> keeps it with each write.
/// </summary>
internal static class TextIndex
{
    /// <summary>All records are in it.</summary>
    public const long Complete = -1;

    /// <summary>Records that are filed by one tick, or by what publishes: with those of a common size it takes well below a tenth of a second.</summary>
    internal const int RecordsAtOnce = 1_000;

    /// <summary>Characters after which a tick stops early: long texts cost by their length.</summary>
    private const int CharsAtOnce = 2_000_000;

    /// <summary>
    /// The name of its table. Those that FTS5 makes for it begin with the same and end in a word, and this one does not: so no name of a kind clashes.
    /// </summary>
    public static string TableOf(long service, string kind) => $"w{service}_{kind}_";

    /// <summary>The name of a place among its columns.</summary>
    public static string ColumnOf(int place) => "c" + place.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether all records are in it already.</summary>
    public static bool IsComplete(SqlSession sql, StoredKind kind) => BuiltOf(sql, kind) is null or Complete;

    /// <summary>Files a record that is new, or was brought back.</summary>
    public static void Put(SqlSession sql, Row row)
    {
        if (row.Kind.Search.Count > 0 && IsReached(sql, row))
        {
            File(sql, row);
        }
    }

    /// <summary>Files a record anew that was changed.</summary>
    public static void Replace(SqlSession sql, Row row, IEnumerable<int> changed)
    {
        if (changed.Any(row.Kind.SearchPlaces.Contains) && row.IsAlive && IsReached(sql, row))
        {
            sql.Execute($"DELETE FROM {row.Kind.TextTable} WHERE rowid = @p1", row.Id);
            File(sql, row);
        }
    }

    /// <summary>Takes a record out that is deleted or hidden.</summary>
    public static void Remove(SqlSession sql, Row row)
    {
        if (row.Kind.Search.Count > 0 && IsReached(sql, row))
        {
            sql.Execute($"DELETE FROM {row.Kind.TextTable} WHERE rowid = @p1", row.Id);
        }
    }

    /// <summary>Drops what there is of a kind.</summary>
    public static void Drop(SqlSession sql, StoredKind kind)
    {
        sql.Execute($"DROP TABLE IF EXISTS {kind.TextTable}");
        sql.Execute("DELETE FROM texts WHERE service = @p1 AND kind = @p2", kind.Service, kind.Name);
    }

    /// <summary>
    /// Makes what a kind needs that is new, or is searched by other fields than before, with its first records; the others are filed by ticks.
    /// </summary>
    public static void Make(SqlSession sql, StoredKind kind)
    {
        if (kind.Search.Count == 0)
        {
            return;
        }

        // The categories are letters, digits, and the marks without which most scripts of India have no words; beginnings of two and three letters have
        // lists of their own, since of so few a great part of all words would be gathered.
        sql.Execute(
            $"""
            CREATE VIRTUAL TABLE {kind.TextTable} USING fts5 ({string.Join(", ", kind.Search.Select((_, place) => ColumnOf(place)))},
                content='', contentless_delete=1, prefix='2 3', tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'")
            """);
        sql.Execute("INSERT INTO texts (service, kind, built) VALUES (@p1, @p2, 0)", kind.Service, kind.Name);
        Go(sql, kind, 0);
    }

    /// <summary>The same words under another name of their kind.</summary>
    public static void Rename(SqlSession sql, StoredKind old, StoredKind kind)
    {
        sql.Execute($"ALTER TABLE {old.TextTable} RENAME TO {kind.TextTable}");
        sql.Execute("UPDATE texts SET kind = @p3 WHERE service = @p1 AND kind = @p2", old.Service, old.Name, kind.Name);
    }

    /// <summary>Files some of the records that are not filed yet; whether there are more.</summary>
    public static bool GoOn(SqlSession sql, Catalogue catalogue)
    {
        var next = sql.First(
            """
            SELECT t.service, t.kind, t.built FROM texts t JOIN services s ON s.number = t.service
            WHERE t.built >= 0 AND s.withdrawn_at = 0 ORDER BY t.service, t.kind LIMIT 1
            """,
            row => (Service: row.GetInt64(0), Kind: row.GetString(1), Built: row.GetInt64(2)));
        if (next.Kind is not null && catalogue.Find(sql, next.Service)?.Find(next.Kind) is { } kind)
        {
            Go(sql, kind, next.Built);
        }

        return IsMore(sql);
    }

    /// <summary>Whether records wait to be filed.</summary>
    public static bool IsMore(SqlSession sql) => sql.Scalar<long>(
        "SELECT count(*) FROM texts t JOIN services s ON s.number = t.service WHERE t.built >= 0 AND s.withdrawn_at = 0") > 0;

    private static void Go(SqlSession sql, StoredKind kind, long built)
    {
        var rows = sql.Query($"{kind.Select} WHERE id > @p1 ORDER BY id LIMIT @p2", row => Row.Read(kind, row), built, RecordsAtOnce);
        var (chars, done) = (0, 0);
        foreach (var row in rows)
        {
            if (chars > CharsAtOnce)
            {
                break;
            }

            chars += row.IsAlive ? File(sql, row) : 0;
            done++;
        }

        built = done < rows.Count || rows.Count == RecordsAtOnce ? rows[done - 1].Id : Complete;
        sql.Execute("UPDATE texts SET built = @p3 WHERE service = @p1 AND kind = @p2", kind.Service, kind.Name, built);
    }

    /// <summary>Files a record; how many characters that were.</summary>
    private static int File(SqlSession sql, Row row)
    {
        var kind = row.Kind;
        var texts = new object?[kind.SearchPlaces.Count + 1];
        var chars = 0;
        texts[0] = row.Id;
        for (var i = 1; i < texts.Length; i++)
        {
            var value = row.Values[kind.SearchPlaces[i - 1]];
            if (!value.IsNull)
            {
                var text = SearchText.Clean(value.AsText);
                (texts[i], chars) = (text, chars + text.Length);
            }
        }

        sql.Execute(kind.InsertText, texts);
        return chars;
    }

    /// <summary>What a tick has not come to yet it will file as it is then.</summary>
    private static bool IsReached(SqlSession sql, Row row) => BuiltOf(sql, row.Kind) is { } built && (built == Complete || row.Id <= built);

    private static long? BuiltOf(SqlSession sql, StoredKind kind) => sql.Scalar<long?>(
        "SELECT built FROM texts WHERE service = @p1 AND kind = @p2", kind.Service, kind.Name);
}
