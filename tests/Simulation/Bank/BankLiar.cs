using System.Security.Cryptography;
using System.Text.Json;
using Cete.Bank;
using Cete.Bank.Proto;
using Cete.Core;
using Cete.Groups;
using Cete.Groups.Proto;
using Cete.Ledger;
using Cete.Simulation.Accounts;
using Cete.Testing;
using Cete.Trust;
using Google.Protobuf;
using Transfer = Cete.Bank.Proto.Transfer;

namespace Cete.Simulation.Bank;

/// <summary>What a root that lies makes of what it is to propose, for the good of one member.</summary>
internal enum BankLie
{
    /// <summary>Transfers that somebody signed go to another account.</summary>
    OtherPayee,

    /// <summary>A voucher promises more.</summary>
    OtherAmount,

    /// <summary>What was signed once is handed in again.</summary>
    Again,

    /// <summary>A transfer in the victim's name and that of his device, signed with the member's key.</summary>
    Forged,

    /// <summary>A transfer in the victim's name, rightly signed by the member's device.</summary>
    OwnDevice,

    /// <summary>A channel that the victim pays.</summary>
    OthersChannel,

    /// <summary>A voucher of a channel, signed with the member's key.</summary>
    OthersVoucher,

    /// <summary>It is told that the member's key is a device of the victim's.</summary>
    MadeUpDevice,

    /// <summary>It is told that the victim's device was removed.</summary>
    MadeUpRemoval,

    /// <summary>It is told that the member's key is a recovery key of the victim's, and then used.</summary>
    MadeUpRecovery,

    /// <summary>It is told that the victim closed its account.</summary>
    MadeUpClosing,

    /// <summary>A transfer signed with the key that was made up to be the victim's.</summary>
    WithMadeUpKey,

    /// <summary>The bank is begun anew, for a community of the root's own.</summary>
    OtherBank,

    /// <summary>A lane is let go in its provider's name.</summary>
    OthersRelease,

    /// <summary>A policy in the name of whoever governs.</summary>
    OthersPolicy,

    /// <summary>What a provider's node earned, claimed in its name.</summary>
    OthersClaim,

    /// <summary>A signed head of another journal.</summary>
    OtherHead,
}

/// <summary>Tells lies. Everything that passed its node it remembers.</summary>
/// <param name="mallory">Whom it works for, an ordinary member.</param>
/// <param name="victim">Who is robbed.</param>
/// <param name="chance">Draws.</param>
internal sealed class BankLiar(SimMember mallory, SimMember victim, Prng chance)
{
    private static readonly BankLie[] All = Enum.GetValues<BankLie>();

    private readonly List<ClientCommand> _seen = [];
    private readonly ECDsa _key = SimPerson.NewKey(chance);
    private long _counter = 1_000_000;

    /// <summary>How often each lie was told.</summary>
    public SortedDictionary<BankLie, int> Told { get; } = [];

    private byte[] Public => _key.ExportSubjectPublicKeyInfo();

    private KeyId KeyName => KeyId.Of(Public);

    /// <summary>A request on its way into the liar's node: a command in it is remembered, and now and then it is another one that is proposed.</summary>
    public byte[] Pass(byte[] request)
    {
        var asked = GroupRequest.Parser.ParseFrom(request);
        if (asked.Submit is not { } submit || GroupCodec.ToClient(submit) is not { } command || command.Type.StartsWith("import", StringComparison.Ordinal))
        {
            return request;
        }

        _seen.Add(command);
        var other = chance.Chance(1, 4) ? Change(command) : null;
        if (other is null)
        {
            return request;
        }

        asked.Submit = GroupCodec.ToWire(other);
        return asked.ToByteArray();
    }

    /// <summary>A command of its own, which nobody asked for; null where there is nothing yet to make it of.</summary>
    public (BankLie Lie, ClientCommand Command)? Invent()
    {
        var lie = All[chance.Next(All.Length)];
        var made = lie switch
        {
            BankLie.OtherPayee or BankLie.OtherAmount => Seen() is { } seen ? Change(seen) : null,
            BankLie.Again => Seen() is { } seen ? Note(lie, seen with { Id = null, Asker = Asker.Local }) : null,
            BankLie.OthersVoucher => Seen(nameof(Redeem)) is { } seen ? OthersVoucher(seen) : null,
            BankLie.OthersClaim => Seen(nameof(Redeem)) is { } seen ? OthersClaim(seen) : null,
            BankLie.OthersRelease => Seen(nameof(Redeem)) is { } seen ? OthersRelease(seen) : null,
            _ => Note(lie, Make(lie)),
        };
        return made is null ? null : (lie, made);
    }

