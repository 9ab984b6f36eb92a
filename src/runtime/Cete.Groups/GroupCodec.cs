using Cete.Core;
using Cete.Groups.Proto;
using Google.Protobuf;

namespace Cete.Groups;

/// <summary>Commands and replies as bytes.</summary>
internal static class GroupCodec
{
    public static byte[] Encode(ClientCommand command, Instant at)
    {
        var message = new StampedCommand
        {
            StampedAt = at.Microseconds,
            Session = command.Id?.Session ?? string.Empty,
            Sequence = command.Id?.Sequence ?? 0,
            Actor = new Actor { Account = command.Asker.Account },
            Type = command.Type,
            Body = UnsafeByteOperations.UnsafeWrap(command.Body),
        };
        message.Actor.Roles.AddRange(command.Asker.Roles);
        return message.ToByteArray();
    }

    public static byte[] EncodeRaise(int level, Instant at) => new StampedCommand { StampedAt = at.Microseconds, RaiseLevelTo = level }.ToByteArray();

    public static StampedCommand Decode(ReadOnlyMemory<byte> data) => StampedCommand.Parser.ParseFrom(data.Span);

    public static AppliedCommand ToApplied(StampedCommand command, long index, Instant at) => new(
        index,
        at,
        new Asker(command.Actor.Account, [.. command.Actor.Roles]),
        command.Type,
        command.Body.Memory);

    public static byte[] Encode(Outcome<ReadOnlyMemory<byte>> result) => (result.Failure is { } failure
        ? new Reply { Failure = (int)failure.Kind + 1, Message = failure.Message }
        : new Reply { Body = UnsafeByteOperations.UnsafeWrap(result.Value) }).ToByteArray();

    public static Outcome<ReadOnlyMemory<byte>> DecodeReply(byte[] data)
    {
        var reply = Reply.Parser.ParseFrom(data);
        return reply.Failure == 0 ? reply.Body.Memory : new Failure((FailureKind)(reply.Failure - 1), reply.Message);
    }
}
