using Cete.Core;
using Cete.Membership;
using Cete.Simulation.World;

namespace Cete.Simulation.Membership;

/// <summary>A node that is nothing but a member: drives the machine as the product does, on a simulated host.</summary>
internal sealed class MembershipProcess : ISimProcess
{
    private static readonly TimeSpan JoinInterval = TimeSpan.FromSeconds(1);
    private readonly MembershipCluster _cluster;
    private readonly MembershipOptions _options;
    private readonly MachineDriver<MembershipInput, MembershipEffect> _driver;
    private readonly ControlConnections? _connections;
    private readonly ILiar? _liar;
    private readonly ulong _instance;
    private Instant _startedAt;
    private SimTimer? _timer;
    private Instant _timerDue;
    private int _joins;
    private bool _isAccused;

    public MembershipProcess(SimHost host, MembershipCluster cluster)
    {
        (Host, _cluster, _options) = (host, cluster, cluster.Options);
        Id = cluster.IdOf(host.Id);

        // Later starts are greater, and so are those of a twin.
        _instance = (ulong)((host.Id * 1_000_000L) + host.Incarnation);
        Machine = new MembershipMachine(Id, _options.Settings, host.Random.NextBits());
        _driver = new MachineDriver<MembershipInput, MembershipEffect>(Machine, () => host.Clock.Monotonic, CarryOut);
        _connections = _options.IsByDatagram ? null : new ControlConnections(host, Id, AddressOf, cluster.IdOf, Give);
        _liar = _options.Liar(this);
    }

    public SimHost Host { get; }

    public KeyId Id { get; }

    public MembershipMachine Machine { get; }

    public bool IsLeaving { get; private set; }

    public bool IsLeaveTold { get; private set; }

    public void Start()
    {
        _startedAt = Host.Clock.Monotonic;
        _connections?.Start();
        Give(new MembershipInput.Announced(Record(Math.Max(1, Host.Clock.Wall.Microseconds), false)));
        KeepJoining();
        if (_liar is not null)
        {
            Host.After(_liar.Interval, KeepLying);
        }
    }

    public void OnDatagram(int from, in SimMessage message) => Hear(_cluster.IdOf(from), message.As<MembershipMessage>());

    public void OnReceived(SimConnection connection, in SimMessage message) => Hear(_cluster.IdOf(connection.Peer), message.As<MembershipMessage>());

    public void OnOpened(SimConnection connection) => _connections!.OnOpened(connection);

    public void OnClosed(SimConnection connection, CloseReason reason) => _connections!.OnClosed(connection, reason);

    /// <summary>What the node says of itself changes.</summary>
    public void ChangeFacts() => Give(MembershipInput.FactsChanged.Instance);

    public void Leave()
    {
        IsLeaving = true;
        Give(MembershipInput.Leave.Instance);
    }

    public MemberRecord Record(long incarnation, bool isLeaving) =>
        MembershipWire.Record(Id, Host.Id, _instance, incarnation, isLeaving, _options.RecordBytes);

    /// <summary>Sends a message past the machine, as a liar does.</summary>
    public void Send(KeyId to, MembershipMessage message)
    {
        if (_connections is not null)
        {
            _connections.Send(to, MembershipWire.Pack(message));
        }
        else if (AddressOf(to) is { } address)
        {
            Host.Send(address, MembershipWire.Pack(message));
        }
    }

    private int? AddressOf(KeyId id) =>
        Machine.Find(id) is { } member
            ? MembershipWire.AddressOf(member.Record)
            : _options.Seeds.Cast<int?>().FirstOrDefault(seed => _cluster.IdOf(seed!.Value) == id);

    private void Hear(KeyId from, MembershipMessage message)
    {
        if (_options.Mutation == Mutation.NoPushPull && message is MembershipMessage.Sync && Host.Clock.Monotonic - _startedAt > 5 * JoinInterval)
        {
            return;
        }

        if (_options.Mutation == Mutation.NoIncarnationCheck)
        {
            message = message with { Updates = [.. message.Updates.Select(AsIfNew)] };
        }

        _isAccused = message.Updates.Any(update => update.Record.Id == Id && update.State is MemberState.Suspect or MemberState.Dead);
        Give(new MembershipInput.Received(from, message));
        _isAccused = false;
    }

    private MemberUpdate AsIfNew(MemberUpdate update)
    {
        var known = update.Record.Id == Id ? Machine.Self : Machine.Find(update.Record.Id)?.Record;
        return known is not null && update.Record.Incarnation < known.Incarnation ? update with { Record = known } : update;
    }

    private void Give(MembershipInput input)
    {
        _driver.Step(input);
        Arm();
    }

    private void Arm()
    {
        // A timer that comes too early does no harm, and most deadlines only move away.
        if (Machine.NextDeadline is { } due && (_timer is not { IsPending: true } || due < _timerDue))
        {
            _timer?.Cancel();
            _timerDue = due;
            _timer = Host.After(due - Host.Clock.Monotonic, Tick);
        }
    }

    private void Tick() => Give(MembershipInput.Tick.Instance);

    private void CarryOut(MembershipEffect effect)
    {
        switch (effect)
        {
            case MembershipEffect.Send send:
                Send(send.To, send.Message);
                break;
            case MembershipEffect.Announce when _options.Mutation == Mutation.NoRefutation && _isAccused:
                break;
            case MembershipEffect.Announce announce:
                _driver.Step(new MembershipInput.Announced(Record(announce.Incarnation, announce.IsLeaving)));
                break;
            case MembershipEffect.Changed changed:
                _cluster.See(Host, changed.Member, changed.Change);
                break;
            case MembershipEffect.IdentityClash:
                _cluster.Clashes.Add((Host.World.Elapsed, Host.Id));
                break;
            case MembershipEffect.LeaveTold:
                IsLeaveTold = true;
                break;
        }
    }

    /// <summary>One who knows nobody asks one seed node after the other.</summary>
    private void KeepJoining()
    {
        var seeds = _options.Seeds.Where(seed => seed != Host.Id).ToList();
        if (Machine.Present == 1 && !IsLeaving && seeds.Count > 0)
        {
            Give(new MembershipInput.Join(_cluster.IdOf(seeds[_joins++ % seeds.Count])));
        }

        Host.After(JoinInterval, KeepJoining);
    }

    private void KeepLying()
    {
        _liar!.Lie(this);
        Host.After(_liar.Interval, KeepLying);
    }
}
