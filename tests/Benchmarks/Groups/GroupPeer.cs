using System.Globalization;
using System.Net;
using System.Text;
using Cete.Actors;
using Cete.Bank;
using Cete.Benchmarks.Bank;
using Cete.Benchmarks.Fabric;
using Cete.Core;
using Cete.Groups;
using Cete.Net.Fabric;
using Cete.Ports;
using Cete.Storage;
using Cete.Storage.Log;
using Cete.Storage.State;
using Cete.Testing;

namespace Cete.Benchmarks.Groups;

/// <summary>
/// The other processes: a node with the real log, store and fabric, and a client's requests on the topic that nothing else uses. It says
/// "ready" once it has answered a read of its own, where it has the only replica.
/// </summary>
internal sealed class GroupPeer : IAsyncDisposable
{
    public const string Argument = "group-peer";
    public const byte Put = (byte)'p';
    public const byte Get = (byte)'g';
    public const byte Stand = (byte)'s';
    public const byte Fill = (byte)'f';
    public const byte Submit = (byte)'c';

    /// <summary>A map of keys to values.</summary>
    public const string Map = "map";

    /// <summary>A bank.</summary>
    public const string Bank = "bank";

    /// <summary>A bank that believes every signature.</summary>
    public const string TrustingBank = "trusting-bank";

    /// <summary>Permits are handed out so many times a second.</summary>
    private const int CapTicks = 100;

    private readonly ActorSystem _system = new("bench", new ActorSystemOptions());
    private readonly SemaphoreSlim _permits = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly KeyId[] _nodes;
    private readonly int _readsMax;
    private readonly SegmentLog _log;
    private readonly NodeGroups _groups;
    private readonly List<IReplica> _replicas = [];
    private readonly TlsFabric _fabric;

    private GroupPeer(string folder, int self, string data, int[] ports, int groups, int readsMax, string machine)
    {
        _readsMax = readsMax;
        _nodes = [.. ports.Select((_, node) => IdOf(folder, node))];
        var identity = Identities.Open(folder, self);
        _log = SegmentLog.Open(new PhysicalFiles(), Path.Combine(data, "log")).Value;
        var settings = new GroupSettings { Raft = GroupNodes.Raft };
        _groups = new NodeGroups(
            _system, _log, new SqliteStateStores(Path.Combine(data, "groups")), _nodes[self], () => settings, TimeProvider.System, (ulong)self + 1);
        var router = new FabricRouter();
        router.Watcher = new Watcher(_groups);
        router.OnMessage(FabricTopic.Consensus, (peer, body) => _groups.Take(groups > 1 ? AsAnyone(peer, body) : peer, body));
        router.OnRequest(FabricTopic.Group, _groups.AnswerAsync);
        router.OnRequest(FabricTopic.Echo, AnswerAsync);
        var options = EchoPeer.Options(identity, router, id => [$"127.0.0.1:{ports[Math.Max(0, Array.IndexOf(_nodes, id))]}"]);
        _fabric = TlsFabric.Start(options with { Listen = new IPEndPoint(IPAddress.Loopback, ports[self]) }).Value;
        _groups.Attach(_fabric);
        for (var group = 0; group < groups; group++)
        {
            var origin = group % ports.Length == self ? GroupOrigin.Founding : GroupOrigin.Joining;
            var id = GroupId.Of(group == 0 ? "share" : string.Create(CultureInfo.InvariantCulture, $"g{group}"));
            _replicas.Add(_groups.Start(id, MachineOf(machine), origin));
        }
    }

    /// <summary>Serves until its input ends: FOLDER NODE DATA PORTS GROUPS READS-A-SECOND MACHINE.</summary>
    public static async Task RunAsync(string[] words)
    {
        var numbers = CultureInfo.InvariantCulture;
        await using var peer = new GroupPeer(
            words[0], int.Parse(words[1], numbers), words[2], [.. words[3].Split(',').Select(word => int.Parse(word, numbers))],
            int.Parse(words[4], numbers), int.Parse(words[5], numbers), words[6]);
        var cap = peer.HandOutPermitsAsync();
        if (peer._nodes.Length == 1)
        {
            var read = await peer._replicas[0].ReadAsync(sql => KeyValueMachine.Read(sql, [0]));
            Console.WriteLine(read.Succeeded ? "ready" : read.Failure.Message);
        }
        else
        {
            await Task.WhenAll(peer._replicas.Select(peer.GatherAsync));
            Console.WriteLine("ready");
        }

        await Console.In.ReadLineAsync();
        await peer._stopping.CancelAsync();
        await cap;
    }

    public async ValueTask DisposeAsync()
    {
        await _system.StopAsync();
        await _fabric.DisposeAsync();
        _log.Dispose();
        _stopping.Dispose();
    }

