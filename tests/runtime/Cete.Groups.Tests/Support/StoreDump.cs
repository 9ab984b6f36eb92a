using System.Globalization;
using System.Text;

namespace Cete.Groups.Tests.Support;

/// <summary>Everything in a store that all replicas have in common: all but where the snapshot stood that it began from.</summary>
internal static class StoreDump
{
    public static string Of(SqlSession sql)
    {
        var text = new StringBuilder();
        foreach (var table in sql.Query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", row => row.GetString(0)))
        {
            var only = table == "cete_meta" ? "WHERE name <> 'installed'" : string.Empty;
            text.Append(table).Append('\n').AppendJoin(string.Empty, sql.Query($"SELECT * FROM {table} {only}", Line).Order(StringComparer.Ordinal));
        }

        return text.ToString();
    }

    private static string Line(System.Data.Common.DbDataReader row) => string.Join('|', Enumerable.Range(0, row.FieldCount).Select(i => row.GetValue(i) switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        var value => value.ToString(),
    })) + "\n";
}
