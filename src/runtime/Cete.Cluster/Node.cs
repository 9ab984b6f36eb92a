using Cete.Actors;
using Cete.Core;
using Cete.Groups;
using Cete.Ports;

namespace Cete.Cluster;

/// <summary>What a node is made of; the program hands in the real world, the simulator its own.</summary>
/// <param name="Id">Id of the node, as which it votes.</param>
/// <param name="Log">Its log; the node closes it.</param>
/// <param name="Stores">Where groups keep their state.</param>
/// <param name="Actors">How its actors run.</param>
/// <param name="Groups">How its groups run; asked each time it matters, since it may change.</param>
/// <param name="Seed">Of its random choices.</param>
public sealed record NodeParts(KeyId Id, INodeLog Log, IStateStores Stores, ActorSystemOptions Actors, Func<GroupSettings> Groups, ulong Seed)
{
    /// <summary>Other members are asked what this node said before its start: see <see cref="NodeGroups.AwaitsWord"/>.</summary>
    public bool AwaitsWord { get; init; }

    /// <summary>Who asks for commands, as this node knows it where it is the root.</summary>
    public IAskers Askers { get; init; } = NodeAskers.Instance;
}

/// <summary>One member of a community: starts the groups of its roles, and stops them in an order in which nothing is lost.</summary>
public sealed class Node : IAsyncDisposable
{
    private static readonly TimeSpan ReadyCheckInterval = TimeSpan.FromMilliseconds(5);
    private readonly NodeParts _parts;
    private readonly ActorSystem _system;
    private readonly NodeGroups _groups;
    private readonly List<IReplica> _hosted = [];

    public Node(NodeParts parts)
    {
        _parts = parts;
        _system = new ActorSystem("cete", parts.Actors);
        _groups = new NodeGroups(_system, parts.Log, parts.Stores, parts.Id, parts.Groups, parts.Actors.Clock, parts.Seed)
        {
            AwaitsWord = parts.AwaitsWord,
            Askers = parts.Askers,
        };
    }

    /// <summary>Where the node's actors live; downloads and services may add theirs.</summary>
    public ActorSystem Actors => _system;

    /// <summary>The groups that it has replicas of.</summary>
    public IReadOnlyList<IReplica> Groups => _hosted;

    /// <summary>Where its groups keep their state.</summary>
    public IStateStores Stores => _parts.Stores;

    /// <summary>Its replicas as other nodes reach them.</summary>
    public NodeGroups Replicas => _groups;

    /// <summary>Starts the replica of a service.</summary>
    public IReplica Host(GroupId id, IStateMachine machine, GroupOrigin origin)
    {
        var group = _groups.Start(id, machine, origin);
        _hosted.Add(group);
        return group;
    }

    /// <summary>
    /// Waits until every replica is open, so that what it holds can be read, and is the root where nobody else could be; tells which is not and why.
    /// </summary>
    public async Task<Outcome<bool>> WaitUntilReadyAsync(TimeSpan deadline, CancellationToken cancellation)
    {
        var clock = _parts.Actors.Clock;
        var until = clock.GetUtcNow() + deadline;
        foreach (var group in _hosted)
        {
            while (!IsReady(group.Status))
            {
                if (group.Status.Failure is { } failure)
                {
                    return failure;
                }

                if (clock.GetUtcNow() > until)
                {
                    return new Failure(FailureKind.Unavailable, $"group '{group.Id}' was not ready in {deadline.TotalSeconds:0} s");
                }

                await Task.Delay(ReadyCheckInterval, clock, cancellation);
            }
        }

        return true;
    }

    /// <summary>A single voter goes on by itself, one with mirrors once these had the chance to speak; others find each other when they meet.</summary>
    private bool IsReady(GroupStatus status) => status.IsOpen
        && (status.IsRoot || !status.IsVouched || status.Members is not { Voters.Count: 1 } members || !members.IsVoter(_parts.Id));

    /// <summary>Stops taking commands, makes checkpoints, closes stores, then the log.</summary>
    public async ValueTask DisposeAsync()
    {
        await _system.StopAsync();
        _parts.Log.Dispose();
    }
}
