using System.Data.Common;
using Cete.Core;
using Cete.Groups;
using Cete.Ledger;

namespace Cete.Bank;

/// <summary>The journal as it is read.</summary>
internal static class JournalTable
{
    private const string Columns = """
        j.number, j.id, j.at, j.kind, d.kind, d.owner, c.kind, c.owner, j.amount, j.debit_balance, j.credit_balance, j.evidence, j.subject, j.quantity,
        j.note, j.hash, j.debit_previous, j.credit_previous
        """;

    private const string From = "FROM journal j JOIN ledger_accounts d ON d.number = j.debit JOIN ledger_accounts c ON c.number = j.credit";

    /// <summary>An entry with its place in both statements.</summary>
    /// <param name="Entry">The entry; of its evidence the number alone is known.</param>
    /// <param name="Hash">Its hash.</param>
    /// <param name="Evidence">Under which its evidence is kept; 0 for none.</param>
    /// <param name="DebitPrevious">The entry before of who gave.</param>
    /// <param name="CreditPrevious">That of who got.</param>
    internal sealed record Row(JournalEntry Entry, Hash256 Hash, long Evidence, long DebitPrevious, long CreditPrevious);

    public static JournalEntry? Find(SqlSession sql, long number) => RowOf(sql, number)?.Entry;

    public static Row? RowOf(SqlSession sql, long number) => sql.First($"SELECT {Columns} {From} WHERE j.number = @p1", Read, number);

    /// <summary>Entries behind one, in order.</summary>
    public static List<Row> Behind(SqlSession sql, long after, int countMax) =>
        sql.Query($"SELECT {Columns} {From} WHERE j.number > @p1 ORDER BY j.number LIMIT @p2", Read, after, countMax);

    /// <summary>The signed bytes of a number; null for none.</summary>
    public static byte[]? Evidence(SqlSession sql, long number) =>
        number == 0 ? null : sql.Scalar<byte[]>("SELECT bytes FROM evidence WHERE number = @p1", number);

    /// <summary>The hash of an entry.</summary>
    public static Hash256 HashOf(SqlSession sql, long number) =>
        new(sql.Scalar<byte[]>("SELECT hash FROM journal WHERE number = @p1", number));

    private static Row Read(DbDataReader row)
    {
        var entry = new JournalEntry(
            row.GetInt64(0), new TransferId(row.GetFieldValue<byte[]>(1)), new Instant(row.GetInt64(2)), (TransferKind)(int)row.GetInt64(3),
            LedgerAddress.Of(row.GetInt64(4), row.GetFieldValue<byte[]>(5))!.Value, LedgerAddress.Of(row.GetInt64(6), row.GetFieldValue<byte[]>(7))!.Value,
            row.GetInt64(8), row.GetInt64(9), row.GetInt64(10))
        {
            Subject = row.IsDBNull(12) ? default : new Hash256(row.GetFieldValue<byte[]>(12)),
            Quantity = row.GetInt64(13),
            Note = row.GetString(14),
        };
        return new Row(entry, new Hash256(row.GetFieldValue<byte[]>(15)), row.GetInt64(11), row.GetInt64(16), row.GetInt64(17));
    }
}
