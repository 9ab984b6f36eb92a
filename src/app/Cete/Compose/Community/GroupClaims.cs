using Cete.Cluster.Membership;
using Cete.Groups;

namespace Cete.App.Compose.Community;

/// <summary>Tells the community how this node stands in its groups, and how busy it is.</summary>
internal sealed class GroupClaims : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>A change of load that is worth telling everybody, of a thousand.</summary>
    private const int LoadStep = 100;

    private readonly ClusterMembership _membership;
    private readonly Func<IReadOnlyList<IGroup>> _groups;
    private readonly ITimer _timer;
    private readonly TimeProvider _clock = TimeProvider.System;
    private long _measuredAt;
    private TimeSpan _used;

    public GroupClaims(ClusterMembership membership, Func<IReadOnlyList<IGroup>> groups)
    {
        (_membership, _groups) = (membership, groups);
        (_measuredAt, _used) = (_clock.GetTimestamp(), Environment.CpuUsage.TotalTime);
        _timer = _clock.CreateTimer(_ => Tell(), null, TimeSpan.Zero, Interval);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Tell()
    {
        var load = Load();
        var claims = _groups().Select(group => (group.Id, group.Status)).Where(group => group.Status.Failure is null)
            .Select(group => new GroupClaim(group.Id.Name, group.Status.Term, group.Status.IsRoot, group.Status.Applied, group.Status.Level)).ToList();
        _membership.Change(facts =>
        {
            // How far the log is applied changes all the time; it is told along with what matters more.
            var isSame = facts.Groups.Select(claim => claim with { Applied = 0 }).SequenceEqual(claims.Select(claim => claim with { Applied = 0 }));
            return isSame && Math.Abs(facts.Load - load) < LoadStep ? facts : facts with { Groups = isSame ? facts.Groups : claims, Load = load };
        });
    }

    /// <summary>The part of the machine's processors that this process used since it was asked last.</summary>
    private int Load()
    {
        var (now, used) = (_clock.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var span = _clock.GetElapsedTime(_measuredAt, now) * Environment.ProcessorCount;
        var load = span > TimeSpan.Zero ? (int)Math.Clamp(1_000 * (used - _used) / span, 0, 1_000) : 0;
        (_measuredAt, _used) = (now, used);
        return load;
    }
}
