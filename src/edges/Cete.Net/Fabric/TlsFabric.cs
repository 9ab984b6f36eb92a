using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Cete.Core;
using Cete.Net.Fabric.Proto;
using Cete.Net.Fabric.Reach;
using Cete.Net.Fabric.Tunnels;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Net.Fabric;

/// <summary>
/// The fabric over mutual TLS 1.3: between two nodes a control connection and, when something large is sent, a bulk one; made when they are
/// needed, bounded in number, closed when nobody needs them.
/// </summary>
public sealed class TlsFabric : IFabric, ITunnelHost, IAsyncDisposable
{
    /// <summary>Dialing may take half of it, at the other end.</summary>
    private static readonly TimeSpan ReachDeadline = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan HousekeepingInterval = TimeSpan.FromSeconds(1);

    /// <summary>A connection that another one replaced may still bring answers.</summary>
    private static readonly TimeSpan RetiredLife = TimeSpan.FromSeconds(1);

    private readonly FabricOptions _options;
    private readonly ConcurrentDictionary<(KeyId, FabricLane), FabricLink> _links = new();
    private readonly ConcurrentDictionary<FabricConnection, bool> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TunnelHub _tunnels;
    private readonly TunnelDialer _throughTunnels;
    private readonly RelayKeeper _relays;
    private ITimer? _housekeeping;
    private FabricListener? _listener;

    private TlsFabric(FabricOptions options)
    {
        _options = options;
        options.Router.Tunnels = _tunnels = new TunnelHub(options.Self, options.Clock, this);
        _throughTunnels = new TunnelDialer(options, _tunnels, Link);
        _relays = new RelayKeeper(options, Link);
    }

    public KeyId Self => _options.Self;

    /// <summary>Where it listens really; null if it does not.</summary>
    public IPEndPoint? Address => _listener?.Address;

    /// <summary>Connections with other nodes.</summary>
    public int Connections => _connections.Count;

    /// <summary>Tunnels that this node carries for others.</summary>
    public int RelayedTunnels => _tunnels.Relayed;

    /// <summary>Starts to listen, if it is to.</summary>
    public static Outcome<TlsFabric> Start(FabricOptions options)
    {
        var fabric = new TlsFabric(options);
        if (options.Listen is { } at)
        {
            var opened = FabricListener.Open(at, options, () => fabric._connections.Count, fabric.ServeAsync);
            if (!opened.Succeeded)
            {
                return opened.Failure;
            }

            fabric._listener = opened.Value;
        }

        fabric._housekeeping = options.Clock.CreateTimer(_ => fabric.KeepHouse(), null, HousekeepingInterval, HousekeepingInterval);
        return fabric;
    }

    public bool Post(KeyId to, FabricTopic topic, ReadOnlySpan<byte> body, FabricLane lane = FabricLane.Control) =>
        Link(to, lane).TrySend(new Envelope { Topic = (uint)topic, Body = ByteString.CopyFrom(body) }, IsUrgent(topic));

    public async Task<Outcome<ReadOnlyMemory<byte>>> AskAsync(
        KeyId to, FabricTopic topic, ReadOnlyMemory<byte> body, TimeSpan deadline, CancellationToken cancellation, FabricLane lane = FabricLane.Control)
    {
        var connection = await Link(to, lane).ConnectionAsync(cancellation);
        if (!connection.Succeeded)
        {
            return connection.Failure;
        }

        var request = new Envelope { Kind = Envelope.Types.Kind.Request, Topic = (uint)topic, Body = UnsafeByteOperations.UnsafeWrap(body) };
        return FabricMetrics.IsOn
            ? await FabricMetrics.AskAsync(to, topic, () => connection.Value.AskAsync(request, deadline, cancellation), _options.Clock)
            : await connection.Value.AskAsync(request, deadline, cancellation);
    }

