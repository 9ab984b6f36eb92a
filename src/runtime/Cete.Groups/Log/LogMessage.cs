using Cete.Core;
using Cete.Ports;

namespace Cete.Groups.Log;

/// <summary>What the actor that owns the node's log understands.</summary>
internal abstract record LogMessage
{
    private LogMessage()
    {
    }

    /// <summary>A group begins to use the log: answered by <see cref="GroupMessage.LogOpened"/>.</summary>
    public sealed record Open(GroupId Group, GroupMailbox Owner) : LogMessage;

    /// <summary>Makes term, vote and entries durable: answered by <see cref="GroupMessage.LogSynced"/> or <see cref="GroupMessage.LogFailed"/>.</summary>
    /// <param name="Group">Whose.</param>
    /// <param name="Attempt">Rises after each failure that the group has seen; additions of an attempt that failed are refused.</param>
    /// <param name="Write">Its number, as consensus counts.</param>
    /// <param name="State">Term and vote, or null when unchanged.</param>
    /// <param name="ResetTo">Index and term of a snapshot that takes the place of the log; null when none does.</param>
    /// <param name="Entries">In order.</param>
    public sealed record Append(
        GroupId Group, int Attempt, long Write, HardState? State, (long Index, long Term)? ResetTo, IReadOnlyList<LogEntry> Entries) : LogMessage;

    /// <summary>To itself, behind everything that waits: one sync for all of it.</summary>
    public sealed record Flush : LogMessage
    {
        public static readonly Flush Instance = new();
    }

    /// <summary>Reads entries back: answered by <see cref="GroupMessage.EntriesRead"/>.</summary>
    /// <param name="Group">Whose.</param>
    /// <param name="For">Handed back with them.</param>
    /// <param name="From">The first.</param>
    /// <param name="To">The last, but fewer when they are many bytes.</param>
    public sealed record Read(GroupId Group, KeyId? For, long From, long To) : LogMessage;

    /// <summary>A durable checkpoint holds everything up to this index.</summary>
    public sealed record Release(GroupId Group, long Through) : LogMessage;
}
