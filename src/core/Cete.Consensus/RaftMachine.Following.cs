using Cete.Core;

namespace Cete.Consensus;

/// <summary>Taking over what a leader says (section 3.5).</summary>
public sealed partial class RaftMachine
{
    /// <summary>Up to here the log is the leader's, for certain.</summary>
    private long _received;

    /// <summary>Follower: the newest round heard of. Leader: the newest round begun.</summary>
    private long _round;

    private void Follow(KeyId leader, RaftMessage message)
    {
        _heardAt = _now;
        AwaitLeader();
        switch (message)
        {
            case RaftMessage.Heartbeat heartbeat:
                var isNewRound = heartbeat.Round > _round;
                _round = Math.Max(_round, heartbeat.Round);
                LearnCommit(heartbeat.Commit);
                if (isNewRound)
                {
                    Quiesce(heartbeat);

                    // Another one of a round only tells what is committed; should the answer to the first be lost, the next round asks again.
                    SendReply(leader);
                }

                break;
            case RaftMessage.Append append:
                _round = Math.Max(_round, append.Round);
                TakeEntries(leader, append);
                break;
            case RaftMessage.SnapshotOffer offer:
                _round = Math.Max(_round, offer.Round);
                _installed = offer.Index <= _committed ? Math.Max(_installed, offer.Index) : _installed;
                SendReply(leader);
                if (offer.Index > _committed)
                {
                    _effects.Add(new ConsensusEffect.FetchSnapshot(leader, offer.Index));
                }

                break;
            case RaftMessage.Forgotten forgotten:
                HearForgotten(forgotten);
                break;
            case RaftMessage.TimeoutNow when IsVoter && MayVote:
                BeginElection(isTransfer: true);
                break;
        }
    }

    private void TakeEntries(KeyId leader, RaftMessage.Append append)
    {
        // What is gone from the log was committed, so it agrees with every leader.
        var previousTerm = _log.TermAt(append.PreviousIndex);
        if ((previousTerm is not null || append.PreviousIndex > _log.Base) && !_rules.Agrees(previousTerm, append.PreviousTerm))
        {
            Refuse(leader, append);
            return;
        }

        var last = append.PreviousIndex + append.Entries.Count;
        var known = 0;
        while (known < append.Entries.Count && append.Entries[known] is var entry && entry.Index <= _log.Last
            && (_log.TermAt(entry.Index) is not { } term || term == entry.Term))
        {
            known++;
        }

        if (known == append.Entries.Count)
        {
            _hasAgreed = true;
            _received = Math.Max(_received, Math.Min(last, _log.Last));
            LearnCommit(append.Commit);
            SendReply(leader);
            return;
        }

        var first = append.Entries[known].Index;
        if (first <= _committed)
        {
            Suspect(leader, $"another entry {first} than the one that is committed");
            return;
        }

        if (first > _log.Last + 1)
        {
            Refuse(leader, append);
            return;
        }

        if (first <= _log.Last)
        {
            CutBack(first - 1);
        }

        Persist(known == 0 ? append.Entries : [.. append.Entries.Skip(known)]);
        (_received, _hasAgreed) = (last, true);
        LearnCommit(append.Commit);
        if (_rules.Acknowledged(_received, _durable) == _received)
        {
            SendReply(leader);
        }
    }

    private void Refuse(KeyId leader, RaftMessage.Append append)
    {
        if (append.PreviousIndex <= _committed)
        {
            Suspect(leader, $"another entry {append.PreviousIndex} than the one that is committed");
            return;
        }

        var hint = _log.NewestUpTo(append.PreviousIndex - 1, append.PreviousTerm);
        Send(leader, new RaftMessage.AppendRefusal(_term, _round, append.PreviousIndex, hint, _log.TermAt(hint) ?? append.PreviousTerm));
    }

    private void LearnCommit(long commit) => _committed = Math.Max(_committed, Math.Min(commit, _received));

    private void SendReply(KeyId leader) =>
        Send(leader, new RaftMessage.AppendReply(_term, _round, ToldReceived, _rules.Acknowledged(ToldReceived, _durable)));

    private void SnapshotInstalled(long index, long term, Members members)
    {
        if (index <= _commitTold)
        {
            return;
        }

        if (_log.TermAt(index) != term)
        {
            _log.Reset(index, term);
            _members.Reset(index, members);
            _effects.Add(new ConsensusEffect.ResetLog(++_write, index, term));
            _writes.Clear();
            _writes.Add((_write, index));
            (_durable, _received) = (0, index);
        }

        (_committed, _commitTold, _installed) = (Math.Max(_committed, index), index, index);
        _received = Math.Max(_received, index);
        if (_leader is { } leader && leader != _self)
        {
            SendReply(leader);
        }
    }
}
