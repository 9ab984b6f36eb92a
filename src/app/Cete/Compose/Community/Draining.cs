using Cete.Cluster.Membership;
using Cete.Core;
using Cete.Ports;
using Cete.Storage;

namespace Cete.App.Compose.Community;

/// <summary>Whether a node is to have no replicas: a file in its folder says so, and outlives restarts.</summary>
internal static class Draining
{
    private const string Mark = "draining";

    public static bool IsOn(DataFolder folder) => File.Exists(Path.Combine(folder.Path, Mark));

    /// <summary>Has it drain, or not any more; false when it was so already.</summary>
    public static Outcome<bool> Set(DataFolder folder, ClusterMembership membership, bool isDraining)
    {
        var changed = IsOn(folder) != isDraining;
        var mark = Path.Combine(folder.Path, Mark);
        try
        {
            if (isDraining)
            {
                File.WriteAllText(mark, "This node is to have no replicas. 'cete node drain --undo' ends it.\n");
            }
            else
            {
                File.Delete(mark);
            }
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, $"writing {mark}");
        }

        membership.Change(facts => facts with { IsDraining = isDraining });
        return changed;
    }
}
