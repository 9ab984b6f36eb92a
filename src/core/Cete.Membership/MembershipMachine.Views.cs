using Cete.Core;

namespace Cete.Membership;

/// <summary>What is believed of the others: records, suspicions, deaths.</summary>
public sealed partial class MembershipMachine
{
    /// <summary>
    /// More different words of one earlier start than a cluster is likely to remember: each member holds one, but members that were cut off from
    /// each other hold different ones.
    /// </summary>
    private const int RivalRounds = 5;

    private readonly List<Peer> _suspects = [];

    /// <summary>Nothing is to be done for any suspect before; among many they are looked through only then.</summary>
    private Instant _suspicionsDue;

    /// <summary>What the sender of the present message does not know, to be told to it at once.</summary>
    private readonly List<MemberUpdate> _corrections = [];

    private KeyId _correctedPeer;

    /// <summary>Whom the present message asks to be probed.</summary>
    private KeyId? _askedFor;

    /// <summary>When this node refuted last, when it may again if it has to, and the last word for which it was accused.</summary>
    private Instant? _refuted, _refuteAt;

    private long _accusedAt = -1;

    /// <summary>A start of this node that is not this one, what it said last, and how often it went beyond what this one had said.</summary>
    private (ulong Instance, long Incarnation, int Rounds) _rival;

    private void Take(MemberUpdate update, KeyId from)
    {
        var record = update.Record;
        if (_removed.Contains(record.Id) || record.Incarnation is < 0 or >= MemberRecord.IncarnationMax)
        {
            return;
        }

        if (record.Id == _self)
        {
            TakeAboutSelf(update);
            return;
        }

        var peer = _peers.Find(record.Id);
        if (peer is null)
        {
            peer = Meet(update);
        }
        else if (record.Incarnation > peer.Record.Incarnation)
        {
            Renew(peer, record);
        }
        else if (record.Incarnation < peer.Record.Incarnation && (update.State == MemberState.Dead || record.Id == _askedFor))
        {
            // Whoever tells it missed what the member said since.
            _corrections.Add(new MemberUpdate(peer.Record, peer.State == MemberState.Suspect ? MemberState.Alive : peer.State, _self));
        }

        if (peer is null || record.Incarnation != peer.Record.Incarnation)
        {
            return;
        }

        if (update.State is MemberState.Alive or MemberState.Suspect && peer is { State: MemberState.Dead, IsGoneByHearsay: true })
        {
            Restore(peer);
        }

        if (update.State is MemberState.Suspect or MemberState.Dead)
        {
            Accuse(peer, update.State == MemberState.Dead ? from : update.Accuser);
        }
    }

    /// <summary>Others speak of this node: what it did not say, or does not agree with, it answers by a newer word of its own.</summary>
    private void TakeAboutSelf(MemberUpdate update)
    {
        var record = update.Record;
        var isOwn = record.Instance == _record!.Instance;
        if (record.Instance < _record.Instance && record.HasPositions)
        {
            _effects.Add(new MembershipEffect.Remembered(record));
        }

        if (!isOwn && record.Incarnation > _record.Incarnation && !record.IsLeaving)
        {
            HearRival(record);
        }

        if (record.Incarnation > _record.Incarnation || (!isOwn && record.Incarnation == _record.Incarnation))
        {
            AnnounceAbove(record.Incarnation);
        }
        else if (record.Incarnation == _record.Incarnation && update.State is MemberState.Suspect or MemberState.Dead)
        {
            Refute(record.Incarnation);
        }
        else if (record.Incarnation < _record.Incarnation && update.State is MemberState.Suspect or MemberState.Dead)
        {
            // The refutation has not come to the one who says so, and is not gossip any more.
            _corrections.Add(new MemberUpdate(_record, _isLeaving ? MemberState.Left : MemberState.Alive, _self));
        }
    }

    /// <summary>
    /// An earlier start of this node is remembered for a while; one that answers again and again is no memory. A later start is none at all, if
    /// the clocks by which starts are numbered were right; it is the other one that has to stop then, so that no proof is needed here.
    /// </summary>
    private void HearRival(MemberRecord record)
    {
        var isNew = _rival.Instance != record.Instance;
        if (!isNew && record.Incarnation <= _rival.Incarnation)
        {
            return;
        }

        _rival = (record.Instance, record.Incarnation, isNew ? 1 : _rival.Rounds + 1);
        if (record.Instance > _record!.Instance || _rival.Rounds >= RivalRounds)
        {
            _effects.Add(new MembershipEffect.IdentityClash(record));
        }
    }

    /// <summary>
    /// At once, but not more often than the shortest suspicion lets it: each word of this node is signed here and verified and told by all, and
    /// a liar could make it say any number of them.
    /// </summary>
    private void Refute(long incarnation)
    {
        if (_accusedAt != incarnation)
        {
            _accusedAt = incarnation;
            _health.Add(1);
        }

        if (_refuted is not { } last || _now - last >= _settings.ProbeInterval)
        {
            (_refuted, _refuteAt) = (_now, null);
            AnnounceAbove(incarnation);
        }
        else
        {
            _refuteAt = last + _settings.ProbeInterval;
        }
    }

