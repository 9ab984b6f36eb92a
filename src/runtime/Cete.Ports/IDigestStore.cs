using Cete.Core;
using Cete.Formats;

namespace Cete.Ports;

/// <summary>Keeps the digests that were made of contents. They can be made again: nothing is lost with them but time.</summary>
public interface IDigestStore
{
    /// <summary>The digests of a content for one piece length; null when they were not made yet, or are damaged.</summary>
    ContentDigests? Find(in Hash256 root, int pieceLength);

    /// <summary>Of the same digests the flat SHA-256 alone, which every answer about a content names: it costs no more than a look at a table.</summary>
    Hash256? FindSha256(in Hash256 root, int pieceLength);

    /// <summary>Keeps digests, in place of what was kept under the same names.</summary>
    Failure? Keep(in Hash256 root, ContentDigests digests);
}
