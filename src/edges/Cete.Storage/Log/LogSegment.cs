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

    /// <summary>Zeros are written ahead of the frames in pieces of a segment of this part (64 KiB of 16 MiB) at least...</summary>
    private const int AheadPartsMax = 256;

    /// <summary>...and of this one (256 KiB) at most.</summary>
    private const int AheadPartsMin = 64;

    private bool _hasNoRoom;

    private static ReadOnlySpan<byte> Magic => "CETELOG\n"u8;

    public IFile File => file;

    public string Path => path;

    public long FirstSequence => firstSequence;

    /// <summary>Where the next frame goes.</summary>
    public long Tail { get; private set; } = HeaderSize;

    /// <summary>Bytes of the file; those from <see cref="Tail"/> on are zeros.</summary>
    private long Length { get; set; }

    /// <summary>A frame stands in front of this place, and is there to stay.</summary>
    public void MoveTail(long tail) => (Tail, Length) = (tail, Math.Max(tail, Length));

    /// <summary>Leaves nothing behind the last frame.</summary>
    public void Cut()
    {
        file.SetLength(Tail);
        Length = Tail;
    }

    /// <summary>
    /// Writes zeros behind a frame that has reached the end of the file, to be synced with it. The frames after it then change bytes
    /// only, while one that lengthens the file costs a commit of the file system's journal too. Without room for them there are none.
    /// </summary>
    /// <param name="end">Where the frame ends.</param>
    /// <param name="segmentBytes">Length from which on a segment gets no more frames.</param>
    public void WriteAhead(long end, int segmentBytes)
    {
        // As much again as there is: a small log stays small. Not more than a part of a segment: whoever waits for the frame waits for it.
        var count = Math.Min(Math.Clamp(end, segmentBytes / AheadPartsMax, segmentBytes / AheadPartsMin), segmentBytes - end);
        if (end < Length || count <= 0 || _hasNoRoom)
        {
            return;
        }

        try
        {
            file.Write(new byte[count], end);
            Length = end + count;
        }
        catch (IOException)
        {
            _hasNoRoom = true;
            file.SetLength(end);
        }
    }

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
