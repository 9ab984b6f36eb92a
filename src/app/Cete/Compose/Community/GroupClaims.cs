using Cete.Cluster.Health;
using Cete.Cluster.Membership;
using Cete.Core;
using Cete.Groups;

namespace Cete.App.Compose.Community;

/// <summary>Tells the community how this node stands in its groups, and how busy it is.</summary>
internal sealed class GroupClaims : IAsyncDisposable
{
    /// <summary>At least so long between two records that tell nothing but how far logs are.</summary>
    private const int PauseSeconds = 10;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly ClusterMembership _membership;
    private readonly Func<IReadOnlyList<IGroup>> _groups;
    private readonly LoadMeter _load;
    private readonly ITimer _timer;
    private long _toldAt;

    public GroupClaims(ClusterMembership membership, Func<IReadOnlyList<IGroup>> groups, LoadMeter load)
    {
        (_membership, _groups, _load) = (membership, groups, load);
        _timer = TimeProvider.System.CreateTimer(_ => Tell(mustTell: false), null, TimeSpan.Zero, Interval);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    /// <summary>Tells it once more, as it is now: what the others remember when the node is started again.</summary>
    public void TellLast() => Tell(mustTell: true);

    private void Tell(bool mustTell)
    {
        var load = _load.Measure();
        var claims = _groups().Select(group => (group.Id, group.Status)).Where(group => group.Status.Failure is null)
            .Select(group => ClaimOf(group.Id, group.Status)).ToList();
        _membership.Change(facts =>
        {
            // How far the log is applied changes all the time; it is told along with what matters more, and now and then by itself.
            var isSame = facts.Groups.Select(Standing).SequenceEqual(claims.Select(Standing));
            var isDue = mustTell || TimeProvider.System.GetElapsedTime(Volatile.Read(ref _toldAt)) >= Pause;
            if (isSame && facts.Load == load && (!isDue || facts.Groups.SequenceEqual(claims)))
            {
                return facts;
            }

            if (!isSame || isDue)
            {
                Volatile.Write(ref _toldAt, TimeProvider.System.GetTimestamp());
            }

            return facts with { Groups = isSame && !isDue ? facts.Groups : claims, Load = load };
        });
    }

    /// <summary>Each record goes to everybody, so all nodes together tell one a second of this kind, however many they are.</summary>
    private TimeSpan Pause => TimeSpan.FromSeconds(Math.Max(PauseSeconds, _membership.View.Members.Count));

    private static GroupClaim Standing(GroupClaim claim) => claim with { Applied = 0, DurableIndex = 0 };

    private GroupClaim ClaimOf(GroupId group, GroupStatus status) => new(group.Name, status.Term, status.IsRoot, status.Applied, status.Level)
    {
        Votes = status.Members?.IsVoter(_membership.View.Self) == true,
        Follows = status.Root,
        Lineage = status.Lineage,
        DurableTerm = status.IsVouched || status.Forgotten is not null ? status.DurableTerm : 0,
        DurableIndex = Math.Max(status.Applied, status.Forgotten ?? 0),
        HasForgotten = status.Forgotten is not null,
    };
}
