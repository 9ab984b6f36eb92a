using Cete.Core;

namespace Cete.Consensus;

/// <summary>Reads that see everything answered before them: by a round of heartbeats (section 6.4), or by lease (6.4.1).</summary>
public sealed partial class RaftMachine
{
    /// <summary>Reads that wait at once: a group whose queue is full has more than a second of them.</summary>
    private const int ReadsMax = Limits.ProposalsMax;

    private readonly Queue<(long Token, long Round)> _reads = new();
    private readonly Queue<(long Round, Instant At)> _roundsBegun = new();
    private long _confirmedRound;
    private Instant? _leaseFrom;
    private bool _isLeaseGivenUp;

    private bool HasCommittedInTerm => _committed >= _openingIndex;

    private bool HasLease => _settings.ReadsByLease && !_isLeaseGivenUp && _leaseFrom is { } from && _now - from < _rules.Lease(_settings);

    private void Read(long token)
    {
        if (_role != RaftRole.Leader || _reads.Count >= ReadsMax)
        {
            _effects.Add(new ConsensusEffect.ReadFailed(token));
            return;
        }

        Wake();
        if (HasCommittedInTerm && (HasLease || !_rules.ReadNeedsRound || _others.Count == 0))
        {
            _effects.Add(new ConsensusEffect.ReadReady(token, _committed));
            return;
        }

        if (_round == _confirmedRound)
        {
            BeginRound();
            _reads.Enqueue((token, _round));
            ConfirmRounds();
        }
        else
        {
            // A round that is under way began before this read: it needs the next one, which many such reads share.
            _reads.Enqueue((token, _round + 1));
        }
    }

    /// <summary>Asks all members whether this one still leads.</summary>
    private void BeginRound()
    {
        _round++;
        _heartbeatDue = _now + _settings.HeartbeatInterval;
        _roundsBegun.Enqueue((_round, _now));
        LetGo();
        var tellsToQuiesce = TellsToQuiesce();
        foreach (var other in Told)
        {
            if (other.State == ProgressState.Snapshot)
            {
                OfferSnapshot(other);
            }
            else
            {
                var commit = Math.Min(_committed, other.Match);
                other.ToldCommit = Math.Max(other.ToldCommit, commit);
                Send(other.Id, new RaftMessage.Heartbeat(_term, commit, _round, tellsToQuiesce));
            }
        }

        ConfirmRounds();
        QuiesceWhenAllKnow();
    }

    private void ConfirmRounds()
    {
        if (_role != RaftRole.Leader)
        {
            return;
        }

        var members = _members.Current!;
        _counted.Clear();
        foreach (var voter in members.Voters)
        {
            _counted.Add(voter == _self ? _round : _others.TryGetValue(voter, out var other) ? other.Round : 0);
        }

        _counted.Sort();
        var round = _counted[members.Voters.Count - members.Majority];
        if (round > _confirmedRound)
        {
            _confirmedRound = round;
            while (_roundsBegun.TryPeek(out var begun) && begun.Round <= round)
            {
                _leaseFrom = begun.At;
                _roundsBegun.Dequeue();
            }
        }

        AnswerReads();
    }

    private void AnswerReads()
    {
        while (HasCommittedInTerm && _reads.TryPeek(out var read) && read.Round <= _confirmedRound)
        {
            _reads.Dequeue();
            _effects.Add(new ConsensusEffect.ReadReady(read.Token, _committed));
        }

        if (_reads.TryPeek(out var next) && next.Round > _round)
        {
            BeginRound();
        }
    }

    private void FailReads()
    {
        while (_reads.TryDequeue(out var read))
        {
            _effects.Add(new ConsensusEffect.ReadFailed(read.Token));
        }
    }
}
