using Cete.Core;

namespace Cete.Ports;

/// <summary>What an entry is to Raft. The numbers stand on disk.</summary>
public enum LogEntryKind : byte
{
    /// <summary>A command for the state machine, or the empty entry that opens a term.</summary>
    Command = 0,

    /// <summary>Says who the members of the group are from this entry on.</summary>
    Members = 1,
}

/// <summary>One entry of a group's log, as Raft knows it.</summary>
/// <param name="Group">Whose log.</param>
/// <param name="Index">Position, from 1, without gaps.</param>
/// <param name="Term">The term in which it was proposed.</param>
/// <param name="Data">The command, stamped and encoded; empty for an entry that only opens a term.</param>
/// <param name="Kind">What it is to Raft.</param>
public readonly record struct LogEntry(
    GroupId Group, long Index, long Term, ReadOnlyMemory<byte> Data, LogEntryKind Kind = LogEntryKind.Command);

/// <summary>What a voter must remember beside its log (Raft's persistent state).</summary>
/// <param name="Term">The newest term seen.</param>
/// <param name="VotedFor">The candidate that got the vote in that term; null for none.</param>
public readonly record struct HardState(long Term, KeyId? VotedFor)
{
    /// <summary>Before the first term.</summary>
    public static readonly HardState Initial = new(0, null);
}

/// <summary>Entries of one term: from index <paramref name="First"/> to just before the next run, or to the newest entry.</summary>
/// <param name="First">Index of the run's oldest entry.</param>
/// <param name="Term">The term of all of them.</param>
public readonly record struct TermRun(long First, long Term);

/// <summary>What a log holds of one group. <paramref name="First"/> is <paramref name="Last"/> + 1 when there is no entry.</summary>
/// <param name="First">Index of the oldest entry.</param>
/// <param name="Last">Index of the newest entry.</param>
/// <param name="LastTerm">Term of the newest entry, or of what a snapshot or a release took the place of when there is no entry.</param>
/// <param name="HardState">Term and vote.</param>
/// <param name="Terms">The terms of the entries, as runs in ascending order; empty when there is no entry.</param>
/// <param name="MembersAt">Indexes of the entries of kind <see cref="LogEntryKind.Members"/>, ascending.</param>
public readonly record struct LogBounds(
    long First, long Last, long LastTerm, HardState HardState, IReadOnlyList<TermRun> Terms, IReadOnlyList<long> MembersAt);

/// <summary>
/// The log that all groups of a node share, so that one fsync commits for all. Additions are buffered until
/// <see cref="Sync"/>; a batch is kept whole or not at all. One caller at a time, on a thread that may block.
/// </summary>
public interface INodeLog : IDisposable
{
    /// <summary>What is held of a group, buffered additions included. It is put together anew at each call, from every entry held.</summary>
    LogBounds Bounds(GroupId group);

    /// <summary>Adds an entry: the next index, or an earlier one, which then drops all that stood at it and after it.</summary>
    void Append(in LogEntry entry);

    /// <summary>Adds a change of term and vote.</summary>
    void Append(GroupId group, in HardState state);

    /// <summary>
    /// Adds that a snapshot takes the place of all entries: from then on the log goes on behind <paramref name="index"/>, which may be
    /// beyond all that is held or before it. The state at that index is to be durable before: no entry is left to make it from.
    /// </summary>
    /// <param name="group">Whose log.</param>
    /// <param name="index">Index of the last entry in the snapshot; 0 for a group that begins anew.</param>
    /// <param name="term">Term of that entry; 0 with index 0, else from 1.</param>
    void Reset(GroupId group, long index, long term);

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
