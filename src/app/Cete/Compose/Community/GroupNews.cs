using Cete.App.Output;
using Cete.Cluster;
using Cete.Cluster.Health;
using Cete.Cluster.Membership;
using Cete.Core;

namespace Cete.App.Compose.Community;

/// <summary>Says in the log, once each, when a replica of this node is not what the others take it for.</summary>
/// <param name="node">Its replicas.</param>
/// <param name="view">Who is there.</param>
internal sealed class GroupNews(Node node, Func<ClusterView> view)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private readonly Dictionary<GroupId, string> _troubles = [];

    /// <summary>Goes on until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                foreach (var group in node.Groups)
                {
                    var trouble = GroupIdentity.Trouble(view(), group.Id.Name, group.Status);
                    if (trouble is not null && _troubles.TryAdd(group.Id, trouble))
                    {
                        NodeLog.TwoGroups(NodeLog.Log, trouble, GroupIdentity.TwoGroupsMend);
                    }
                    else if (trouble is null)
                    {
                        _troubles.Remove(group.Id);
                    }
                }

                await Task.Delay(Interval, TimeProvider.System, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }
}
