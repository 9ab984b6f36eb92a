using System.Collections.Concurrent;
using System.Threading.Channels;
using Cete.Core;
using Cete.Ports;

namespace Cete.Groups.Tests.Support;

/// <summary>Connects the nodes of one process. Messages of a lane keep their order; each way between two nodes can be cut or slowed down.</summary>
internal sealed class MemoryNetwork
{
    private readonly ConcurrentDictionary<KeyId, (NodeGroups Groups, RoleSet Roles)> _nodes = new();
    private readonly ConcurrentDictionary<(KeyId From, KeyId To), bool> _cuts = new();

    private long _posted;

    /// <summary>Messages of consensus so far.</summary>
    public long Posted => Interlocked.Read(ref _posted);

    /// <summary>How long a message is on its way.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Looks at each answer between nodes, and may change it; for those that lie or break.</summary>
    public Func<KeyId, Outcome<ReadOnlyMemory<byte>>, Outcome<ReadOnlyMemory<byte>>>? Answering { get; set; }

    /// <summary>A node is there from now on.</summary>
    public IFabric Add(KeyId id, RoleSet roles, NodeGroups groups)
    {
        _nodes[id] = (groups, roles);
        return new MemoryFabric(this, id);
    }

    /// <summary>The nodes with the role of a group.</summary>
    public IReadOnlyList<KeyId> NodesOf(GroupId group) => [.. _nodes.Where(node => node.Value.Roles.Contains(group.Name)).Select(node => node.Key)];

    public void Remove(KeyId id) => _nodes.TryRemove(id, out _);

    /// <summary>Nothing gets from one node to the other any more.</summary>
    public void Cut(KeyId from, KeyId to) => _cuts[(from, to)] = true;

    /// <summary>The node hears nobody, and nobody hears it.</summary>
    public void CutOff(KeyId node)
    {
        foreach (var other in _nodes.Keys.Where(other => other != node))
        {
            Cut(node, other);
            Cut(other, node);
        }
    }

    public void Heal() => _cuts.Clear();

    private bool Reaches(KeyId from, KeyId to) => !_cuts.ContainsKey((from, to)) && _nodes.ContainsKey(from) && _nodes.ContainsKey(to);

    private sealed class MemoryFabric(MemoryNetwork network, KeyId self) : IFabric
    {
        private readonly ConcurrentDictionary<(KeyId To, FabricLane Lane), Channel<byte[]>> _lanes = new();

        public KeyId Self => self;

        public bool Post(KeyId to, FabricTopic topic, ReadOnlySpan<byte> body, FabricLane lane = FabricLane.Control)
        {
            Assert.Equal(FabricTopic.Consensus, topic);
            Interlocked.Increment(ref network._posted);
            return network.Reaches(self, to) && _lanes.GetOrAdd((to, lane), key => OpenLane(key.To)).Writer.TryWrite(body.ToArray());
        }

        public async Task<Outcome<ReadOnlyMemory<byte>>> AskAsync(
            KeyId to, FabricTopic topic, ReadOnlyMemory<byte> body, TimeSpan deadline, CancellationToken cancellation, FabricLane lane = FabricLane.Control)
        {
            Assert.Equal(FabricTopic.Group, topic);
            await Task.Yield();
            if (!network._nodes.TryGetValue(to, out var node) || !network._nodes.TryGetValue(self, out var own))
            {
                return new Failure(FailureKind.Unavailable, "that node is not there");
            }

            if (network.Reaches(self, to))
            {
                await PauseAsync(network.Delay);
                var answer = await node.Groups.AnswerAsync(new FabricRequest(new FabricPeer(self, own.Roles), body.ToArray()), CancellationToken.None);
                await PauseAsync(network.Delay);
                if (network.Reaches(to, self))
                {
                    return network.Answering is { } answering ? answering(to, answer) : answer;
                }
            }

            await PauseAsync(deadline);
            return new Failure(FailureKind.Unavailable, "no answer came");
        }

        public Task<Outcome<FabricPeer>> ConnectAsync(string address, CancellationToken cancellation) => throw new NotSupportedException();

        public void Disconnect(KeyId peer, Failure reason) => throw new NotSupportedException();

        private Channel<byte[]> OpenLane(KeyId to)
        {
            var lane = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite });
            _ = Task.Run(async () =>
            {
                await foreach (var body in lane.Reader.ReadAllAsync())
                {
                    await PauseAsync(network.Delay);
                    if (network.Reaches(self, to) && network._nodes.TryGetValue(to, out var node) && network._nodes.TryGetValue(self, out var own))
                    {
                        node.Groups.Take(new FabricPeer(self, own.Roles), body);
                    }
                }
            });
            return lane;
        }

        private static async Task PauseAsync(TimeSpan pause)
        {
            if (pause > TimeSpan.Zero)
            {
                using var timer = new PeriodicTimer(pause, TimeProvider.System);
                await timer.WaitForNextTickAsync();
            }
        }
    }
}
