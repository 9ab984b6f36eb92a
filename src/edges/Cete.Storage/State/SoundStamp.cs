using System.Runtime.InteropServices;

namespace Cete.Storage.State;

/// <summary>
/// Says of a database file that all of its pages were found sound, and that nobody but its store has written to it since: the boot of the machine, and what
/// the file system says of the file. It stands beside the file, unsynced, and means nothing after a loss of power, when the boot is another one.
/// </summary>
internal static partial class SoundStamp
{
    /// <summary>AT_FDCWD: paths are as elsewhere.</summary>
    private const int WorkingFolder = -100;

    /// <summary>STATX_BASIC_STATS and STATX_BTIME.</summary>
    private const uint AllFacts = 0xFFF;

    /// <summary>Bytes of the kernel's struct statx, the same on all processors.</summary>
    private const int FactsSize = 256;

    private const string Suffix = ".sound";
    private const string BootPath = "/proc/sys/kernel/random/boot_id";

    /// <summary>Names this boot of the machine; null where the system does not say: then no stamp holds.</summary>
    public static string? ThisBoot { get; } = ReadBoot();

    /// <summary>Whether the file is still what a stamp was set for, in the same boot.</summary>
    public static bool Holds(string path, string? boot)
    {
        try
        {
            return boot is not null && File.Exists(path + Suffix) && File.ReadAllText(path + Suffix) == Describe(path, boot);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    /// <summary>
    /// Sets the stamp, where the file alone is a whole and sound database. Without it, or with one that was only begun, the next start reads all pages.
    /// </summary>
    public static void Set(string path, string? boot)
    {
        if (boot is null)
        {
            return;
        }

        try
        {
            // The clock of files may stand still for milliseconds. No other write gives a file a time without fractions of a second.
            var changed = File.GetLastWriteTimeUtc(path);
            File.SetLastWriteTimeUtc(path, new DateTime(changed.Ticks - (changed.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc));
            File.WriteAllText(path + Suffix, Describe(path, boot));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or EntryPointNotFoundException)
        {
            return;
        }
    }

    /// <summary>Takes the stamp back; no error when there is none.</summary>
    public static void Remove(string path)
    {
        try
        {
            File.Delete(path + Suffix);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    /// <summary>
    /// .NET does not tell which file it is, nor the times that no program can set. Offsets are those of struct statx: device, number, length, and
    /// the times of making, of the last change of anything, and of the last write.
    /// </summary>
    private static string Describe(string path, string boot)
    {
        Span<byte> facts = stackalloc byte[FactsSize];
        if (Look(WorkingFolder, path, 0, AllFacts, ref MemoryMarshal.GetReference(facts)) != 0)
        {
            throw new IOException($"nothing is known of {path}", Marshal.GetLastPInvokeError());
        }

        return $"1 {boot} {Convert.ToHexString(facts[136..144])} {Convert.ToHexString(facts[32..48])} {Convert.ToHexString(facts[80..128])}\n";
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Look(int folder, string path, int flags, uint mask, ref byte facts);

    private static string? ReadBoot()
    {
        try
        {
            return File.Exists(BootPath) ? File.ReadAllText(BootPath).Trim() : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
