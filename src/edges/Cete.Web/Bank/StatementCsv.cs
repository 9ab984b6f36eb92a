using System.Globalization;
using System.Text;
using Cete.Api;
using Cete.Ledger;

namespace Cete.Web.Bank;

/// <summary>A statement as a table (RFC 4180).</summary>
internal static class StatementCsv
{
    private const string LineEnd = "\r\n";

    public static byte[] Write(IEnumerable<LedgerEntryInfo> entries)
    {
        var text = new StringBuilder("number,at,kind,from,to,amount,balance,with,content,note" + LineEnd);
        foreach (var entry in entries)
        {
            text.AppendJoin(',', [
                entry.Number.ToString(CultureInfo.InvariantCulture), entry.At.ToString("O", CultureInfo.InvariantCulture), entry.Kind, entry.Debit,
                entry.Credit, Credits.Show(entry.Amount), Credits.Show(entry.Balance), Quoted(entry.Other), entry.Subject, Quoted(entry.Note),
            ]).Append(LineEnd);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>What others wrote is no formula of whoever opens it in a spreadsheet.</summary>
    private static string Quoted(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return string.Empty;
        }

        var safe = text[0] is '=' or '+' or '-' or '@' or '\t' ? "'" + text : text;
        return $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
