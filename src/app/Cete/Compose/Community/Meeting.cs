using Cete.App.Output;
using Cete.Cluster.Membership;
using Cete.Core;
using Cete.Net.Fabric;
using Cete.Storage;

namespace Cete.App.Compose.Community;

/// <summary>
/// Finds the others again: knows where they were last, and tries these addresses until somebody is met. Who is met once is the membership's
/// business; this one is needed at the start, and for a node that has lost them all.
/// </summary>
internal sealed class Meeting(TrustFolder folder, TlsFabric fabric, ClusterMembership membership, Action refused)
{
    private const int PeersKept = 256;
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    private string _kept = string.Empty;
    private string _said = string.Empty;

    public async Task RunAsync(CancellationToken stop)
    {
        _kept = folder.ReadText(TrustFolder.Peers) is { Succeeded: true, Value: { } text } ? text : string.Empty;
        var pause = PauseMin;
        try
        {
            while (true)
            {
                if (Keep(membership.View))
                {
                    pause = PauseMin;
                    await Task.Delay(LookInterval, TimeProvider.System, stop);
                    continue;
                }

                await MeetAsync(stop);
                await Task.Delay(pause, TimeProvider.System, stop);
                pause = pause * 2 > PauseMax ? PauseMax : pause * 2;
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops; whoever is there now is whom it looks for when it starts again.
            Keep(membership.View);
        }
    }

    private async Task MeetAsync(CancellationToken stop)
    {
        var own = membership.View.Find(membership.View.Self)?.Facts.Fabric ?? [];
        foreach (var address in _kept.Split('\n', StringSplitOptions.RemoveEmptyEntries).Except(own))
        {
            var met = await fabric.ConnectAsync(address, stop);
            if (met.Succeeded)
            {
                membership.Join(met.Value.Id);
                return;
            }

            // That nobody is there passes; being refused does not, so whoever runs the node must hear of it.
            if (met.Failure.Kind != FailureKind.Unavailable)
            {
                Say(met.Failure.Message);
                refused();
            }
        }
    }

    private void Say(string refusal)
    {
        if (refusal != _said)
        {
            _said = refusal;
            NodeLog.MeetingRefused(NodeLog.Log, refusal);
        }
    }

    /// <summary>Keeps where the others are; false if there are none.</summary>
    private bool Keep(ClusterView view)
    {
        // Those that nobody reaches last: it would take long to find that out anew.
        var others = view.Present.Where(member => member.Id != view.Self).OrderBy(member => member.Facts.Reachability == Reachability.None).ToList();
        if (others.Count == 0)
        {
            return false;
        }

        var peers = string.Join('\n', others.SelectMany(member => member.Facts.Fabric).Take(PeersKept));
        if (peers != _kept && folder.Write(TrustFolder.Peers, peers) is null)
        {
            _kept = peers;
        }

        return true;
    }
}
