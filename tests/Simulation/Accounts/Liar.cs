using System.Text;
using Cete.Accounts;
using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Groups;
using Cete.Groups.Proto;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Simulation.Accounts;

/// <summary>What a root that lies makes of what it is to propose, for the good of one member.</summary>
internal enum Lie
{
    /// <summary>Other roles stand in an act that somebody signed.</summary>
    OtherRoles,

    /// <summary>An act is said to be of another account.</summary>
    OtherActor,

    /// <summary>What was signed once is handed in again.</summary>
    Again,

    /// <summary>An act in the administrator's name and that of his device, signed with the member's key.</summary>
    Forged,

    /// <summary>An act in the administrator's name, rightly signed by the member's device.</summary>
    OwnDevice,

    /// <summary>An act of the member's own, rightly signed, whose asker is stamped as an administrator.</summary>
    StampedRights,

    /// <summary>A command without a statement that means anything, stamped as whoever sits at the node's own machine.</summary>
    StampedLocal,

    /// <summary>A recovery in the name of another account's recovery key, signed with the member's own.</summary>
    OthersRecovery,

    /// <summary>Recovery keys for another account, stamped as asked by it.</summary>
    RecoveryKeys,

    /// <summary>A device for another account, in the name of its device, signed with the member's key.</summary>
    OthersDevice,

    /// <summary>An act signed with a key that was a device of the administrator's, and was removed.</summary>
    RemovedDevice,
}

/// <summary>Tells lies. Everything that passed its node it remembers.</summary>
/// <param name="mallory">Whom it works for, an ordinary member.</param>
/// <param name="victim">The administrator.</param>
/// <param name="removed">A device that was the administrator's.</param>
/// <param name="chance">Draws.</param>
internal sealed class Liar(SimPerson mallory, SimPerson victim, Func<System.Security.Cryptography.ECDsa> removed, Prng chance)
{
    private static readonly Lie[] All = Enum.GetValues<Lie>();

    private readonly List<ClientCommand> _seen = [];
    private long _counter = 1_000_000;

    /// <summary>How often each lie was told.</summary>
    public SortedDictionary<Lie, int> Told { get; } = [];

    /// <summary>A request on its way into the liar's node: a command in it is remembered, and now and then it is another one that is proposed.</summary>
    public byte[] Pass(byte[] request)
    {
        var asked = GroupRequest.Parser.ParseFrom(request);
        if (asked.Submit is not { } submit || GroupCodec.ToClient(submit) is not { } command)
        {
            return request;
        }

        _seen.Add(command);
        var other = chance.Chance(1, 3) ? Change(command, chance.Chance(1, 2) ? Lie.OtherRoles : Lie.OtherActor) : null;
        if (other is null)
        {
            return request;
        }

        asked.Submit = GroupCodec.ToWire(other);
        return asked.ToByteArray();
    }

    /// <summary>A command of its own, which nobody asked for; null where there is nothing yet to make it of.</summary>
    public (Lie Lie, ClientCommand Command)? Invent()
    {
        var lie = All[chance.Next(All.Length)];
        var made = lie switch
        {
            Lie.OtherRoles or Lie.OtherActor => Seen() is { } seen ? Change(seen, lie) : null,
            Lie.Again => Seen() is { } seen ? Note(lie, seen with { Id = null, Asker = Asker.Local }) : null,
            _ => Note(lie, Make(lie)),
        };
        return made is null ? null : (lie, made);
    }

    private ClientCommand? Seen() => _seen.Count == 0 ? null : _seen[chance.Next(_seen.Count)];

    private ClientCommand Note(Lie lie, ClientCommand command)
    {
        Told[lie] = Told.GetValueOrDefault(lie) + 1;
        return command;
    }

