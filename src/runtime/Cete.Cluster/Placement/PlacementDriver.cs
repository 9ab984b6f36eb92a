using Cete.Cluster.Health;
using Cete.Cluster.Membership;
using Cete.Core;
using Cete.Groups;

namespace Cete.Cluster.Placement;

/// <summary>Carries out, for each group whose root is on this node, what <see cref="PlacementPolicy"/> and <see cref="RootMoves"/> decide.</summary>
/// <param name="node">Its groups.</param>
/// <param name="view">Who is there.</param>
/// <param name="removed">Whom the community removed.</param>
/// <param name="ownerOf">Whose a node is; empty where that is not known.</param>
/// <param name="settings">How the community wants it.</param>
/// <param name="clock">The time.</param>
/// <param name="say">Is told of each step, for the log.</param>
public sealed class PlacementDriver(
    Node node, Func<ClusterView> view, Func<IReadOnlySet<KeyId>> removed, Func<KeyId, string> ownerOf, Func<PlacementSettings> settings, TimeProvider clock,
    Action<GroupId, PlacementStep> say)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>While no group has anything new: an idle node is not to be woken for nothing.</summary>
    private static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(1);

    /// <summary>A group of which nothing is new is looked after less often: a node may have hundreds.</summary>
    private static readonly TimeSpan CalmInterval = TimeSpan.FromSeconds(2);

    private readonly Dictionary<GroupId, Watched> _watched = [];
    private readonly long _began = clock.GetTimestamp();
    private ClusterView? _seen;
    private int _standing;

    /// <summary>Goes on until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                NoteStanding();
                var isIdle = true;
                foreach (var group in node.Groups)
                {
                    isIdle &= await LookAfterAsync(group, stop);
                }

                await Task.Delay(isIdle ? IdleInterval : Interval, clock, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    /// <summary>Whether there was nothing to do.</summary>
    private async Task<bool> LookAfterAsync(IReplica group, CancellationToken stop)
    {
        if (!_watched.TryGetValue(group.Id, out var watched))
        {
            _watched.Add(group.Id, watched = new Watched());
        }

        var now = new Instant((long)clock.GetElapsedTime(_began).TotalMicroseconds);
        if (!watched.IsDue(group.Status, _standing, now))
        {
            return watched.NextLook > now;
        }

        var report = group.Status.IsRoot ? await group.DescribeAsync(stop) : null;
        if (report is not { MayChangeMembers: true, Status.Members: { } members })
        {
            watched.NextLook = report is null ? now + CalmInterval : now;
            _ = report is null ? watched.Moves.Next(null, now) : null;
            return report is null;
        }

        var seen = new PlacementView
        {
            Self = view().Self,
            Members = members,
            LastIndex = report.LastIndex,
            Followers = report.Followers.ToDictionary(follower => follower.Node),
            Nodes = Nodes(group),
            WithoutRole = view().Members.Where(member => !member.Certificate.Roles.Contains(group.Id.Name)).Select(member => member.Id).ToHashSet(),
            Removed = removed(),
            Settings = settings(),
        };
        var step = PlacementPolicy.Next(seen) ?? watched.Moves.Next(seen, now);
        watched.NextLook = step is null ? now + CalmInterval : now;
        switch (step)
        {
            case PlacementStep.Change change when (await group.ChangeMembersAsync(change.Members, stop)).Succeeded:
                say(group.Id, change);
                break;
            case PlacementStep.HandOver handOver when (await group.TransferAsync(handOver.To, stop)).Succeeded:
                say(group.Id, handOver);
                break;
        }

        return step is null;
    }

    /// <summary>A node with a replica of another group of the name would listen to nothing: it gets none of this one.</summary>
    private Dictionary<KeyId, PlacementNode> Nodes(IReplica group) => view().Members
        .Where(member => member.Certificate.Roles.Contains(group.Id.Name))
        .Except(GroupIdentity.Strangers(view(), group.Id.Name, group.Status).Where(member => group.Status.Members?.Contains(member.Id) != true))
        .ToDictionary(member => member.Id, member => new PlacementNode(
            member.Id, member.IsPresent, member.Facts.Reachability != Reachability.None, member.Facts.IsDraining, ownerOf(member.Id), member.Facts.Load,
            member.Instance, member.Facts.Groups.Count(claim => claim.IsRoot))
        {
            IsHosting = member.Facts.Groups.Any(claim => claim.Group == group.Id.Name),
        });

    /// <summary>A number for who is there and what may be placed on them: another one means that there may be something to do.</summary>
    private void NoteStanding()
    {
        var (now, gone) = (view(), removed());
        if (ReferenceEquals(now, _seen) && gone.Count == 0)
        {
            return;
        }

        var hash = new HashCode();
        foreach (var member in now.Members)
        {
            hash.Add((member.Id, member.IsPresent, member.Facts.Reachability, member.Facts.IsDraining, member.Certificate.Roles, gone.Contains(member.Id)));
        }

        (_seen, _standing) = (now, hash.ToHashCode());
    }

    /// <summary>What is remembered of a group between two looks at it.</summary>
    private sealed class Watched
    {
        private GroupStatus? _status;
        private int _standing;

        public RootMoves Moves { get; } = new();

        public Instant NextLook { get; set; }

        public bool IsDue(GroupStatus status, int standing, Instant now)
        {
            var isNew = !ReferenceEquals(status, _status) || standing != _standing;
            (_status, _standing) = (status, standing);
            return isNew || now >= NextLook;
        }
    }
}
