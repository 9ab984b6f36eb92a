using Cete.Core;

namespace Cete.Consensus;

/// <summary>Leading: sending entries, and committing them when a majority has them (sections 3.5, 3.6).</summary>
public sealed partial class RaftMachine
{
    /// <summary>Who leaves and was not heard of for so many election timeouts is not told any more.</summary>
    private const int LeavingTimeouts = 4;
    private static readonly ReadOnlyMemory<byte>[] OpeningEntry = [ReadOnlyMemory<byte>.Empty];

    private readonly SortedDictionary<KeyId, Progress> _others = [];

    /// <summary>Members that were taken out and may not know it yet: nobody else would tell them, and they would ask for votes for ever.</summary>
    private readonly SortedDictionary<KeyId, Progress> _leaving = [];
    private readonly List<long> _counted = [];
    private long _openingIndex;
    private Instant _heartbeatDue;

    /// <summary>How far another member is known to have the log, durably; null for strangers and where this one does not lead.</summary>
    public long? MatchOf(KeyId member) => _others.TryGetValue(member, out var other) ? other.Match : null;

    /// <summary>Whoever is sent the log: members, and those that leave.</summary>
    private IEnumerable<Progress> Told => _others.Values.Concat(_leaving.Values);

    private Instant LeaderDeadline => _transferTo is null || _heartbeatDue <= _transferDue ? _heartbeatDue : _transferDue;

    private void BecomeLeader()
    {
        (_role, _leader, _round, _confirmedRound, _leaseFrom, _isLeaseGivenUp) = (RaftRole.Leader, _self, 0, 0, null, false);
        (_activeAt, _wokenAt, _isQuiescent, _quiescingRound) = (_now, _now, false, null);
        _openingIndex = _log.Last + 1;
        Propose(OpeningEntry);
        BeginRound();
    }

    private void StopLeading()
    {
        _others.Clear();
        _leaving.Clear();
        _roundsBegun.Clear();
        (_transferTo, _quiescingRound) = (null, null);
        FailReads();
    }

    private void TickLeader()
    {
        if (_transferTo is not null && _now >= _transferDue)
        {
            _transferTo = null;
        }

        if (_now < _heartbeatDue)
        {
            return;
        }

        if (_isQuiescent)
        {
            ListenAgain();
        }
        else if (_rules.ChecksQuorum && !HearsMajority())
        {
            BecomeFollower(_term, null);
            return;
        }

        BeginRound();
    }

    private bool HearsMajority()
    {
        var members = _members.Current!;
        var heard = members.Voters.Count(voter => voter == _self
            || (_others.TryGetValue(voter, out var other) && _now - HeardOrWoken(other) < _settings.ElectionTimeout));
        return heard >= members.Majority;
    }

    private void Propose(IReadOnlyList<ReadOnlyMemory<byte>> commands)
    {
        Check.That(_role == RaftRole.Leader, "only a leader orders commands");
        var entries = new ConsensusEntry[commands.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new ConsensusEntry(_log.Last + 1 + i, _term, commands[i]);
        }

        Lead(entries);
    }

    private void Lead(IReadOnlyList<ConsensusEntry> entries)
    {
        Wake();
        Persist(entries);
        MeetMembers();
        foreach (var other in Told)
        {
            Replicate(other);
        }

        AdvanceCommit();
    }

    /// <summary>Knows each other member of the newest configuration; those that are none any more, until they know it too.</summary>
    private void MeetMembers()
    {
        var members = _members.Current!;
        foreach (var gone in _others.Keys.Where(id => !members.Contains(id)).ToArray())
        {
            _others.Remove(gone, out var leaving);
            _leaving[gone] = leaving!;
        }

        foreach (var id in members.All.Where(id => id != _self && !_others.ContainsKey(id)))
        {
            _leaving.Remove(id);
            _others.Add(id, new Progress(id, Math.Max(_openingIndex, _log.Base + 1), _now));
        }
    }

