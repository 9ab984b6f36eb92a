using System.Threading.Channels;
using Cete.App.Output;
using Cete.Cluster.Membership;
using Cete.Cluster.Rosters;
using Cete.Core;
using Cete.Net.Fabric;
using Cete.Ports;
using Cete.Storage;
using Cete.Tracker.Joining;
using Cete.Trust;

namespace Cete.App.Compose.Community;

/// <summary>What a renewal works with.</summary>
internal sealed record RenewingParts(
    TrustFolder Folder, TlsFabric Fabric, ClusterMembership Membership, IdentityHolder Identity, RosterKeeper Roster, CertificateVerifier Verifier,
    FabricRouterDesk Desk);

/// <summary>
/// Renews the node's certificate while it runs: in time, when its issuer was removed, when the roster gives the node other roles, and when others
/// refuse it, as they do after a node was away for longer than its certificate lasts.
/// </summary>
internal sealed class Renewing(RenewingParts parts)
{
    private const int StrangerCallsMax = 16;
    private static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AskDeadline = TimeSpan.FromSeconds(20);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile bool _isRefused;
    private volatile Failure? _failure;

    /// <summary>Why the last try failed; null when it did not.</summary>
    public Failure? Failure => _failure;

    /// <summary>Looks again, since there is another roster.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Others do not take the certificate: perhaps they take another one.</summary>
    public void OnRefused()
    {
        _isRefused = true;
        Wake();
    }

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                if (IsDue())
                {
                    _isRefused = false;
                    Say(await RenewAsync(stop));

                    await Task.Delay(PauseMin, TimeProvider.System, stop);
                }

                await WaitAsync(stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private async Task WaitAsync(CancellationToken stop)
    {
        using var late = new CancellationTokenSource(_failure is null ? LookInterval : RetryInterval, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        try
        {
            await _wake.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Nothing has happened; it looks all the same.
        }
    }

    private NodeIdentity Current => parts.Identity.Current;

    private bool IsDue() =>
        _isRefused || Current.NeedsRenewal(Instant.From(TimeProvider.System.GetUtcNow())) || parts.Roster.IsRemovedIssuer(Current.Facts.Issuer)
        || (parts.Roster.Facts?.Roles.GetValueOrDefault(Current.Id) is { } roles && !roles.SequenceEqual(Current.Facts.Roles));

    /// <summary>Says it once: it is tried again and again.</summary>
    private void Say(Failure? failure)
    {
        if (failure is not null && failure != _failure)
        {
            NodeLog.RenewalFailed(NodeLog.Log, failure.Message, Current.Facts.NotAfter.ToDateTimeOffset());
        }

        _failure = failure;
    }

    private async Task<Failure?> RenewAsync(CancellationToken stop)
    {
        var answer = await AskAsync(Current.Key.CreateSigningRequest(), stop);
        var read = answer.Succeeded ? JoinMessages.Read(answer.Value) : answer.Failure;
        if (!read.Succeeded)
        {
            return read.Failure;
        }

        var renewed = NodeIdentity.Accept(Current.Key, Current.Community, read.Value.Issued, Instant.From(TimeProvider.System.GetUtcNow()));
        if (!renewed.Succeeded)
        {
            return renewed.Failure;
        }

        if (parts.Folder.Write(TrustFolder.Node, renewed.Value.ToPem()) is { } failure)
        {
            return failure;
        }

        parts.Identity.Renew(renewed.Value);
        parts.Membership.AnnounceAgain();
        return null;
    }

    private async Task<Outcome<ReadOnlyMemory<byte>>> AskAsync(byte[] signingRequest, CancellationToken stop)
    {
        if (parts.Desk.Desk is { } own)
        {
            return await own.RenewAsync(new FabricPeer(Current.Id, Current.Facts.Roles), signingRequest, stop);
        }

        Outcome<ReadOnlyMemory<byte>> answer = new Failure(FailureKind.Unavailable, "no node with the role tracker is to be reached");
        var trackers = parts.Membership.View.Members.Where(member => member.Certificate.Roles.Contains(RosterKeeper.SignerRole)).ToList();
        foreach (var tracker in trackers.Where(member => member.IsPresent))
        {
            answer = await parts.Fabric.AskAsync(tracker.Id, FabricTopic.Renewal, signingRequest, AskDeadline, stop);
            if (answer.Succeeded)
            {
                return answer;
            }
        }

        // A certificate that counts no more makes no connections; then the node asks as a newcomer does.
        var peers = parts.Folder.ReadText(TrustFolder.Peers) is { Succeeded: true, Value: { } text } ? text : string.Empty;
        var addresses = trackers.SelectMany(tracker => tracker.Facts.Fabric).Concat(peers.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        foreach (var address in addresses.Distinct().Take(StrangerCallsMax))
        {
            var connected = await StrangerCall.ConnectAsync(address, parts.Verifier, TimeProvider.System, stop);
            if (!connected.Succeeded)
            {
                continue;
            }

            using var call = connected.Value;
            answer = await call.AskAsync(FabricTopic.Renewal, signingRequest, stop);
            if (answer.Succeeded)
            {
                break;
            }
        }

        return answer;
    }
}