    public async Task<Outcome<FabricPeer>> ConnectAsync(string address, CancellationToken cancellation)
    {
        var made = await DialAsync(address, null, FabricLane.Control, cancellation);
        if (!made.Succeeded)
        {
            return made.Failure;
        }

        var (connection, reader) = made.Value;
        if (connection.Peer!.Id == Self)
        {
            connection.Close(null);
            reader.Dispose();
            return new Failure(FailureKind.Conflict, $"{address} is this node itself");
        }

        _ = ServeAsync(connection, reader);
        return connection.Peer;
    }

    public void Disconnect(KeyId peer, Failure reason)
    {
        foreach (var connection in _connections.Keys.Where(connection => connection.Peer?.Id == peer))
        {
            _ = connection.CloseAsync(reason);
        }
    }

    /// <summary>
    /// Keeps connections with these members from now on, whether they are needed or not: they are this node's relays, for it cannot be reached.
    /// </summary>
    public void Keep(IReadOnlyCollection<KeyId> relays)
    {
        _relays.Keep(relays);
        _relays.Look(_stopping.Token);
    }

    /// <summary>There is a connection with a node that runs through no other.</summary>
    public bool IsDirect(KeyId node) => Direct(node, FabricLane.Control) is not null;

    /// <summary>Asks a member whether it reaches this node at addresses of its own; for each of them yes or no.</summary>
    public async Task<Outcome<IReadOnlyList<bool>>> AskReachAsync(KeyId member, IReadOnlyList<string> addresses, CancellationToken cancellation)
    {
        var answer = await AskAsync(member, FabricTopic.Reachability, ReachMessages.Ask(addresses), ReachDeadline, cancellation);
        return answer.Succeeded ? ReachMessages.ReadAnswer(answer.Value, addresses.Count) : answer.Failure;
    }

    FabricConnection? ITunnelHost.Direct(KeyId node, FabricLane lane) => Direct(node, lane);

    void ITunnelHost.TakeCall(TunnelStream tunnel) => _ = TakeCallAsync(tunnel);

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        if (_housekeeping is not null)
        {
            await _housekeeping.DisposeAsync();
        }

        if (_listener is not null)
        {
            await _listener.DisposeAsync();
        }

