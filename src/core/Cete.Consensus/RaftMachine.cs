using Cete.Core;

namespace Cete.Consensus;

/// <summary>What a member of a group is in a term.</summary>
public enum RaftRole
{
    /// <summary>It takes what the leader says; a learner is always one.</summary>
    Follower,

    /// <summary>It asks whether it would be voted for.</summary>
    PreCandidate,

    /// <summary>It asks to be voted for.</summary>
    Candidate,

    /// <summary>It orders what is proposed.</summary>
    Leader,
}

/// <summary>
/// One member of a Raft group (Ongaro 2014, dissertation; section numbers are its). What it persists becomes durable later, in order: it goes on
/// meanwhile, and holds back what others may only hear after that. Its time is monotonic.
/// </summary>
public sealed partial class RaftMachine : IMachine<ConsensusInput, ConsensusEffect>
{
    /// <summary>A term so far ahead is no term that a group came to: whoever says it would make all terms run out.</summary>
    private const long TermStepMax = 1L << 32;

    private readonly KeyId _self;
    private readonly RaftSettings _settings;
    private readonly RaftRules _rules;
    private readonly Prng _prng;
    private readonly List<(long Write, long Last)> _writes = [];
    private RaftLog _log = null!;
    private MembersLog _members = null!;
    private EffectSink<ConsensusEffect> _effects = null!;
    private Instant _now;
    private bool _isStarted;
    private RaftRole _role;
    private long _term;
    private KeyId? _votedFor;
    private KeyId? _leader;
    private long _write;
    private long _durable;
    private long _committed;
    private long _commitTold;
    private (RaftRole Role, long Term, KeyId? Leader, bool TakesProposals) _told;

    /// <param name="self">This node.</param>
    /// <param name="settings">How eager it is.</param>
    /// <param name="seed">Of its random choices: when it begins elections.</param>
    public RaftMachine(KeyId self, RaftSettings settings, ulong seed)
        : this(self, settings, seed, RaftRules.Published)
    {
    }

    internal RaftMachine(KeyId self, RaftSettings settings, ulong seed, RaftRules rules)
    {
        settings.Validate();
        (_self, _settings, _prng, _rules) = (self, settings, new Prng(seed), rules);
    }

    public RaftRole Role => _role;

    public long Term => _term;

    /// <summary>Who leads in this term, as far as is known here.</summary>
    public KeyId? Leader => _leader;

    /// <summary>Who the members are, as this one's log has it; null when it was never told.</summary>
    public Members? Members => _isStarted ? _members.Current : null;

    /// <summary>Where its log ends.</summary>
    public long LastIndex => _log.Last;

    /// <summary>How far it knows that the group has committed.</summary>
    public long CommitIndex => _committed;

    /// <summary>It leads and takes proposals: it is not handing over.</summary>
    public bool TakesProposals => _role == RaftRole.Leader && _transferTo is null;

    /// <summary>
    /// A write that fails takes nothing from it but what it was to write: nobody else has any of that, so the next entries may take its place.
    /// Otherwise the machine ends with it, and another one starts from what the disk holds.
    /// </summary>
    public bool BearsFailedWrites => _role == RaftRole.Leader && HasCommittedInTerm && _members.Current!.All.Count() == 1;

    /// <summary>When <see cref="ConsensusInput.Tick"/> is due; null when nothing is to be waited for.</summary>
    public Instant? NextDeadline => !_isStarted ? null : _role == RaftRole.Leader ? LeaderDeadline : IsVoter || LacksLeader ? _electionDue : null;

    private bool IsVoter => _members.Current?.IsVoter(_self) == true;

    /// <summary>It does not vote, and knows of nobody who leads: the leader may not know that there is somebody to be told.</summary>
    private bool LacksLeader => _leader is null && _members.Current?.Contains(_self) == true && !IsVoter;

    /// <summary>Entries from memory, for applying them: up to some bytes but at least one; empty when the first is on the disk alone.</summary>
    public IReadOnlyList<ConsensusEntry> Recent(long from, int bytesMax) => _log.Slice(from, bytesMax);

