using Cete.Consensus;
using Cete.Core;
using Cete.Simulation.World;

namespace Cete.Simulation.Consensus;

/// <summary>A rule that is broken, and the scenario that is to notice.</summary>
/// <param name="Rule">Its name in <see cref="RaftRules"/>, with what is wrong.</param>
/// <param name="Rules">The rules with that one broken.</param>
/// <param name="Scenario">The name of the scenario.</param>
/// <param name="SeedsMost">So many seeds are tried at most.</param>
/// <param name="Run">Runs the scenario with such rules.</param>
internal sealed record RaftMutation(string Rule, RaftRules Rules, string Scenario, int SeedsMost, Action<SimWorld, RaftRules> Run)
{
    public static IReadOnlyList<RaftMutation> All { get; } =
    [
        new("MayVoteFor: as often as asked", new VotesTwice(), "raft", 300, RaftScenarios.Faults),
        new("IsUpToDate: always", new VotesForAnyLog(), "raft", 300, RaftScenarios.Faults),
        new("MayCommitByCounting: entries of earlier terms", new CommitsByCounting(), "raft-elections", 2_000, RaftScenarios.Elections),
        new("Acknowledged: before the sync", new AcknowledgesAtOnce(), "raft", 300, RaftScenarios.Faults),
        new("VoteWaitsForDisk: no", new VotesAtOnce(), "raft", 2_000, RaftScenarios.Faults),
        new("Agrees: always", new AgreesAlways(), "raft", 300, RaftScenarios.Faults),
        new("MayChangeMembers: while a change is under way", new ChangesTwice(), "raft-elections", 2_000, RaftScenarios.Elections),
        new("MayChangeMembers: before an entry of the term is committed", new ChangesBeforeCommit(), "raft-elections", 2_000, RaftScenarios.Elections),
        new("MayChangeMembers: more than one voter", new ChangesMany(), "raft-members", 300, RaftScenarios.Members),
        new("Lease: without a margin", new LeaseWithoutMargin(), "raft-reads", 2_000, RaftScenarios.Reads),
        new("ReadNeedsRound: no", new ReadsAtOnce(), "raft-reads", 300, RaftScenarios.Reads),
        new("AwaitsVouching: no", new VotesForgetful(), "raft-copies", 300, RaftScenarios.Copies),
        new("HasPreVote: no", new NoPreVote(), "raft-calm", 20, RaftScenarios.Calm),
        new("IsBoundToLeader: never", new NotBound(), "raft-calm", 20, RaftScenarios.Calm),
        new("ChecksQuorum: no", new NoQuorum(), "raft-calm", 20, RaftScenarios.Calm),
        new("MayQuiesce: before all know", new QuiescesAtOnce(), "raft-quiet", 20, RaftQuiescence.Quiet),
    ];

    /// <summary>How many seeds it took, and what the last one said; null when none of them noticed.</summary>
    /// <param name="first">A seed that is tried before all others, as it noticed once.</param>
    public (int Seeds, string Said)? Caught(int first = 0)
    {
        var broken = Cete.Simulation.Scenario.Of(Scenario, "nothing", SeedsMost, world => Run(world, Rules));
        foreach (var seed in Enumerable.Range(0, SeedsMost).Prepend(first))
        {
            if (broken.Failure((ulong)seed, TextWriter.Null) is { } error)
            {
                return (seed + 1, error.InnerException?.Message ?? error.Message);
            }
        }

        return null;
    }

    public override string ToString() => Rule;

    private sealed class VotesTwice : RaftRules
    {
        public override bool MayVoteFor(KeyId candidate, KeyId? votedFor) => true;
    }

    private sealed class VotesForAnyLog : RaftRules
    {
        public override bool IsUpToDate(long lastTerm, long lastIndex, long ownTerm, long ownIndex) => true;
    }

    private sealed class CommitsByCounting : RaftRules
    {
        public override bool MayCommitByCounting(long entryTerm, long term) => true;
    }

    private sealed class AcknowledgesAtOnce : RaftRules
    {
        public override long Acknowledged(long received, long durable) => received;
    }

    private sealed class VotesAtOnce : RaftRules
    {
        public override bool VoteWaitsForDisk => false;
    }

    private sealed class AgreesAlways : RaftRules
    {
        public override bool Agrees(long? ownTerm, long previousTerm) => true;
    }

    private sealed class ChangesTwice : RaftRules
    {
        public override bool MayChangeMembers(bool committedInTerm, bool changeUnderWay, bool isOneStep) => committedInTerm && isOneStep;
    }

    private sealed class ChangesBeforeCommit : RaftRules
    {
        public override bool MayChangeMembers(bool committedInTerm, bool changeUnderWay, bool isOneStep) => !changeUnderWay && isOneStep;
    }

    private sealed class ChangesMany : RaftRules
    {
        public override bool MayChangeMembers(bool committedInTerm, bool changeUnderWay, bool isOneStep) => committedInTerm && !changeUnderWay;
    }

    private sealed class LeaseWithoutMargin : RaftRules
    {
        public override TimeSpan Lease(RaftSettings settings) => settings.ElectionTimeout;
    }

    private sealed class ReadsAtOnce : RaftRules
    {
        public override bool ReadNeedsRound => false;
    }

    private sealed class VotesForgetful : RaftRules
    {
        public override bool AwaitsVouching => false;
    }

    private sealed class NoPreVote : RaftRules
    {
        public override bool HasPreVote => false;
    }

    private sealed class NotBound : RaftRules
    {
        public override bool IsBoundToLeader(TimeSpan sinceHeard, RaftSettings settings) => false;
    }

    private sealed class NoQuorum : RaftRules
    {
        public override bool ChecksQuorum => false;
    }

    private sealed class QuiescesAtOnce : RaftRules
    {
        public override bool MayQuiesce(bool allKnow) => true;
    }
}
