using Cete.Bank.Proto;
using Cete.Core;
using Cete.Ledger;
using Cete.Ports;
using Cete.Trust;

namespace Cete.Bank;

/// <summary>What an audit found to be so.</summary>
/// <param name="Community">Whose ledger it is.</param>
/// <param name="Ledger">Which one.</param>
/// <param name="Entries">Entries that were looked at.</param>
/// <param name="Hash">Of the last one.</param>
/// <param name="Supply">Micro-credits that there are.</param>
/// <param name="Sum">Of all balances, the mint's included: 0.</param>
/// <param name="Accounts">Accounts of the ledger.</param>
/// <param name="Signatures">Statements and vouchers whose signature is right.</param>
/// <param name="Heads">Signed heads that name this journal.</param>
public sealed record AuditReport(
    KeyId Community, TransferId Ledger, long Entries, Hash256 Hash, long Supply, long Sum, long Accounts, long Signatures, int Heads);

/// <summary>A signature that is still to be looked at: costs a hundred times what the rest does, and can be done on any thread.</summary>
public sealed class PendingSignature
{
    private readonly Func<Failure?> _verify;

    internal PendingSignature(long entry, Func<Failure?> verify) => (Entry, _verify) = (entry, verify);

    /// <summary>The first entry that it is about.</summary>
    public long Entry { get; }

    /// <summary>Null where it is right.</summary>
    public Failure? Verify() => _verify();
}

/// <summary>
/// Looks at a whole journal without believing anybody: that each entry follows from the one before, that no balance but the mint's falls below zero
/// and all together are zero, that an id stands once, that who gave had signed it, and that signed heads name this very journal. Records go in one by
/// one; nothing is read from anywhere else.
/// </summary>
public sealed class JournalAudit
{
    private static readonly Failure NoJournal = new(FailureKind.Damaged, "it is no journal as 'cete bank audit --save FILE' writes it");

    private readonly Dictionary<LedgerAddress, long> _balances = [];
    private readonly HashSet<TransferId> _ids = [];
    private readonly Dictionary<KeyId, (byte[] PublicKey, AccountId Account)> _keys = [];
    private readonly Dictionary<TransferId, (byte[] PublicKey, AccountId Account)> _channels = [];
    private readonly List<Hash256> _hashes = [];
    private readonly List<PendingSignature> _signatures = [];
    private readonly MerkleFrontier _tree = MerkleFrontier.Read(0, [])!;
    private KeyId _community;
    private TransferId _ledger;
    private Hash256 _last;
    private long _entries;
    private AuditedEvidence? _evidence;
    private bool _hasHeader;
    private bool _hasEnded;
    private int _heads;

    /// <summary>Bytes of the largest record: a statement of a thousand transfers.</summary>
    public const int RecordBytesMax = SignedStatement.BytesMax + 1024;

    /// <summary>Entries so far.</summary>
    public long Entries => _entries;

    /// <summary>Signatures that were met and are to be looked at; each is handed out once.</summary>
    public IReadOnlyList<PendingSignature> TakeSignatures()
    {
        PendingSignature[] taken = [.. _signatures];
        _signatures.Clear();
        Signatures += taken.Length;
        return taken;
    }

    private long Signatures { get; set; }

    /// <summary>Looks at the next record.</summary>
    /// <returns>Null where all is right so far, else what is wrong, and where.</returns>
    public Failure? Take(ReadOnlySpan<byte> record)
    {
        JournalRecord read;
        try
        {
            read = ProtobufBytes.Read(JournalRecord.Parser, record);
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return _hasHeader ? Wrong($"a record behind entry {_entries} cannot be read") : NoJournal;
        }

        return _hasEnded ? Wrong("something stands behind the end")
            : !_hasHeader && read.Header is null ? NoJournal
            : read.RecordCase switch
            {
                JournalRecord.RecordOneofCase.Header => Take(read.Header),
                JournalRecord.RecordOneofCase.Key => Take(read.Key),
                JournalRecord.RecordOneofCase.Channel => Take(read.Channel),
                JournalRecord.RecordOneofCase.Evidence => Take(read.Evidence),
                JournalRecord.RecordOneofCase.Entry => Take(read.Entry),
                JournalRecord.RecordOneofCase.Head => Take(read.Head),
                JournalRecord.RecordOneofCase.End => Take(read.End),
                _ => Wrong("a record of an unknown kind"),
            };
    }

