using Cete.Cluster.Membership;
using Cete.Cluster.Rosters;

namespace Cete.Cluster.Health;

/// <summary>How many nodes keep the roster, and what that is worth.</summary>
public static class RosterStanding
{
    /// <summary>Members that are there and keep a replica of the roster, as they say.</summary>
    public static int KeepersIn(ClusterView view) =>
        view.Present.Count(member => member.Facts.Groups.Any(claim => claim.Group == RosterKeeper.SignerRole));

    /// <summary>How many of them may fail while the others are still the larger half.</summary>
    public static int FailuresTolerated(int keepers) => Math.Max(0, keepers - 1) / 2;
}