        foreach (var connection in _connections.Keys)
        {
            connection.Close(null);
        }
    }

    /// <summary>A command waits for each of these, and its group sends them in batches already: a thread more on their way would only take time.</summary>
    private static bool IsUrgent(FabricTopic topic) => topic == FabricTopic.Consensus;

    private FabricLink Link(KeyId peer, FabricLane lane) =>
        _links.GetOrAdd((peer, lane), static (key, fabric) => new FabricLink(key.Item1, key.Item2, fabric._options, fabric.DialAsync), this);

    private async Task DialAsync(FabricLink link)
    {
        // One that names relays found out that it is not reached; where they fail its addresses are tried all the same, for some may reach it.
        Failure? failure = null;
        var relays = _options.RelaysOf(link.Peer);
        if (relays.Count > 0)
        {
            var made = await DialThroughAsync(link, relays);
            if (made.Succeeded)
            {
                _ = ServeAsync(made.Value.Connection, made.Value.Reader);
                return;
            }

            failure = made.Failure;
        }

        foreach (var address in _options.AddressesOf(link.Peer))
        {
            var made = await DialAsync(address, link.Peer, link.Lane, _stopping.Token);
            if (made.Succeeded)
            {
                _ = ServeAsync(made.Value.Connection, made.Value.Reader);
                return;
            }

            failure = relays.Count > 0 ? failure : made.Failure;
        }

        failure ??= new Failure(FailureKind.Unavailable, "no address of that node is known");
        link.Fail(failure);
        if (!_stopping.IsCancellationRequested)
        {
            _options.Router.Watcher?.OnUnreachable(link.Peer, failure);
        }
    }

    private async Task<Outcome<(FabricConnection Connection, FrameReader Reader)>> DialAsync(
        string address, KeyId? expected, FabricLane lane, CancellationToken cancellation)
    {
        try
        {
            var socket = await FabricSockets.ConnectAsync(address, _options.DialMax, _options.UserTimeout, _options.Clock, cancellation);
            if (!socket.Succeeded)
            {
                return socket.Failure;
            }

            using var limit = new CancellationTokenSource(_options.HandshakeMax, _options.Clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            var made = await FabricHandshake.ConnectAsync(new NetworkStream(socket.Value, ownsSocket: true), expected, _options, lane, both.Token);
            FabricMetrics.Handshake(made.Failure);
            return made.Succeeded ? made : new Failure(made.Failure.Kind, $"{address}: {made.Failure.Message}");
        }
        catch (OperationCanceledException)
        {
            return new Failure(FailureKind.Cancelled, "the node stops");
        }
    }

    private async Task<Outcome<(FabricConnection Connection, FrameReader Reader)>> DialThroughAsync(FabricLink link, IReadOnlyList<KeyId> relays)
    {
        try
        {
            return await _throughTunnels.DialAsync(link.Peer, relays, link.Lane, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return new Failure(FailureKind.Cancelled, "the node stops");
        }
    }

    private async Task TakeCallAsync(TunnelStream tunnel)
    {
        if (_connections.Count >= _options.ConnectionsMax)
        {
            // Within a tunnel that has ended there is no handshake.
            await tunnel.DisposeAsync();
        }

        var greeted = await _throughTunnels.AcceptAsync(tunnel, _stopping.Token);
        if (greeted.Succeeded)
        {
            await ServeAsync(greeted.Value.Connection, greeted.Value.Reader);
        }
    }

    private FabricConnection? Direct(KeyId node, FabricLane lane) =>
        _links.TryGetValue((node, lane), out var link) && link.Current is { Relay: null } connection ? connection : null;

    /// <summary>Takes a connection into use and reads it to its end.</summary>
    private async Task ServeAsync(FabricConnection connection, FrameReader reader)
    {
        var peer = connection.Peer!;
        var link = Link(peer.Id, connection.Lane);
        var wasConnected = link.Current is not null;
        _connections.TryAdd(connection, true);
        _tunnels.Add(connection);
        FabricMetrics.Connected(connection.Lane, 1);
        var retired = link.Take(connection);
        if (retired is not null)
        {
            _ = RetireAsync(retired);
        }

        if (!wasConnected && connection.Lane == FabricLane.Control)
        {
            _options.Router.Watcher?.OnConnected(peer);
        }

        using (reader)
        {
            await connection.RunAsync(reader);
        }

        _connections.TryRemove(connection, out _);
        _tunnels.Remove(connection);
        FabricMetrics.Connected(connection.Lane, -1);
        if (link.Lose(connection) && connection.Lane == FabricLane.Control && !_stopping.IsCancellationRequested)
        {
            _options.Router.Watcher?.OnDisconnected(peer.Id, await connection.Closed);
        }
    }

    private async Task RetireAsync(FabricConnection connection)
    {
        await Task.WhenAny(connection.Closed, Task.Delay(RetiredLife, _options.Clock));
        connection.Close(null);
    }

    private void KeepHouse()
    {
        CloseIdle();
        _tunnels.Sweep();
        if (!_stopping.IsCancellationRequested)
        {
            _relays.Look(_stopping.Token);
        }
    }

    private void CloseIdle()
    {
        // The longest unused first; those of gossip's neighbours are used all the time.
        var over = _connections.Count - _options.ConnectionsKept;
        if (over <= 0)
        {
            return;
        }

        foreach (var connection in _connections.Keys.OrderByDescending(connection => connection.Idle).Take(over))
        {
            if (connection.Idle >= _options.IdleMax || _connections.Count > _options.ConnectionsMax)
            {
                connection.Close(null);
            }
        }
    }
}
