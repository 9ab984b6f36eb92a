using Cete.Core;
using Cete.Swarm;

namespace Cete.Ports;

/// <summary>
/// Content on a disk, whole or on its way: every piece is verified before it counts, and what counts can be read while the
/// rest is coming. For several callers at once.
/// </summary>
public interface IContentFile : IDisposable
{
    /// <summary>Bytes of the whole content.</summary>
    long Length { get; }

    /// <summary>Bytes of a piece.</summary>
    int PieceLength { get; }

    /// <summary>Null while only the length is known (an upload that is still being hashed by its sender).</summary>
    Manifest? Manifest { get; }

    /// <summary>Every piece is there and verified.</summary>
    bool IsWhole { get; }

    /// <summary>A copy of the map of the pieces that are there.</summary>
    PieceMap Pieces { get; }

    /// <summary>
    /// Takes a piece: verifies it against the manifest, or notes its hash while there is none, writes it and counts it. False when it was there
    /// already.
    /// </summary>
    Outcome<bool> Write(int piece, ReadOnlySpan<byte> data);

    /// <summary>
    /// Takes leaves of a piece, several sources' and of several pieces at once: verifies them one by one and writes those before the first that is wrong.
    /// They can be read at once, and count when all of their piece are there. What came of a piece stays while the content is open, so that another source
    /// goes on with it; of very many begun pieces the one that was not touched for the longest is forgotten.
    /// </summary>
    /// <param name="leaves">The hashes of the piece's leaves.</param>
    /// <param name="first">The first leaf, counted within the piece.</param>
    /// <param name="data">Whole leaves.</param>
    /// <returns>Whether the piece is there now, all of it.</returns>
    Outcome<bool> WriteLeaves(LeafHashes leaves, int first, ReadOnlySpan<byte> data);

    /// <summary>
    /// The hashes of the leaves of a piece that is there or begun; a failure where nothing of it is. A piece whose bytes have changed on the disk is found
    /// by it where its hashes have to be made again, and counts no more.
    /// </summary>
    Outcome<LeafHashes> LeavesOf(int piece);

    /// <summary>Verified bytes from <paramref name="offset"/> on without a gap.</summary>
    long AvailableFrom(long offset);

    /// <summary>
    /// Completes when <see cref="AvailableFrom"/> tells of bytes, at once when it does already or the content is whole or abandoned; false for abandoned.
    /// </summary>
    Task<bool> WaitForMoreAsync(long offset, CancellationToken cancellation);

    /// <summary>Reads verified bytes; fewer than asked for only where the verified ones end.</summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellation);

    /// <summary>Gives the manifest to a content that came without; pieces that do not fit it count as missing again.</summary>
    Outcome<bool> Attach(Manifest manifest);

    /// <summary>Reads a piece again and takes it out when it is damaged; true when it is good.</summary>
    Outcome<bool> Recheck(int piece);

    /// <summary>Makes all pieces that count durable (fsync).</summary>
    Failure? Sync();
}

/// <summary>The contents that a node keeps, by root, and uploads on their way, by id.</summary>
public interface IContentStore : IContents
{
    /// <summary>Opens a content to add pieces to; makes it when absent.</summary>
    Outcome<IContentFile> Begin(Manifest manifest);

    /// <summary>Opens an upload of which only the length is known yet, or goes on with the one of the same id.</summary>
    Outcome<IContentFile> BeginUpload(string id, long length);

    /// <summary>Opens an upload that was begun; null when there is none.</summary>
    IContentFile? FindUpload(string id);

    /// <summary>
    /// Reads content of at most <see cref="PieceLengths.Shortest"/> bytes whole, and verifies it. Its length; negative when it is not here, not
    /// whole, damaged or longer: then <see cref="IContents.Find"/> tells more.
    /// </summary>
    int ReadSmall(in Hash256 root, Span<byte> buffer);

    /// <summary>Puts content of at most <see cref="PieceLengths.Shortest"/> bytes, given whole, under its root.</summary>
    Outcome<Hash256> PutSmall(ReadOnlySpan<byte> content);

    /// <summary>Files a whole upload under its root, where it is found from then on; if that root is there already, the upload is dropped.</summary>
    Outcome<Hash256> Finish(string id);

    /// <summary>Makes the names of everything finished so far durable.</summary>
    Failure? SyncNames();
}