    private ClientCommand? Change(ClientCommand command, Lie lie)
    {
        if (command.Type != nameof(Govern)
            || SignedStatement.Parse(Govern.Parser.ParseFrom(command.Body.Span).Statement.Span) is not { Succeeded: true, Value: var said })
        {
            return null;
        }

        if (lie == Lie.OtherActor)
        {
            var account = said.Account == victim.Id ? mallory.Id : victim.Id;
            return Note(lie, Of(said with { Account = account, Counter = said.Counter + 1 }, command.Asker, command.Id));
        }

        var act = GovernAct.Parse(said.Payload.Span);
        return act is { Succeeded: true, Value: GovernAct.SetRoles roles }
            ? Note(lie, Of(said with
            {
                Payload = (roles with { Account = mallory.Id.ToString(), Roles = ["administrator"] }).ToPayload(),
                Counter = said.Counter + 1
            }, command.Asker, command.Id))
            : null;
    }

    private ClientCommand Make(Lie lie)
    {
        // A lie that is written down once cannot be told a second time by chance alone: counters go on.
        var promotion = new GovernAct.SetRoles(mallory.Id.ToString(), ["administrator"]).ToPayload();
        var stamped = new Asker(mallory.Id.ToString(), ["administrator"]) { Grants = [Grant.All] };
        _counter++;
        return lie switch
        {
            Lie.Forged => Of(SignedStatement.Sign(mallory.Key, SimPerson.Community, GovernAct.Purpose, victim.Id, _counter,
                promotion) with
            { Device = victim.Device }, Asker.Local),
            Lie.OwnDevice => Of(SignedStatement.Sign(mallory.Key, SimPerson.Community, GovernAct.Purpose, victim.Id, _counter, promotion), Asker.Local),
            Lie.StampedRights => Of(mallory.Sign(GovernAct.Purpose, promotion), stamped),
            Lie.RemovedDevice => Of(SignedStatement.Sign(removed(), SimPerson.Community, GovernAct.Purpose, victim.Id, _counter, promotion), Asker.Local),
            Lie.OthersRecovery => Command(
                new Recover
                {
                    Statement = Bytes(SignedStatement.Sign(
                        mallory.Recovery, SimPerson.Community, RecoveryAct.Purpose, default, _counter,
                            new RecoveryAct(mallory.DeviceOf(SimPerson.NewKey(chance))).ToPayload()) with
                    { Device = victim.RecoveryId }),
                    Credential = SimPerson.Credential,
                },
                Asker.Local),
            Lie.RecoveryKeys => Command(
                new SetRecoveryKeys
                {
                    Account = ByteString.CopyFrom(victim.Id.ToArray()),
                    Keys = { ByteString.CopyFrom(SimPerson.NewKey(chance).ExportSubjectPublicKeyInfo()) }
                },
                new Asker(victim.Id.ToString(), ["administrator"])),
            Lie.OthersDevice => Command(
                new ChangeDevice
                {
                    Statement = Bytes(SignedStatement.Sign(
                        mallory.Key, SimPerson.Community, DeviceAct.Purpose, victim.Id, _counter,
                            new DeviceAct.Add(mallory.DeviceOf(SimPerson.NewKey(chance))).ToPayload()) with
                    { Device = victim.Device }),
                },
                Asker.Local),
            _ => chance.Chance(1, 2)
                ? Command(new Govern { Statement = ByteString.CopyFrom(Encoding.UTF8.GetBytes("the administrator says so")) }, Asker.Local)
                : Command(new Begin { Community = ByteString.CopyFrom(SimPerson.Community.ToArray()), Account = mallory.Entry() }, Asker.Local),
        };
    }

    private static ClientCommand Of(SignedStatement statement, Asker asker, RequestId? id = null) =>
        Command(new Govern { Statement = Bytes(statement) }, asker) with { Id = id };

    private static ClientCommand Command(IMessage message, Asker asker) => new(message.Descriptor.Name, message.ToByteArray(), asker);

    private static ByteString Bytes(SignedStatement statement) => ByteString.CopyFrom(statement.ToArray());
}