    public void Step(in ConsensusInput input, Instant now, EffectSink<ConsensusEffect> effects)
    {
        (_now, _effects) = (now, effects);
        if (input is ConsensusInput.Start start)
        {
            Begin(start);
        }
        else
        {
            Check.That(_isStarted, "a member is started before it is told anything");
            Take(input);
        }

        Settle();
    }

    private void Take(ConsensusInput input)
    {
        switch (input)
        {
            case ConsensusInput.Tick:
                Tick();
                break;
            case ConsensusInput.Propose propose:
                Propose(propose.Commands);
                break;
            case ConsensusInput.ChangeMembers change:
                ChangeMembers(change.Members);
                break;
            case ConsensusInput.Read read:
                Read(read.Token);
                break;
            case ConsensusInput.Transfer transfer:
                Transfer(transfer.To);
                break;
            case ConsensusInput.Received received:
                Receive(received.From, received.Message);
                break;
            case ConsensusInput.PeerGone gone:
                PeerGone(gone.Peer);
                break;
            case ConsensusInput.Vouched:
                Vouch();
                break;
            case ConsensusInput.Remembered remembered:
                Remember(remembered);
                break;
            case ConsensusInput.Persisted persisted:
                Persisted(persisted.Write);
                break;
            case ConsensusInput.PersistFailed:
                Check.That(BearsFailedWrites, "others may have what could not be written here");
                _writes.Clear();
                CutBack(_durable);
                break;
            case ConsensusInput.Loaded loaded:
                Loaded(loaded.For, loaded.Entries);
                break;
            case ConsensusInput.SnapshotInstalled installed:
                SnapshotInstalled(installed.Index, installed.Term, installed.Members);
                break;
            case ConsensusInput.Compacted compacted:
                _log.Compact(Math.Min(compacted.Index, _commitTold));
                break;
        }
    }

    private void Begin(ConsensusInput.Start start)
    {
        Check.That(!_isStarted, "a member starts once");
        Check.That(start.Log.Fits(start.Applied), "the store is not ahead of its log, nor behind its beginning");
        _isStarted = true;
        (_term, _votedFor) = (start.Term, start.VotedFor);
        _log = new RaftLog(start.Log);
        _members = new MembersLog(start.Applied, start.Members, start.LaterMembers);
        (_durable, _committed, _commitTold, _received) = (start.Log.Last, start.Applied, start.Applied, start.Applied);
        if (_log.LastTerm > _term)
        {
            // A snapshot was durable before the term in which it was fetched. Nobody was told anything in that term.
            (_term, _votedFor) = (_log.LastTerm, null);
            PersistState();
        }

        BeginVouching(start);
        if (IsVoter && _members.Current!.Majority == 1)
        {
            _electionDue = _now + _settings.VouchTimeout;
            if (MayVote)
            {
                BeginElection(isTransfer: false);
            }

            return;
        }

        // It may have heard of a leader just before it went, even when no term was durable by then: until that promise has run out, it votes
        // for nobody (section 6.4.1).
        _heardAt = _now;
        AwaitLeader();
    }

    private void Tick()
    {
        if (_role == RaftRole.Leader)
        {
            TickLeader();
        }
        else if (IsVoter && _now >= _electionDue && MayCampaign())
        {
            BeginPreVote();
        }
        else if (LacksLeader && _now >= _electionDue)
        {
            RouseVoters();
        }
    }

    private void Receive(KeyId from, RaftMessage message)
    {
        if (message.Unsound() is { } what)
        {
            Suspect(from, what);
            return;
        }

        if (message.Term > _term + TermStepMax)
        {
            Suspect(from, $"term {message.Term}, where this one is at {_term}");
            return;
        }

        switch (message)
        {
            case RaftMessage.VoteRequest request:
                VoteRequested(from, request);
                break;
            case RaftMessage.VoteReply reply:
                VoteReplied(from, reply);
                break;
            case RaftMessage.Rouse:
                if (_members.Current?.Contains(from) == true)
                {
                    Roused();
                }

                break;
            case RaftMessage.AppendReply or RaftMessage.AppendRefusal:
                if (message.Term > _term)
                {
                    BecomeFollower(message.Term, null);
                }
                else if (message.Term == _term && _role == RaftRole.Leader)
                {
                    Replied(from, message);
                }

                break;
            default:
                if (IsFromLeader(from, message))
                {
                    Follow(from, message);
                }

                break;
        }
    }

