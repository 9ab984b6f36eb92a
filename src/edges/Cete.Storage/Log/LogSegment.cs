using System.Buffers.Binary;
using System.Globalization;
using Cete.Core;
using Cete.Ports;

namespace Cete.Storage.Log;

/// <summary>One file of the log: a header, then frames. Its name is the sequence of its first frame.</summary>
internal sealed class LogSegment(IFile file, string path, long firstSequence) : IDisposable
{
    public const int HeaderSize = 16;
    private const int Version = 1;
    private static ReadOnlySpan<byte> Magic => "CETELOG\n"u8;

    public IFile File => file;

    public string Path => path;

    public long FirstSequence => firstSequence;

    /// <summary>Where the next frame goes.</summary>
    public long Tail { get; set; } = HeaderSize;

    public static string NameOf(long sequence) => sequence.ToString("x16", CultureInfo.InvariantCulture) + ".seg";

    public static bool TryParseName(string name, out long sequence)
    {
        sequence = 0;
        return name.Length == 20 && name.EndsWith(".seg", StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out sequence);
    }

    public void WriteHeader()
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        header.Clear();
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], Crc32C.Of(header[..12]));
        file.Write(header, 0);
    }

    /// <summary>Null when the header is sound; a file that is too short to hold one was never synced.</summary>
    public Failure? CheckHeader()
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (file.Read(header, 0) < HeaderSize || !header[..8].SequenceEqual(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(header[12..]) != Crc32C.Of(header[..12]))
        {
            return new Failure(FailureKind.Damaged, $"the log segment {path} has no sound header");
        }

        var version = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        return version == Version
            ? null
            : new Failure(FailureKind.Conflict,
                $"the log segment {path} has format {version}, this program knows {Version}: it was written by a newer version, use that one");
    }

    public void Dispose() => file.Dispose();
}
