using Cete.Core;
using Cete.Ports;

namespace Cete.Groups.Tests.Simulated;

/// <summary>Messages between the nodes of a run: late, out of order, twice, or never.</summary>
internal sealed class SimNetwork(SimTimeline line, Prng chance)
{
    private readonly Dictionary<KeyId, NodeGroups> _nodes = [];
    private readonly HashSet<(KeyId From, KeyId To)> _cuts = [];

    /// <summary>Messages of a thousand that are lost.</summary>
    public int LossPerMille { get; set; }

    /// <summary>What a node makes of a request that comes to it, before it answers: one that lies changes it.</summary>
    public Func<KeyId, byte[], byte[]>? Tamper { get; init; }

    /// <summary>A process is there from now on.</summary>
    public IFabric Add(KeyId id, NodeGroups groups, string role = "notes")
    {
        _nodes[id] = groups;
        return new Fabric(this, new FabricPeer(id, RoleSet.From([role]).Value), groups);
    }

    public void Remove(KeyId id) => _nodes.Remove(id);

    public void Cut(KeyId from, KeyId to) => _cuts.Add((from, to));

    public void Heal() => _cuts.Clear();

    private void Send(KeyId from, KeyId to, Action<NodeGroups> arrive)
    {
        if (_cuts.Contains((from, to)) || chance.Chance(LossPerMille, 1_000))
        {
            return;
        }

        // Mostly a local network, now and then a slow way.
        var delay = TimeSpan.FromMilliseconds(chance.Chance(1, 20) ? chance.Next(400) : 1 + chance.Next(10));
        line.At(line.Now + delay.Ticks, () =>
        {
            if (_nodes.TryGetValue(to, out var node) && !_cuts.Contains((from, to)))
            {
                arrive(node);
            }
        });
    }

    private sealed class Fabric(SimNetwork network, FabricPeer self, NodeGroups groups) : IFabric
    {
        public KeyId Self => self.Id;

        /// <summary>A process that crashed says nothing more.</summary>
        private bool IsAlive => network._nodes.TryGetValue(self.Id, out var running) && ReferenceEquals(running, groups);

        public bool Post(KeyId to, FabricTopic topic, ReadOnlySpan<byte> body, FabricLane lane = FabricLane.Control)
        {
            var copy = body.ToArray();
            for (var copies = network.Chance(1, 50) ? 2 : 1; IsAlive && copies > 0; copies--)
            {
                network.Send(self.Id, to, node => node.Take(self, copy));
            }

            return true;
        }

        public Task<Outcome<ReadOnlyMemory<byte>>> AskAsync(
            KeyId to, FabricTopic topic, ReadOnlyMemory<byte> body, TimeSpan deadline, CancellationToken cancellation, FabricLane lane = FabricLane.Control)
        {
            var answer = new TaskCompletionSource<Outcome<ReadOnlyMemory<byte>>>(TaskCreationOptions.RunContinuationsAsynchronously);
            network.Line.At(network.Line.Now + deadline.Ticks, () => answer.TrySetResult(new Failure(FailureKind.Unavailable, "no answer came")));
            if (IsAlive)
            {
                network.Send(self.Id, to, node => _ = AnswerAsync(to, node, network.Tamper?.Invoke(to, body.ToArray()) ?? body.ToArray(), answer));
            }

            return answer.Task;
        }

        public Task<Outcome<FabricPeer>> ConnectAsync(string address, CancellationToken cancellation) => throw new NotSupportedException();

        public void Disconnect(KeyId peer, Failure reason) => throw new NotSupportedException();

        private async Task AnswerAsync(KeyId to, NodeGroups node, byte[] body, TaskCompletionSource<Outcome<ReadOnlyMemory<byte>>> answer)
        {
            var result = await node.AnswerAsync(new FabricRequest(self, body), CancellationToken.None);
            network.Send(to, self.Id, _ => answer.TrySetResult(result));
        }
    }

    private SimTimeline Line => line;

    private bool Chance(int part, int whole) => chance.Chance(part, whole);
}
