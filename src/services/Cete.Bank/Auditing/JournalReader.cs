using Cete.Core;

namespace Cete.Bank;

/// <summary>Hands the records of a journal to an audit, and has its signatures looked at on all cores.</summary>
public static class JournalReader
{
    /// <summary>Signatures that are looked at together: enough for all cores, and memory stays bounded.</summary>
    private const int SignaturesAtOnce = 4_096;

    private const int LengthBytesMax = 5;

    /// <summary>Looks at a whole journal.</summary>
    /// <param name="journal">As <see cref="BankService.ExportAsync"/> writes it.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="verify">Looks at signatures, some thousands at a time; null for all of them on all cores.</param>
    public static async Task<Outcome<AuditReport>> AuditAsync(
        Stream journal, CancellationToken stop, Func<IReadOnlyList<PendingSignature>, Failure?>? verify = null)
    {
        verify ??= signatures => Unsigned(signatures, stop);
        var (audit, buffer) = (new JournalAudit(), new byte[JournalAudit.RecordBytesMax + LengthBytesMax]);
        var (held, pending) = (0, new List<PendingSignature>());
        while (true)
        {
            var read = await journal.ReadAsync(buffer.AsMemory(held), stop);
            held += read;
            var used = 0;
            while (TryNext(buffer.AsSpan(used, held - used), out var record, out var size))
            {
                if (audit.Take(record) is { } failure)
                {
                    return failure;
                }

                used += size;
            }

            pending.AddRange(audit.TakeSignatures());
            if (pending.Count >= SignaturesAtOnce || read == 0)
            {
                if (verify(pending) is { } unsigned)
                {
                    return unsigned;
                }

                pending.Clear();
            }

            buffer.AsSpan(used, held - used).CopyTo(buffer);
            held -= used;
            if (read == 0)
            {
                return held == 0 ? audit.Finish() : audit.Rest();
            }
        }
    }

    /// <summary>The first entry whose signature is wrong.</summary>
    private static Failure? Unsigned(IReadOnlyList<PendingSignature> pending, CancellationToken stop)
    {
        var failures = new Failure?[pending.Count];
        Parallel.For(0, pending.Count, new ParallelOptions { CancellationToken = stop }, i => failures[i] = pending[i].Verify());
        return pending.Select((signature, i) => (signature.Entry, Failure: failures[i])).Where(one => one.Failure is not null)
            .OrderBy(one => one.Entry).Select(one => one.Failure).FirstOrDefault();
    }

    private static bool TryNext(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> record, out int size)
    {
        record = default;
        size = 0;
        var (length, at) = (0, 0);
        for (var shift = 0; ; shift += 7)
        {
            if (at == bytes.Length || at == LengthBytesMax)
            {
                return false;
            }

            var next = bytes[at++];
            length |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                break;
            }
        }

        if (length < 0 || length > bytes.Length - at)
        {
            return false;
        }

        record = bytes.Slice(at, length);
        size = at + length;
        return true;
    }
}
