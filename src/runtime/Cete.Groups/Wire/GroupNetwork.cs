using System.Collections.Concurrent;
using Cete.Core;
using Cete.Groups.Import;
using Cete.Groups.Proto;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Groups.Wire;

/// <summary>A replica of this node as other nodes reach it.</summary>
/// <param name="Group">For what they ask.</param>
/// <param name="Mailbox">For what they say.</param>
/// <param name="Board">Bounds that.</param>
/// <param name="Snapshots">What they fetch.</param>
/// <param name="Feed">What groups import that follow this one.</param>
internal sealed record LocalReplica(Group Group, GroupMailbox Mailbox, ReplicaBoard Board, SnapshotShelf Snapshots, FeedDesk Feed);

/// <summary>
/// Between the replicas of this node and those of others. Only nodes whose certificate carries the role of a group's name are listened to.
/// </summary>
internal sealed class GroupNetwork(KeyId self)
{
    private readonly ConcurrentDictionary<GroupId, LocalReplica> _replicas = new();
    private volatile IFabric? _fabric;
    private volatile Func<GroupId, IReadOnlyList<KeyId>> _nodesOf = _ => [];

    /// <summary>From now on others are reached; what was said before counts as lost.</summary>
    public void Attach(IFabric fabric, Func<GroupId, IReadOnlyList<KeyId>>? nodesOf) =>
        (_nodesOf, _fabric) = (nodesOf ?? _nodesOf, fabric);

    /// <summary>Who has a replica of a group, this node first.</summary>
    public IReadOnlyList<KeyId> NodesOf(GroupId group) =>
        [.. _replicas.ContainsKey(group) ? [self] : Array.Empty<KeyId>(), .. _nodesOf(group).Where(node => node != self)];

    public void Add(LocalReplica replica) => _replicas[replica.Group.Id] = replica;

    /// <summary>Sends what replicas say to each other. Entries go beside the rest, so that many of them never delay a heartbeat or a probe.</summary>
    public void Send(KeyId to, ConsensusEnvelope envelope) => _fabric?.Post(
        to, FabricTopic.Consensus, ConsensusCodec.Encode(envelope),
        envelope.Message is Consensus.RaftMessage.Append ? FabricLane.Bulk : FabricLane.Control);

    /// <summary>Takes what a replica of another node says; what is not understood or too much is let go.</summary>
    public void Take(FabricPeer peer, ReadOnlyMemory<byte> body)
    {
        if (ConsensusCodec.Decode(body) is { } envelope && peer.Roles.Contains(envelope.Group.Name)
            && _replicas.TryGetValue(envelope.Group, out var replica) && replica.Board.TryEnterFromMember()
            && !replica.Mailbox.Tell(new GroupMessage.Received(peer.Id, envelope)))
        {
            replica.Board.LeaveFromMember();
        }
    }

    /// <summary>Tells all replicas that a node is said to be gone.</summary>
    public void TakeGone(KeyId node)
    {
        foreach (var replica in _replicas.Values)
        {
            if (replica.Board.TryEnterFromMember() && !replica.Mailbox.Tell(new GroupMessage.NodeGone(node)))
            {
                replica.Board.LeaveFromMember();
            }
        }
    }

    /// <summary>Tells one replica what the node found out.</summary>
    public void Tell(GroupId group, GroupMessage message)
    {
        if (_replicas.TryGetValue(group, out var replica))
        {
            replica.Mailbox.Tell(message);
        }
    }

    /// <summary>Tells all replicas.</summary>
    public void TellAll(GroupMessage message)
    {
        foreach (var replica in _replicas.Values)
        {
            replica.Mailbox.Tell(message);
        }
    }

