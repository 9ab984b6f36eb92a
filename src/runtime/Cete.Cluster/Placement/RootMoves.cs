using Cete.Core;

namespace Cete.Cluster.Placement;

/// <summary>
/// When a root moves itself to the bottom of the list (DESIGN.md §5): its node has been busy for long while a voter's was idle, or it is the root of
/// more groups than others. It never moves soon after a move, so roots do not flap.
/// </summary>
public sealed class RootMoves
{
    /// <summary>From this load on a node is busy.</summary>
    private const int BusyFrom = 800;

    /// <summary>Up to this load a node is idle.</summary>
    private const int IdleUpTo = 400;

    /// <summary>How long it must have been busy.</summary>
    private static readonly TimeSpan BusyFor = TimeSpan.FromSeconds(30);

    /// <summary>How long a root stays before it moves by itself.</summary>
    private static readonly TimeSpan Tenure = TimeSpan.FromMinutes(2);

    private Instant? _rootSince, _busySince;

    /// <summary>Asked at short intervals: who is to be the root instead, if anybody.</summary>
    /// <param name="view">How things stand; null for a replica that is not the root.</param>
    /// <param name="now">Monotonic.</param>
    public PlacementStep.HandOver? Next(PlacementView? view, Instant now)
    {
        if (view is null || !view.Nodes.TryGetValue(view.Self, out var self))
        {
            (_rootSince, _busySince) = (null, null);
            return null;
        }

        _rootSince ??= now;
        _busySince = self.Load < BusyFrom ? null : _busySince ?? now;
        if (now - _rootSince.Value < Tenure)
        {
            return null;
        }

        var isBusy = _busySince is { } since && now - since >= BusyFor;
        var better = view.Members.Voters.Where(voter => voter != view.Self && IsCaughtUp(view, voter))
            .Select(voter => view.Nodes.GetValueOrDefault(voter))
            .Where(node => node is { MayVote: true } && (isBusy ? node.Load <= IdleUpTo : node.Load <= IdleUpTo && node.Roots + 2 <= self.Roots))
            .OrderBy(node => node!.Roots).ThenBy(node => node!.Load).ThenBy(node => node!.Id)
            .FirstOrDefault();
        return better is null ? null : new PlacementStep.HandOver(better.Id);
    }

    private static bool IsCaughtUp(PlacementView view, KeyId voter) =>
        view.Followers.TryGetValue(voter, out var follower) && follower.Match >= view.LastIndex - 1_000 && follower.SinceHeard < TimeSpan.FromSeconds(2);
}
