using Cete.Api;
using Cete.Cluster.Membership;
using Cete.Core;

namespace Cete.Web.Community;

/// <summary>Members as the API shows them.</summary>
public static class MemberInfos
{
    /// <summary>One of them.</summary>
    public static NodeInfo Of(ClusterMember member) => new(
        member.Id.ToString(), member.Facts.Name, member.State.ToString().ToLowerInvariant(), [.. member.Certificate.Roles], member.Facts.Http,
        member.Facts.Version, member.Facts.Load, (long?)member.RoundTrip?.TotalMicroseconds, ReachOf(member.Facts),
        [.. member.Facts.Via.Select(relay => relay.ToString())],
        StartOf(member), member.Certificate.NotAfter.ToDateTimeOffset());

    private static string ReachOf(Cluster.Membership.NodeFacts facts) => facts.Reachability switch
    {
        Reachability.Direct => "direct",
        Reachability.None => facts.Via.Count > 0 ? "relayed" : "none",
        _ => "unknown",
    };

    /// <summary>When it started, as far as a calendar reaches: the number comes from elsewhere.</summary>
    private static DateTimeOffset StartOf(ClusterMember member) =>
        new Instant((long)Math.Min(member.Instance, (ulong)Instant.From(DateTimeOffset.MaxValue).Microseconds)).ToDateTimeOffset();
}
