using Cete.Core;

namespace Cete.Membership;

/// <summary>
/// SWIM (Das, Gupta, Motivala 2002) with Lifeguard (Dadgar, Phillips, Currey 2018) and anti-entropy by exchange of whole views. It differs from
/// memberlist in what it believes: a record is its node's own word, and no member counts as dead here because another one says so; such
/// a word starts or confirms a suspicion, which the member can refute. Its time is monotonic.
/// </summary>
public sealed partial class MembershipMachine : IMachine<MembershipInput, MembershipEffect>
{
    /// <summary>A view of more members than this, told to a newcomer, is that of a cluster which knows itself.</summary>
    private const int ViewToldMax = 32;

    /// <summary>Within it the answer to a join has come whole.</summary>
    private static readonly TimeSpan NewcomerTime = TimeSpan.FromSeconds(5);

    private readonly MembershipSettings _settings;
    private readonly KeyId _self;
    private readonly Prng _prng;
    private readonly PeerTable _peers;
    private readonly UpdateQueue _news = new();
    private readonly ProbeOrder _order;
    private readonly LocalHealth _health;
    private readonly HashSet<KeyId> _connected = [];
    private IReadOnlySet<KeyId> _removed = new HashSet<KeyId>();
    private MemberRecord? _record;
    private long _announcing;
    private Instant _newcomerUntil, _strangersAt;
    private bool _isViewOld;
    private bool _isLeaving;
    private EffectSink<MembershipEffect> _effects = null!;
    private Instant _now;

    /// <param name="self">This node.</param>
    /// <param name="settings">How eager it is.</param>
    /// <param name="seed">Of its random choices.</param>
    public MembershipMachine(KeyId self, MembershipSettings settings, ulong seed)
    {
        (_self, _settings, _prng) = (self, settings, new Prng(seed));
        _peers = new PeerTable(_prng.Split());
        _order = new ProbeOrder(_prng.Split());
        _health = new LocalHealth(settings.HealthMax);
    }

    /// <summary>When <see cref="MembershipInput.Tick"/> is due; null before the start.</summary>
    public Instant? NextDeadline => _record is null ? null : Earliest();

    /// <summary>The other members, in no particular order.</summary>
    public IEnumerable<Member> Others => _peers.All.Select(peer => peer.View);

    /// <summary>This node's own record; null before the start.</summary>
    public MemberRecord? Self => _record;

    /// <summary>Members that take part, this node among them.</summary>
    public int Present => _peers.Present + 1;

    /// <summary>The local health multiplier's score: 0 is well.</summary>
    public int Health => _health.Score;

    /// <summary>A member as seen from here; null if it is not known.</summary>
    public Member? Find(KeyId id) => _peers.Find(id)?.View;

    public void Step(in MembershipInput input, Instant now, EffectSink<MembershipEffect> effects)
    {
        (_now, _effects) = (now, effects);
        if (input is MembershipInput.Announced announced)
        {
            TakeAnnounced(announced.Record);
            return;
        }

        Check.That(_record is not null, "a member announces itself first");
        BearStall();
        switch (input)
        {
            case MembershipInput.Tick:
                break;
            case MembershipInput.Received received:
                Receive(received.From, received.Message);
                break;
            case MembershipInput.Join join:
                _newcomerUntil = _peers.Present == 0 ? _now + NewcomerTime : _newcomerUntil;
                SendView(join.Peer, isAnswerWanted: true);
                break;
            case MembershipInput.Connected connected:
                Connect(connected.Peer, true);
                break;
            case MembershipInput.Disconnected closed:
                Connect(closed.Peer, false);
                break;
            case MembershipInput.Unreachable unreachable:
                Connect(unreachable.Peer, false);
                HearUnreachable(unreachable.Peer);
                break;
            case MembershipInput.FactsChanged:
                AnnounceAbove(_record.Incarnation);
                break;
            case MembershipInput.Leave:
                _isLeaving = true;
                AnnounceAbove(_record.Incarnation);
                break;
            case MembershipInput.Removed removed:
                Forget(removed.Nodes);
                break;
        }

        RunTimers();
    }

    private void TakeAnnounced(MemberRecord record)
    {
        Check.That(record.Id == _self, "a node announces itself alone");
        if (_record is null)
        {
            _record = record;
            _announcing = record.Incarnation;
            StartTimers();
        }
        else if (record.Incarnation > _record.Incarnation)
        {
            _record = record;
        }
        else
        {
            return;
        }

        _leaveTold = record.IsLeaving ? _now + LeaveTime() : null;
        Tell(new MemberUpdate(record, record.IsLeaving ? MemberState.Left : MemberState.Alive, _self), record.IsLeaving);
    }

