using System.Diagnostics.CodeAnalysis;
using Cete.Core;

namespace Cete.Consensus;

/// <summary>
/// The rules that safety hangs on, each where the dissertation states it (Ongaro 2014). They stand here by themselves so that tests can break one
/// at a time, and show that they notice.
/// </summary>
[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "tests derive from it, to break a rule")]
internal class RaftRules
{
    public static readonly RaftRules Published = new();

    /// <summary>One vote a term (section 3.4).</summary>
    public virtual bool MayVoteFor(KeyId candidate, KeyId? votedFor) => votedFor is null || votedFor == candidate;

    /// <summary>Only for one whose log holds whatever may be committed (section 3.6.1).</summary>
    public virtual bool IsUpToDate(long lastTerm, long lastIndex, long ownTerm, long ownIndex) =>
        lastTerm > ownTerm || (lastTerm == ownTerm && lastIndex >= ownIndex);

    /// <summary>Entries of earlier terms are committed only by one of the own term (section 3.6.2).</summary>
    public virtual bool MayCommitByCounting(long entryTerm, long term) => entryTerm == term;

    /// <summary>What is acknowledged is durable (section 3.8).</summary>
    public virtual long Acknowledged(long received, long durable) => Math.Min(received, durable);

    /// <summary>A vote is durable before it is told (section 3.8).</summary>
    public virtual bool VoteWaitsForDisk => true;

    /// <summary>A trial run first, so that one that was cut off does not disturb the others when it is back (section 9.6).</summary>
    public virtual bool HasPreVote => true;

    /// <summary>No vote while a leader was heard of, as leases and removed servers demand (sections 4.2.3, 6.4.1).</summary>
    public virtual bool IsBoundToLeader(TimeSpan sinceHeard, RaftSettings settings) => sinceHeard < settings.ElectionTimeout;

    /// <summary>How long a majority's answer lets a leader read alone (section 6.4.1).</summary>
    public virtual TimeSpan Lease(RaftSettings settings) => settings.Lease;

    /// <summary>A leader that no majority answers is none (section 6.2).</summary>
    public virtual bool ChecksQuorum => true;

    /// <summary>
    /// Members change one step at a time, and only after the leader committed in its own term: the flaw of the first publication and its mend
    /// (Ongaro, "bug in single-server membership changes", raft-dev 2015-07-10).
    /// </summary>
    public virtual bool MayChangeMembers(bool committedInTerm, bool changeUnderWay, bool isOneStep) => committedInTerm && !changeUnderWay && isOneStep;

    /// <summary>The entry in front of the first has to agree (log matching, section 3.5).</summary>
    public virtual bool Agrees(long? ownTerm, long previousTerm) => ownTerm == previousTerm;

    /// <summary>A member whose state may be older than what it acknowledged votes for nobody (the premise of section 3.8).</summary>
    public virtual bool AwaitsVouching => true;

    /// <summary>A read waits until a majority answered a round that began after it (section 6.4).</summary>
    public virtual bool ReadNeedsRound => true;

    /// <summary>A leader falls silent when all others know that it will: else they take it for lost.</summary>
    public virtual bool MayQuiesce(bool allKnow) => allKnow;
}
