using Cete.Core;
using Cete.Ports;
using Cete.Ports.Swarms;
using Cete.Swarm;

namespace Cete.Index.Swarms;

/// <summary>The swarms, as a node with the role <c>cache</c> takes part in them: by its own replica of the index, or by nodes that have one.</summary>
/// <param name="fabric">To those.</param>
/// <param name="nodes">Who has one, this node left out.</param>
/// <param name="community">Stands in the addresses of peers.</param>
/// <param name="here">Its own; null where it has none.</param>
public sealed class RemoteSwarms(IFabric fabric, Func<IReadOnlyList<KeyId>> nodes, KeyId community, Func<SwarmService?> here) : ISwarmDesk
{
    /// <summary>What a node must be allowed to do that asks what people want.</summary>
    public const string CacheRole = "cache";

    private const int TriesMax = 5;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ManifestDeadline = TimeSpan.FromSeconds(20);
    private KeyId? _last;

    /// <inheritdoc/>
    public Task<Outcome<SwarmAdvice>> AnnounceAsync(Manifest manifest, SwarmReport report, CancellationToken cancellation)
    {
        // What it tells of its addresses is its own word: it is a node of the community.
        var asker = new SwarmAsker(System.Net.IPAddress.Loopback.ToString(), report.Key.ToString());
        return here() is { } service
            ? service.AnnounceAsync(manifest.Root, report, asker, cancellation)
            : AskAsync(
                FabricTopic.Swarm, SwarmCodec.Write(manifest.Root, report, asker), body => SwarmCodec.ReadAdvice(body, community), FabricLane.Control, [],
                cancellation);
    }

    /// <summary>What people ask for now.</summary>
    public async Task<Outcome<IReadOnlyList<WantedContent>>> WantedAsync(CancellationToken cancellation) =>
        here() is { } service && await service.WantedAsync(cancellation) is { Succeeded: true } known
            ? known
            : await AskAsync(FabricTopic.Wanted, WantedCodec.Ask(null), WantedCodec.ReadWanted, FabricLane.Control, [], cancellation);

    /// <summary>The manifest of a content.</summary>
    /// <param name="root">The content.</param>
    /// <param name="holders">Who has it, and is asked first.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<Outcome<Manifest>> ManifestAsync(Hash256 root, IReadOnlyList<KeyId> holders, CancellationToken cancellation) =>
        AskAsync(FabricTopic.Wanted, WantedCodec.Ask(root), body => WantedCodec.ReadManifest(body, root), FabricLane.Bulk, holders, cancellation);

    private async Task<Outcome<T>> AskAsync<T>(
        FabricTopic topic, ReadOnlyMemory<byte> request, Func<ReadOnlyMemory<byte>, Outcome<T>> read, FabricLane lane, IReadOnlyList<KeyId> first,
        CancellationToken cancellation)
    {
        var failure = new Failure(FailureKind.Unavailable, "no node with the index is to be reached");
        var all = nodes();
        var known = first.Where(all.Contains).Concat(all.OrderByDescending(node => node == _last)).Distinct().Take(TriesMax);
        foreach (var node in known.ToList())
        {
            var answer = await fabric.AskAsync(node, topic, request, lane == FabricLane.Bulk ? ManifestDeadline : Deadline, cancellation, lane);
            var found = answer.Succeeded ? read(answer.Value) : answer.Failure;
            if (found.Succeeded)
            {
                _last = node;
                return found;
            }

            failure = found.Failure;
        }

        return failure;
    }
}
