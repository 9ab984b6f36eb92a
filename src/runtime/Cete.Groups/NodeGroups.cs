using Cete.Actors;
using Cete.Core;
using Cete.Groups.Import;
using Cete.Groups.Log;
using Cete.Groups.Store;
using Cete.Groups.Wire;
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
    private readonly ActorRef<Examination> _examiner;
    private readonly GroupNetwork _network;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private readonly Prng _seeds;
    private readonly Prng _ids;
    private volatile bool _isVouched;

    /// <param name="system">Where their actors live; stopping it stops them.</param>
    /// <param name="log">The node's log. It is used by these groups alone from now on.</param>
    /// <param name="stores">Where each group's store is kept.</param>
    /// <param name="node">Id of this node, as which it votes.</param>
    /// <param name="settings">How they run; asked each time it matters, from any thread, since it may change.</param>
    /// <param name="clock">The time.</param>
    /// <param name="seed">Of random choices: when elections begin. Two nodes of a community need two.</param>
    public NodeGroups(
        ActorSystem system, INodeLog log, IStateStores stores, KeyId node, Func<GroupSettings> settings, TimeProvider clock, ulong seed)
    {
        (_system, _stores, _node, _settings, _clock, _seeds) = (system, stores, node, settings, clock, new Prng(seed));
        (_network, _ids) = (new GroupNetwork(node), new Prng(~seed));

        // Refusing an addition to the log would lose it: the groups bound what they have under way, not this mailbox.
        // No group has a '.' in its name, so it cannot clash with these.
        _log = system.Spawn("node.log", () => new LogActor(log), new ActorOptions { Dispatcher = system.Blocking, MailboxCapacity = 1_000_000 });
        _examiner = system.Spawn(
            "node.examiner",
            () => new ExaminerActor(),
            new ActorOptions { Dispatcher = system.Blocking, MailboxCapacity = 1_000_000, Supervision = SupervisionStrategy.Restart });
    }

    /// <summary>As the other one, for a node by itself: settings that stay as they are, the system's clock.</summary>
    public NodeGroups(ActorSystem system, INodeLog log, IStateStores stores, KeyId node, GroupSettings settings)
        : this(system, log, stores, node, () => settings, TimeProvider.System, seed: 1)
    {
    }

    /// <summary>What the replicas have to do alike: the same on all nodes.</summary>
    internal ReplicaRules Rules { get; init; } = new();

    /// <summary>Who asks for commands, as the roots among the replicas know it.</summary>
    public IAskers Askers { get; init; } = NodeAskers.Instance;

    /// <summary>Draws what groups that are founded here are told apart by.</summary>
    internal Func<Lineage> DrawLineage { get; init; } = Lineage.Draw;

    /// <summary>From now on the replicas of other nodes are reached.</summary>
    /// <param name="fabric">Between nodes.</param>
    /// <param name="nodesOf">Who has a replica of a group that is imported from, the one to ask first in front; asked from any thread.</param>
    public void Attach(IFabric fabric, Func<GroupId, IReadOnlyList<KeyId>>? nodesOf = null) => _network.Attach(fabric, nodesOf);

    /// <summary>
    /// Others will be asked what this node said before its start: until <see cref="Vouch"/>, replicas that have others beside them vote for nobody.
    /// </summary>
    public bool AwaitsWord { get; init; }

    /// <summary>Others remember that a replica of this node was in a term and held the log up to an index, durably and committed.</summary>
    /// <param name="group">Of which group.</param>
    /// <param name="lineage">Of which one of that name.</param>
    /// <param name="term">The term.</param>
    /// <param name="index">The index.</param>
    /// <param name="hasForgotten">The replica lacked even more, and knew it.</param>
    public void Remember(GroupId group, Lineage lineage, long term, long index, bool hasForgotten) =>
        _network.Tell(group, new GroupMessage.Remembered(lineage, term, index, hasForgotten));

    /// <summary>Others had the chance to say what they remember.</summary>
    public void Vouch()
    {
        _isVouched = true;
        _network.TellAll(GroupMessage.Vouched.Instance);
    }

    /// <summary>Takes a message of <see cref="FabricTopic.Consensus"/>. It keeps the bytes.</summary>
    public void Take(FabricPeer peer, ReadOnlyMemory<byte> body) => _network.Take(peer, body);

    /// <summary>
    /// The connection with a node broke: groups whose root it is look for another one as soon as that is safe. It may be untrue.
    /// </summary>
    public void TakeGone(KeyId node) => _network.TakeGone(node);

    /// <summary>Answers a request of <see cref="FabricTopic.Group"/>.</summary>
    public ValueTask<Outcome<ReadOnlyMemory<byte>>> AnswerAsync(FabricRequest request, CancellationToken cancellation) =>
        _network.AnswerAsync(request, cancellation);

    /// <summary>Starts this node's replica of a group. It answers as soon as the group has a root.</summary>
    /// <param name="id">Its name; nodes whose certificate has the role of that name may be its members.</param>
    /// <param name="machine">What its commands do.</param>
    /// <param name="origin">How it begins where there is nothing of it yet.</param>
    public IReplica Start(GroupId id, IStateMachine machine, GroupOrigin origin = GroupOrigin.Founding)
    {
        var board = new ReplicaBoard();
        var store = new StoreParts(id, _stores, machine, board, _settings, _node, origin, Rules, DrawLineage, _examiner);
        var parts = new ReplicaParts
        {
            Group = id,
            Self = _node,
            Log = _log,
            Store = owner => new StoreActor(store, owner),
            Fetch = owner => new SnapshotFetch(id, _network, _stores, owner),
            LevelMax = machine.LevelMax,
            Settings = _settings,
            Board = board,
            Network = _network,
            Seed = NextSeed,
            Askers = Askers,
            AwaitsWord = () => AwaitsWord && !_isVouched,
        };
        var actor = _system.Spawn(id.Name, () => new GroupActor(parts), new ActorOptions { MailboxCapacity = ReplicaBoard.MailboxCapacity });
        var readers = new ActorRef<Query>[_settings().Readers];
        for (var i = 0; i < readers.Length; i++)
        {
            readers[i] = SpawnReader($"{id.Name}.reader-{i}", id, board);
        }

        var scanner = SpawnReader($"{id.Name}.scanner", id, board);
        var group = new Group(id, actor, readers, board, _settings, _network, _clock, machine, scanner);
        var shelf = new SnapshotShelf(id, _stores, _clock, NextId(), group.SnapshotAsync);
        board.Stopped.Register(shelf.Dispose);
        _network.Add(new LocalReplica(group, new GroupMailbox(actor), board, shelf, OpenDesk(group, machine as IFeedSource, board)));
        if (machine is IFeedImporter importer)
        {
            StartImports(group, importer, machine.LevelMax, board);
        }

        return group;
    }

    private ActorRef<Query> SpawnReader(string name, GroupId id, ReplicaBoard board) => _system.Spawn(
        name,
        () => new ReaderActor(id, board),
        new ActorOptions { Dispatcher = _system.Blocking, MailboxCapacity = 1_000, Supervision = SupervisionStrategy.Restart });

    private FeedDesk OpenDesk(Group group, IFeedSource? source, ReplicaBoard board)
    {
        if (source is null)
        {
            return new FeedDesk(group, null, null);
        }

        var scans = new SnapshotShelf(group.Id, _stores, _clock, NextId(), (file, cancellation) => group.ScanAsync(source, file, cancellation));
        board.Stopped.Register(scans.Dispose);
        return new FeedDesk(group, source, scans);
    }

    private void StartImports(Group group, IFeedImporter importer, int levelMax, ReplicaBoard board)
    {
        var sources = Enumerable.Range(1, levelMax).SelectMany(importer.ImportsAt).Distinct().ToArray();
        var actors = new ActorRef<ImportMessage>?[sources.Length];

        // Before they are there: each looks by itself when it starts.
        board.RootChanged = () => Array.ForEach(actors, actor => actor?.Tell(ImportMessage.Look.Instance));
        for (var i = 0; i < sources.Length; i++)
        {
            Check.That(sources[i] != group.Id, "a group does not import from itself");
            var parts = new ImportParts(group, sources[i], importer, _network, board, Rules.Imports);
            actors[i] = _system.Spawn(
                $"{group.Id.Name}.import-{sources[i].Name}",
                () => new ImportActor(parts),
                new ActorOptions { Supervision = SupervisionStrategy.Restart });
        }
    }

    private ulong NextId()
    {
        lock (_gate)
        {
            return _ids.NextBits();
        }
    }

    private ulong NextSeed()
    {
        lock (_gate)
        {
            return _seeds.NextBits();
        }
    }
}
