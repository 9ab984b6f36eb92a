using Cete.Core;

namespace Cete.Ports;

/// <summary>What a message between nodes is about. Numbers stay for ever: an older node answers an unknown one with an error.</summary>
public enum FabricTopic
{
    /// <summary>How nodes greet each other on a new connection.</summary>
    Hello = 1,

    /// <summary>Probes and gossip.</summary>
    Membership = 2,

    /// <summary>The roster, as it spreads.</summary>
    Roster = 3,

    /// <summary>A node that wants to join; asked without a certificate.</summary>
    Join = 4,

    /// <summary>A member asks for a new certificate; without one too, since the one that it has may have expired.</summary>
    Renewal = 5,

    /// <summary>Bytes that one node passes on for two others.</summary>
    Tunnel = 6,

    /// <summary>"Do you reach me there?"</summary>
    Reachability = 7,

    /// <summary>Comes back as it went; for measuring.</summary>
    Echo = 8,

    /// <summary>What replicas of a group say to each other.</summary>
    Consensus = 9,

    /// <summary>What a node asks of another one's replica: the root's answers, pieces of snapshots.</summary>
    Group = 10,

    /// <summary>A voter of the tracker is handed an issuing key of its own.</summary>
    IssuingKey = 11,

    /// <summary>A node asks who keeps the roster whether it begins a group that nobody has.</summary>
    Founding = 12,

    /// <summary>A node without a replica of the accounts asks one that has: whose a session is, what accounts may do.</summary>
    Accounts = 13,

    /// <summary>A node without a replica of the bank asks one that has: what things cost, how a channel stands, what a voucher brings.</summary>
    Bank = 14,

    /// <summary>A peer's report to the planner of its swarm, passed on to the root of the index.</summary>
    Swarm = 15,

    /// <summary>"What time is it there?"</summary>
    Clock = 16,

    /// <summary>What a peer has whole, passed on to the root of the index.</summary>
    Holdings = 17,

    /// <summary>A node without a replica of the index asks one that has which contents were taken down.</summary>
    TakenDown = 18,

    /// <summary>A cache asks the root of the index what people ask for, and those who have it for its manifest.</summary>
    Wanted = 19,

    /// <summary>A cache asks a node with accounts for a ticket, by which other peers let it have a content.</summary>
    Ticket = 20,
}

/// <summary>Which connection of a pair of nodes.</summary>
public enum FabricLane
{
    /// <summary>Small and urgent: probes, gossip, votes.</summary>
    Control,

    /// <summary>Whatever is large; it never delays the other.</summary>
    Bulk,
}

/// <summary>A node as the transport identified it, by its certificate.</summary>
/// <param name="Id">Name of its key.</param>
/// <param name="Roles">What its certificate allows it.</param>
public sealed record FabricPeer(KeyId Id, RoleSet Roles);

/// <summary>A request of another node.</summary>
/// <param name="Peer">
/// Who asks; null for one without a certificate, who may ask for nothing but one: <see cref="FabricTopic.Join"/>, <see cref="FabricTopic.Renewal"/>.
/// </param>
/// <param name="Body">What it asks.</param>
public sealed record FabricRequest(FabricPeer? Peer, ReadOnlyMemory<byte> Body);

/// <summary>What happens to the ways to other nodes.</summary>
public interface IFabricWatcher
{
    /// <summary>The first connection to a node stands.</summary>
    void OnConnected(FabricPeer peer);

    /// <summary>There is none left: <paramref name="failure"/> is null where it was closed because nobody needed it.</summary>
    void OnDisconnected(KeyId peer, Failure? failure);

    /// <summary>No connection could be made.</summary>
    void OnUnreachable(KeyId peer, Failure failure);
}

/// <summary>Messages between the nodes of a community, each identified by its key. A lost one is no error: whoever needs an answer asks.</summary>
public interface IFabric
{
    /// <summary>This node.</summary>
    KeyId Self { get; }

    /// <summary>
    /// Queues a message. False if the queue to that node is full or it is not to be reached now; true is no promise that it arrives.
    /// </summary>
    bool Post(KeyId to, FabricTopic topic, ReadOnlySpan<byte> body, FabricLane lane = FabricLane.Control);

    /// <summary>Asks a node, and waits for its answer until the deadline at most.</summary>
    Task<Outcome<ReadOnlyMemory<byte>>> AskAsync(
        KeyId to, FabricTopic topic, ReadOnlyMemory<byte> body, TimeSpan deadline, CancellationToken cancellation, FabricLane lane = FabricLane.Control);

    /// <summary>Makes a connection to whoever is at an address, <c>HOST:PORT</c>, and tells who that is.</summary>
    Task<Outcome<FabricPeer>> ConnectAsync(string address, CancellationToken cancellation);

    /// <summary>Ends all connections with a node, for a reason that it is told.</summary>
    void Disconnect(KeyId peer, Failure reason);
}
