using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Cete.Actors;
using Cete.Consensus;
using Cete.Core;
using Cete.Groups.Store;
using Cete.Ports;
using Cete.Storage;
using Cete.Storage.Log;
using Cete.Storage.State;
using Cete.Testing;

namespace Cete.Groups.Tests.Support;

/// <summary>What a node of a <see cref="Cluster"/> is made of; null stands for the real part.</summary>
internal sealed record NodeParts
{
    public Func<IStateMachine> Machine { get; init; } = () => new NotesMachine();

    /// <summary>The machine of a group, where not all of the node's are alike.</summary>
    public Func<string, IStateMachine>? MachineOf { get; init; }

    public GroupSettings Settings { get; init; } = Cluster.Quick;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public Func<INodeLog, INodeLog>? Log { get; init; }

    public Func<IStateStores, IStateStores>? Stores { get; init; }

    /// <summary>Entries between two comparisons of the state.</summary>
    public int DigestInterval { get; init; } = 8;

    public IReadOnlyList<string> Roles { get; init; } = ["notes", "others"];

    public IReadOnlyList<string> Groups { get; init; } = ["notes"];

    /// <summary>By what groups that begin on this node are told apart; null for what the program draws.</summary>
    public Func<Lineage>? DrawLineage { get; init; }

    /// <summary>Others will be asked what the node said before its start.</summary>
    public bool AwaitsWord { get; init; }

    /// <summary>The groups that begin on this node; null for all of them on the first node, none on the others.</summary>
    public IReadOnlyList<string>? Founds { get; init; }
}

/// <summary>Nodes with real disks in one process, over a network that can be cut.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    /// <summary>Eager enough for tests, patient enough for a machine that does much else.</summary>
    public static readonly GroupSettings Quick = new()
    {
        RetryDelay = TimeSpan.FromMilliseconds(50),
        Raft = new RaftSettings { HeartbeatInterval = TimeSpan.FromMilliseconds(60), ElectionTimeout = TimeSpan.FromMilliseconds(600) },
    };

    private readonly string _folder;
    private readonly Func<int, NodeParts> _parts;
    private readonly ClusterNode?[] _nodes;

    public Cluster(string folder, int count, Func<int, NodeParts>? parts = null, int? capacity = null)
    {
        (_folder, _parts, _nodes) = (folder, parts ?? (_ => new NodeParts()), new ClusterNode?[capacity ?? count]);
        for (var i = 0; i < count; i++)
        {
            Start(i);
        }
    }

    public MemoryNetwork Network { get; } = new();

    public string Folder => _folder;

    public ClusterNode this[int node] => _nodes[node]!;

    public IEnumerable<ClusterNode> Running => _nodes.OfType<ClusterNode>();

    public static KeyId IdOf(int node) => KeyId.Of(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"node-{node}")));

    /// <summary>All nodes, of which the first founds the group and makes the others voters.</summary>
    public static async Task<Cluster> OfVotersAsync(string folder, int count, Func<int, NodeParts>? parts = null)
    {
        var cluster = new Cluster(folder, count, parts);
        for (var i = 1; i < count; i++)
        {
            await cluster.AddVoterAsync(i);
        }

        return cluster;
    }

    public ClusterNode Start(int node, NodeParts? parts = null)
    {
        _nodes[node] = new ClusterNode(Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{node}")), node, parts ?? _parts(node), Network);
        return _nodes[node]!;
    }

    public async Task StopAsync(int node)
    {
        await _nodes[node]!.DisposeAsync();
        _nodes[node] = null;
    }

    /// <summary>The node that leads, and is known to by a majority of those that are there.</summary>
    public async Task<ClusterNode> RootAsync(int? not = null)
    {
        ClusterNode? root = null;
        await Eventually.TrueAsync(
            () => (root = Running.FirstOrDefault(node => node.Number != not && node.Group.Status.IsRoot
                && 2 * Running.Count(other => other.Group.Status is var status && status.Root == node.Id && status.Term == node.Group.Status.Term)
                    >= Running.Count(other => node.Group.Status.Members?.Contains(other.Id) == true))) is not null,
            "there is a root");
        return root!;
    }

    public async Task AddLearnerAsync(int node)
    {
        await ChangeAsync(members => members.WithLearner(IdOf(node)));
        await Eventually.TrueAsync(
            async () => await (await RootAsync()).Group.DescribeAsync() is var report
                && report.Followers.Any(follower => follower.Node == IdOf(node) && follower.Match >= report.LastIndex),
            $"node {node} caught up");
    }

    public async Task AddVoterAsync(int node)
    {
        await AddLearnerAsync(node);
        await ChangeAsync(members => members.WithVoter(IdOf(node)));
    }

    /// <summary>Asks whoever is the root until the change is committed there.</summary>
    public async Task ChangeAsync(Func<Members, Members> change)
    {
        Members? wanted = null;
        await Eventually.TrueAsync(
            async () =>
            {
                var root = await RootAsync();
                var report = await root.Group.DescribeAsync();
                if (wanted is null && report.MayChangeMembers)
                {
                    wanted = change(report.Status.Members!);
                    await root.Group.ChangeMembersAsync(wanted);
                }
                else if (wanted is not null && report.MayChangeMembers)
                {
                    if (report.Status.Members!.Equals(wanted))
                    {
                        return true;
                    }

                    await root.Group.ChangeMembersAsync(wanted);
                }

                return !report.Status.Members!.Contains(root.Id);
            },
            "the members have changed");
    }

    /// <summary>Waits until all nodes that are there stand at the same index, and compares what they hold.</summary>
    public async Task ConvergeAsync()
    {
        await Eventually.TrueAsync(
            () => Running.Select(node => node.Group.Status.Applied).Distinct().Count() == 1 && Running.All(node => node.Group.Status.Failure is null),
            "all stand at the same index");
        var dumps = await Task.WhenAll(Running.Select(node => node.DumpAsync()));
        Assert.All(dumps, dump => Assert.Equal(dumps[0], dump));
        Assert.All(Running, node => Assert.Empty(node.Failures));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Running)
        {
            await node.DisposeAsync();
        }
    }
}

