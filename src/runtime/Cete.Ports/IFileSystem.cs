using Cete.Core;

namespace Cete.Ports;

/// <summary>
/// The disk as logs see it: synchronous, paths with '/', nothing cached. A real one is the operating system's; the simulator's
/// loses and tears what was not synced. Errors of the disk come as <see cref="IOException"/>; see <see cref="DiskFailure"/>.
/// </summary>
public interface IFileSystem
{
    /// <summary>Opens a file for reading and writing; makes it, empty, when absent.</summary>
    IFile Open(string path);

    /// <summary>Whether a file of that path exists.</summary>
    bool Exists(string path);

    /// <summary>The names of the files in a folder, in ordinal order; none when the folder is absent.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>Makes a folder and those above it.</summary>
    void CreateFolder(string folder);

    /// <summary>Removes a file; no error when absent.</summary>
    void Delete(string path);

    /// <summary>Makes the names in a folder durable (fsync of the directory).</summary>
    void SyncFolder(string folder);
}

/// <summary>An open file. One caller at a time.</summary>
public interface IFile : IDisposable
{
    /// <summary>Bytes in the file.</summary>
    long Length { get; }

    /// <summary>Reads up to the length of the buffer; less only at the end of the file.</summary>
    int Read(Span<byte> buffer, long offset);

    /// <summary>Writes all of the bytes, lengthening the file where needed.</summary>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Cuts the file or lengthens it with zero bytes.</summary>
    void SetLength(long length);

    /// <summary>Returns once all that was written survives a loss of power (fdatasync): bytes and length, no times.</summary>
    void Sync();
}

/// <summary>Tells the failures of a disk that are to be expected from bugs.</summary>
public static class DiskFailure
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>The failure that stands for an error of the disk, with what was being done.</summary>
    public static Failure From(IOException error, string doing) =>
        error.HResult is NoSpace or QuotaExceeded or WindowsDiskFull
            ? new Failure(FailureKind.Full, $"no room on the disk while {doing}; make room and try again")
            : new Failure(FailureKind.Unavailable, $"the disk failed while {doing}: {error.Message}");
}
