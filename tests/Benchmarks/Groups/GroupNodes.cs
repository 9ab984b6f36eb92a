using System.Diagnostics;
using System.Globalization;
using System.Text;
using Cete.Benchmarks.Fabric;
using Cete.Consensus;
using Cete.Core;
using Cete.Net.Fabric;
using Cete.Ports;

namespace Cete.Benchmarks.Groups;

/// <summary>
/// Nodes of Cete, asked over the fabric by one more member of the community: TLS with certificates on both sides and many requests on one
/// connection, which is what gRPC is for etcd.
/// </summary>
internal sealed class GroupNodes : IKeyValueNodes
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private readonly string _folder;
    private readonly int _groups;
    private readonly int _readsMax;
    private readonly string _machine;
    private readonly int[] _ports;
    private readonly KeyId[] _ids;
    private readonly Process?[] _nodes;
    private readonly TlsFabric _fabric;
    private readonly Trust.NodeIdentity _identity;

    /// <param name="folder">For data and certificates.</param>
    /// <param name="count">How many nodes.</param>
    /// <param name="groups">How many groups they have, all of them on each.</param>
    /// <param name="readsMax">Reads a second that each node answers at most; 0 for as many as it can.</param>
    /// <param name="machine">What their commands do: <see cref="GroupPeer.Map"/> or one of a bank.</param>
    public GroupNodes(string folder, int count, int groups = 1, int readsMax = 0, string machine = GroupPeer.Map)
    {
        (_folder, Count, _groups, _readsMax, _machine, _nodes) = (folder, count, groups, readsMax, machine, new Process?[count]);
        Directory.CreateDirectory(folder);
        Identities.Make(folder, count + 1);
        _ports = Ports.Free(count);
        _ids = new KeyId[count];
        for (var node = 0; node < count; node++)
        {
            using var other = Identities.Open(folder, node);
            _ids[node] = other.Id;
        }

        _identity = Identities.Open(folder, count);
        var options = EchoPeer.Options(_identity, new FabricRouter(), id => [$"127.0.0.1:{_ports[Array.IndexOf(_ids, id)]}"]);
        _fabric = TlsFabric.Start(options with { Listen = null }).Value;
    }

    /// <summary>As etcd's are here: heartbeats each 100 ms, elections after 1 to 2 s of silence.</summary>
    public static RaftSettings Raft => new() { HeartbeatInterval = TimeSpan.FromMilliseconds(100), ElectionTimeout = TimeSpan.FromSeconds(1) };

    public string Name => "Cete";

    public int Count { get; }

    public TimeSpan Used => Ports.Used(_nodes);

    /// <summary>Seconds from its start until the node was ready, the last time.</summary>
    public double Ready { get; private set; }

    public async Task StartAsync(int node)
    {
        var start = Stopwatch.GetTimestamp();
        var process = Child.Start(
            Child.Own, GroupPeer.Argument, _folder, Text(node), Path.Combine(_folder, $"n{node}"), string.Join(',', _ports), Text(_groups), Text(_readsMax),
            _machine);
        _nodes[node] = process;
        if (await process.StandardOutput.ReadLineAsync() is var line and not "ready")
        {
            throw new InvalidOperationException($"a node did not start: {line}");
        }

        Ready = Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Kill(int node) => Ports.Kill(ref _nodes[node]);

    public async Task<bool> IsRootAsync(int node) =>
        await AskAsync(node, [GroupPeer.Stand]) is { Succeeded: true } answer && answer.Value.Span[0] == 1 && answer.Value.Span[1] == Count;

    public async Task<bool> PutAsync(int node, int client, byte[] key, byte[] value) =>
        (await AskAsync(node, [GroupPeer.Put, .. GroupPeer.Pair(key, value)])).Succeeded;

    /// <summary>Has the group carry out a command of any kind; what came of it.</summary>
    public Task<Outcome<ReadOnlyMemory<byte>>> SubmitAsync(int node, string type, byte[] body) =>
        AskAsync(node, [GroupPeer.Submit, (byte)type.Length, .. Encoding.ASCII.GetBytes(type), .. body]);

    /// <summary>Reads what was written last, wherever that was.</summary>
    public async Task<bool> GetAsync(int node, byte[] key) => (await AskAsync(node, [GroupPeer.Get, .. key])).Succeeded;

    /// <summary>Has the first node carry out so many commands of different keys.</summary>
    public async Task FillAsync(int count)
    {
        var filled = await _fabric.AskAsync(
            _ids[0], FabricTopic.Echo, (byte[])[GroupPeer.Fill, .. BitConverter.GetBytes(count)], TimeSpan.FromMinutes(10), CancellationToken.None);
        if (filled.Failure is { } failure)
        {
            throw new InvalidOperationException(failure.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        for (var node = 0; node < Count; node++)
        {
            Kill(node);
        }

        await _fabric.DisposeAsync();
        _identity.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private Task<Outcome<ReadOnlyMemory<byte>>> AskAsync(int node, byte[] body) =>
        _fabric.AskAsync(_ids[node], FabricTopic.Echo, body, Deadline, CancellationToken.None);
}