    /// <summary>Those that leave are let go when they were told that it is so, or when they are not to be heard: they may be gone for ever.</summary>
    private void LetGo()
    {
        foreach (var other in _leaving.Values.ToArray())
        {
            var isGone = _now - other.HeardAt >= _settings.ElectionTimeout * LeavingTimeouts;
            if (isGone || other.ToldCommit >= _members.ChangedAt || other.State == ProgressState.Snapshot)
            {
                _leaving.Remove(other.Id);
            }
        }
    }

    private Progress? Find(KeyId id) => _others.GetValueOrDefault(id) ?? _leaving.GetValueOrDefault(id);

    private void Replied(KeyId from, RaftMessage message)
    {
        if (Find(from) is not { } other)
        {
            return;
        }

        other.HeardAt = _now;
        switch (message)
        {
            case RaftMessage.AppendReply reply when reply.Received > _log.Last || reply.Round > _round:
                Suspect(from, "it acknowledges what it was never sent");
                return;
            case RaftMessage.AppendReply reply:
                TakeReply(other, reply);
                break;
            case RaftMessage.AppendRefusal refusal when refusal.Round <= _round:
                TakeRefusal(other, refusal);
                break;
        }

        if (_role == RaftRole.Leader && other.Forgotten > 0)
        {
            TellForgotten(other);
        }

        ConfirmRounds();
        if (_isQuiescent && !IsSettled(other))
        {
            Wake();
        }

        QuiesceWhenAllKnow();
        HandOverWhenReady();
    }

    private void TakeReply(Progress other, RaftMessage.AppendReply reply)
    {
        if (reply.Received > other.Received || other.Inflight == 0)
        {
            (other.Received, other.MovedAt) = (Math.Max(other.Received, reply.Received), _now);
        }

        var isBehind = reply.Round > other.SentInRound && reply.Received < other.Next - 1;
        var hasLost = isBehind && (other.State == ProgressState.Probe || _now - other.MovedAt >= _settings.ResendAfter);
        other.Round = Math.Max(other.Round, reply.Round);
        other.Match = Math.Max(other.Match, reply.Durable);
        other.Acknowledge(reply.Durable);
        switch (other.State)
        {
            case ProgressState.Probe when reply.Received >= other.Next - 1:
                other.Become(ProgressState.Replicate, reply.Received + 1);
                break;
            case ProgressState.Probe when hasLost:
                other.IsProbing = false;
                break;
            case ProgressState.Snapshot when reply.Received >= _log.Oldest:
                other.Become(ProgressState.Replicate, reply.Received + 1);
                break;
            case ProgressState.Replicate when isBehind && reply.Received < other.Match:
                // It began anew, and does not know yet that what it holds is this leader's: told by a probe, as there may be nothing to send.
                other.Become(ProgressState.Probe, other.Match + 1);
                break;
            case ProgressState.Replicate when hasLost:
                other.MovedAt = _now;
                other.Become(ProgressState.Replicate, reply.Received + 1);
                break;
            case ProgressState.Replicate:
                other.Next = Math.Max(other.Next, reply.Received + 1);
                break;
        }

        AdvanceCommit();
        if (_role == RaftRole.Leader && Find(other.Id) is not null)
        {
            Replicate(other);
        }
    }

    private void TakeRefusal(Progress other, RaftMessage.AppendRefusal refusal)
    {
        other.Round = Math.Max(other.Round, refusal.Round);
        var isStale = other.State switch
        {
            ProgressState.Probe => refusal.PreviousIndex != other.Next - 1,
            ProgressState.Replicate => refusal.PreviousIndex <= other.Match || refusal.PreviousIndex >= other.Next,
            _ => true,
        };
        if (isStale)
        {
            return;
        }

        if (other.Match > 0 && refusal.PreviousIndex == other.Match)
        {
            HearAmnesia(other);
        }

        var agreed = _log.NewestUpTo(refusal.HintIndex, refusal.HintTerm);
        other.Become(ProgressState.Probe, Math.Max(other.Match, Math.Min(agreed, refusal.PreviousIndex - 1)) + 1);
        Replicate(other);
    }

