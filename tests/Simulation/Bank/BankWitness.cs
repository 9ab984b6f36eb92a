using Cete.Bank;
using Cete.Core;
using Cete.Groups;
using Cete.Ledger;
using Cete.Simulation.Accounts;
using Cete.Testing;
using Cete.Trust;

namespace Cete.Simulation.Bank;

/// <summary>
/// Knows what people really signed, and looks at every replica after every command: whatever takes credits from somebody must have been signed by him,
/// and the ledger must hold what DESIGN.md §7 says. It uses none of the rules that it watches.
/// </summary>
internal sealed class BankWitness
{
    private readonly Dictionary<string, SimMember> _signed = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> _entries = [];
    private readonly Dictionary<long, string> _answers = [];
    private readonly Dictionary<(TransferId Channel, KeyId Provider), long> _promised = [];

    /// <summary>Who opened a channel.</summary>
    public Dictionary<TransferId, SimMember> Payers { get; } = [];

    /// <summary>Of whom nobody who lies may take anything.</summary>
    public SimMember? Victim { get; set; }

    /// <summary>Entries of the journal.</summary>
    public long Entries => _entries.Count;

    /// <summary>Orders and vouchers that the bank answered, each counted once, whatever the answer was.</summary>
    public long Operations { get; private set; }

    /// <summary>What was said of the machine by whoever watched it; null while all holds.</summary>
    public string? Wrong { get; private set; }

    /// <summary>Somebody signs something.</summary>
    public void Signed(byte[] bytes, SimMember by)
    {
        _signed[Said(bytes)] = by;
        if (Voucher.Parse(bytes) is { Succeeded: true, Value: var voucher })
        {
            var lane = (new TransferId(voucher.Channel), voucher.Provider);
            _promised[lane] = Math.Max(_promised.GetValueOrDefault(lane), voucher.Amount);
        }
    }

    /// <summary>Watches one replica from zero.</summary>
    public LedgerAudit Audit() => new() { Judge = Judge };

    /// <summary>A replica carried out a command.</summary>
    public void Applied(AppliedCommand command, Outcome<ReadOnlyMemory<byte>> result, LedgerAudit audit, SqlSession sql)
    {
        var answer = result.Succeeded ? Convert.ToHexString(result.Value.Span) : result.Failure.Message;
        if (_answers.TryAdd(command.Index, answer))
        {
            Operations += Count(command);
        }
        else if (_answers[command.Index] != answer)
        {
            Wrong ??= $"{command.Type} at {command.Index} has two answers: {_answers[command.Index]} and {answer}";
        }

        if (result.Succeeded && audit.Follow(sql) is { } wrong)
        {
            Wrong ??= $"{command.Type} at {command.Index}: {wrong}";
        }
    }

    /// <summary>Signed bytes without the signature: of one signature others can be made.</summary>
    private static string Said(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes[..Math.Max(0, bytes.Length - 64)]);

    private static int Count(AppliedCommand command) => command.Type switch
    {
        "Transfer" => SignedStatement.Parse(Cete.Bank.Proto.Transfer.Parser.ParseFrom(command.Body.Span).Statement.Span) is
        {
            Succeeded: true,
            Value: var signed
        }
            && TransferAct.Parse(signed.Payload.Span) is { Succeeded: true, Value: var act } ? act.Transfers.Count : 1,
        "Redeem" => Cete.Bank.Proto.Redeem.Parser.ParseFrom(command.Body.Span).Vouchers.Count,
        _ => 1,
    };

    private string? Judge(JournalEntry entry, byte[]? evidence)
    {
        var said = $"{entry.Id} {entry.Kind} {entry.Debit} {entry.Credit} {entry.Amount}";
        if (!_entries.TryAdd(entry.Number, said) && _entries[entry.Number] != said)
        {
            return $"'{said}' is '{_entries[entry.Number]}' elsewhere";
        }

        var by = evidence is null ? null : _signed.GetValueOrDefault(Said(evidence));
        return entry.Kind switch
        {
            TransferKind.Send or TransferKind.Pend => by is not null && entry.Debit == by.User ? Stays(entry) : Unsigned(entry),
            TransferKind.Reserve => by is not null && entry.Debit.Account == by.Id ? Stays(entry) : Unsigned(entry),
            TransferKind.Post => by is not null && entry.Credit == by.User ? null : Unsigned(entry),
            TransferKind.Earn or TransferKind.Author or TransferKind.Share => Earned(entry, evidence, by),
            TransferKind.Void or TransferKind.Expire or TransferKind.Return or TransferKind.Grant or TransferKind.Allowance => null,
            _ => Unsigned(entry),
        };
    }

    private static string Unsigned(JournalEntry entry) => $"nobody signed that {entry.Debit} pays {entry.Amount} to {entry.Credit} ({entry.Kind})";

    private string? Stays(JournalEntry entry) =>
        Victim is { } victim && entry.Debit.Kind is LedgerAccountKind.User or LedgerAccountKind.Grant && entry.Debit.Account == Victim?.Id
            ? $"{victim.Name} pays, who never does" : null;

    /// <summary>What a lane brings, its payer promised to that provider: so much, or more by now.</summary>
    private string? Earned(JournalEntry entry, byte[]? evidence, SimMember? by)
    {
        var channel = new TransferId(entry.Debit.Key.ToArray().AsSpan(0, TransferId.Size));
        return evidence is null || by is null || Payers.GetValueOrDefault(channel) != by ? Unsigned(entry)
            : Voucher.Parse(evidence) is { Succeeded: true, Value: var voucher } && new TransferId(voucher.Channel) == channel
                && voucher.Community == SimPerson.Community && voucher.Amount <= _promised.GetValueOrDefault((channel, voucher.Provider)) ? null
            : $"{entry.Debit} was not promised to {entry.Credit}";
    }
}

/// <summary>The bank, watched.</summary>
internal sealed class WatchedBank(BankWitness witness, LedgerRules rules) : IStateMachine
{
    private readonly ImportingBank _bank = new(new BankMachine { Rules = rules });
    private readonly LedgerAudit _audit = witness.Audit();

    public int LevelMax => _bank.LevelMax;

    public void Raise(int level, SqlSession sql) => _bank.Raise(level, sql);

    public void Refused(AppliedCommand command, Failure failure, ApplyContext context) => _bank.Refused(command, failure, context);

    public Outcome<ReadOnlyMemory<byte>> Apply(AppliedCommand command, ApplyContext context)
    {
        var result = _bank.Apply(command, context);
        witness.Applied(command, result, _audit, context.Sql);
        return result;
    }
}