    /// <summary>Why there is something left behind the last record that was taken.</summary>
    public Failure Rest() => _hasHeader ? Wrong($"the journal breaks off, or a record behind entry {_entries} is too large") : NoJournal;

    /// <summary>What was found, once all records were taken.</summary>
    public Outcome<AuditReport> Finish()
    {
        if (!_hasEnded)
        {
            return _hasHeader ? Wrong("the journal breaks off before its end") : NoJournal;
        }

        var sum = _balances.Values.Sum();
        return sum != 0
            ? new Failure(FailureKind.Damaged, $"all balances together are {Credits.Counted(sum)}, not 0")
            : new AuditReport(
                _community, _ledger, _entries, _last, -_balances.GetValueOrDefault(LedgerAddress.Mint), sum, _balances.Count, Signatures, _heads);
    }

    private Failure? Take(JournalHeader header)
    {
        if (_hasHeader || header.Community.Length != KeyId.Size || header.Ledger.Length != TransferId.Size)
        {
            return Wrong("the header is not one, or stands twice");
        }

        if (header.Format != JournalExport.Format)
        {
            return new Failure(FailureKind.Invalid, $"the journal has the form {header.Format}; this program knows form {JournalExport.Format}");
        }

        (_hasHeader, _community, _ledger) = (true, new KeyId(header.Community.Span), new TransferId(header.Ledger.Span));
        return null;
    }

    private Failure? Take(KeyRecord key)
    {
        if (key.Account.Length != AccountId.Size || !_keys.TryAdd(KeyId.Of(key.PublicKey.Span), (key.PublicKey.ToByteArray(), new AccountId(key.Account.Span))))
        {
            return Wrong("a key is not one, or stands twice");
        }

        return null;
    }

    private Failure? Take(Proto.ChannelRecord channel)
    {
        if (channel.Channel.Length != TransferId.Size || channel.Account.Length != AccountId.Size
            || !_channels.TryAdd(new TransferId(channel.Channel.Span), (channel.PublicKey.ToByteArray(), new AccountId(channel.Account.Span))))
        {
            return Wrong("a channel is not one, or stands twice");
        }

        return null;
    }

    private Failure? Take(EvidenceRecord record)
    {
        var bytes = record.Bytes.ToByteArray();
        var next = _entries + 1;
        if (Voucher.Parse(bytes) is { Succeeded: true, Value: var voucher })
        {
            if (!_channels.TryGetValue(new TransferId(voucher.Channel), out var channel))
            {
                return Wrong($"entry {next} rests on a voucher of a channel that is not listed");
            }

            _evidence = new AuditedEvidence(Hash256.Of(bytes)) { Voucher = voucher };
            _signatures.Add(new PendingSignature(next, () => At(next, voucher.Verify(channel.PublicKey, _community))));
            return null;
        }

        var parsed = SignedStatement.Parse(bytes);
        if (!parsed.Succeeded)
        {
            return TakeClaim(bytes, next);
        }

        var statement = parsed.Value;
        _evidence = new AuditedEvidence(Hash256.Of(bytes)) { Statement = statement };
        if (!_keys.TryGetValue(statement.Device, out var key) || key.Account != statement.Account)
        {
            return Wrong($"entry {next} rests on a statement of a key that its account has not");
        }

        _signatures.Add(new PendingSignature(next, () => At(next, statement.Verify(key.PublicKey, _community, statement.Purpose))));
        return null;
    }

    /// <summary>A node's claim: its key stands in no list, but behind what it signed.</summary>
    private Failure? TakeClaim(byte[] bytes, long next)
    {
        var cut = bytes.Length - SignedStatement.PublicKeySize;
        var parsed = cut > 0 ? SignedStatement.Parse(bytes.AsSpan(0, cut)) : Wrong(string.Empty);
        if (!parsed.Succeeded || parsed.Value.Account != default)
        {
            return Wrong($"entry {next} rests on bytes that are neither a statement nor a voucher");
        }

        var statement = parsed.Value;
        _evidence = new AuditedEvidence(Hash256.Of(bytes)) { Statement = statement };
        _signatures.Add(new PendingSignature(next, () => At(next, statement.Verify(bytes.AsSpan(cut), _community, ClaimAct.Purpose))));
        return null;
    }