    /// <summary>Takes note of a newer term or of its leader; false for what an old leader said.</summary>
    private bool IsFromLeader(KeyId from, RaftMessage message)
    {
        if (message.Term < _term)
        {
            if (message is not RaftMessage.TimeoutNow)
            {
                // With the newer term in it, it learns that it leads no more.
                Send(from, new RaftMessage.AppendRefusal(_term, 0, 1, 0, 0));
            }

            return false;
        }

        if (message.Term == _term && (_role == RaftRole.Leader || (_leader is { } leader && leader != from)))
        {
            Suspect(from, $"it leads in term {_term}, in which there is another leader");
            return false;
        }

        if (message.Term > _term || _role != RaftRole.Follower || _leader is null)
        {
            BecomeFollower(message.Term, from);
        }

        return true;
    }

    private void BecomeFollower(long term, KeyId? leader)
    {
        if (term > _term)
        {
            (_term, _votedFor) = (term, null);
            PersistState();
        }

        if (_role == RaftRole.Leader)
        {
            StopLeading();
        }

        (_role, _leader, _received, _round, _hasAgreed) = (RaftRole.Follower, leader, _committed, 0, false);
        AwaitLeader();
    }

    private void Persisted(long write)
    {
        Check.That(write <= _write, "what was not asked for cannot be durable");
        var durable = _durable;
        var done = 0;
        while (done < _writes.Count && _writes[done].Write <= write)
        {
            _durable = Math.Max(_durable, _writes[done++].Last);
        }

        _writes.RemoveRange(0, done);
        TellVotes(write);
        if (_role == RaftRole.Leader)
        {
            AdvanceCommit();
        }
        else if (_durable > durable && _leader is { } leader)
        {
            SendReply(leader);
        }
    }

    private void PersistState()
    {
        _effects.Add(new ConsensusEffect.PersistState(++_write, _term, _votedFor));
        _writes.Add((_write, 0));
    }

    private void Persist(IReadOnlyList<ConsensusEntry> entries)
    {
        foreach (var entry in entries)
        {
            _log.Append(entry);
            _members.Add(entry);
        }

        _effects.Add(new ConsensusEffect.Append(++_write, entries));
        _writes.Add((_write, _log.Last));
    }

    /// <summary>What stands behind an index is overwritten; it was not committed.</summary>
    private void CutBack(long last)
    {
        Check.That(last >= _commitTold, "what is committed stays");
        _log.CutBack(last);
        _members.CutBack(last);
        _durable = Math.Min(_durable, last);
        for (var i = 0; i < _writes.Count; i++)
        {
            _writes[i] = (_writes[i].Write, Math.Min(_writes[i].Last, last));
        }
    }

    /// <summary>Tells what came of the step.</summary>
    private void Settle()
    {
        var commit = Math.Min(_rules.Acknowledged(_committed, _durable), _log.Last);
        if (commit > _commitTold)
        {
            _commitTold = commit;
            _members.Settle(commit);
            _effects.Add(new ConsensusEffect.Commit(commit));
        }

        TakeVouching();
        _log.Trim(Math.Min(_commitTold, _log.Last), _settings.CacheBytesMax);
        var now = (_role, _term, _leader, TakesProposals);
        if (now != _told)
        {
            _told = now;
            _effects.Add(ConsensusEffect.RoleChanged.Instance);
        }
    }

    private void Send(KeyId to, RaftMessage message) => _effects.Add(new ConsensusEffect.Send(to, message));

    private void Suspect(KeyId who, string what) => _effects.Add(new ConsensusEffect.Misbehaved(who, what));
}
