using System.Runtime.InteropServices;

namespace Cete.Storage.Local;

/// <summary>Tells plain files from pipes, sockets and devices, which .NET does not: opening a pipe would wait for ever.</summary>
internal static partial class FileKinds
{
    private const int AtCurrentFolder = -100;
    private const uint WantType = 1;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>Whether a path leads to a plain file, links followed.</summary>
    public static bool IsRegular(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        // struct statx has 256 bytes and one layout on every architecture (statx(2)).
        Span<byte> facts = stackalloc byte[256];
        return Statx(AtCurrentFolder, path, 0, WantType, ref MemoryMarshal.GetReference(facts)) == 0
            && (BitConverter.ToUInt16(facts[ModeOffset..]) & TypeMask) == RegularFile;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte facts);
}
