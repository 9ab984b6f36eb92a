using Cete.App.Output;
using Cete.Cluster;
using Cete.Cluster.Health;
using Cete.Cluster.Membership;
using Cete.Core;
using Cete.Groups;

namespace Cete.App.Compose.Community;

/// <summary>Says in the log, once each, when a replica of this node is not what the others take it for.</summary>
/// <param name="node">Its replicas.</param>
/// <param name="view">Who is there.</param>
internal sealed class GroupNews(Node node, Func<ClusterView> view)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private readonly Dictionary<GroupId, string> _troubles = [];

    /// <summary>Old copies that were said; 0 once they have caught up.</summary>
    private readonly Dictionary<GroupId, long> _old = [];

    /// <summary>Goes on until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                foreach (var group in node.Groups)
                {
                    Look(group.Id, group.Status);
                }

                await Task.Delay(Interval, TimeProvider.System, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private void Look(GroupId group, GroupStatus status)
    {
        var trouble = GroupIdentity.Trouble(view(), group.Name, status);
        if (trouble is not null && _troubles.TryAdd(group, trouble))
        {
            NodeLog.TwoGroups(NodeLog.Log, trouble, GroupIdentity.TwoGroupsMend);
        }
        else if (trouble is null)
        {
            _troubles.Remove(group);
        }

        if (status.FoundOld is { } lacked && _old.TryAdd(group, lacked) && GroupIdentity.OldCopy(group.Name, status with { Forgotten = lacked }) is { } old)
        {
            NodeLog.OldCopy(NodeLog.Log, old);
        }

        if (status is { Forgotten: null, IsVouched: true } && _old.TryGetValue(group, out var known) && known > 0)
        {
            _old[group] = 0;
            NodeLog.CopyCaughtUp(NodeLog.Log, group.Name);
        }
    }
}