/// <summary>One of them.</summary>
internal sealed class ClusterNode : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly INodeLog _log;
    private readonly MemoryNetwork _network;
    private readonly Dictionary<string, IReplica> _groups = [];

    public ClusterNode(string folder, int number, NodeParts parts, MemoryNetwork network)
    {
        (Number, Id, _network) = (number, Cluster.IdOf(number), network);
        _system = new ActorSystem("node", new ActorSystemOptions { Clock = parts.Clock, Failures = Failures.Enqueue });
        INodeLog log = SegmentLog.Open(new PhysicalFiles(), Path.Combine(folder, "log")).Value;
        IStateStores stores = new SqliteStateStores(Path.Combine(folder, "groups"));
        _log = parts.Log?.Invoke(log) ?? log;
        Groups = new NodeGroups(_system, _log, parts.Stores?.Invoke(stores) ?? stores, Id, () => parts.Settings, parts.Clock, seed: (ulong)number + 1)
        {
            Rules = new ReplicaRules { DigestInterval = parts.DigestInterval },
            DrawLineage = parts.DrawLineage ?? Lineage.Draw,
            AwaitsWord = parts.AwaitsWord,
        };
        Groups.Attach(network.Add(Id, RoleSet.From(parts.Roles).Value, Groups), network.NodesOf);
        var founds = parts.Founds ?? (number == 0 ? parts.Groups : []);
        foreach (var name in parts.Groups)
        {
            var origin = founds.Contains(name) ? GroupOrigin.Founding : GroupOrigin.Joining;
            _groups.Add(name, Groups.Start(GroupId.Of(name), parts.MachineOf?.Invoke(name) ?? parts.Machine(), origin));
        }

        Group = _groups[parts.Groups[0]];
    }

    public int Number { get; }

    public KeyId Id { get; }

    public NodeGroups Groups { get; }

    public IReplica Group { get; }

    public ConcurrentQueue<ActorFailure> Failures { get; } = new();

    public IReplica this[string group] => _groups[group];

    public Task<Outcome<CommandReply>> SendAsync(string text, RequestId? id = null, string type = "add") =>
        Group.SubmitAsync(new ClientCommand(type, Encoding.UTF8.GetBytes(text), Asker.Local, id));

    /// <summary>Adds a note; the answer is how many notes its writer, the first word, has by then.</summary>
    public async Task<string> AddAsync(string text, RequestId? id = null) => GroupHost.Text(await SendAsync(text, id));

    public async Task<List<string>> NotesAsync(ReadLevel level = ReadLevel.Linearizable)
    {
        var notes = await Group.ReadAsync(sql => sql.Query("SELECT text FROM notes ORDER BY log_index", row => row.GetString(0)), level);
        Assert.True(notes.Succeeded, notes.Failure?.ToString());
        return notes.Value;
    }

    /// <summary>All that the store holds but where its snapshot came from.</summary>
    public async Task<string> DumpAsync()
    {
        var dump = await Group.ReadAsync(StoreDump.Of, ReadLevel.Local);
        Assert.True(dump.Succeeded, dump.Failure?.ToString());
        return dump.Value;
    }

    public async ValueTask DisposeAsync()
    {
        _network.Remove(Id);
        await _system.StopAsync();
        _log.Dispose();
    }
}
