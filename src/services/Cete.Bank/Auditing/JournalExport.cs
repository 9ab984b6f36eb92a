using Cete.Bank.Proto;
using Cete.Core;
using Cete.Groups;
using Google.Protobuf;

namespace Cete.Bank;

/// <summary>
/// A whole journal as a stream of bytes, for whoever wants to look at it for himself: keys and channels first, then each entry behind the signed bytes
/// that ordered it, then the signed heads. Records are protobuf messages (<c>Proto/bank.proto</c>, JournalRecord), each with its length before it as a
/// varint.
/// </summary>
internal sealed class JournalExport(IGroup group)
{
    /// <summary>The form of the stream; another one is refused by whoever reads it.</summary>
    public const int Format = 1;

    private const int PageSize = 2_000;

    /// <summary>Writes it up to the entry that is the last one when it begins.</summary>
    public async Task<Failure?> WriteAsync(Stream target, CancellationToken cancellation)
    {
        var begun = await group.ReadAsync(Begin, ReadLevel.Linearizable, cancellation);
        if (begun is not { Succeeded: true, Value: { } from })
        {
            return begun.Failure ?? BankQueries.NotBegun;
        }

        await WriteAsync(from.Records, target, cancellation);
        for (var after = 0L; after < from.Last;)
        {
            var position = after;
            var page = await group.ReadAsync(sql => Entries(sql, position, from.Last), ReadLevel.Local, cancellation);
            if (!page.Succeeded)
            {
                return page.Failure;
            }

            if (page.Value.Last == after)
            {
                return new Failure(FailureKind.Damaged, $"entry {after + 1} of the journal is missing");
            }

            await WriteAsync(page.Value.Records, target, cancellation);
            after = page.Value.Last;
        }

        var heads = await group.ReadAsync(
            sql => HeadTable.Behind(sql, 0, int.MaxValue).Where(head => head.Number <= from.Last).Select(head => new JournalRecord
            {
                Head = new HeadRecord { Statement = ByteString.CopyFrom(head.Statement), PublicKey = ByteString.CopyFrom(head.PublicKey) },
            }).Append(new JournalRecord { End = new JournalEnd { Number = from.Last, Hash = ByteString.CopyFrom(from.Hash.ToArray()) } }).ToList(),
            ReadLevel.Local, cancellation);
        if (!heads.Succeeded)
        {
            return heads.Failure;
        }

        await WriteAsync(heads.Value, target, cancellation);
        return null;
    }

    private static (List<JournalRecord> Records, long Last, Hash256 Hash)? Begin(SqlSession sql)
    {
        if (BankFacts.Read(sql) is not { } facts)
        {
            return null;
        }

        List<JournalRecord> records =
        [
            new()
            {
                Header = new JournalHeader
                {
                    Community = ByteString.CopyFrom(facts.Community.ToArray()),
                    Format = Format,
                    Ledger = ByteString.CopyFrom(facts.Ledger.ToArray()),
                },
            },
        ];
        records.AddRange(sql.Query("SELECT public_key, account FROM keys ORDER BY id", row => new JournalRecord
        {
            Key = new KeyRecord
            {
                PublicKey = ByteString.CopyFrom(row.GetFieldValue<byte[]>(0)),
                Account = ByteString.CopyFrom(row.GetFieldValue<byte[]>(1)),
            },
        }));
        records.AddRange(sql.Query("SELECT id, voucher_key, account FROM channels ORDER BY id", row => new JournalRecord
        {
            Channel = new Proto.ChannelRecord
            {
                Channel = ByteString.CopyFrom(row.GetFieldValue<byte[]>(0)),
                PublicKey = ByteString.CopyFrom(row.GetFieldValue<byte[]>(1)),
                Account = ByteString.CopyFrom(row.GetFieldValue<byte[]>(2)),
            },
        }));
        var last = sql.First(
            "SELECT number, hash FROM journal ORDER BY number DESC LIMIT 1", row => (row.GetInt64(0), new Hash256(row.GetFieldValue<byte[]>(1))));
        return (records, last.Item1, last.Item2);
    }

    private static (List<JournalRecord> Records, long Last) Entries(SqlSession sql, long after, long to)
    {
        List<JournalRecord> records = [];
        var (last, said) = (after, 0L);
        var evidence = ByteString.Empty;
        foreach (var row in JournalTable.Behind(sql, after, PageSize).Where(row => row.Entry.Number <= to))
        {
            if (row.Evidence != 0 && row.Evidence != said)
            {
                var bytes = JournalTable.Evidence(sql, row.Evidence) ?? [];
                (said, evidence) = (row.Evidence, ByteString.CopyFrom(Hash256.Of(bytes).ToArray()));
                records.Add(new JournalRecord { Evidence = new EvidenceRecord { Bytes = ByteString.CopyFrom(bytes) } });
            }

            records.Add(new JournalRecord { Entry = RecordOf(row, row.Evidence == 0 ? ByteString.Empty : evidence) });
            last = row.Entry.Number;
        }

        return (records, last);
    }

    private static EntryRecord RecordOf(JournalTable.Row row, ByteString evidence)
    {
        var entry = row.Entry;
        return new EntryRecord
        {
            Number = entry.Number,
            Id = ByteString.CopyFrom(entry.Id.ToArray()),
            At = entry.At.Microseconds,
            Kind = (int)entry.Kind,
            DebitKind = (int)entry.Debit.Kind,
            Debit = ByteString.CopyFrom(entry.Debit.Key.ToArray()),
            CreditKind = (int)entry.Credit.Kind,
            Credit = ByteString.CopyFrom(entry.Credit.Key.ToArray()),
            Amount = entry.Amount,
            DebitBalance = entry.DebitBalance,
            CreditBalance = entry.CreditBalance,
            Evidence = evidence,
            Subject = entry.Subject == default ? ByteString.Empty : ByteString.CopyFrom(entry.Subject.ToArray()),
            Quantity = entry.Quantity,
            Note = entry.Note,
            Hash = ByteString.CopyFrom(row.Hash.ToArray()),
        };
    }

    private static async Task WriteAsync(IReadOnlyList<JournalRecord> records, Stream target, CancellationToken cancellation)
    {
        using var buffer = new MemoryStream();
        foreach (var record in records)
        {
            record.WriteDelimitedTo(buffer);
        }

        await target.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), cancellation);
    }
}