    /// <summary>Says something newer than <paramref name="incarnation"/>, once.</summary>
    private void AnnounceAbove(long incarnation)
    {
        Check.That(incarnation < MemberRecord.IncarnationMax, "only a node itself raises its incarnation, by one each time");
        if (incarnation >= _announcing || _announcing == _record!.Incarnation)
        {
            _announcing = Math.Max(incarnation, _announcing) + 1;
            _effects.Add(new MembershipEffect.Announce(_announcing, _isLeaving));
        }
    }

    private void Receive(KeyId from, MembershipMessage message)
    {
        if (_removed.Contains(from) || from == _self)
        {
            return;
        }

        // All of a cluster told to a newcomer is news to it alone.
        _isViewOld = message is MembershipMessage.Sync && message.Updates.Count > ViewToldMax && _now < _newcomerUntil;
        _corrections.Clear();
        _correctedPeer = from;
        _askedFor = (message as MembershipMessage.PingRequest)?.Target;
        if (message is MembershipMessage.Sync && _peers.Find(from) is { State: MemberState.Dead })
        {
            // A partition heals, perhaps: what gossip of hundreds of refutations misses would wait for minutes.
            SyncSoon();
        }

        foreach (var update in message.Updates)
        {
            Take(update, from);
        }

        _isViewOld = false;

        switch (message)
        {
            case MembershipMessage.Ping ping:
                Send(from, news => new MembershipMessage.Ack(ping.Sequence, news));
                break;
            case MembershipMessage.PingRequest request:
                ProbeFor(from, request);
                break;
            case MembershipMessage.Ack ack:
                TakeAck(from, ack.Sequence);
                break;
            case MembershipMessage.Nack nack:
                TakeNack(from, nack.Sequence);
                break;
            case MembershipMessage.Sync sync:
                HearView(from, sync);
                AnswerSync(from, sync);
                break;
        }

        if (_corrections.Count > 0)
        {
            Send(from, news => new MembershipMessage.Gossip(news));
        }

        AskStranger(from);
    }

    /// <summary>
    /// One whom this node does not know knows it, as when it was started anew and was found by another's try: without a question, the others
    /// would probe it for ever and it would know nobody.
    /// </summary>
    private void AskStranger(KeyId from)
    {
        if (_strangersAt <= _now && _peers.Find(from) is null)
        {
            _strangersAt = _now + _settings.ProbeInterval;
            var self = new MemberUpdate(_record!, _isLeaving ? MemberState.Left : MemberState.Alive, _self);
            _effects.Add(new MembershipEffect.Send(from, new MembershipMessage.Sync(ViewDigest(), true, [self])));
        }
    }

    private void Connect(KeyId id, bool isConnected)
    {
        if (isConnected && _connected.Count < _settings.MembersMax)
        {
            _connected.Add(id);
        }
        else
        {
            _connected.Remove(id);
        }

        if (_peers.Find(id) is { } peer)
        {
            peer.IsConnected = isConnected;
        }
    }

    private void Forget(IReadOnlySet<KeyId> removed)
    {
        _removed = removed;
        foreach (var peer in _peers.All.Where(peer => removed.Contains(peer.Id)).ToList())
        {
            Drop(peer);
        }
    }

    private void Drop(Peer peer)
    {
        _peers.Remove(peer);
        _order.Remove(peer.Id);
        _news.Remove(peer.Id);
        _suspects.Remove(peer);
        _effects.Add(new MembershipEffect.Changed(peer.View, MemberChange.Forgotten));
    }

    /// <summary>Sends a message with news; those about the receiver come first, so that it can refute them (Lifeguard §3.3).</summary>
    private void Send(KeyId to, Func<IReadOnlyList<MemberUpdate>, MembershipMessage> make)
    {
        var news = _news.Take(_settings.UpdateBytesMax, Scaling.Transmits(_settings.RetransmitFactor, Present));
        if (_peers.Find(to) is { State: MemberState.Suspect or MemberState.Dead } accused && !news.Exists(update => update.Record.Id == to))
        {
            news.Insert(0, new MemberUpdate(accused.Record, accused.State, _self));
        }

        if (_corrections.Count > 0 && to == _correctedPeer)
        {
            news.InsertRange(0, _corrections);
            _corrections.Clear();
        }

        _effects.Add(new MembershipEffect.Send(to, make(news)));
    }

    private void Tell(MemberUpdate update, bool isEager = false) => _news.Add(update, isEager ? _settings.EagerTransmits : 0);
}