    /// <summary>Sends a member what it lacks, as much as may be on its way.</summary>
    private void Replicate(Progress other)
    {
        while (MaySend(other))
        {
            if (_log.TermAt(other.Next - 1) is not { } previousTerm)
            {
                other.Become(ProgressState.Snapshot, other.Next);
                OfferSnapshot(other);
                return;
            }

            var entries = _log.Slice(other.Next, _settings.MessageBytesMax);
            if (entries.Count == 0 && other.Next <= _log.Last)
            {
                Load(other);
                return;
            }

            SendEntries(other, previousTerm, entries);
        }

        TellCommit(other);
    }

    private bool MaySend(Progress other) => !other.IsLoading && other.State switch
    {
        ProgressState.Probe => !other.IsProbing,
        ProgressState.Replicate => other.Next <= _log.Last && other.Inflight < _settings.InflightMax && other.InflightBytes < _settings.InflightBytesMax,
        _ => false,
    };

    private void SendEntries(Progress other, long previousTerm, IReadOnlyList<ConsensusEntry> entries)
    {
        Send(other.Id, new RaftMessage.Append(_term, other.Next - 1, previousTerm, _committed, _round, entries));
        other.SentInRound = _round;
        other.ToldCommit = Math.Max(other.ToldCommit, Math.Min(_committed, other.Next - 1 + entries.Count));
        if (other.State == ProgressState.Probe)
        {
            other.IsProbing = true;
        }
        else
        {
            other.Next += entries.Count;
            other.Sent(other.Next - 1, entries.Sum(entry => entry.Bytes));
        }
    }

    private void Load(Progress other)
    {
        other.IsLoading = true;
        _effects.Add(new ConsensusEffect.Load(other.Id, other.Next, Math.Min(_log.CacheFirst - 1, _log.Last)));
    }

    private void Loaded(KeyId id, IReadOnlyList<ConsensusEntry> entries)
    {
        if (_role != RaftRole.Leader || Find(id) is not { IsLoading: true } other)
        {
            return;
        }

        other.IsLoading = false;
        var next = entries.TakeWhile(entry => _log.TermAt(entry.Index) == entry.Term).Where(entry => entry.Index >= other.Next).ToArray();
        var at = 0;
        while (at < next.Length && next[at].Index == other.Next && MaySend(other) && _log.TermAt(other.Next - 1) is { } previousTerm)
        {
            var (count, bytes) = (1, next[at].Bytes);
            while (at + count < next.Length && (bytes += next[at + count].Bytes) <= _settings.MessageBytesMax)
            {
                count++;
            }

            SendEntries(other, previousTerm, next[at..(at + count)]);
            at += count;
        }

        if (at > 0 || _log.TermAt(other.Next - 1) is null)
        {
            Replicate(other);
        }
    }

    private void OfferSnapshot(Progress other)
    {
        other.SentInRound = _round;
        Send(other.Id, new RaftMessage.SnapshotOffer(_term, _log.Oldest, _round));
    }

    /// <summary>A member that lacks nothing hears at once what is committed, so that it can serve reads that are not old.</summary>
    private void TellCommit(Progress other)
    {
        var commit = Math.Min(_committed, other.Match);
        if (other.State == ProgressState.Replicate && other.Next > _log.Last && commit > other.ToldCommit)
        {
            other.ToldCommit = commit;
            Send(other.Id, new RaftMessage.Heartbeat(_term, commit, _round));
        }
    }

    private void AdvanceCommit()
    {
        if (_role != RaftRole.Leader)
        {
            return;
        }

        var members = _members.Current!;
        _counted.Clear();
        foreach (var voter in members.Voters)
        {
            _counted.Add(voter == _self ? _rules.Acknowledged(_log.Last, _durable) : _others.TryGetValue(voter, out var other) ? other.Match : 0);
        }

        _counted.Sort();
        var index = _counted[members.Voters.Count - members.Majority];
        if (index <= _committed || _log.TermAt(index) is not { } term || !_rules.MayCommitByCounting(term, _term))
        {
            return;
        }

        _committed = index;
        foreach (var other in Told)
        {
            TellCommit(other);
        }

        AnswerReads();
        if (_members.ChangedAt <= _committed && !IsVoter)
        {
            // It led to the end the change that took it out (section 4.2.2).
            BecomeFollower(_term, null);
        }
    }
}
