using Cete.Actors;
using Cete.Consensus;
using Cete.Core;
using Cete.Groups.Log;
using Cete.Groups.Store;
using Cete.Ports;

namespace Cete.Groups;

/// <summary>The groups of one node: they share its log, each has its own store.</summary>
public sealed class NodeGroups
{
    private readonly ActorSystem _system;
    private readonly IStateStores _stores;
    private readonly Func<GroupSettings> _settings;
    private readonly KeyId _node;
    private readonly ActorRef<LogMessage> _log;

    /// <param name="system">Where their actors live; stopping it stops them.</param>
    /// <param name="log">The node's log. It is used by these groups alone from now on.</param>
    /// <param name="stores">Where each group's store is kept.</param>
    /// <param name="node">Id of this node, as which it votes.</param>
    /// <param name="settings">How they run; asked each time it matters, from any thread, since it may change.</param>
    public NodeGroups(ActorSystem system, INodeLog log, IStateStores stores, KeyId node, Func<GroupSettings> settings)
    {
        (_system, _stores, _node, _settings) = (system, stores, node, settings);

        // Refusing an addition to the log would lose it: the groups bound what they have under way, not this mailbox.
        // No group has a '.' in its name, so it cannot clash with these.
        _log = system.Spawn("node.log", () => new LogActor(log), new ActorOptions { Dispatcher = system.Blocking, MailboxCapacity = 1_000_000 });
    }

    /// <summary>As the other one, with settings that stay as they are.</summary>
    public NodeGroups(ActorSystem system, INodeLog log, IStateStores stores, KeyId node, GroupSettings settings)
        : this(system, log, stores, node, () => settings)
    {
    }

    /// <summary>Starts the replica of a group of which this node is the only voter. It answers as soon as its log is replayed.</summary>
    public IGroup Start(GroupId id, IStateMachine machine)
    {
        var board = new ReplicaBoard();
        var actor = _system.Spawn(
            id.Name,
            () => new GroupActor(
                id, _node.ToString(), new SoleVoter(), _log, owner => new StoreActor(id, _stores, machine, board, owner, _log, _settings),
                machine.LevelMax, _settings, board),
            new ActorOptions { MailboxCapacity = ReplicaBoard.MailboxCapacity });
        var readers = new ActorRef<Query>[_settings().Readers];
        for (var i = 0; i < readers.Length; i++)
        {
            readers[i] = _system.Spawn(
                $"{id.Name}.reader-{i}",
                () => new ReaderActor(id, board),
                new ActorOptions { Dispatcher = _system.Blocking, MailboxCapacity = 1_000, Supervision = SupervisionStrategy.Restart });
        }

        return new Group(id, actor, readers, board, _settings);
    }
}
