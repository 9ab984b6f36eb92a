using Cete.Core;

namespace Cete.Membership.Tests;

/// <summary>Machines that hear each other after a millisecond, one clock for all, and what a test takes from them.</summary>
internal sealed class Cluster
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(1);
    private readonly PriorityQueue<(KeyId From, KeyId To, MembershipMessage Message), (Instant At, long Order)> _wire = new();
    private readonly MembershipSettings _settings;
    private long _order;

    public Cluster(int count, MembershipSettings? settings = null)
    {
        _settings = settings ?? MembershipSettings.Lan;
        for (var i = 0; i < count; i++)
        {
            Start(i);
        }
    }

    public Instant Now { get; private set; } = new(1_000_000);

    public SortedDictionary<int, TestNode> Nodes { get; } = [];

    /// <summary>Messages for which this is true do not arrive.</summary>
    public Func<KeyId, KeyId, MembershipMessage, bool> Drops { get; set; } = (_, _, _) => false;

    /// <summary>Nodes that are to hear that nobody listens where they sent something.</summary>
    public Queue<(TestNode Node, KeyId Silent)> Refused { get; } = new();

    public static KeyId Id(int number)
    {
        var bytes = new byte[KeyId.Size];
        bytes[0] = (byte)number;
        bytes[19] = (byte)(number >> 8);
        return new KeyId(bytes);
    }

    public static MemberRecord Record(int number, long incarnation, ulong instance = 1, bool isLeaving = false) =>
        new(Id(number), instance, incarnation, isLeaving, new byte[100]);

    public TestNode Start(int number, ulong instance = 1, long incarnation = 1)
    {
        var node = new TestNode(this, Id(number), instance, new MembershipMachine(Id(number), _settings, (ulong)number + 77));
        Nodes[number] = node;
        node.Step(new MembershipInput.Announced(new MemberRecord(Id(number), instance, incarnation, false, new byte[100]) { HasPositions = true }));
        return node;
    }

    public void JoinAll()
    {
        foreach (var node in Nodes.Values.Skip(1))
        {
            node.Step(new MembershipInput.Join(Nodes.First().Value.Id));
        }
    }

    /// <summary>Lets time pass, in the order in which things are due.</summary>
    public void Run(TimeSpan span)
    {
        var end = Now + span;
        while (true)
        {
            while (Refused.TryDequeue(out var refused))
            {
                refused.Node.Step(new MembershipInput.Unreachable(refused.Silent));
            }

            var due = Nodes.Values.Where(node => !node.IsStopped).MinBy(node => node.Machine.NextDeadline!.Value);
            var tick = due is null ? end + span : Instant.Max(due.Machine.NextDeadline!.Value, Now);
            if (_wire.TryPeek(out var sent, out var arrival) && arrival.At <= tick && arrival.At <= end)
            {
                _wire.Dequeue();
                Now = Instant.Max(Now, arrival.At);
                Nodes.Values.FirstOrDefault(node => node.Id == sent.To && !node.IsStopped)?.Step(new MembershipInput.Received(sent.From, sent.Message));
            }
            else if (tick <= end)
            {
                Now = tick;
                due!.Step(MembershipInput.Tick.Instance);
            }
            else
            {
                Now = end;
                return;
            }
        }
    }

    public void Post(KeyId from, KeyId to, MembershipMessage message)
    {
        if (!Drops(from, to, message))
        {
            _wire.Enqueue((from, to, message), (Now + Delay, _order++));
        }
    }
}

/// <summary>One machine and what came out of it.</summary>
internal sealed class TestNode(Cluster cluster, KeyId id, ulong instance, MembershipMachine machine)
{
    private readonly EffectSink<MembershipEffect> _effects = new();

    public KeyId Id => id;

    public MembershipMachine Machine => machine;

    public bool IsStopped { get; set; }

    public List<(KeyId Id, MemberChange Change)> Changes { get; } = [];

    public List<MembershipEffect> Others { get; } = [];

    public List<(KeyId To, MembershipMessage Message)> Sent { get; } = [];

    public void Step(MembershipInput input)
    {
        _effects.Clear();
        machine.Step(input, cluster.Now, _effects);
        foreach (var effect in _effects.Effects.ToArray())
        {
            switch (effect)
            {
                case MembershipEffect.Send send:
                    Sent.Add((send.To, send.Message));
                    cluster.Post(id, send.To, send.Message);
                    break;
                case MembershipEffect.Announce announce:
                    var record = new MemberRecord(id, instance, announce.Incarnation, announce.IsLeaving, new byte[100]) { HasPositions = true };
                    Step(new MembershipInput.Announced(record));
                    break;
                case MembershipEffect.Changed changed:
                    Changes.Add((changed.Member.Id, changed.Change));
                    break;
                default:
                    Others.Add(effect);
                    break;
            }
        }
    }

    public void Hear(int from, params MemberUpdate[] updates) =>
        Step(new MembershipInput.Received(Cluster.Id(from), new MembershipMessage.Gossip(updates)));

    public MemberState? Sees(int number) => machine.Find(Cluster.Id(number))?.State;
}
