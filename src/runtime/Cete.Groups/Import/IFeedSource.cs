using Cete.Core;

namespace Cete.Groups;

/// <summary>A record of a service, told as the event that would bring it about where there is nothing yet.</summary>
/// <param name="Type">Name of the event within the service.</param>
/// <param name="Body">Its content, encoded by the service; <see cref="Limits.EventBytesMax"/> bytes at most.</param>
public readonly record struct ScannedRecord(string Type, ReadOnlyMemory<byte> Body);

/// <summary>
/// What a state machine offers beside <see cref="IStateMachine"/> so that other groups can import from it: they begin with a scan of its
/// records as of one moment, and go on with its feed from there.
/// </summary>
public interface IFeedSource
{
    /// <summary>
    /// The apply level from which on others can import, 1 or more: below it they wait. For services that told less before.
    /// </summary>
    int ScanLevel => 1;

    /// <summary>Whether nodes with these roles may read the records and the feed. Those with the role of the group itself may anyway.</summary>
    bool MayRead(RoleSet roles);

    /// <summary>
    /// The records that others are told of, as events: whoever carries these out and then what the feed says comes to the same as whoever
    /// followed the feed from its beginning. It is enumerated to its end within one transaction that reads, while commands are applied elsewhere;
    /// it must not hold all records in memory.
    /// </summary>
    /// <param name="sql">The store as of one moment.</param>
    /// <param name="level">The apply level of the store.</param>
    IEnumerable<ScannedRecord> Scan(SqlSession sql, int level);
}
