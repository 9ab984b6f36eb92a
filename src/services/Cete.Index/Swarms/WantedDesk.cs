using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Index.Swarms;

/// <summary>
/// Answers other nodes, on one with the index: caches what people ask for, where it is the root, and them and those with the index the manifests that it knows.
/// </summary>
/// <param name="swarms">The swarms.</param>
/// <param name="manifest">The manifest of a content; null where it is not known here.</param>
public sealed class WantedDesk(SwarmService swarms, Func<Hash256, CancellationToken, Task<Manifest?>> manifest)
{
    private const string IndexRole = "index";

    /// <summary>Answers a request of <see cref="FabricTopic.Wanted"/>.</summary>
    public async ValueTask<Outcome<ReadOnlyMemory<byte>>> AnswerAsync(FabricRequest request, CancellationToken cancellation)
    {
        var isCache = request.Peer?.Roles.Contains(RemoteSwarms.CacheRole) == true;
        if (!isCache && request.Peer?.Roles.Contains(IndexRole) != true)
        {
            return new Failure(FailureKind.Forbidden, $"nodes with the role '{RemoteSwarms.CacheRole}' are told what people ask for");
        }

        var asked = WantedCodec.ReadRequest(request.Body);
        return !asked.Succeeded ? asked.Failure
            : asked.Value is { } root ? WantedCodec.Write(await ManifestAsync(root, cancellation))
            : WantedCodec.Write(await swarms.WantedAsync(cancellation));
    }

    private async Task<Outcome<Manifest>> ManifestAsync(Hash256 root, CancellationToken cancellation) =>
        await manifest(root, cancellation) is { } known ? known : new Failure(FailureKind.NotFound, $"the manifest of {root} is not here");
}
