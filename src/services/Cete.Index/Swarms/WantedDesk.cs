using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Index.Swarms;

/// <summary>Answers caches, on a node with the index: what people ask for where it is the root, and the manifests that it knows.</summary>
/// <param name="swarms">The swarms.</param>
/// <param name="manifest">The manifest of a content; null where it is not known here.</param>
public sealed class WantedDesk(SwarmService swarms, Func<Hash256, CancellationToken, Task<Manifest?>> manifest)
{
    /// <summary>Answers a request of <see cref="FabricTopic.Wanted"/>.</summary>
    public async ValueTask<Outcome<ReadOnlyMemory<byte>>> AnswerAsync(FabricRequest request, CancellationToken cancellation)
    {
        if (request.Peer?.Roles.Contains(RemoteSwarms.CacheRole) != true)
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
