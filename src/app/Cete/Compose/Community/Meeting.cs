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
    private readonly HashSet<(string Address, FailureKind Kind)> _said = [];
    private volatile Failure? _refusal;

    /// <summary>Why this node was refused, or refused others, when it looked for them last; null once it meets somebody.</summary>
    public Failure? Refusal => _refusal;

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
                _refusal = met.Failure;
                Say(address, met.Failure);
                refused();
            }
        }
    }

    /// <summary>Says it once of each address: what a clock has to do with it is told with the time of now, so that no two texts are the same.</summary>
    private void Say(string address, Failure refusal)
    {
        if (_said.Add((address, refusal.Kind)))
        {
            NodeLog.MeetingRefused(NodeLog.Log, refusal.Message);
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

        _refusal = null;
        _said.Clear();
        var peers = string.Join('\n', others.SelectMany(member => member.Facts.Fabric).Take(PeersKept));
        if (peers != _kept && folder.Write(TrustFolder.Peers, peers) is null)
        {
            _kept = peers;
        }

        return true;
    }
}
