using Cete.Core;
using Cete.Ports;

namespace Cete.Storage;

/// <summary>Files of a data folder that nobody but their owner may read: whole or not there, after a crash too.</summary>
public static class PrivateFile
{
    /// <summary>No file of keys is as large.</summary>
    private const int BytesMax = 64 * 1024 * 1024;

    /// <summary>The bytes of a file; null if there is none.</summary>
    public static Outcome<byte[]?> Read(string path) => Guard(path, () =>
        !File.Exists(path) ? Outcome.Of<byte[]?>(null)
        : new FileInfo(path).Length > BytesMax ? new Failure(FailureKind.TooLarge, $"{path} is larger than any file of that kind")
        : Outcome.Of<byte[]?>(File.ReadAllBytes(path)));

    /// <summary>Writes a file in the place of one that may be there.</summary>
    public static Failure? Write(string path, ReadOnlySpan<byte> bytes)
    {
        var copy = bytes.ToArray();
        return Guard(path, () =>
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var file = new FileStream(path + ".new", options))
            {
                file.Write(copy);
                file.Flush(flushToDisk: true);
            }

            File.Move(path + ".new", path, overwrite: true);
            PhysicalFiles.SyncDirectory(Path.GetDirectoryName(path)!);
            return (Outcome<bool>)true;
        }).Failure;
    }

    /// <summary>Makes a folder that nobody else may look into; one that is there stays as it is.</summary>
    public static Failure? MakeFolder(string path) => Guard(path, () =>
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return (Outcome<bool>)true;
    }).Failure;

    private static Outcome<T> Guard<T>(string path, Func<Outcome<T>> work)
    {
        try
        {
            return work();
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, $"opening {path}");
        }
        catch (UnauthorizedAccessException error)
        {
            return new Failure(FailureKind.Forbidden, $"{path} cannot be used: {error.Message}");
        }
    }
}
