using Cete.Testing;

namespace Cete.Tracker.Tests;

/// <summary>A tracker as a node has it.</summary>
internal sealed class GroupWorld : ReplicaWorld
{
    private GroupWorld(string folder, SteppingClock clock, TrackerMachine? machine = null)
        : base(folder, clock, TrackerService.Name, machine ?? new TrackerMachine()) => Desk = new Desk(new TrackerService(Group, clock));

    public Desk Desk { get; }

    /// <param name="machine">Of an older program; this one's by itself.</param>
    public static GroupWorld Start(TrackerMachine? machine = null) => new(NewFolder(), new SteppingClock(), machine);

    /// <summary>The same folder, after a stop.</summary>
    /// <param name="other">Which.</param>
    /// <param name="machine">Of an older program; this one's by itself.</param>
    public static async Task<GroupWorld> ReopenAsync(GroupWorld other, TrackerMachine? machine = null) =>
        new(await other.HandOnAsync(), other.Clock, machine);

    /// <summary>A replica that starts from the log of another with an empty store: it applies in one go what the other applied command by command.</summary>
    public static GroupWorld Replay(GroupWorld other) => new(other.CopyLog(), other.Clock);
}
