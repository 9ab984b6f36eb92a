namespace Cete.Consensus;

/// <summary>An entry as consensus orders it.</summary>
/// <param name="Index">Its place, from 1, without gaps.</param>
/// <param name="Term">The term whose leader added it.</param>
/// <param name="Data">The command; empty for one that opens a term or changes the members.</param>
/// <param name="Members">Who the members are from here on; null for other entries.</param>
public readonly record struct ConsensusEntry(long Index, long Term, ReadOnlyMemory<byte> Data, Members? Members = null)
{
    /// <summary>What an entry counts beside its data where bytes are bounded.</summary>
    public const int Overhead = 64;

    /// <summary>What it counts where bytes are bounded.</summary>
    public int Bytes => Data.Length + Overhead;
}

/// <summary>Entries of one term in a row: from <paramref name="First"/> up to where the next run begins.</summary>
public readonly record struct TermSpan(long First, long Term);
