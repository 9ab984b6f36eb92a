namespace Cete.Consensus;

/// <summary>
/// Amnesia: a member that begins with an older state than it had acknowledged, mostly a data folder brought back from a copy. Raft holds only
/// where what was acknowledged is kept (section 3.8), so such a member must neither vote nor be read from until it has it all again.
/// </summary>
/// <remarks>
/// A voter cannot see by itself that its disk is of yesterday. So it begins unvouched where there are others: it becomes vouched when these had the
/// chance to tell it what it said before its start (<see cref="ConsensusInput.Vouched"/>), or when a leader has brought it up to an entry of that
/// leader's own term: all that any leader ever committed stands in front of that one (section 3.6.3), and a leader sends nothing from further back
/// than what it counts as acknowledged. Who was told that it forgot something needs the latter.
/// </remarks>
public sealed partial class RaftMachine
{
    private bool _isVouched = true;
    private bool _hasAgreed;
    private long _forgotten;
    private long _startTerm;
    private (long Term, long Last) _begun;
    private long _foundOld;

    /// <summary>It was trusted since its start: what it lacked before does not count any more.</summary>
    private bool _isBroughtUp;

    /// <summary>What a leader had compacted away and this member holds all the same, by a snapshot or since it is committed.</summary>
    private long _installed;

    /// <summary>It was not refuted that its state is as new as what it said before its start: it may vote.</summary>
    public bool IsVouched => _isVouched && _forgotten == 0;

    /// <summary>
    /// Its state is an older one than it had acknowledged, and it is to hold the log up to here again, at least; null when nothing is known to be
    /// missing.
    /// </summary>
    public long? Forgotten => _forgotten > 0 ? _forgotten : null;

    /// <summary>Up to where it had acknowledged the log, at least, when it began with less; null when that is not known of it. It stays.</summary>
    public long? FoundOld => _foundOld > 0 ? _foundOld : null;

    /// <summary>It may vote and ask for votes.</summary>
    private bool MayVote => IsVouched || !_rules.AwaitsVouching;

    /// <summary>
    /// What it says that it has. One that is not vouched says less until it agreed with this leader: so it is asked whether it holds all that the
    /// leader takes for acknowledged.
    /// </summary>
    private long ToldReceived => MayVote || _hasAgreed ? _received : Math.Min(_installed, _received);

    private void BeginVouching(ConsensusInput.Start start)
    {
        (_startTerm, _isBroughtUp, _begun) = (start.Term, start.IsVouched, (start.Term, start.Log.Last));
        _isVouched = start.IsVouched || (IsVoter && _members.Current!.All.Count() == 1);
    }

    /// <summary>A voter by itself with mirrors that nobody hears of goes on after a while: there may be none left.</summary>
    private bool MayCampaign()
    {
        if (!_isVouched && _forgotten == 0 && _members.Current!.Majority == 1)
        {
            _isVouched = true;
        }

        if (!MayVote)
        {
            // Soon after it is vouched for, at a time of its own.
            _electionDue = _now + _settings.HeartbeatInterval
                + TimeSpan.FromMicroseconds(_prng.Next((long)_settings.HeartbeatInterval.TotalMicroseconds + 1));
        }

        return MayVote;
    }

    /// <summary>The others had the chance to say what this member said before its start. Who forgot something needs a leader all the same.</summary>
    private void Vouch()
    {
        if (_forgotten > 0 || _isVouched)
        {
            return;
        }

        _isVouched = true;
        if (_role == RaftRole.Follower && _leader is null && IsVoter && _members.Current!.Majority == 1)
        {
            BeginElection(isTransfer: false);
        }
    }

    /// <summary>Others remember that this member was in a term, and held the log up to an index, durably.</summary>
    private void Remember(ConsensusInput.Remembered remembered)
    {
        var (term, index) = (remembered.Term, remembered.Index);
        if (term > RaftMessage.TermMax || index > RaftMessage.TermMax)
        {
            return;
        }

        if (term > _begun.Term || index > _begun.Last)
        {
            // A leader may have brought it up to date before anybody could say so.
            _foundOld = Math.Max(_foundOld, Math.Max(1, index));
        }

        var isTermLost = term > _startTerm;
        if (isTermLost && term >= _term && _role != RaftRole.Leader)
        {
            SpendVote(term);
        }

        if (isTermLost || index > _log.Last || (remembered.HasForgotten && !_isBroughtUp))
        {
            Forget(index);
        }
    }

    private void Forget(long index)
    {
        if (_role == RaftRole.Leader)
        {
            // A majority vouched for it.
            return;
        }

        (_isVouched, _forgotten) = (false, Math.Max(_forgotten, Math.Max(1, index)));
        _foundOld = Math.Max(_foundOld, _forgotten);
        if (_role != RaftRole.Follower)
        {
            BecomeFollower(_term, null);
        }
    }

    /// <summary>Whoever it voted for in this term is not known any more, so it is nobody's vote now.</summary>
    private void SpendVote(long term)
    {
        if (term > _term)
        {
            BecomeFollower(term, null);
        }

        if (_votedFor is null)
        {
            _votedFor = _leader ?? _self;
            PersistState();
        }
    }

    /// <summary>A leader says that this member had acknowledged an entry, and then refused it.</summary>
    private void HearForgotten(RaftMessage.Forgotten told)
    {
        var isHeld = told.Index <= _log.Base || (told.IndexTerm == 0 ? told.Index <= _log.Last : _log.TermAt(told.Index) == told.IndexTerm);
        if (!isHeld)
        {
            Forget(told.Index);
        }
    }

    /// <summary>Whether a leader has brought it to where it may be trusted again.</summary>
    private void TakeVouching()
    {
        if (IsVouched || !_hasAgreed || _leader is null || _role != RaftRole.Follower || _commitTold < _forgotten || _log.TermAt(_commitTold) != _term)
        {
            return;
        }

        (_isVouched, _forgotten, _isBroughtUp, _startTerm) = (true, 0, true, _term);
        SpendVote(_term);
    }

    /// <summary>A member refuses what it had acknowledged to this leader: it lost it. What is committed stays so, and the member gets it again.</summary>
    private void HearAmnesia(Progress other)
    {
        (other.Forgotten, other.ForgottenTerm) = (other.Match, _log.TermAt(other.Match) ?? 0);
        (other.Match, other.Received, other.ToldCommit) = (0, 0, 0);
        TellForgotten(other);
    }

    /// <summary>Once a round, until it holds that again: the word may be lost, and the member may begin anew before it has heard it.</summary>
    private void TellForgotten(Progress other)
    {
        if (other.Match >= other.Forgotten)
        {
            other.Forgotten = 0;
        }
        else if (other.ToldForgottenIn != _round)
        {
            other.ToldForgottenIn = _round;
            Send(other.Id, new RaftMessage.Forgotten(_term, other.Forgotten, other.ForgottenTerm));
        }
    }
}
