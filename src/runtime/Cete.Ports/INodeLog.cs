using Cete.Core;

namespace Cete.Ports;

/// <summary>One entry of a group's log, as Raft knows it.</summary>
/// <param name="Group">Whose log.</param>
/// <param name="Index">Position, from 1, without gaps.</param>
/// <param name="Term">The term in which it was proposed.</param>
/// <param name="Data">The command, stamped and encoded; empty for an entry that only opens a term.</param>
public readonly record struct LogEntry(GroupId Group, long Index, long Term, ReadOnlyMemory<byte> Data);

/// <summary>What a voter must remember beside its log (Raft's persistent state).</summary>
/// <param name="Term">The newest term seen.</param>
/// <param name="VotedFor">The candidate that got the vote in that term; empty for none.</param>
public readonly record struct HardState(long Term, string VotedFor)
{
    /// <summary>Before the first term.</summary>
    public static readonly HardState Initial = new(0, string.Empty);
}

/// <summary>What a log holds of one group. <paramref name="First"/> is <paramref name="Last"/> + 1 when there is no entry.</summary>
/// <param name="First">Index of the oldest entry.</param>
/// <param name="Last">Index of the newest entry.</param>
/// <param name="LastTerm">Term of the newest entry.</param>
/// <param name="HardState">Term and vote.</param>
public readonly record struct LogBounds(long First, long Last, long LastTerm, HardState HardState);

/// <summary>
/// The log that all groups of a node share, so that one fsync commits for all. Additions are buffered until
/// <see cref="Sync"/>; a batch is kept whole or not at all. One caller at a time, on a thread that may block.
/// </summary>
public interface INodeLog : IDisposable
{
    /// <summary>What is held of a group, buffered additions included.</summary>
    LogBounds Bounds(GroupId group);

    /// <summary>Adds an entry: the next index, or an earlier one, which then drops all that stood at it and after it.</summary>
    void Append(in LogEntry entry);

    /// <summary>Adds a change of term and vote.</summary>
    void Append(GroupId group, in HardState state);

    /// <summary>
    /// Makes all additions durable, with one write and one fsync. On a failure none of them is kept and the log goes on from
    /// before them, unless the failure is <see cref="FailureKind.Damaged"/>: then what the disk holds is unknown and the log is dead.
    /// </summary>
    Failure? Sync();

    /// <summary>
    /// Synced entries in order, from index <paramref name="from"/> up to <paramref name="to"/>, or fewer when they are over <paramref
    /// name="bytesMax"/> bytes; at least one if there is one.
    /// </summary>
    IReadOnlyList<LogEntry> Read(GroupId group, long from, long to, int bytesMax);

    /// <summary>Says that a group has no need of entries up to <paramref name="through"/> any more: they are in a durable checkpoint.</summary>
    void Release(GroupId group, long through);

    /// <summary>The group whose unreleased entries keep the log longer than it should be, if one does: it should make a checkpoint.</summary>
    GroupId? Holder { get; }
}
