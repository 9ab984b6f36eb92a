using System.Diagnostics.Metrics;
using Cete.Membership;

namespace Cete.Cluster.Membership;

/// <summary>What is measured of the membership. Nothing is counted unless somebody listens.</summary>
internal static class MembershipMetrics
{
    private static readonly Meter Meter = new("Cete.Cluster");

    private static readonly Gauge<int> Members =
        Meter.CreateGauge<int>("cete.members.count", "{node}", "Nodes of the community by state, as this one sees them.");

    private static readonly Histogram<double> RoundTrips =
        Meter.CreateHistogram<double>("cete.members.round_trip", "s", "Smoothed time of a probe and its answer, of each member at each new view.");

    private static readonly Counter<long> Changes =
        Meter.CreateCounter<long>("cete.members.changes", "{change}", "What was learned of members: joined, suspected, recovered, failed, left.");

    private static readonly MemberState[] States = Enum.GetValues<MemberState>();

    /// <summary>Something was learned of a member.</summary>
    public static void Changed(MemberChange change)
    {
        if (Changes.Enabled)
        {
            Changes.Add(1, new KeyValuePair<string, object?>("cete.member.change", change.ToString().ToLowerInvariant()));
        }
    }

    /// <summary>There is a new view.</summary>
    public static void Seen(IReadOnlyList<ClusterMember> members)
    {
        if (Members.Enabled)
        {
            foreach (var state in States)
            {
                var tag = new KeyValuePair<string, object?>("cete.member.state", state.ToString().ToLowerInvariant());
                Members.Record(members.Count(member => member.State == state), tag);
            }
        }

        if (RoundTrips.Enabled)
        {
            foreach (var trip in members.Select(member => member.RoundTrip).OfType<TimeSpan>())
            {
                RoundTrips.Record(trip.TotalSeconds);
            }
        }
    }
}
