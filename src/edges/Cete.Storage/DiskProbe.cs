using Cete.Core;
using Cete.Ports;

namespace Cete.Storage;

/// <summary>What a disk does when it is used as a node uses it.</summary>
/// <param name="WriteFailure">Why nothing can be written; null when it can.</param>
/// <param name="SyncTime">Median time of a small write and its fsync; null when it failed.</param>
public sealed record DiskAnswer(Failure? WriteFailure, TimeSpan? SyncTime);

/// <summary>Measures the disk under a data folder.</summary>
public static class DiskProbe
{
    private const string Name = "doctor.tmp";
    private const int Writes = 5;
    private const int WriteBytes = 4_096;

    /// <summary>Writes and syncs a small file some times, and removes it. One caller at a time.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="folder">Where to write.</param>
    /// <param name="clock">Measures it.</param>
    public static DiskAnswer Measure(IFileSystem files, string folder, TimeProvider clock)
    {
        var (path, block, times) = (Path.Combine(folder, Name), new byte[WriteBytes], new List<TimeSpan>(Writes));
        try
        {
            using (var file = files.Open(path))
            {
                for (var i = 0; i < Writes; i++)
                {
                    var began = clock.GetTimestamp();
                    file.Write(block, (long)i * WriteBytes);
                    file.Sync();
                    times.Add(clock.GetElapsedTime(began));
                }
            }

            files.Delete(path);
        }
        catch (IOException error)
        {
            return new DiskAnswer(DiskFailure.From(error, "trying to write a small file"), null);
        }

        times.Sort();
        return new DiskAnswer(null, times[Writes / 2]);
    }

    /// <summary>
    /// Bytes that the user of this process may still write to the disk of a folder, and bytes that the disk holds; zero when that is not known.
    /// </summary>
    public static (long Free, long Total) Room(string folder)
    {
        try
        {
            var drive = new DriveInfo(folder);
            return (drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (0, 0);
        }
    }

    /// <summary>Bytes of the files right in a folder; a file that goes away meanwhile counts or does not.</summary>
    public static long Used(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
