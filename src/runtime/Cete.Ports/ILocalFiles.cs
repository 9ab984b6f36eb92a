using Cete.Core;
using Cete.Swarm;

namespace Cete.Ports;

/// <summary>Something found on the user's disk: a file that can be put in, or why it cannot.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Relative">Its names below what was asked for, that itself first.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Modified">When it was changed last.</param>
/// <param name="Failure">Why it cannot be put in; null when it can.</param>
public sealed record LocalItem(string Path, IReadOnlyList<string> Relative, long Length, Instant Modified, Failure? Failure);

/// <summary>The user's own files, to be put into a community.</summary>
public interface ILocalFiles
{
    /// <summary>
    /// A file, or all files below a folder in a fixed order. What cannot be read is an item with its failure; links to folders are not followed
    /// twice.
    /// </summary>
    IEnumerable<LocalItem> Walk(string path);

    /// <summary>Opens a file for reading.</summary>
    Outcome<ILocalFile> Open(LocalItem item);
}

/// <summary>An open file of the user's, which may change at any time.</summary>
public interface ILocalFile : IDisposable
{
    /// <summary>Bytes when it was opened.</summary>
    long Length { get; }

    /// <summary>It is not any more what was opened: other length or time of change.</summary>
    bool HasChanged { get; }

    /// <summary>Reads all of a small file.</summary>
    Outcome<byte[]> ReadAll();

    /// <summary>Hashes one piece.</summary>
    Outcome<Hash256> HashPiece(int piece);

    /// <summary>Hashes all pieces, on all cores; tells bytes done so far.</summary>
    Task<Outcome<Manifest>> HashAsync(Action<long> hashed, CancellationToken cancellation);

    /// <summary>
    /// Reads a run of pieces in order and hands each to <paramref name="send"/>, hashing it meanwhile into <paramref name="layer"/> if one is given.
    /// </summary>
    Task<Failure?> ReadPiecesAsync(
        int first, int count, byte[]? layer, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send, CancellationToken cancellation);
}

/// <summary>Where downloads of the user's go.</summary>
public interface ILocalTargets
{
    /// <summary>Opens the unfinished form of a file that is to be at <paramref name="path"/>; what is there of it already counts.</summary>
    Outcome<IContentFile> Open(string path, Manifest manifest);

    /// <summary>Gives a whole and closed download its final name; that the same content got it meanwhile is no failure.</summary>
    Task<Outcome<bool>> FinishAsync(string path, Manifest manifest, Instant? modified, bool overwrite, CancellationToken cancellation);

    /// <summary>
    /// Writes a small file, verified by the caller, beside its place and gives it its name when it is durable. That the same content got it
    /// meanwhile is no failure.
    /// </summary>
    Task<Outcome<bool>> PutSmallAsync(
        string path, Manifest manifest, ReadOnlyMemory<byte> content, Instant? modified, bool overwrite, CancellationToken cancellation);

    /// <summary>Whether <paramref name="path"/> is there, and with this content.</summary>
    Task<Outcome<TargetState>> CheckAsync(string path, Manifest manifest, CancellationToken cancellation);
}

/// <summary>What stands where a download is to go.</summary>
public enum TargetState
{
    /// <summary>Nothing.</summary>
    Absent,

    /// <summary>The very content.</summary>
    Same,

    /// <summary>Something else.</summary>
    Different,
}
