using Cete.Core;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Groups.Import;

/// <summary>An event of a page, and where the import stands when it was taken.</summary>
internal readonly record struct ImportStep(Proto.Event Event, ImportCursor After);

/// <summary>What a source told, as it is to be proposed: in one command, or in several.</summary>
/// <param name="From">Where the import has to stand.</param>
/// <param name="Begins">What was imported is dropped first.</param>
/// <param name="Steps">The events.</param>
/// <param name="To">Where it stands then; the same as after the last event, or further.</param>
internal sealed record ImportPage(ImportCursor? From, bool Begins, IReadOnlyList<ImportStep> Steps, ImportCursor To)
{
    /// <summary>What a clock can show: up to the year 9999.</summary>
    private static readonly long ClockMax = Instant.From(DateTimeOffset.MaxValue).Microseconds;

    public static FeedEvent FromWire(Proto.Event told) => new(told.Position, new Instant(told.At), told.Type, told.Body.Memory);

    public static Proto.Event ToWire(FeedEvent told) =>
        new() { Position = told.Position, At = told.At.Microseconds, Type = told.Type, Body = UnsafeByteOperations.UnsafeWrap(told.Body) };

    /// <summary>Looks whether events are what a feed can tell behind a cursor.</summary>
    public static Outcome<ImportPage> OfFeed(Proto.FeedPiece piece, ImportCursor cursor)
    {
        if (piece.Events.Count > Limits.PageItemsMax)
        {
            return Damaged($"{piece.Events.Count} events at once; {Limits.PageItemsMax} is the most");
        }

        var steps = new List<ImportStep>(piece.Events.Count);
        var position = cursor.Position;
        foreach (var told in piece.Events)
        {
            if (told.Position <= position || !IsSound(told))
            {
                return Damaged($"an event at {told.Position} behind {position} that no feed tells");
            }

            position = told.Position;
            steps.Add(new ImportStep(told, cursor with { Position = position }));
        }

        return new ImportPage(cursor, Begins: false, steps, cursor with { Position = position });
    }

    /// <summary>Reads a piece of a scan.</summary>
    /// <param name="piece">What came.</param>
    /// <param name="own">Where the import stands.</param>
    /// <param name="place">Which piece was asked for; its id is 0 for the first one of any scan.</param>
    public static Outcome<(ImportPage Page, Proto.ScanHeader? Header)> OfScan(Proto.GroupResponse piece, ImportCursor? own, ScanPlace place)
    {
        if (piece.SnapshotId <= 0 || (place.Id != 0 && piece.SnapshotId != place.Id) || piece.SnapshotLength is < 1 or > ImportLimits.ScanBytesMax
            || piece.Piece.IsEmpty || piece.Piece.Length > 2 * ImportLimits.PageBytesMax || place.Offset + piece.Piece.Length > piece.SnapshotLength)
        {
            return Damaged("a piece of a scan that is not what was asked for");
        }

        try
        {
            return Read(piece, own, place with { Id = piece.SnapshotId });
        }
        catch (Exception error) when (error is InvalidDataException || MalformedBytes.Caused(error))
        {
            return Damaged(error.Message);
        }
    }

    private static Outcome<(ImportPage Page, Proto.ScanHeader? Header)> Read(Proto.GroupResponse piece, ImportCursor? own, ScanPlace place)
    {
        var bytes = piece.Piece.Span;
        var offset = 0;
        var header = place.Offset > 0 ? null : ScanStream.Next(Proto.ScanHeader.Parser, bytes, ref offset);
        if (place.Offset == 0 && header is not { Epoch: >= 0, Position: > 0, Oldest: > 0 })
        {
            return Damaged("a scan that does not say what it is of");
        }

        var moment = header is null ? own! with { Scan = null } : new ImportCursor(header.Epoch, header.Position);
        ImportCursor At(int taken) => place.Offset + taken < piece.SnapshotLength
            ? moment with { Scan = place with { Offset = place.Offset + taken } }
            : moment;
        var steps = new List<ImportStep>();
        while (ScanStream.Next(Proto.Event.Parser, bytes, ref offset) is { } told)
        {
            if (told.Position != moment.Position || !IsSound(told))
            {
                return Damaged("a record that no scan tells");
            }

            steps.Add(new ImportStep(told, At(offset)));
        }

        return offset == 0 || (offset < bytes.Length && place.Offset + bytes.Length == piece.SnapshotLength)
            ? Damaged("a scan that ends amid a record")
            : (new ImportPage(own, Begins: header is not null, steps, At(offset)), header);
    }

    private static bool IsSound(Proto.Event told) => told.Type.Length is > 0 and <= ImportLimits.TypeLengthMax && told.Body.Length <= Limits.EventBytesMax
        && told.At >= 0 && told.At <= ClockMax;

    private static Failure Damaged(string what) => new(FailureKind.Damaged, $"the source told {what}");
}
