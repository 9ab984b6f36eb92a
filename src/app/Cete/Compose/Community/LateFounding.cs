using Cete.App.Output;
using Cete.Cluster;
using Cete.Cluster.Health;
using Cete.Cluster.Membership;
using Cete.Cluster.Rosters;
using Cete.Core;
using Cete.Groups;
using Cete.Ports;
using Cete.Tracker;

namespace Cete.App.Compose.Community;

/// <summary>
/// Has the groups begin that nobody in the community has: such as that of a service which is younger than the community, or whose role no node had
/// before. Where a replica waits and nobody claims to have another one, the tracker is asked which node begins the group; and each root tells the
/// tracker that its group has begun, so that it never begins twice.
/// </summary>
/// <param name="node">Its replicas.</param>
/// <param name="view">Who is there.</param>
/// <param name="roles">What the node's certificate allows it.</param>
/// <param name="fabric">To the nodes that keep the roster.</param>
/// <param name="tracker">The roster, where this node keeps it; null elsewhere.</param>
internal sealed class LateFounding(Node node, Func<ClusterView> view, Func<RoleSet> roles, IFabric fabric, TrackerService? tracker)
{
    /// <summary>For so long nobody claims to have the group: who has it would have been met by then.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskDeadline = TimeSpan.FromSeconds(10);
    private readonly Dictionary<GroupId, Watched> _watched = [];

    /// <summary>Goes on until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                foreach (var group in node.Groups.Where(group => group.Id != TrackerService.Name))
                {
                    await LookAfterAsync(group, stop);
                }

                await Task.Delay(Interval, TimeProvider.System, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private async Task LookAfterAsync(IReplica group, CancellationToken stop)
    {
        if (!_watched.TryGetValue(group.Id, out var watched))
        {
            _watched.Add(group.Id, watched = new Watched());
        }

        var mayBegin = MayBegin(group);
        watched.UnclaimedSince = mayBegin ? watched.UnclaimedSince ?? TimeProvider.System.GetTimestamp() : null;
        if (IsWithin(watched.AskedAt, RetryPause))
        {
            return;
        }

        if (mayBegin && !IsWithin(watched.UnclaimedSince, Patience))
        {
            watched.AskedAt = TimeProvider.System.GetTimestamp();
            var failure = await BeginAsync(group, stop);
            watched.Take(failure, group.Id);
        }

        if (group.Status.IsRoot && !watched.IsNoted)
        {
            watched.AskedAt = TimeProvider.System.GetTimestamp();
            watched.IsNoted = (await AskAsync(group.Id, group.Status.Lineage, hasBegun: true, stop)).Succeeded;
        }
    }

    private bool MayBegin(IReplica group)
    {
        var seen = view();
        return GroupIdentity.IsWaiting(group.Status) && roles().Contains(group.Id.Name) && !GroupIdentity.IsClaimed(seen, group.Id.Name)
            && seen.Find(seen.Self)?.Facts.IsDraining != true;
    }

    private async Task<Failure?> BeginAsync(IReplica group, CancellationToken stop)
    {
        var asked = await AskAsync(group.Id, Lineage.Draw(), hasBegun: false, stop);
        if (!asked.Succeeded)
        {
            return asked.Failure;
        }

        var known = asked.Value;
        if (known.HasBegun)
        {
            return new Failure(FailureKind.Conflict, "it has begun already, and waits here for a node that has it");
        }

        // Whoever begins it is there and has just been told so, or was told and is away: then it is waited for.
        if (known.Node != view().Self)
        {
            return new Failure(FailureKind.Conflict, $"it begins on node {known.Node}; remove that one from the community if it does not come back");
        }

        var begun = await group.FoundAsync(known.Lineage, stop);
        if (begun is { Succeeded: true, Value: true })
        {
            NodeLog.GroupBegins(NodeLog.Log, group.Id.Name);
        }

        return begun.Failure;
    }

    private async Task<Outcome<GroupRecord>> AskAsync(GroupId group, Lineage lineage, bool hasBegun, CancellationToken stop)
    {
        var seen = view();
        var asked = new GroupRecord(group.Name, seen.Self, lineage, hasBegun);
        if (tracker is not null)
        {
            return await tracker.FoundGroupAsync(asked, new Asker(seen.Self.ToString(), [.. roles()]), null, stop);
        }

        Outcome<GroupRecord> answer = new Failure(FailureKind.Unavailable, $"no node with the role {RosterKeeper.SignerRole} is to be reached");
        foreach (var keeper in seen.Present.Where(member => member.Certificate.Roles.Contains(RosterKeeper.SignerRole)))
        {
            var bytes = await fabric.AskAsync(keeper.Id, FabricTopic.Founding, GroupDesk.Ask(asked), AskDeadline, stop);
            answer = bytes.Succeeded ? GroupDesk.Read(bytes.Value) : bytes.Failure;
            if (answer.Succeeded || answer.Failure.Kind is FailureKind.Forbidden or FailureKind.TooLarge)
            {
                break;
            }
        }

        return answer;
    }

    private static bool IsWithin(long? since, TimeSpan time) => since is { } then && TimeProvider.System.GetElapsedTime(then) < time;

    /// <summary>What is remembered of a group between two looks at it.</summary>
    private sealed class Watched
    {
        private Failure? _failure;
        private bool _isSaid;

        public long? UnclaimedSince { get; set; }

        public long? AskedAt { get; set; }

        /// <summary>The tracker knows that the group has begun.</summary>
        public bool IsNoted { get; set; }

        /// <summary>Says once why the group does not begin, when that lasts: where several nodes ask at one time, all but one are refused at first.</summary>
        public void Take(Failure? failure, GroupId group)
        {
            var lasts = failure is not null && failure == _failure;
            if (lasts && !_isSaid)
            {
                NodeLog.GroupWaits(NodeLog.Log, group.Name, failure!.Message);
            }

            (_failure, _isSaid) = (failure, lasts);
        }
    }
}
