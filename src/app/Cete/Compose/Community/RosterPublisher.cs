using Cete.Cluster.Rosters;
using Cete.Core;
using Cete.Groups;
using Cete.Tracker;

namespace Cete.App.Compose.Community;

/// <summary>The roster as it spreads, read by the nodes.</summary>
internal static class TrackerRoster
{
    public static Outcome<RosterFacts> Read(ReadOnlyMemory<byte> bytes) => RosterCodec.Parse(bytes.Span).Then(roster => new RosterFacts(
        roster.Community,
        roster.Version,
        roster.Nodes.Where(node => node.IsRemoved).ToDictionary(node => node.Id, node => node.Reason),
        roster.Issuers.Where(issuer => !issuer.IsRemoved).ToDictionary(issuer => issuer.Id, issuer => issuer.Certificate),
        roster.Issuers.Where(issuer => issuer.IsRemoved).Select(issuer => issuer.Id).ToHashSet())
    {
        Owners = roster.Nodes.Where(node => node.Owner.Length > 0).ToDictionary(node => node.Id, node => node.Owner),
        Roles = roster.Nodes.Where(node => !node.IsRemoved).ToDictionary(node => node.Id, node => node.Roles),
    });
}

/// <summary>Signs each new version of the roster on a node that keeps it.</summary>
internal sealed class RosterPublisher(TrackerService tracker, RosterKeeper keeper)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    /// <summary>Signs the one of now.</summary>
    public async Task<Outcome<bool>> PublishAsync(CancellationToken cancellation)
    {
        var newer = await tracker.RosterSinceAsync(keeper.Facts?.Version ?? 0, cancellation, ReadLevel.Local);
        return !newer.Succeeded ? newer.Failure : newer.Value is { } roster ? keeper.Publish(RosterCodec.Encode(roster)) : false;
    }

    /// <summary>Goes on until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var applied = tracker.Status.Applied;
                var published = await PublishAsync(stop);
                if (published.Succeeded)
                {
                    await tracker.WaitForAppliedAsync(applied, stop);
                }
                else
                {
                    await Task.Delay(RetryPause, TimeProvider.System, stop);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }
}
