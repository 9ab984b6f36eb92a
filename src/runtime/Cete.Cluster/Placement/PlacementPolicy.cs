using Cete.Consensus;
using Cete.Core;

namespace Cete.Cluster.Placement;

/// <summary>
/// Decides which nodes have replicas of a group and which of them vote (DESIGN.md §5): every node with its role is at least a mirror; 1, 3 or 5 of
/// them vote, of distinct owners where that can be, the best proven first. One step at a time, each safe by itself, so it goes on wherever it was
/// interrupted, by whoever is the root then.
/// </summary>
public static class PlacementPolicy
{
    /// <summary>A learner that lacks no more entries than this, and is heard of, can vote without holding the others up.</summary>
    private const long LagMax = 2_000;

    /// <summary>A member that was not heard of for so long is not counted on for the next step.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(3);

    /// <summary>The next step; null when all is as it should be, or must be waited for.</summary>
    public static PlacementStep? Next(PlacementView view) => Expel(view) ?? Admit(view) ?? Vote(view) ?? Forget(view);

    /// <summary>How many voters a group is to have.</summary>
    /// <param name="nodes">Nodes that may vote.</param>
    /// <param name="wanted">Voters that the community wants.</param>
    public static int VotersFor(int nodes, int wanted) => nodes >= 5 && wanted >= 5 ? 5 : nodes >= 3 && wanted >= 3 ? 3 : 1;

    /// <summary>Whoever was removed from the community, or has the role no longer, is none of the members any more.</summary>
    private static PlacementStep? Expel(PlacementView view)
    {
        // A member that is merely not known yet, as after a start of the root, is given its time.
        var gone = view.Members.All.FirstOrDefault(node => view.Removed.Contains(node) || view.WithoutRole.Contains(node));
        return gone == default ? null : Without(view, gone);
    }

    private static PlacementStep? Admit(PlacementView view)
    {
        var members = view.Members;
        var newcomers = view.Nodes.Values.Where(node => node is { IsPresent: true, IsDraining: false, IsHosting: true } && !view.Members.Contains(node.Id));
        foreach (var node in newcomers.OrderBy(node => node.Id))
        {
            if (members.All.Count() < Members.CountMax)
            {
                members = members.WithLearner(node.Id);
            }
        }

        return members.Equals(view.Members) ? null : new PlacementStep.Change(members);
    }

    private static PlacementStep? Vote(PlacementView view)
    {
        var (good, bad) = Judge(view);
        var wanted = Wanted(view, good, bad);
        var ready = Ready(view, good);
        if (good.Count < wanted)
        {
            return ready.Count < wanted - good.Count ? null
                : bad.Count > 0 ? Without(view, bad[0])
                : new PlacementStep.Change(view.Members.WithVoter(ready[0].Id));
        }

        if (bad.Count > 0)
        {
            return Without(view, bad[0]);
        }

        // The root stays a voter; of the others the last in the order in which they would be chosen goes.
        var least = good.Count > wanted ? Order(view, good.Where(node => node != view.Self)).LastOrDefault() : null;
        return least is null ? null : new PlacementStep.Change(view.Members.WithLearner(least.Id));
    }

    /// <summary>
    /// A voter that is gone for a while still counts, else the first loss would leave one voter alone with what is written from then on. Three stay three
    /// until others can take the places; five become three, which bear a loss again.
    /// </summary>
    private static int Wanted(PlacementView view, List<KeyId> good, List<KeyId> bad)
    {
        var live = view.Nodes.Values.Where(node => node.MayVote).Select(node => node.Id).Union(good).ToHashSet();
        var lost = bad.Count(voter => !live.Contains(voter) && view.Nodes.TryGetValue(voter, out var node) && node is { IsPresent: false, IsDraining: false });
        return Math.Max(VotersFor(live.Count, view.Settings.Voters), Math.Min(3, VotersFor(live.Count + lost, view.Settings.Voters)));
    }

    /// <summary>Voters that can stay, and those whose place another one should have.</summary>
    private static (List<KeyId> Good, List<KeyId> Bad) Judge(PlacementView view)
    {
        List<KeyId> good = [], bad = [];
        foreach (var voter in view.Members.Voters)
        {
            var isKnown = view.Nodes.TryGetValue(voter, out var node);
            var isSilent = voter != view.Self && (!view.Followers.TryGetValue(voter, out var follower) || follower.SinceHeard > view.Settings.ReplaceAfter);
            var isUnfit = isKnown && node is { IsPresent: true } && (node.IsDraining || !node.IsReachable);
            (isSilent || isUnfit ? bad : good).Add(voter);
        }

        // Those that are there are easier to take leave of than those that may come back.
        return (good, [.. bad.OrderBy(voter => voter == view.Self)]);
    }

    /// <summary>Learners that could vote at once, the best first.</summary>
    private static List<PlacementNode> Ready(PlacementView view, List<KeyId> voters)
    {
        var able = view.Members.Learners.Where(learner =>
            view.Nodes.TryGetValue(learner, out var node) && node.MayVote && view.Followers.TryGetValue(learner, out var follower)
            && follower.SinceHeard < SilenceMax && follower.Match >= view.LastIndex - LagMax);
        var owners = voters.Select(voter => view.Nodes.GetValueOrDefault(voter)?.Owner).Where(owner => !string.IsNullOrEmpty(owner)).ToHashSet();
        return [.. Order(view, able).OrderBy(node => owners.Contains(node.Owner))];
    }

    private static IEnumerable<PlacementNode> Order(PlacementView view, IEnumerable<KeyId> nodes) => nodes
        .Select(node => view.Nodes.GetValueOrDefault(node) ?? new PlacementNode(node, false, false, false, string.Empty, 0, ulong.MaxValue, 0))
        .OrderBy(node => !node.IsPresent).ThenBy(node => node.StartedAt).ThenBy(node => node.Id);

    /// <summary>A member goes; the root hands over first, when it is the one. A voter that is still there becomes a mirror unless it drains.</summary>
    private static PlacementStep? Without(PlacementView view, KeyId node)
    {
        if (node == view.Self)
        {
            var next = view.Members.Voters.Where(voter => voter != view.Self && view.Followers.TryGetValue(voter, out var follower)
                && follower.SinceHeard < SilenceMax && view.Nodes.TryGetValue(voter, out var known) && known.MayVote);
            return Order(view, next).FirstOrDefault() is { } best ? new PlacementStep.HandOver(best.Id) : null;
        }

        if (view.Members is { Voters.Count: 1 } && view.Members.IsVoter(node))
        {
            return null;
        }

        var isMirror = view.Nodes.TryGetValue(node, out var there) && there is { IsPresent: true, IsDraining: false } && !view.Removed.Contains(node);
        return new PlacementStep.Change(isMirror ? view.Members.WithLearner(node) : view.Members.Without(node));
    }

    /// <summary>Mirrors that are gone for long are no members any more: what all members must agree to would wait for them.</summary>
    private static PlacementStep? Forget(PlacementView view)
    {
        var members = view.Members;
        foreach (var learner in view.Members.Learners)
        {
            var isThere = view.Nodes.TryGetValue(learner, out var node) && node.IsPresent;
            var isSilent = !view.Followers.TryGetValue(learner, out var follower) || follower.SinceHeard > view.Settings.ReplaceAfter;
            if ((!isThere && isSilent) || (isThere && node!.IsDraining))
            {
                members = members.Without(learner);
            }
        }

        return members.Equals(view.Members) ? null : new PlacementStep.Change(members);
    }
}
