namespace Cete.Simulation.Consensus;

/// <summary>Seeds that found something, for ever.</summary>
public sealed class RaftSeedTests
{
    /// <summary>
    /// A log that began right behind what the store had applied took its first entry, not committed yet, for one that everybody agrees with.
    /// </summary>
    [Theory]
    [InlineData("raft-snapshots", 656)]
    [InlineData("raft-snapshots", 907)]
    [InlineData("raft-snapshots", 1784)]
    [InlineData("raft-snapshots", 2450)]
    [InlineData("raft-snapshots", 3460)]
    public void The_first_entry_behind_a_snapshot_has_to_agree(string scenario, ulong seed) => Holds(scenario, seed);

    /// <summary>A member that began anew while nothing was written never heard that what it holds is what the others hold.</summary>
    [Theory]
    [InlineData("raft", 1536)]
    public void Who_begins_anew_catches_up_though_nothing_is_written(string scenario, ulong seed) => Holds(scenario, seed);

    private static void Holds(string scenario, ulong seed) => Assert.Null(Scenarios.Find(scenario)!.Failure(seed, TextWriter.Null));
}