    /// <summary>Asks another node's replica.</summary>
    public async Task<Outcome<GroupResponse>> AskAsync(KeyId to, GroupRequest request, TimeSpan deadline, CancellationToken cancellation)
    {
        if (to == self && request.RequestCase is GroupRequest.RequestOneofCase.Feed or GroupRequest.RequestOneofCase.Scan)
        {
            return GroupId.TryParse(request.Group, out var own) && _replicas.TryGetValue(own, out var replica)
                ? await AnswerAsync(replica, request, null, cancellation)
                : NoReplica;
        }

        if (_fabric is not { } fabric)
        {
            return new Failure(FailureKind.Unavailable, "this node has no connection to its community yet");
        }

        if (GroupId.TryParse(request.Group, out var group) && _replicas.TryGetValue(group, out var local))
        {
            request.Lineage = UnsafeByteOperations.UnsafeWrap(local.Board.Status.Lineage.ToArray());
        }

        var lane = request.RequestCase == GroupRequest.RequestOneofCase.ReadIndex ? FabricLane.Control : FabricLane.Bulk;
        var answer = await fabric.AskAsync(to, FabricTopic.Group, request.ToByteArray(), deadline, cancellation, lane);
        if (!answer.Succeeded)
        {
            return answer.Failure;
        }

        try
        {
            return ProtobufBytes.Read(GroupResponse.Parser, answer.Value.Span);
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return new Failure(FailureKind.Damaged, $"node {to} gave an answer that makes no sense");
        }
    }

    /// <summary>Answers what another node asks.</summary>
    public async ValueTask<Outcome<ReadOnlyMemory<byte>>> AnswerAsync(FabricRequest request, CancellationToken cancellation)
    {
        GroupRequest asked;
        try
        {
            asked = ProtobufBytes.Read(GroupRequest.Parser, request.Body.Span);
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            return new Failure(FailureKind.Invalid, "a request that makes no sense");
        }

        if (!GroupId.TryParse(asked.Group, out var id) || !_replicas.TryGetValue(id, out var replica))
        {
            return NoReplica;
        }

        var isImport = asked.RequestCase is GroupRequest.RequestOneofCase.Feed or GroupRequest.RequestOneofCase.Scan;
        var response = !MayAsk(request.Peer, replica, asked)
            ? new Failure(FailureKind.Forbidden, $"only nodes with the role '{id.Name}' ask that of this one")
            : !isImport && Lineage.Read(asked.Lineage.Span) != replica.Board.Status.Lineage
            ? new Failure(FailureKind.NotFound, $"this node's replica is of another group that is called '{id.Name}', too")
            : await AnswerAsync(replica, asked, request.Peer, cancellation);
        return response.Then(value => (ReadOnlyMemory<byte>)value.ToByteArray());
    }

    private static Failure NoReplica => new(FailureKind.NotFound, "this node has no replica of that group");

    private static bool MayAsk(FabricPeer? peer, LocalReplica replica, GroupRequest asked) => peer is not null
        && (peer.Roles.Contains(replica.Group.Id.Name)
            || (asked.RequestCase is GroupRequest.RequestOneofCase.Feed or GroupRequest.RequestOneofCase.Scan && replica.Feed.MayRead(peer.Roles)));

    private static async Task<Outcome<GroupResponse>> AnswerAsync(
        LocalReplica replica, GroupRequest asked, FabricPeer? from, CancellationToken cancellation)
    {
        var (group, feed) = (replica.Group, replica.Feed);
        return asked.RequestCase switch
        {
            GroupRequest.RequestOneofCase.Submit => await group.AnswerSubmitAsync(asked.Submit, from, cancellation),
            GroupRequest.RequestOneofCase.ReadIndex => await group.AnswerReadIndexAsync(cancellation),
            GroupRequest.RequestOneofCase.Snapshot => await replica.Snapshots.ReadAsync(asked.Snapshot, cancellation),
            GroupRequest.RequestOneofCase.Transfer => await group.AnswerTransferAsync(asked.Transfer, cancellation),
            GroupRequest.RequestOneofCase.Feed => await feed.ReadAsync(asked.Feed, cancellation),
            GroupRequest.RequestOneofCase.Scan => await feed.ReadAsync(asked.Scan, cancellation),
            GroupRequest.RequestOneofCase.PauseImports => await group.AnswerPauseAsync(asked.PauseImports, cancellation),
            _ => new Failure(FailureKind.Invalid, "this node does not know such a request; it may be older than yours"),
        };
    }
}
