using Cete.Core;
using Cete.Swarm;

namespace Cete.Ports;

/// <summary>What is to be filed about a content that the node holds.</summary>
public sealed record FilingItem(EntryPath Path, Hash256 Root, Instant? Modified, string Description, IReadOnlyList<string> Tags);

/// <summary>Where an upload stands.</summary>
/// <param name="Id">Names it at the node.</param>
/// <param name="PieceLength">Bytes of a piece.</param>
/// <param name="Missing">Runs of pieces still to be sent.</param>
/// <param name="MayBeKnown">The community seems to know the content.</param>
public sealed record UploadProgress(string Id, int PieceLength, IReadOnlyList<(int First, int Count)> Missing, bool MayBeKnown);

/// <summary>A node that takes in content and files it. Each call may be repeated without harm.</summary>
public interface IPublishTarget
{
    /// <summary>For each root, whether the node has it whole.</summary>
    Task<Outcome<IReadOnlyList<bool>>> KnownAsync(IReadOnlyList<Hash256> roots, CancellationToken cancellation);

    /// <summary>Sends content of at most <see cref="PieceLengths.Shortest"/> bytes.</summary>
    Task<Outcome<bool>> PutSmallAsync(Hash256 root, ReadOnlyMemory<byte> content, CancellationToken cancellation);

    /// <summary>Begins an upload or finds it again.</summary>
    Task<Outcome<UploadProgress>> BeginAsync(long length, Hash256 firstPiece, string key, CancellationToken cancellation);

    /// <summary>Sends a run of pieces; <paramref name="write"/> is called once with where they go.</summary>
    Task<Outcome<UploadProgress>> SendAsync(
        string id, long offset, long length, Func<Stream, CancellationToken, Task<Failure?>> write, CancellationToken cancellation);

    /// <summary>Hands in the manifest.</summary>
    Task<Outcome<UploadProgress>> AttachAsync(string id, Manifest manifest, CancellationToken cancellation);

    /// <summary>Ends a whole upload.</summary>
    Task<Outcome<Hash256>> FinishAsync(string id, CancellationToken cancellation);

    /// <summary>Files entries; answers how many were there already.</summary>
    Task<Outcome<int>> FileAsync(IReadOnlyList<FilingItem> items, CancellationToken cancellation);
}