    private static IStateMachine MachineOf(string machine) => machine switch
    {
        Bank => new ImportingBank(new BankMachine()),
        TrustingBank => new ImportingBank(new BankMachine { Rules = new TrustingRules() }),
        _ => new KeyValueMachine(),
    };

    private static KeyId IdOf(string folder, int node)
    {
        using var identity = Identities.Open(folder, node);
        return identity.Id;
    }

    /// <summary>Hundreds of groups are more than a certificate names: whoever speaks for one is taken to have its role. Its name comes first.</summary>
    private static FabricPeer AsAnyone(FabricPeer peer, ReadOnlyMemory<byte> body) =>
        peer with { Roles = RoleSet.From([Encoding.ASCII.GetString(body.Span.Slice(2, body.Span[1]))]).Value };

    /// <summary>Has all nodes vote, one more at a time, where this one is the root; else waits until another has done it.</summary>
    private async Task GatherAsync(IReplica replica)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (replica.Status.Members is not { } members || members.Voters.Count < _nodes.Length)
        {
            if (replica.Status is { IsRoot: true, Members: { } now } && (await replica.DescribeAsync()).MayChangeMembers
                && _nodes.FirstOrDefault(node => !now.Contains(node)) is var next && !now.Contains(next) && now.Voters.Count < _nodes.Length)
            {
                await replica.ChangeMembersAsync(now.WithVoter(next));
            }

            await timer.WaitForNextTickAsync();
        }
    }

    private async ValueTask<Outcome<ReadOnlyMemory<byte>>> AnswerAsync(FabricRequest request, CancellationToken cancellation)
    {
        var (kind, body, replica) = (request.Body.Span[0], request.Body[1..], _replicas[0]);
        switch (kind)
        {
            case Put:
                var reply = await replica.SubmitAsync(new ClientCommand("put", body, Asker.Local), cancellation);
                return reply.Then(done => ReadOnlyMemory<byte>.Empty);
            case Get:
                if (_readsMax > 0)
                {
                    await _permits.WaitAsync(cancellation);
                }

                var key = body.ToArray();
                var read = await replica.ReadAsync(sql => KeyValueMachine.Read(sql, key), ReadLevel.Linearizable, cancellation);
                return read.Then(value => (ReadOnlyMemory<byte>)(value ?? []));
            case Submit:
                var type = Encoding.ASCII.GetString(body.Span.Slice(1, body.Span[0]));
                var command = new ClientCommand(type, body[(1 + body.Span[0])..], new Asker(request.Peer!.Id.ToString(), [BankMachine.BankRole]));
                var done = await replica.SubmitAsync(command, cancellation);
                return done.Succeeded ? done.Value.Result : done.Failure;
            case Fill:
                return await FillAsync(replica, BitConverter.ToInt32(body.Span));
            default:
                var status = replica.Status;
                return (ReadOnlyMemory<byte>)new[] { (byte)(status.IsRoot ? 1 : 0), (byte)(status.Members?.Voters.Count ?? 0) };
        }
    }

    private static async Task<Outcome<ReadOnlyMemory<byte>>> FillAsync(IReplica replica, int count)
    {
        const int AtOnce = 2_000;
        Failure? failure = null;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async client =>
        {
            for (var i = client; i < count && failure is null; i += AtOnce)
            {
                var reply = await replica.SubmitAsync(new ClientCommand("put", Pair(BitConverter.GetBytes(i), new byte[128]), Asker.Local));
                failure ??= reply.Failure;
            }
        }));
        return failure is null ? ReadOnlyMemory<byte>.Empty : failure;
    }

    /// <summary>The body of a command.</summary>
    public static byte[] Pair(byte[] key, byte[] value) => [(byte)key.Length, .. key, .. value];

    private async Task HandOutPermitsAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / CapTicks));
        var began = TimeProvider.System.GetTimestamp();
        var given = 0L;
        while (_readsMax > 0 && !_stopping.IsCancellationRequested && await timer.WaitForNextTickAsync())
        {
            var due = (long)(TimeProvider.System.GetElapsedTime(began).TotalSeconds * _readsMax);

            // What nobody took within a tenth of a second is gone.
            var room = Math.Max(0, (_readsMax / 10) - _permits.CurrentCount);
            if (Math.Min(due - given, room) is > 0 and var more)
            {
                _permits.Release((int)more);
            }

            given = due;
        }
    }

    /// <summary>As the program has it: a connection that broke is the first word of a node that is gone.</summary>
    private sealed class Watcher(NodeGroups groups) : IFabricWatcher
    {
        public void OnConnected(FabricPeer peer)
        {
        }

        public void OnDisconnected(KeyId peer, Failure? failure) => OnUnreachable(peer, failure ?? new Failure(FailureKind.Unavailable, "closed"));

        public void OnUnreachable(KeyId peer, Failure failure) => groups.TakeGone(peer);
    }
}
