using System.Runtime.InteropServices;
using Cete.Ports;
using Microsoft.Win32.SafeHandles;

namespace Cete.Storage;

/// <summary>The operating system's files.</summary>
/// <param name="share">What others may do with a file that is open here.</param>
public sealed partial class PhysicalFiles(FileShare share = FileShare.Read) : IFileSystem
{
    /// <summary>EINTR.</summary>
    private const int Interrupted = 4;

    /// <summary>LOCK_SH and LOCK_NB: what .NET takes for a reader. The same numbers on Linux and macOS.</summary>
    private const int AsReader = 1 | 4;

    public IFile Open(string path)
    {
        try
        {
            return new PhysicalFile(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share));
        }
        catch (UnauthorizedAccessException error)
        {
            // .NET makes an error of its own kind of a missing right or a folder in the place of a file; to a caller it is the disk's.
            throw new IOException(error.Message, error);
        }
    }

    public bool Exists(string path) => File.Exists(path);

    public IReadOnlyList<string> List(string folder) =>
        Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)]
            : [];

    public void CreateFolder(string folder) => Directory.CreateDirectory(folder);

    public void Delete(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    public void SyncFolder(string folder) => SyncDirectory(folder.Length == 0 ? "." : folder);

    /// <summary>Makes renames and new names in a folder durable. Windows does so by itself and cannot open folders as files.</summary>
    internal static void SyncDirectory(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // .NET opens no folders as files, hence the three calls of POSIX.
        var descriptor = OpenDescriptor(folder, 0);
        if (descriptor < 0)
        {
            throw new IOException($"cannot open the folder {folder} to sync it", Marshal.GetLastPInvokeError());
        }

        try
        {
            if (SyncDescriptor(descriptor) != 0)
            {
                throw new IOException($"cannot sync the folder {folder}", Marshal.GetLastPInvokeError());
            }
        }
        finally
        {
            _ = CloseDescriptor(descriptor);
        }
    }

    /// <summary>
    /// What .NET calls is fsync, which commits the time of the last change as well, by way of the file system's journal. Where bytes and
    /// length are there, nobody needs the time.
    /// </summary>
    private static void SyncData(SafeFileHandle handle)
    {
        while (SyncDataOf(handle) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
            {
                // Never tried again: a second call would find nothing left to write, and say that all is well.
                throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int SyncDataOf(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int LockOf(SafeFileHandle handle, int operation);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenDescriptor(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncDescriptor(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseDescriptor(int descriptor);

    private sealed class PhysicalFile(SafeFileHandle handle) : ILockedFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public int Read(Span<byte> buffer, long offset)
        {
            var done = 0;
            while (done < buffer.Length)
            {
                var count = RandomAccess.Read(handle, buffer[done..], offset + done);
                if (count == 0)
                {
                    break;
                }

                done += count;
            }

            return done;
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(handle, bytes, offset);

        public void SetLength(long length) => RandomAccess.SetLength(handle, length);

        public void Sync()
        {
            if (OperatingSystem.IsLinux())
            {
                SyncData(handle);
            }
            else
            {
                RandomAccess.FlushToDisk(handle);
            }
        }

        public void Share()
        {
            // Windows ties it to the opening. Where a lock cannot be exchanged it is lost, which is as good here.
            if (!OperatingSystem.IsWindows())
            {
                _ = LockOf(handle, AsReader);
            }
        }

        public void Dispose() => handle.Dispose();
    }
}
