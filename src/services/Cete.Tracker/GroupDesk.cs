using Cete.Core;
using Cete.Groups;
using Cete.Ports;
using Cete.Tracker.Proto;
using Google.Protobuf;

namespace Cete.Tracker;

/// <summary>Answers nodes that ask who begins a group, on a node that keeps the roster.</summary>
/// <param name="tracker">The roster.</param>
public sealed class GroupDesk(TrackerService tracker)
{
    /// <summary>What a node asks of another one.</summary>
    public static ReadOnlyMemory<byte> Ask(GroupRecord asked) => ToMessage(asked).ToByteArray();

    /// <summary>What it is answered.</summary>
    public static Outcome<GroupRecord> Read(ReadOnlyMemory<byte> answer)
    {
        try
        {
            var message = ProtobufBytes.Read(GroupFounded.Parser, answer.Span);
            return message.Node.Length == KeyId.Size && Lineage.Read(message.Lineage.Span) is { } lineage
                ? new GroupRecord(message.Group, new KeyId(message.Node.Span), lineage, message.HasBegun)
                : Nonsense;
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return Nonsense;
        }
    }

    /// <summary>Answers a node, which asks for itself.</summary>
    public async ValueTask<Outcome<ReadOnlyMemory<byte>>> AnswerAsync(FabricRequest request, CancellationToken cancellation)
    {
        FoundGroup asked;
        try
        {
            asked = ProtobufBytes.Read(FoundGroup.Parser, request.Body.Span);
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return new Failure(FailureKind.Invalid, "it is no question who begins a group");
        }

        if (request.Peer is not { } peer || !asked.Node.Span.SequenceEqual(peer.Id.ToArray()))
        {
            return new Failure(FailureKind.Forbidden, "a node asks for itself alone whether it begins a group");
        }

        if (Lineage.Read(asked.Lineage.Span) is not { } lineage)
        {
            return new Failure(FailureKind.Invalid, $"a lineage has {Lineage.Size} bytes, or none");
        }

        var known = await tracker.FoundGroupAsync(
            new GroupRecord(asked.Group, peer.Id, lineage, asked.HasBegun), new Asker(peer.Id.ToString(), [.. peer.Roles]), null, cancellation);
        return known.Then(group => (ReadOnlyMemory<byte>)Answer(group).ToByteArray());
    }

    internal static FoundGroup ToMessage(GroupRecord asked) => new()
    {
        Group = asked.Name,
        Node = ByteString.CopyFrom(asked.Node.ToArray()),
        Lineage = ByteString.CopyFrom(asked.Lineage.ToArray()),
        HasBegun = asked.HasBegun,
    };

    internal static GroupFounded Answer(GroupRecord group) => new()
    {
        Group = group.Name,
        Node = ByteString.CopyFrom(group.Node.ToArray()),
        Lineage = ByteString.CopyFrom(group.Lineage.ToArray()),
        HasBegun = group.HasBegun,
    };

    private static Failure Nonsense => new(FailureKind.Damaged, "the answer to who begins a group makes no sense");
}
