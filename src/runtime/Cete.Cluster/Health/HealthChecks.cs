namespace Cete.Cluster.Health;

/// <summary>All checks of a node. Each is a function of what was measured, so that the failing case of each can be tested.</summary>
public static class HealthChecks
{
    private static readonly Func<HealthFacts, Finding?>[] All =
    [
        CommunityChecks.Meeting, CommunityChecks.Keepers, CommunityChecks.Groups, CommunityChecks.Identity, CommunityChecks.OldCopies,
        CommunityChecks.Members, CommunityChecks.Roster,
        CommunityChecks.Versions, CommunityChecks.Addresses, CommunityChecks.Reachability, MachineChecks.Clock, CommunityChecks.Certificate,
        CommunityChecks.WebDoor,
        MachineChecks.DiskWritable, MachineChecks.DiskFree, MachineChecks.DiskSpeed, MachineChecks.Log, MachineChecks.OpenFiles,
    ];

    /// <summary>Carries out the checks that have what they look at, the worst finding first.</summary>
    public static IReadOnlyList<Finding> Look(HealthFacts facts) =>
        [.. All.Select(check => check(facts)).OfType<Finding>().OrderByDescending(finding => finding.Level)];
}
