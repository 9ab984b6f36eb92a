using Cete.Core;

namespace Cete.Groups;

/// <summary>An event of another group, brought by a command of one's own.</summary>
/// <param name="Source">Whose it is.</param>
/// <param name="Event">As its source told it. A record of a scan has position and time of the moment that the scan shows.</param>
/// <param name="IsScanned">It is a record of a scan.</param>
/// <param name="Index">The place of the command in the own log.</param>
/// <param name="At">The stamp of that command.</param>
public sealed record ImportedEvent(GroupId Source, FeedEvent Event, bool IsScanned, long Index, Instant At);

/// <summary>
/// What a state machine has beside <see cref="IStateMachine"/> when it follows the feeds of other groups. How far it has followed them is kept
/// with its own state, so each event has its effect once. The same rules as for <see cref="IStateMachine.Apply"/>: deterministic, nothing but
/// the event and the store.
/// </summary>
public interface IFeedImporter
{
    /// <summary>The groups whose feeds are followed at an apply level: with each change of it, a new level.</summary>
    IReadOnlyList<GroupId> ImportsAt(int level);

    /// <summary>
    /// Drops what was imported from a group: its records come again as of another moment, since events in between are not to be had any more, or
    /// the group was restored from a backup. Called before the first import too.
    /// </summary>
    void BeginImport(GroupId source, ApplyContext context);

    /// <summary>
    /// Carries out one event. What is wrong with it is a failure, never an exception: nothing of its page is kept then, and the import stands
    /// still, which the status of the group shows; the group goes on.
    /// </summary>
    /// <returns>Null when it is done.</returns>
    Failure? Import(ImportedEvent imported, ApplyContext context);
}

/// <summary>How the import of another group's feed stands.</summary>
/// <param name="Source">Which group's.</param>
/// <param name="Epoch">The epoch of its feed.</param>
/// <param name="Position">Up to where its feed was imported.</param>
/// <param name="IsScanning">The records as of that position are being taken over, or are about to be.</param>
/// <param name="Behind">
/// Entries of the source's log behind the one up to which all was imported, as far as they brought events; null when that is not known now.
/// </param>
/// <param name="Failure">Why it stands still; null when it does not.</param>
public sealed record ImportStatus(GroupId Source, long Epoch, long Position, bool IsScanning, long? Behind, Failure? Failure);
