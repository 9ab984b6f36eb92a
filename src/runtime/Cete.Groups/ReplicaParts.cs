using Cete.Actors;
using Cete.Consensus;
using Cete.Core;
using Cete.Groups.Log;
using Cete.Groups.Store;
using Cete.Groups.Wire;

namespace Cete.Groups;

/// <summary>How a group comes to a node that has nothing of it yet.</summary>
public enum GroupOrigin
{
    /// <summary>The node waits until the root tells it: it is to get a copy of what is there.</summary>
    Joining,

    /// <summary>The node begins the group, as its only voter.</summary>
    Founding,
}

/// <summary>What the actor of a replica works with.</summary>
internal sealed record ReplicaParts
{
    public required GroupId Group { get; init; }

    public required KeyId Self { get; init; }

    public required ActorRef<LogMessage> Log { get; init; }

    public required Func<GroupMailbox, Actor<StoreMessage>> Store { get; init; }

    public required Func<GroupMailbox, Actor<FetchMessage>> Fetch { get; init; }

    /// <summary>The newest apply level of this program.</summary>
    public required int LevelMax { get; init; }

    public required Func<GroupSettings> Settings { get; init; }

    public required ReplicaBoard Board { get; init; }

    public required GroupNetwork Network { get; init; }

    /// <summary>Others are to say first what this replica said before the node's start; asked when the replica starts.</summary>
    public Func<bool> AwaitsWord { get; init; } = () => false;

    /// <summary>Who asks, as the root knows it.</summary>
    public IAskers Askers { get; init; } = NodeAskers.Instance;

    /// <summary>Seed of a machine's random choices, another one each time.</summary>
    public required Func<ulong> Seed { get; init; }

    /// <summary>Makes the machine; tests hand in one with a broken rule.</summary>
    public Func<KeyId, RaftSettings, ulong, RaftMachine> Machine { get; init; } = (self, settings, seed) => new RaftMachine(self, settings, seed);
}
