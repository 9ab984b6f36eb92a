using Cete.App.Output;
using Cete.Cluster.Membership;
using Cete.Core;
using Cete.Net.Fabric;
using Cete.Ports;
using Cete.Storage;
using Cete.Tracker.Joining;
using Cete.Trust;

namespace Cete.App.Compose.Community;

/// <summary>Renews the node's certificate in time, while it runs.</summary>
internal sealed class Renewing(TrustFolder folder, TlsFabric fabric, ClusterMembership membership, IdentityHolder identity, FabricRouterDesk desk)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AskDeadline = TimeSpan.FromSeconds(20);

    private volatile Failure? _failure;

    /// <summary>Why the last try failed; null when it did not.</summary>
    public Failure? Failure => _failure;

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                _failure = identity.Current.NeedsRenewal(Instant.From(TimeProvider.System.GetUtcNow())) ? await RenewAsync(stop) : null;
                if (_failure is { } failure)
                {
                    NodeLog.RenewalFailed(NodeLog.Log, failure.Message, identity.Current.Facts.NotAfter.ToDateTimeOffset());
                }

                await Task.Delay(LookInterval, TimeProvider.System, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private async Task<Failure?> RenewAsync(CancellationToken stop)
    {
        var answer = await AskAsync(identity.Current.Key.CreateSigningRequest(), stop);
        var read = answer.Succeeded ? JoinMessages.Read(answer.Value) : answer.Failure;
        if (!read.Succeeded)
        {
            return read.Failure;
        }

        var renewed = NodeIdentity.Accept(
            identity.Current.Key, identity.Current.Community, read.Value.Issued, Instant.From(TimeProvider.System.GetUtcNow()));
        if (!renewed.Succeeded)
        {
            return renewed.Failure;
        }

        if (folder.Write(TrustFolder.Node, renewed.Value.ToPem()) is { } failure)
        {
            return failure;
        }

        identity.Renew(renewed.Value);
        membership.AnnounceAgain();
        return null;
    }

    private async Task<Outcome<ReadOnlyMemory<byte>>> AskAsync(byte[] signingRequest, CancellationToken stop)
    {
        if (desk.Desk is { } own)
        {
            return await own.RenewAsync(new FabricPeer(identity.Current.Id, identity.Current.Facts.Roles), signingRequest, stop);
        }

        Outcome<ReadOnlyMemory<byte>> answer = new Failure(FailureKind.Unavailable, "no node with the role tracker is to be reached");
        foreach (var tracker in membership.View.Present.Where(member => member.Certificate.Roles.Contains("tracker")))
        {
            answer = await fabric.AskAsync(tracker.Id, FabricTopic.Renewal, signingRequest, AskDeadline, stop);
            if (answer.Succeeded)
            {
                break;
            }
        }

        return answer;
    }
}
