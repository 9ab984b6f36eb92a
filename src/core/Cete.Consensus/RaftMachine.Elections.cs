using Cete.Core;

namespace Cete.Consensus;

/// <summary>Elections (sections 3.4, 9.6, 4.2.3).</summary>
public sealed partial class RaftMachine
{
    private readonly HashSet<KeyId> _votes = [];
    private readonly List<(long Write, KeyId To, RaftMessage.VoteReply Reply)> _votesToTell = [];
    private Instant _electionDue;
    private Instant? _heardAt;
    private long _candidacyWrite;
    private bool _isByTransfer;

    /// <summary>How long ago the leader was heard of, or this member started.</summary>
    private bool IsBound => _rules.ChecksQuorum
        && (_role == RaftRole.Leader || (_heardAt is { } heard && _rules.IsBoundToLeader(_now - heard, _settings)));

    private void AwaitLeader() => (_isQuiescent, _electionDue) = (false, _now + _settings.ElectionTimeout + Chance(_settings.ElectionTimeout));

    private TimeSpan Chance(TimeSpan most) => TimeSpan.FromMicroseconds(_prng.Next((long)most.TotalMicroseconds + 1));

    /// <summary>
    /// The promise to the leader is kept to its end (section 6.4.1), by all who gave it: an election before that would find no votes. Then chance need not
    /// keep voters apart who all know it at once: they come one after the other, in the order of their ids.
    /// </summary>
    private void PeerGone(KeyId peer)
    {
        if (_role == RaftRole.Leader && _others.ContainsKey(peer))
        {
            Wake();
        }

        if (_role != RaftRole.Follower || _leader != peer || _heardAt is not { } heard)
        {
            return;
        }

        if (!IsVoter)
        {
            RouseVoters();
            return;
        }

        // A twentieth behind the promise, since not all hear a heartbeat at the same moment; a tenth between two of them is time for votes.
        var before = _members.Current!.Voters.Count(voter => voter != peer && voter < _self);
        var due = Instant.Max(heard + (_settings.ElectionTimeout * 21 / 20), _now) + (_settings.ElectionTimeout * before / 10);
        (_isQuiescent, _electionDue) = (false, due < _electionDue ? due : _electionDue);
    }

    private void BeginPreVote()
    {
        if (!_rules.HasPreVote)
        {
            BeginElection(isTransfer: false);
            return;
        }

        (_role, _leader) = (RaftRole.PreCandidate, null);
        AwaitLeader();
        _votes.Clear();
        if (!TakeVote(_self))
        {
            AskForVotes(_term + 1, isPreVote: true);
        }
    }

    private void BeginElection(bool isTransfer)
    {
        Check.That(_role != RaftRole.Leader && IsVoter, "only voters that do not lead ask for votes");
        (_role, _leader, _votedFor, _isByTransfer) = (RaftRole.Candidate, null, _self, isTransfer);
        _term++;
        _votes.Clear();
        AwaitLeader();
        PersistState();
        _candidacyWrite = _write;
        if (_members.Current!.All.Count() == 1)
        {
            // Nobody else could hear anything before it is durable, so the term's first entry goes with it, in one write.
            BecomeLeader();
        }
    }

    /// <summary>Its own vote counts, and others are asked for theirs, once term and vote are durable: so is its whole log by then.</summary>
    private void BeginVoting()
    {
        if (!TakeVote(_self))
        {
            AskForVotes(_term, isPreVote: false);
        }
    }

    private void AskForVotes(long term, bool isPreVote)
    {
        foreach (var voter in _members.Current!.Voters.Where(voter => voter != _self))
        {
            Send(voter, new RaftMessage.VoteRequest(term, _log.Last, _log.LastTerm, isPreVote, _isByTransfer && !isPreVote));
        }
    }

    /// <summary>Whether that made a majority, and so an end of this role.</summary>
    private bool TakeVote(KeyId voter)
    {
        if (_members.Current?.IsVoter(voter) == true)
        {
            _votes.Add(voter);
        }

        if (_votes.Count < _members.Current!.Majority)
        {
            return false;
        }

        if (_role == RaftRole.PreCandidate)
        {
            BeginElection(isTransfer: false);
        }
        else
        {
            BecomeLeader();
        }

        return true;
    }

    private void VoteRequested(KeyId from, RaftMessage.VoteRequest request)
    {
        if (!request.IsTransfer && (IsBound || _isQuiescent))
        {
            if (_members.Current?.Contains(from) == true)
            {
                // Who leads a quiescent group is asked first whether it is there.
                Roused();
            }

            return;
        }

        if (!MayVote)
        {
            return;
        }

        if (!request.IsPreVote && request.Term > _term)
        {
            BecomeFollower(request.Term, null);
        }

        var isUpToDate = _rules.IsUpToDate(request.LastTerm, request.LastIndex, _log.LastTerm, _log.Last);
        if (request.IsPreVote)
        {
            var isGranted = request.Term > _term && isUpToDate;
            Send(from, new RaftMessage.VoteReply(isGranted ? request.Term : Math.Max(_term, 1), isGranted, true));
        }
        else if (request.Term == _term && isUpToDate && _role == RaftRole.Follower && _leader is null && _rules.MayVoteFor(from, _votedFor))
        {
            Vote(from);
        }
        else
        {
            Send(from, new RaftMessage.VoteReply(_term, false, false));
        }
    }

    private void Vote(KeyId candidate)
    {
        AwaitLeader();
        var reply = new RaftMessage.VoteReply(_term, true, false);
        if (_votedFor != candidate)
        {
            _votedFor = candidate;
            PersistState();
        }

        if (_rules.VoteWaitsForDisk && _writes.Count > 0)
        {
            _votesToTell.Add((_write, candidate, reply));
        }
        else
        {
            Send(candidate, reply);
        }
    }

    private void TellVotes(long write)
    {
        foreach (var (_, to, reply) in _votesToTell.Where(vote => vote.Write <= write && vote.Reply.Term == _term))
        {
            Send(to, reply);
        }

        _votesToTell.RemoveAll(vote => vote.Write <= write);
        if (_role == RaftRole.Candidate && _candidacyWrite > 0 && _candidacyWrite <= write)
        {
            _candidacyWrite = 0;
            BeginVoting();
        }
    }

    private void VoteReplied(KeyId from, RaftMessage.VoteReply reply)
    {
        if (reply.IsPreVote && reply.IsGranted)
        {
            if (_role == RaftRole.PreCandidate && reply.Term == _term + 1)
            {
                TakeVote(from);
            }
        }
        else if (reply.Term > _term)
        {
            BecomeFollower(reply.Term, null);
        }
        else if (reply is { IsGranted: true, IsPreVote: false } && reply.Term == _term && _role == RaftRole.Candidate)
        {
            TakeVote(from);
        }
    }
}