    private ClientCommand? Seen(string type)
    {
        var such = _seen.Where(command => command.Type == type).TakeLast(20).ToList();
        return such.Count == 0 ? null : such[chance.Next(such.Count)];
    }

    private ClientCommand? Seen() => _seen.Count == 0 ? null : _seen[chance.Next(_seen.Count)];

    private ClientCommand Note(BankLie lie, ClientCommand command)
    {
        Told[lie] = Told.GetValueOrDefault(lie) + 1;
        return command;
    }

    /// <summary>What somebody signed, with something else in it.</summary>
    private ClientCommand? Change(ClientCommand command)
    {
        if (command.Type == nameof(Transfer)
            && SignedStatement.Parse(Transfer.Parser.ParseFrom(command.Body.Span).Statement.Span) is { Succeeded: true, Value: var said }
            && TransferAct.Parse(said.Payload.Span) is { Succeeded: true, Value: var act })
        {
            var orders = act.Transfers.Select(order => order.To.Length > 0 && said.Account != mallory.Id ? order with { To = mallory.User.ToString() } : order);
            var other = said with { Payload = new TransferAct([.. orders]).ToPayload(), Counter = ++_counter };
            return Note(BankLie.OtherPayee, command with { Body = new Transfer { Statement = Bytes(other.ToArray()) }.ToByteArray() });
        }

        if (command.Type != nameof(Redeem))
        {
            return null;
        }

        var redeem = Redeem.Parser.ParseFrom(command.Body.Span);
        var vouchers = redeem.Vouchers.Select(bytes => Voucher.Parse(bytes.Span) is { Succeeded: true, Value: var voucher }
            ? Bytes((voucher with { Amount = voucher.Amount + 1 + chance.Next(50) }).ToArray()) : bytes).ToList();
        return Note(BankLie.OtherAmount, command with { Body = new Redeem { Vouchers = { vouchers } }.ToByteArray() });
    }

    private ClientCommand? OthersVoucher(ClientCommand seen)
    {
        var forged = Redeem.Parser.ParseFrom(seen.Body.Span).Vouchers.Select(bytes => Voucher.Parse(bytes.Span)).Where(voucher => voucher.Succeeded)
            .Select(voucher => Voucher.Sign(_key, SimPerson.Community, voucher.Value.Channel, voucher.Value.Provider,
                voucher.Value.Amount + 1 + chance.Next(50)))
            .Select(voucher => Bytes(voucher.ToArray())).ToList();
        return forged.Count == 0 ? null : Note(BankLie.OthersVoucher, Command(new Redeem { Vouchers = { forged } }));
    }

    private ClientCommand? OthersRelease(ClientCommand seen)
    {
        if (VoucherOf(seen) is not { } voucher)
        {
            return null;
        }

        var act = new ReleaseAct(new TransferId(voucher.Channel).ToString(), 0).ToPayload();
        var signed = SignedStatement.Sign(_key, SimPerson.Community, ReleaseAct.Purpose, default, ++_counter, act) with { Device = voucher.Provider };
        var release = new Release { Statement = Bytes(signed.ToArray()), PublicKey = Bytes(Public) };
        return Note(BankLie.OthersRelease, Command(new Redeem { Releases = { release } }));
    }

    private static Voucher? VoucherOf(ClientCommand seen) => Redeem.Parser.ParseFrom(seen.Body.Span).Vouchers.Select(bytes => Voucher.Parse(bytes.Span))
        .Where(one => one.Succeeded).Select(one => one.Value).FirstOrDefault();

    private ClientCommand? OthersClaim(ClientCommand seen)
    {
        if (VoucherOf(seen) is not { } voucher)
        {
            return null;
        }

        var act = new ClaimAct(mallory.Id.ToString()).ToPayload();
        var signed = SignedStatement.Sign(_key, SimPerson.Community, ClaimAct.Purpose, default, ++_counter, act) with { Device = voucher.Provider };
        return Note(BankLie.OthersClaim, Command(new Claim { Statement = Bytes(signed.ToArray()), PublicKey = Bytes(Public) }));
    }