    private Failure? Take(EntryRecord record)
    {
        var number = _entries + 1;
        if (record.Number != number || record.Id.Length != TransferId.Size || record.Hash.Length != Hash256.Size
            || record.Evidence.Length is not (0 or Hash256.Size) || record.Subject.Length is not (0 or Hash256.Size)
            || !Enum.IsDefined((TransferKind)record.Kind)
            || System.Text.Encoding.UTF8.GetByteCount(record.Note) > JournalEntry.NoteBytesMax
            || LedgerAddress.Of(record.DebitKind, record.Debit.Span) is not { } debit
            || LedgerAddress.Of(record.CreditKind, record.Credit.Span) is not { } credit)
        {
            return Wrong($"entry {number} is not one, or is missing");
        }

        var entry = new JournalEntry(
            number, new TransferId(record.Id.Span), new Instant(record.At), (TransferKind)record.Kind, debit, credit, record.Amount, record.DebitBalance,
            record.CreditBalance)
        {
            Evidence = record.Evidence.IsEmpty ? default : new Hash256(record.Evidence.Span),
            Subject = record.Subject.IsEmpty ? default : new Hash256(record.Subject.Span),
            Quantity = record.Quantity,
            Note = record.Note,
        };
        var hash = entry.HashAfter(_last);
        if (hash != new Hash256(record.Hash.Span))
        {
            return Wrong($"entry {number} was changed, or one before it: its hash is not what follows from it");
        }

        if (!_ids.Add(entry.Id))
        {
            return Wrong($"entry {number} repeats the id {entry.Id}");
        }

        if (Unbalanced(entry) is { } unbalanced)
        {
            return unbalanced;
        }

        if (AuditedEvidence.Unordered(entry, _evidence) is { } unordered)
        {
            return Wrong($"entry {number}: {unordered}");
        }

        (_entries, _last) = (number, hash);
        _hashes.Add(hash);
        return null;
    }

    private Failure? Unbalanced(JournalEntry entry)
    {
        var number = entry.Number;
        if (!Credits.IsAmount(entry.Amount) || entry.Debit == entry.Credit)
        {
            return Wrong($"entry {number} moves nothing, or to where it comes from");
        }

        var (given, got) = (_balances.GetValueOrDefault(entry.Debit) - entry.Amount, _balances.GetValueOrDefault(entry.Credit) + entry.Amount);
        if (given < 0 && entry.Debit != LedgerAddress.Mint)
        {
            return Wrong($"entry {number} takes more from {entry.Debit} than it has");
        }

        if (given != entry.DebitBalance || got != entry.CreditBalance)
        {
            return Wrong($"entry {number} says other balances than follow from the entries before it");
        }

        (_balances[entry.Debit], _balances[entry.Credit]) = (given, got);
        return null;
    }

    private Failure? Take(HeadRecord record)
    {
        var parsed = SignedStatement.Parse(record.Statement.Span);
        if (!parsed.Succeeded)
        {
            return Wrong("a signed head cannot be read");
        }

        var head = JournalHead.Parse(parsed.Value.Payload.Span);
        if (!head.Succeeded || head.Value.Ledger != _ledger.ToString() || head.Value.Number is var number && (number < 1 || number > _entries)
            || _hashes[(int)number - 1].ToString() != head.Value.Hash)
        {
            return Wrong($"a head that was signed by {parsed.Value.Device} names another journal than this one");
        }

        // The heads come in order, so the tree grows from one to the next.
        while (_tree.Size < number)
        {
            _tree.Add(_hashes[(int)_tree.Size]);
        }

        if (_tree.Size != number || head.Value.Root != _tree.Root.ToString())
        {
            return Wrong($"the head over entry {number} has another root than these entries");
        }

        var publicKey = record.PublicKey.ToByteArray();
        var statement = parsed.Value;
        _heads++;
        _signatures.Add(new PendingSignature(head.Value.Number, () => At(head.Value.Number, statement.Verify(publicKey, _community, JournalHead.Purpose))));
        return null;
    }

    private Failure? Take(JournalEnd end)
    {
        _hasEnded = true;
        return end.Number == _entries && end.Hash.Span.SequenceEqual(_last.ToArray()) ? null : Wrong("the journal ends elsewhere than it says");
    }

    private static Failure? At(long entry, Failure? failure) =>
        failure is null ? null : new Failure(FailureKind.Damaged, $"entry {entry}: {failure.Message}");

    private static Failure Wrong(string message) => new(FailureKind.Damaged, message);
}
