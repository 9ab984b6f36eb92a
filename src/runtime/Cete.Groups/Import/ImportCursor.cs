using Cete.Core;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Groups.Import;

/// <summary>A place in a scan.</summary>
/// <param name="Node">Who keeps it.</param>
/// <param name="Id">Its number there.</param>
/// <param name="Offset">Bytes of it that were taken.</param>
internal readonly record struct ScanPlace(KeyId Node, long Id, long Offset);

/// <summary>Up to where another group's feed was imported.</summary>
/// <param name="Epoch">Of the feed.</param>
/// <param name="Position">In the feed; while a scan is taken over, of the moment that it shows.</param>
/// <param name="Scan">The place in the scan that is taken over; null when the feed is followed.</param>
internal sealed record ImportCursor(long Epoch, long Position, ScanPlace? Scan = null)
{
    public static Proto.ImportCursor? ToWire(ImportCursor? cursor) => cursor is null ? null : new Proto.ImportCursor
    {
        Epoch = cursor.Epoch,
        Position = cursor.Position,
        ScanNode = cursor.Scan is { } scan ? ByteString.CopyFrom(scan.Node.ToArray()) : ByteString.Empty,
        ScanId = cursor.Scan?.Id ?? 0,
        ScanOffset = cursor.Scan?.Offset ?? 0,
    };

    public static ImportCursor? FromWire(Proto.ImportCursor? wire) => wire is null ? null : new ImportCursor(
        wire.Epoch, wire.Position, wire.ScanNode.Length == KeyId.Size ? new ScanPlace(new KeyId(wire.ScanNode.Span), wire.ScanId, wire.ScanOffset) : null);
}

/// <summary>How imports stand in a store.</summary>
/// <param name="Cursor">Up to where; null when nothing was imported yet.</param>
/// <param name="PausedUntil">No page is taken before.</param>
internal sealed record ImportState(ImportCursor? Cursor, Instant PausedUntil)
{
    public byte[] Encode(long pausedSince = 0) =>
        new Proto.ImportReply { Cursor = ImportCursor.ToWire(Cursor), PausedUntil = PausedUntil.Microseconds, PausedSince = pausedSince }.ToByteArray();

    public static ImportState Decode(ReadOnlyMemory<byte> bytes)
    {
        var wire = ProtobufBytes.Read(Proto.ImportReply.Parser, bytes.Span);
        return new ImportState(ImportCursor.FromWire(wire.Cursor), new Instant(wire.PausedUntil));
    }
}