    private ClientCommand OtherHead()
    {
        var hash = Hash256.Of(BitConverter.GetBytes(_counter)).ToString();
        var head = new JournalHead(1 + chance.Next(2_000), hash, hash, TransferId.Of("ledger", []).ToString()).ToPayload();
        var signed = SignedStatement.Sign(_key, SimPerson.Community, JournalHead.Purpose, default, ++_counter, head);
        return Command(
            new SignHead { Statement = Bytes(signed.ToArray()), PublicKey = Bytes(Public) }, new Asker(KeyName.ToString(), [BankMachine.BankRole]));
    }

    private ClientCommand Make(BankLie lie)
    {
        // A lie that is written down once cannot be told a second time by chance alone: counters and ids go on.
        var id = TransferId.Of("lie", [], ++_counter);
        var robbery = new TransferAct([new TransferOrder(id.ToString(), TransferOrder.Send, mallory.User.ToString(), 1 + chance.Next(100))]).ToPayload();
        return lie switch
        {
            BankLie.Forged => Signed(Sign(TransferAct.Purpose, robbery) with { Device = victim.KeyId }),
            BankLie.OwnDevice => Signed(SignedStatement.Sign(mallory.Key, SimPerson.Community, TransferAct.Purpose, victim.Id, _counter, robbery)),
            BankLie.WithMadeUpKey => Signed(Sign(TransferAct.Purpose, robbery)),
            BankLie.OthersChannel => OthersChannel(id),
            BankLie.MadeUpDevice => Import(AccountsTell.DeviceAdded(
                victim.Id, Public, chance.Chance(1, 2) ? AccountsTell.Password : AccountsTell.Registration)),
            BankLie.MadeUpRemoval => Import(AccountsTell.DeviceRemoved(victim.Id, victim.KeyId)),
            BankLie.MadeUpRecovery => MadeUpRecovery(),
            BankLie.MadeUpClosing => Import(AccountsTell.Account(
                "closed", victim.Id, default, chance.Chance(1, 2) ? Sign("accounts.close", "{}"u8.ToArray()).ToArray() : null)),
            BankLie.OtherHead => OtherHead(),
            BankLie.OthersPolicy => Command(
                new SetPolicy
                {
                    Statement = Bytes((Sign(
                        BankPolicy.Purpose, (BankPolicy.First with { Version = 2, DailyAllowance = 1_000_000 }).ToPayload()) with
                    { Device = victim.KeyId }).ToArray()),
                },
                new Asker(victim.Id.ToString(), []) { Grants = [Grant.All] }),
            _ => Command(
                new Begin { Community = Bytes(KeyId.Of("mallory"u8).ToArray()), Policy = System.Text.Encoding.UTF8.GetString(BankPolicy.First.ToPayload()) },
                new Asker(KeyName.ToString(), [BankMachine.BankRole])),
        };
    }

    private ClientCommand OthersChannel(TransferId id)
    {
        var open = new ChannelAct.Open(id.ToString(), Public, 100, string.Empty, long.MaxValue / 4, [mallory.Lane(100)]).ToPayload();
        return Command(new ChangeChannel { Statement = Bytes((Sign(ChannelAct.Purpose, open) with { Device = victim.KeyId }).ToArray()) });
    }

    private ClientCommand MadeUpRecovery()
    {
        if (chance.Chance(1, 2))
        {
            var said = Sign("accounts.recovery-keys", JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, byte[][]> { ["keys"] = [Public] }));
            return Import(AccountsTell.RecoveryKeys(victim.Id, [Public], chance.Chance(1, 2) ? said.ToArray() : null));
        }

        var device = new Dictionary<string, object> { ["act"] = "add", ["device"] = new Dictionary<string, byte[]> { ["signingKey"] = Public } };
        var approval = SignedStatement.Sign(_key, SimPerson.Community, KeyApproval.RecoveryPurpose, default, ++_counter,
            JsonSerializer.SerializeToUtf8Bytes(device));
        return Import(AccountsTell.DeviceAdded(victim.Id, Public, AccountsTell.Recovery, KeyName, approval.ToArray()));
    }

    private SignedStatement Sign(string purpose, byte[] payload) =>
        SignedStatement.Sign(_key, SimPerson.Community, purpose, victim.Id, _counter, payload);

    private static ClientCommand Import((string Type, byte[] Body) told) => ImportingBank.Import(told);

    private static ClientCommand Signed(SignedStatement statement) => Command(new Transfer { Statement = Bytes(statement.ToArray()) });

    private static ClientCommand Command(IMessage message, Asker? asker = null) => new(message.Descriptor.Name, message.ToByteArray(), asker ?? Asker.Local);

    private static ByteString Bytes(byte[] bytes) => ByteString.CopyFrom(bytes);
}