    private Peer? Meet(MemberUpdate update)
    {
        var record = update.Record;
        if (_peers.All.Count >= _settings.MembersMax - 1)
        {
            return null;
        }

        var peer = new Peer(record, _now) { IsConnected = _connected.Contains(record.Id) };
        peer.State = record.IsLeaving ? MemberState.Left : update.State == MemberState.Dead ? MemberState.Dead : MemberState.Alive;
        peer.IsGoneByHearsay = !peer.IsPresent;
        _peers.Add(peer);
        if (peer.IsPresent)
        {
            _order.Add(peer.Id);
            if (!_isViewOld)
            {
                Tell(new MemberUpdate(record, MemberState.Alive, _self), isEager: true);
            }
        }

        var change = peer.State switch
        {
            MemberState.Left => MemberChange.Left,
            MemberState.Dead => MemberChange.Failed,
            _ => MemberChange.Joined,
        };
        _effects.Add(new MembershipEffect.Changed(peer.View, change));
        return peer;
    }

    /// <summary>It was called dead when it was first heard of, and now somebody says otherwise: this node finds out for itself.</summary>
    private void Restore(Peer peer)
    {
        peer.IsGoneByHearsay = false;
        _peers.SetState(peer, MemberState.Alive, _now);
        _order.Add(peer.Id);
        _effects.Add(new MembershipEffect.Changed(peer.View, MemberChange.Joined));
    }

    /// <summary>The member said something new, which also shows that it was there to say it.</summary>
    private void Renew(Peer peer, MemberRecord record)
    {
        if (record.Instance != peer.Record.Instance && peer.Record.HasPositions)
        {
            peer.Earlier = peer.Record;
        }

        var before = peer.State;
        (peer.Record, peer.IsGoneByHearsay) = (record, false);
        EndSuspicion(peer);
        var state = record.IsLeaving ? MemberState.Left : MemberState.Alive;
        if (state != before)
        {
            _peers.SetState(peer, state, _now);
        }

        var (wasPresent, isPresent) = (before is MemberState.Alive or MemberState.Suspect, peer.IsPresent);
        if (isPresent && !wasPresent)
        {
            _order.Add(peer.Id);
        }
        else if (wasPresent && !isPresent)
        {
            _order.Remove(peer.Id);
        }

        Tell(new MemberUpdate(record, state, _self), isEager: wasPresent != isPresent);
        var change = (before, state) switch
        {
            (MemberState.Left, MemberState.Left) => (MemberChange?)null,
            (_, MemberState.Left) => MemberChange.Left,
            (MemberState.Alive, _) => MemberChange.Updated,
            (MemberState.Suspect, _) => MemberChange.Recovered,
            _ => MemberChange.Joined,
        };
        if (change is { } told)
        {
            _effects.Add(new MembershipEffect.Changed(peer.View, told));
        }
    }

    private void Accuse(Peer peer, KeyId accuser)
    {
        if (peer.State == MemberState.Suspect)
        {
            if (peer.Suspicion!.Confirm(accuser))
            {
                _suspicionsDue = Min(_suspicionsDue, peer.Suspicion.Due);
                Tell(new MemberUpdate(peer.Record, MemberState.Suspect, accuser));
            }
        }
        else if (peer.State == MemberState.Alive)
        {
            var min = Scaling.ByLog(_settings.ProbeInterval, Present) * _settings.SuspicionFactor;

            // Among few there are not so many others who could confirm it.
            var wanted = Present - 2 < _settings.Confirmations ? 0 : _settings.Confirmations;
            peer.Suspicion = new Suspicion(accuser, _now, min, min * _settings.SuspicionMaxFactor, wanted);
            _suspicionsDue = _suspects.Count == 0 ? peer.Suspicion.Due : Min(_suspicionsDue, peer.Suspicion.Due);
            _suspects.Add(peer);
            _peers.SetState(peer, MemberState.Suspect, _now);
            Tell(new MemberUpdate(peer.Record, MemberState.Suspect, accuser));
            _effects.Add(new MembershipEffect.Changed(peer.View, MemberChange.Suspected));
        }
    }

    private void EndSuspicion(Peer peer)
    {
        if (peer.Suspicion is not null)
        {
            peer.Suspicion = null;
            _suspects.Remove(peer);
        }
    }

    private void EndSuspicions()
    {
        if (_suspects.Count == 0 || _suspicionsDue > _now)
        {
            return;
        }

        _suspicionsDue = new Instant(long.MaxValue);
        for (var i = _suspects.Count - 1; i >= 0; i--)
        {
            var peer = _suspects[i];
            var suspicion = peer.Suspicion!;
            if (!suspicion.IsAsked && suspicion.Due <= _now)
            {
                suspicion.IsAsked = true;
                AskOnceMore(peer, suspicion);
            }

            if (suspicion.Deadline > _now)
            {
                _suspicionsDue = Min(_suspicionsDue, suspicion.Due);
                continue;
            }

            EndSuspicion(peer);
            _order.Remove(peer.Id);
            _peers.SetState(peer, MemberState.Dead, _now);
            Tell(new MemberUpdate(peer.Record, MemberState.Dead, _self));
            _effects.Add(new MembershipEffect.Changed(peer.View, MemberChange.Failed));
        }
    }

    /// <summary>A refutation that gossip did not bring here comes with the answer, the member's own or that of one who has heard it.</summary>
    private void AskOnceMore(Peer peer, Suspicion suspicion)
    {
        Send(peer.Id, news => new MembershipMessage.Ping(++_sequence, news));
        foreach (var helper in _peers.Pick(1, other => other.State == MemberState.Alive && other != peer))
        {
            var accusation = new MemberUpdate(peer.Record, MemberState.Suspect, suspicion.FirstAccuser);
            Send(helper.Id, news => new MembershipMessage.PingRequest(++_sequence, peer.Id, [accusation, .. news]));
        }
    }

    private void Reap()
    {
        foreach (var peer in _peers.All.Where(peer => !peer.IsPresent && _now - peer.Since >= _settings.DeadKept).ToList())
        {
            Drop(peer);
        }
    }
}
