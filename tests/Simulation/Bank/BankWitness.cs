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
    private readonly Dictionary<string, (SimMember By, SimDelegate? With)> _signed = new(StringComparer.Ordinal);
    private readonly Dictionary<SimDelegate, long> _spent = [];
    private readonly HashSet<SimDelegate> _removed = [];
    private readonly Dictionary<KeyId, long> _claims = [];
    private readonly SortedDictionary<TransferKind, long> _kinds = [];
    private readonly Dictionary<long, string> _entries = [];
    private readonly Dictionary<long, string> _answers = [];
    private readonly Dictionary<(TransferId Channel, KeyId Provider), long> _promised = [];

    /// <summary>Who opened a channel.</summary>
    public Dictionary<TransferId, SimMember> Payers { get; } = [];

    /// <summary>Of whom nobody who lies may take anything.</summary>
    public SimMember? Victim { get; set; }

    /// <summary>Who alone decides about credits.</summary>
    public SimMember? Governor { get; set; }

    /// <summary>What was decided last; null while the first policy holds.</summary>
    public BankPolicy? Policy { get; private set; }

    /// <summary>How many entries there are of each kind.</summary>
    public IReadOnlyDictionary<TransferKind, long> Kinds => _kinds;

    /// <summary>Lanes that were let go.</summary>
    public int Releases { get; private set; }

    /// <summary>Entries that keys of delegates signed.</summary>
    public int Delegated { get; private set; }

    /// <summary>Entries of the journal.</summary>
    public long Entries => _entries.Count;

    /// <summary>Orders and vouchers that the bank answered, each counted once, whatever the answer was.</summary>
    public long Operations { get; private set; }

    /// <summary>What was said of the machine by whoever watched it; null while all holds.</summary>
    public string? Wrong { get; private set; }

    /// <summary>Somebody signs something.</summary>
    public void Signed(byte[] bytes, SimMember by, SimDelegate? with = null)
    {
        _signed[Said(bytes)] = (by, with);
        if (Voucher.Parse(bytes) is { Succeeded: true, Value: var voucher })
        {
            var lane = (new TransferId(voucher.Channel), voucher.Provider);
            _promised[lane] = Math.Max(_promised.GetValueOrDefault(lane), voucher.Amount);
        }
    }

    /// <summary>A key spends nothing from now on.</summary>
    public void Removed(SimDelegate gone) => _removed.Add(gone);

    /// <summary>Watches one replica from zero.</summary>
    public LedgerAudit Audit() => new() { Judge = Judge };

    /// <summary>A replica carried out a command.</summary>
    public void Applied(AppliedCommand command, Outcome<ReadOnlyMemory<byte>> result, LedgerAudit audit, SqlSession sql)
    {
        var answer = result.Succeeded ? Convert.ToHexString(result.Value.Span) : result.Failure.Message;
        if (_answers.TryAdd(command.Index, answer))
        {
            Operations += Count(command);
            Wrong ??= result.Succeeded ? Done(command, result.Value) : null;
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
        var isFirst = _entries.TryAdd(entry.Number, said);
        if (!isFirst && _entries[entry.Number] != said)
        {
            return $"'{said}' is '{_entries[entry.Number]}' elsewhere";
        }

        if (isFirst)
        {
            _kinds[entry.Kind] = _kinds.GetValueOrDefault(entry.Kind) + 1;
        }

        if (entry.Kind == TransferKind.Claim)
        {
            return Claimed(entry, evidence!);
        }

        var (by, with) = evidence is null ? default : _signed.GetValueOrDefault(Said(evidence));
        if (isFirst && with is not null && Overspent(entry, with) is { } overspent)
        {
            return overspent;
        }

        return entry.Kind switch
        {
            TransferKind.Send or TransferKind.Pend => by is not null && entry.Debit == by.User ? Stays(entry) : Unsigned(entry),
            TransferKind.Reserve => by is not null && entry.Debit.Account == by.Id ? Stays(entry) : Unsigned(entry),
            TransferKind.Post => by is not null && entry.Credit == by.User ? null : Unsigned(entry),
            TransferKind.Earn or TransferKind.Author or TransferKind.Share => Earned(entry, evidence, by),
            TransferKind.PayOut => by == Governor && with is null && entry.Debit == LedgerAddress.Treasury ? null : Unsigned(entry),
            TransferKind.Void or TransferKind.Expire or TransferKind.Return or TransferKind.Grant or TransferKind.Allowance => null,
            _ => Unsigned(entry),
        };
    }

    /// <summary>What changed beside the journal, once for all replicas.</summary>
    private string? Done(AppliedCommand command, ReadOnlyMemory<byte> answer)
    {
        if (command.Type == nameof(Cete.Bank.Proto.SetPolicy) && Cete.Bank.Proto.Done.Parser.ParseFrom(answer.Span).Changed)
        {
            var statement = Cete.Bank.Proto.SetPolicy.Parser.ParseFrom(command.Body.Span).Statement.Span;
            Policy = BankPolicy.Parse(SignedStatement.Parse(statement).Value.Payload.Span).Value;
            return _signed.GetValueOrDefault(Said(statement)) is var (by, with) && by == Governor && with is null ? null
                : $"policy {Policy.Version} is not of who decides";
        }

        if (command.Type == nameof(Cete.Bank.Proto.Claim))
        {
            var said = SignedStatement.Parse(Cete.Bank.Proto.Claim.Parser.ParseFrom(command.Body.Span).Statement.Span).Value;
            var stale = said.Counter < _claims.GetValueOrDefault(said.Device);
            _claims[said.Device] = Math.Max(_claims.GetValueOrDefault(said.Device), said.Counter);
            return stale ? $"the node {said.Device} said since whose it is" : null;
        }

        if (command.Type != nameof(Cete.Bank.Proto.Redeem))
        {
            return null;
        }

        var redeem = Cete.Bank.Proto.Redeem.Parser.ParseFrom(command.Body.Span);
        var results = Cete.Bank.Proto.Redeemed.Parser.ParseFrom(answer.Span).Results;
        foreach (var (release, result) in redeem.Releases.Zip(results.Skip(redeem.Vouchers.Count)).Where(pair => pair.Second.Failure == 0))
        {
            Releases++;
            var provider = SignedStatement.Parse(release.Statement.Span).Value.Device;
            if (_signed.GetValueOrDefault(Said(release.Statement.Span)).By?.KeyId != provider)
            {
                return $"the lane of {provider} is let go, and he did not say so";
            }
        }

        return null;
    }

    /// <summary>A key that a node holds spends up to its cap, until it ends or is removed.</summary>
    private string? Overspent(JournalEntry entry, SimDelegate with)
    {
        if (entry.Kind is not (TransferKind.Send or TransferKind.Pend or TransferKind.Reserve))
        {
            return null;
        }

        Delegated++;
        _spent[with] = _spent.GetValueOrDefault(with) + entry.Amount;
        return _spent[with] > with.Cap ? $"a delegate spent {_spent[with]} of {with.Cap}"
            : entry.At >= with.Ends ? "a delegate spends after its end"
            : _removed.Contains(with) ? "a delegate that was removed spends"
            : null;
    }

    /// <summary>What a node earned goes to whom the node named last.</summary>
    private string? Claimed(JournalEntry entry, byte[] evidence)
    {
        var statement = evidence[..^SignedStatement.PublicKeySize];
        var said = SignedStatement.Parse(statement).Value;
        return _signed.GetValueOrDefault(Said(statement)).By is { } by && entry.Debit == LedgerAddress.Node(by.KeyId)
            && entry.Credit.Kind == LedgerAccountKind.User && ClaimAct.Parse(said.Payload.Span).Value.Account == entry.Credit.Account.ToString()
            ? null : Unsigned(entry);
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
