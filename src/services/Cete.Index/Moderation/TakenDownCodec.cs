using Cete.Core;
using Cete.Index.Proto;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Index.Moderation;

/// <summary>What nodes ask each other of contents that were taken down, as bytes.</summary>
internal static class TakenDownCodec
{
    private static Failure Malformed { get; } = new(FailureKind.Damaged, "another node tells of moderation what cannot be read");

    public static ReadOnlyMemory<byte> Ask(long after) => new TakenDownQuestion { After = after }.ToByteArray();

    public static Outcome<long> ReadQuestion(ReadOnlyMemory<byte> body)
    {
        try
        {
            return ProtobufBytes.Read(TakenDownQuestion.Parser, body.Span) is { After: >= 0 and var after } ? after : Malformed;
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return Malformed;
        }
    }

    public static ReadOnlyMemory<byte> Write(Outcome<TakenDownPage> page) => (page.Failure is { } failure
        ? new TakenDownAnswer { Failure = (int)failure.Kind + 1, Message = failure.Message }
        : new TakenDownAnswer
        {
            End = page.Value.End,
            Acts =
            {
                page.Value.Changes.Select(change => new TakenDownAct
                {
                    Act = change.Act,
                    Root = ByteString.CopyFrom(change.Root.ToArray()),
                    IsDown = change.Reason is not null,
                    Reason = change.Reason ?? string.Empty,
                }),
            },
        }).ToByteArray();

    public static Outcome<TakenDownPage> ReadPage(ReadOnlyMemory<byte> body)
    {
        try
        {
            var wire = ProtobufBytes.Read(TakenDownAnswer.Parser, body.Span);
            if (wire.Failure != 0)
            {
                var kind = (FailureKind)(wire.Failure - 1);
                return new Failure(Enum.IsDefined(kind) ? kind : FailureKind.Unavailable, EntryName.Show(wire.Message));
            }

            return wire.End >= 0 && wire.Acts.Count <= ModerationQueries.ChangesMax && wire.Acts.All(act => IsSound(act, wire.End))
                ? new TakenDownPage(
                    [.. wire.Acts.Select(act => new TakenDownChange(act.Act, new Hash256(act.Root.Span), act.IsDown ? act.Reason : null))],
                    wire.End, wire.Acts.Count > 0 && wire.Acts[^1].Act < wire.End)
                : Malformed;
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return Malformed;
        }
    }

    private static bool IsSound(TakenDownAct act, long end) =>
        act.Root.Length == Hash256.Size && act.Act > 0 && act.Act <= end && act.Reason.Length <= Limits.ModerationTextMax;
}
