using Cete.Core;
using Cete.Ports.Swarms;

namespace Cete.Transfer.Caching;

/// <summary>What a cache asks of the world. For several callers at once.</summary>
public interface ICacheEdge
{
    /// <summary>What people ask for now.</summary>
    Task<Outcome<IReadOnlyList<WantedContent>>> WantedAsync(CancellationToken cancellation);

    /// <summary>The node has it anyway, since somebody published it here: there is nothing to be kept beside it.</summary>
    bool IsPublishedHere(in Hash256 root);

    /// <summary>Fetches a content, whole, to where the cache keeps it, and tells others that it is there.</summary>
    Task<Outcome<bool>> FetchAsync(WantedContent content, CancellationToken cancellation);

    /// <summary>Tells others that a content is there no more, and removes all of it that the cache keeps.</summary>
    Task RemoveAsync(Hash256 root);
}
