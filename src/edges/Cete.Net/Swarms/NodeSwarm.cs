using Cete.Api;
using Cete.Core;
using Cete.Ports.Swarms;
using Cete.Swarm;

namespace Cete.Net.Swarms;

/// <summary>Announces to a community's nodes.</summary>
/// <param name="node">A node of the community, as somebody who may read there.</param>
public sealed class NodeSwarm(NodeClient node) : ISwarmDesk, IHoldingDesk
{
    private const double NextMax = 3_600_000;

    /// <inheritdoc/>
    public async Task<Outcome<SwarmAdvice>> AnnounceAsync(Manifest manifest, SwarmReport report, CancellationToken cancellation)
    {
        var body = new SwarmRequest(
            report.Key.ToString(), report.Have.ToBytes(), report.Addresses, report.Uplink, report.Slots, report.NeighboursMax,
            [.. report.Neighbours.Select(key => key.ToString())], [.. report.Liars.Select(key => key.ToString())], report.IsLeaving);
        var answer = await node.PostAsync(
            Routes.Announces(manifest.Root.ToString()), body, ApiJson.Default.SwarmRequest, ApiJson.Default.SwarmAnswer, cancellation);
        return answer.Succeeded ? Read(answer.Value, manifest) : answer.Failure;
    }

    /// <inheritdoc/>
    public async Task<Outcome<HoldingAdvice>> TellAsync(HoldingReport report, CancellationToken cancellation)
    {
        var body = new HoldingsRequest(
            report.Key.ToString(), HoldingReport.BytesOf(report.Contents), HoldingReport.BytesOf(report.Gone), report.Addresses, report.Uplink,
            report.IsLeaving);
        var answer = await node.PostAsync(Routes.Holdings, body, ApiJson.Default.HoldingsRequest, ApiJson.Default.HoldingsAnswer, cancellation);
        return !answer.Succeeded ? answer.Failure
            : answer.Value.ValidSeconds is >= 1 and <= NextMax / 1_000 ? new HoldingAdvice(TimeSpan.FromSeconds(answer.Value.ValidSeconds))
            : new Failure(FailureKind.Damaged, "the node answered what makes no sense");
    }

    private static Outcome<SwarmAdvice> Read(SwarmAnswer told, Manifest manifest)
    {
        List<PeerAddress> neighbours = [.. (told.Neighbours ?? []).Take(SwarmReport.NeighboursLimit).Select(PeerAddress.Parse).OfType<PeerAddress>()];
        return told.NextMilliseconds is >= 0 and <= NextMax
            ? new SwarmAdvice(neighbours, TimeSpan.FromMilliseconds(told.NextMilliseconds))
            {
                Rarest = [.. (told.Rarest ?? []).Where(piece => (uint)piece < (uint)manifest.PieceCount).Take(manifest.PieceCount)],
                IsAskedToStay = told.IsAskedToStay,
                IsSuperSeeding = told.IsSuperSeeding,
                HasSource = told.HasSource,
                Peers = told.Peers,
            }
            : new Failure(FailureKind.Damaged, "the node answered what makes no sense");
    }
}
