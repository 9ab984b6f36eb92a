using System.Globalization;
using Cete.Ledger;

namespace Cete.Api;

/// <summary>A statement as a table (RFC 4180): a page hands it out, and a terminal prints it.</summary>
public static class StatementCsv
{
    /// <summary>The names of the columns.</summary>
    public const string Header = "number,at,kind,from,to,amount,balance,with,content,note";

    /// <summary>What lines end with (RFC 4180 §2).</summary>
    public const string LineEnd = "\r\n";

    /// <summary>An entry, as a line without its end.</summary>
    public static string LineOf(LedgerEntryInfo entry) => string.Join(
        ',', entry.Number.ToString(CultureInfo.InvariantCulture), entry.At.ToString("O", CultureInfo.InvariantCulture), entry.Kind, entry.Debit, entry.Credit,
        Credits.Show(entry.Amount), Credits.Show(entry.Balance), Quoted(entry.Other), entry.Subject, Quoted(entry.Note));

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
