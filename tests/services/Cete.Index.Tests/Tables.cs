using System.Globalization;
using System.Text;
using Cete.Groups;
using Microsoft.Data.Sqlite;

namespace Cete.Index.Tests;

/// <summary>What stands in the tables of an index, as text to be compared.</summary>
internal static class Tables
{
    /// <summary>All tables but the shadows of the words, whose pages fall as the transactions do: of those, each word and where it stands.</summary>
    public static Dictionary<string, string> Dump(string database)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var sql = new SqlSession(connection);
        // Digests are of the log, in which each start adds an entry of its own.
        var tables = sql.Query(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'entry_words%' AND name NOT IN ('cete_meta', 'cete_digests') ORDER BY name",
            row => row.GetString(0));
        Dictionary<string, string> dump = [];
        foreach (var table in tables)
        {
            dump[table] = Rows(sql, table);
        }

        sql.Script("CREATE VIRTUAL TABLE temp.word_places USING fts5vocab('main', 'entry_words', 'instance')");
        dump["entry_words"] = Rows(sql, "temp.word_places");
        Assert.NotEmpty(dump["entry_words"]);
        return dump;
    }

    private static string Rows(SqlSession sql, string table)
    {
        var lines = sql.Query($"SELECT * FROM {table}", row =>
        {
            var line = new StringBuilder();
            for (var i = 0; i < row.FieldCount; i++)
            {
                var value = row.GetValue(i);
                line.Append(value is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture)).Append('|');
            }

            return line.ToString();
        });
        lines.Sort(StringComparer.Ordinal);
        return string.Join('\n', lines);
    }
}
