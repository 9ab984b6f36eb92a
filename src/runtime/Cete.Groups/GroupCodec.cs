using Cete.Core;
using Cete.Groups.Proto;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Groups;

/// <summary>Commands and replies as bytes.</summary>
internal static class GroupCodec
{
    /// <summary>Roles that an asker may have: as many as fit into certificates and accounts.</summary>
    private const int RolesMax = 64;

    public static byte[] Encode(ClientCommand command, Instant at)
    {
        var message = ToWire(command);
        message.StampedAt = at.Microseconds;
        return message.ToByteArray();
    }

    /// <summary>A command as it goes to the root, without a stamp.</summary>
    public static StampedCommand ToWire(ClientCommand command)
    {
        var message = new StampedCommand
        {
            Session = command.Id?.Session ?? string.Empty,
            Sequence = command.Id?.Sequence ?? 0,
            Actor = new Actor { Account = command.Asker.Account },
            Type = command.Type,
            Body = UnsafeByteOperations.UnsafeWrap(command.Body),
            Import = command.Import,
        };
        message.Actor.Roles.AddRange(command.Asker.Roles);
        message.Actor.Grants.AddRange(command.Asker.Grants.Select(grant => grant.Text));
        return message;
    }

    /// <summary>A command as another node hands it in; null for one that no client can have made.</summary>
    public static ClientCommand? ToClient(StampedCommand command)
    {
        var hasId = command.Session.Length > 0;
        return command.RaiseLevelTo != 0 || command.Import is not null || command.Actor is null || command.Actor.Roles.Count > RolesMax
            || command.Actor.Grants.Count > Standing.GrantsMax
            || (hasId && RequestId.Check(command.Session, command.Sequence) is not null)
                ? null
                : new ClientCommand(
                    command.Type, command.Body.Memory, ToAsker(command.Actor),
                    hasId ? new RequestId(command.Session, command.Sequence) : null);
    }

    public static byte[] EncodeRaise(int level, Instant at) => new StampedCommand { StampedAt = at.Microseconds, RaiseLevelTo = level }.ToByteArray();

    /// <summary>Null for what no root of ours proposes. All replicas come to the same entry, so it must not stop them.</summary>
    public static StampedCommand? Decode(ReadOnlyMemory<byte> data)
    {
        try
        {
            return ProtobufBytes.Read(StampedCommand.Parser, data.Span) is { } command
                && (command.RaiseLevelTo > 0 || command.Import is not null || command.Actor is not null)
                ? command
                : null;
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return null;
        }
    }

    public static AppliedCommand ToApplied(StampedCommand command, long index, Instant at) => new(
        index,
        at,
        ToAsker(command.Actor),
        command.Type,
        command.Body.Memory);

    /// <summary>What cannot be read grants nothing, on all replicas alike.</summary>
    private static Asker ToAsker(Actor actor) => new(actor.Account, [.. actor.Roles])
    {
        Grants = actor.Grants.Count == 0 ? [] : [.. actor.Grants.Select(Grant.Parse).Where(read => read.Succeeded).Select(read => read.Value)],
    };

    public static byte[] Encode(Outcome<ReadOnlyMemory<byte>> result) => ToReply(result).ToByteArray();

    public static Reply ToReply(Outcome<ReadOnlyMemory<byte>> result) => result.Failure is { } failure
        ? new Reply { Failure = (int)failure.Kind + 1, Message = failure.Message }
        : new Reply { Body = UnsafeByteOperations.UnsafeWrap(result.Value) };

    public static Outcome<ReadOnlyMemory<byte>> DecodeReply(byte[] data) => ToOutcome(ProtobufBytes.Read(Reply.Parser, data));

    public static Outcome<ReadOnlyMemory<byte>> ToOutcome(Reply? reply) => reply switch
    {
        null => new Failure(FailureKind.Damaged, "an answer without a reply"),
        { Failure: 0 } => reply.Body.Memory,
        _ when Enum.IsDefined((FailureKind)(reply.Failure - 1)) => new Failure((FailureKind)(reply.Failure - 1), reply.Message),
        _ => new Failure(FailureKind.Unavailable, reply.Message),
    };
}
