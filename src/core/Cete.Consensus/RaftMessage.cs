namespace Cete.Consensus;

/// <summary>What members of a group say to each other: the messages of the Raft paper (Ongaro, Ousterhout 2014) and dissertation.</summary>
/// <param name="Term">The sender's term; of a pre-vote, the one that it would begin.</param>
public abstract record RaftMessage(long Term)
{
    /// <summary>RequestVote (figure 3.1), and its trial run (pre-vote, section 9.6).</summary>
    /// <param name="Term">See there.</param>
    /// <param name="LastIndex">The candidate's last entry.</param>
    /// <param name="LastTerm">Its term.</param>
    /// <param name="IsPreVote">It only asks whether it would be voted for.</param>
    /// <param name="IsTransfer">The leader itself asked for this election, so its being alive is no reason to refuse.</param>
    public sealed record VoteRequest(long Term, long LastIndex, long LastTerm, bool IsPreVote, bool IsTransfer) : RaftMessage(Term);

    /// <summary>The answer. That of a pre-vote carries the term asked for where it is granted.</summary>
    public sealed record VoteReply(long Term, bool IsGranted, bool IsPreVote) : RaftMessage(Term);

    /// <summary>AppendEntries (figure 3.1), always with at least one entry or as a probe of where the logs agree.</summary>
    /// <param name="Term">See there.</param>
    /// <param name="PreviousIndex">The entry in front of the first.</param>
    /// <param name="PreviousTerm">Its term.</param>
    /// <param name="Commit">How far the leader has committed.</param>
    /// <param name="Round">The newest round of heartbeats, see <see cref="Heartbeat"/>.</param>
    /// <param name="Entries">In order.</param>
    public sealed record Append(
        long Term, long PreviousIndex, long PreviousTerm, long Commit, long Round, IReadOnlyList<ConsensusEntry> Entries) : RaftMessage(Term);

    /// <summary>"I lead." Rounds are numbered, so that the leader knows when it was last believed by a majority (sections 6.2, 6.4).</summary>
    /// <param name="Term">See there.</param>
    /// <param name="Commit">How far the leader has committed of what this member is known to have.</param>
    /// <param name="Round">Its number.</param>
    /// <param name="IsQuiescing">Nothing happens in the group: the next one may be long in coming.</param>
    public sealed record Heartbeat(long Term, long Commit, long Round, bool IsQuiescing = false) : RaftMessage(Term);

    /// <summary>The answer to both, and told again when what was not durable yet is.</summary>
    /// <param name="Term">See there.</param>
    /// <param name="Round">The newest round heard of.</param>
    /// <param name="Received">Up to here the log is the leader's.</param>
    /// <param name="Durable">Up to here that is durable.</param>
    public sealed record AppendReply(long Term, long Round, long Received, long Durable) : RaftMessage(Term);

    /// <summary>The log does not hold the entry in front of the first, or another one in its place.</summary>
    /// <param name="Term">See there; a newer one tells an old leader that it is one.</param>
    /// <param name="Round">As above.</param>
    /// <param name="PreviousIndex">The index that was refused.</param>
    /// <param name="HintIndex">The newest index in front of it that may agree.</param>
    /// <param name="HintTerm">The term of that entry.</param>
    public sealed record AppendRefusal(long Term, long Round, long PreviousIndex, long HintIndex, long HintTerm) : RaftMessage(Term);

    /// <summary>InstallSnapshot (section 5.3), without the snapshot: the member fetches that itself, piece by piece.</summary>
    /// <param name="Term">See there.</param>
    /// <param name="Index">The leader's log begins behind it.</param>
    /// <param name="Round">As above.</param>
    public sealed record SnapshotOffer(long Term, long Index, long Round) : RaftMessage(Term);

    /// <summary>
    /// "You had acknowledged this entry to me, and then refused it": that member's state is older than what it said. It is no part of the
    /// dissertation, which takes for granted that what is durable stays so.
    /// </summary>
    /// <param name="Term">See there.</param>
    /// <param name="Index">The newest entry that it had acknowledged.</param>
    /// <param name="IndexTerm">The term of that entry; 0 where the leader does not know it any more.</param>
    public sealed record Forgotten(long Term, long Index, long IndexTerm) : RaftMessage(Term);

    /// <summary>TimeoutNow (section 3.10): begin an election at once.</summary>
    public sealed record TimeoutNow(long Term) : RaftMessage(Term);

    /// <summary>The sender finds no leader: a quiescent one is to be heard, and whoever is quiescent to ask it (no part of the dissertation).</summary>
    public sealed record Rouse(long Term) : RaftMessage(Term);

    /// <summary>Null when it can be believed to be of the protocol; else what is wrong with it. What is sound may be a lie all the same.</summary>
    public string? Unsound() => this switch
    {
        { Term: < 1 or > TermMax } => "a term out of its range",
        VoteRequest { LastIndex: < 0 } or VoteRequest { LastTerm: < 0 } => "a negative index",
        VoteRequest request when request.LastTerm > request.Term => "an entry of a later term",
        Append append => UnsoundEntries(append),
        Heartbeat { Commit: < 0 } or Heartbeat { Round: < 0 } => "a negative index",
        AppendReply reply when reply.Durable < 0 || reply.Received < reply.Durable || reply.Round < 0 => "more durable than received",
        AppendRefusal refusal when refusal.HintIndex < 0 || refusal.HintIndex >= refusal.PreviousIndex || refusal.HintTerm < 0 => "a hint that leads nowhere",
        SnapshotOffer { Index: < 0 } => "a negative index",
        Forgotten { Index: < 1 or > TermMax } or Forgotten { IndexTerm: < 0 } => "an entry that nobody can have",
        Forgotten forgotten when forgotten.IndexTerm > forgotten.Term => "an entry of a later term",
        _ => null,
    };

    /// <summary>Terms and indexes stay far from overflow: at 1,000,000 a second this is more than 100,000 years.</summary>
    public const long TermMax = long.MaxValue / 2;

    private static string? UnsoundEntries(Append append)
    {
        if (append.PreviousIndex < 0 || append.PreviousIndex > TermMax || append.PreviousTerm < 0 || append.Commit < 0 || append.Round < 0)
        {
            return "a negative index";
        }

        var (index, term) = (append.PreviousIndex, append.PreviousTerm);
        foreach (var entry in append.Entries)
        {
            if (entry.Index != index + 1 || entry.Term < term || entry.Term > append.Term)
            {
                return "entries out of order";
            }

            (index, term) = (entry.Index, entry.Term);
        }

        return null;
    }
}
