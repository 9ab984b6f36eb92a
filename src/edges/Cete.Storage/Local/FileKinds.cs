using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Cete.Storage.Local;

/// <summary>
/// What .NET does not tell of files: plain ones from pipes, sockets and devices (opening a pipe would wait for ever), and whether two paths lead
/// to the same folder.
/// </summary>
internal static partial class FileKinds
{
    private const int AtCurrentFolder = -100;
    private const uint WantType = 1;
    private const uint WantNumber = 0x100;
    private const int NumberOffset = 32;
    private const int DeviceOffset = 136;
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

    /// <summary>The same for all paths that lead to one folder, links followed.</summary>
    public static string IdentityOf(string folder)
    {
        Span<byte> facts = stackalloc byte[256];
        if (OperatingSystem.IsLinux() && Statx(AtCurrentFolder, folder, 0, WantNumber, ref MemoryMarshal.GetReference(facts)) == 0)
        {
            return $"{BinaryPrimitives.ReadUInt64LittleEndian(facts[DeviceOffset..])}:{BinaryPrimitives.ReadUInt64LittleEndian(facts[NumberOffset..])}";
        }

        // Without that only the last step is resolved; the bound on depth ends what loops in other ways.
        return new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte facts);
}
