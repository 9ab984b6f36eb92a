using Cete.Cluster.Health;
using Cete.Cluster.Membership;
using Cete.Core;
using Cete.Groups;

namespace Cete.App.Compose.Community;

/// <summary>Tells the community how this node stands in its groups, and how busy it is.</summary>
internal sealed class GroupClaims : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly ClusterMembership _membership;
    private readonly Func<IReadOnlyList<IGroup>> _groups;
    private readonly LoadMeter _load;
    private readonly ITimer _timer;

    public GroupClaims(ClusterMembership membership, Func<IReadOnlyList<IGroup>> groups, LoadMeter load)
    {
        (_membership, _groups, _load) = (membership, groups, load);
        _timer = TimeProvider.System.CreateTimer(_ => Tell(), null, TimeSpan.Zero, Interval);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Tell()
    {
        var load = _load.Measure();
        var claims = _groups().Select(group => (group.Id, group.Status)).Where(group => group.Status.Failure is null)
            .Select(group => ClaimOf(group.Id, group.Status)).ToList();
        _membership.Change(facts =>
        {
            // How far the log is applied changes all the time; it is told along with what matters more.
            var isSame = facts.Groups.Select(claim => claim with { Applied = 0 }).SequenceEqual(claims.Select(claim => claim with { Applied = 0 }));
            return isSame && facts.Load == load ? facts : facts with { Groups = isSame ? facts.Groups : claims, Load = load };
        });
    }

    private GroupClaim ClaimOf(GroupId group, GroupStatus status) => new(group.Name, status.Term, status.IsRoot, status.Applied, status.Level)
    {
        Votes = status.Members?.IsVoter(_membership.View.Self) == true,
        Follows = status.Root,
        Lineage = status.Lineage,
    };
}
