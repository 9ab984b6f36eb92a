namespace Cete.Consensus;

/// <summary>What a voter of a group is told.</summary>
public abstract record ConsensusInput
{
    private ConsensusInput()
    {
    }

    /// <summary>The voter starts with what it had persisted.</summary>
    public sealed record Start(string Self, long Term, string VotedFor, long LastIndex, long LastTerm) : ConsensusInput;

    /// <summary>Clients ask for these commands, in this order.</summary>
    public sealed record Propose(IReadOnlyList<ReadOnlyMemory<byte>> Commands) : ConsensusInput;

    /// <summary>All that was to be persisted up to this index is durable.</summary>
    public sealed record Persisted(long Index) : ConsensusInput;

    /// <summary>
    /// Entries from this index on could not be persisted and are gone. Where the opening entry is among them, the voter asks for it and its
    /// term again: the driver says so when it is time for another try.
    /// </summary>
    public sealed record PersistFailed(long FromIndex) : ConsensusInput;
}

/// <summary>An entry as consensus orders it.</summary>
public readonly record struct ConsensusEntry(long Index, long Term, ReadOnlyMemory<byte> Data);

/// <summary>What is to be done for a voter, in the order given.</summary>
public abstract record ConsensusEffect
{
    private ConsensusEffect()
    {
    }

    /// <summary>Make term and vote durable before anything that follows is.</summary>
    public sealed record PersistState(long Term, string VotedFor) : ConsensusEffect;

    /// <summary>Make entries durable, then say so by <see cref="ConsensusInput.Persisted"/>.</summary>
    public sealed record Append(IReadOnlyList<ConsensusEntry> Entries) : ConsensusEffect;

    /// <summary>Everything up to this index is committed and may be applied.</summary>
    public sealed record Commit(long Index) : ConsensusEffect;

    /// <summary>This voter is the root for the term and takes proposals.</summary>
    public sealed record BecameRoot(long Term) : ConsensusEffect;
}
