using System.Globalization;
using Cete.Api;
using Cete.Core;
using Cete.Swarm;

namespace Cete.Net.Swarms;

/// <summary>
/// Leaves of a content, numbered through all of it, as <c>GET /swarm/ROOT/leaves?from=LEAF&amp;to=LEAF&amp;piece=BYTES</c> asks for them. The body has for
/// each piece in turn the hashes of all of its leaves, 32 bytes each, and then the bytes of those leaves that were asked for.
/// </summary>
/// <param name="From">The first leaf.</param>
/// <param name="To">One past the last leaf.</param>
/// <param name="Length">Bytes of the content.</param>
/// <param name="PieceLength">Bytes of a piece.</param>
internal readonly record struct LeafRange(long From, long To, long Length, int PieceLength)
{
    private const string FromField = "from";
    private const string ToField = "to";
    private const string PieceField = "piece";

    /// <summary>Leaves of a whole piece.</summary>
    public int LeavesOfPiece => PieceLength / Merkle.LeafSize;

    /// <summary>Where the bytes begin.</summary>
    public long Start => From * Merkle.LeafSize;

    /// <summary>Where the bytes end.</summary>
    public long End => Math.Min(To * Merkle.LeafSize, Length);

    /// <summary>Bytes of the content that are asked for.</summary>
    public long Bytes => End - Start;

    /// <summary>Bytes of the body: hashes and leaves.</summary>
    public long BodyLength
    {
        get
        {
            // Every piece but the content's last has as many leaves as any.
            var (first, last) = (From / LeavesOfPiece, (To - 1) / LeavesOfPiece);
            var leaves = ((last - first) * LeavesOfPiece) + LeafHashes.CountLeaves(Manifest.LengthOfPiece((int)last, Length, PieceLength));
            return (leaves * Hash256.Size) + Bytes;
        }
    }

    /// <summary>Leaves of a content of so many bytes; of none there are none that could be asked for.</summary>
    public static long CountOf(long length) => (length + Merkle.LeafSize - 1) / Merkle.LeafSize;

    /// <summary>Reads what a request asks for, or tells what is wrong with it.</summary>
    /// <param name="field">A field of the request; null for none.</param>
    /// <param name="length">Bytes of the content.</param>
    /// <param name="pieceLength">Bytes of a piece of it here.</param>
    public static Outcome<LeafRange> Read(Func<string, string?> field, long length, int pieceLength)
    {
        var count = CountOf(length);
        var range = new LeafRange(0, count, length, pieceLength);
        if (field(FromField) is { } from)
        {
            range = range with { From = Number(from) };
        }

        if (field(ToField) is { } to)
        {
            range = range with { To = Number(to) };
        }

        return field(PieceField) is { } piece && Number(piece) != pieceLength
            ? new Failure(FailureKind.Conflict, $"the content is here in pieces of {pieceLength} bytes; ask for its bytes by GET {Routes.Content}/ROOT")
            : range.From >= 0 && range.From < range.To && range.To <= count ? range
            : new Failure(FailureKind.Invalid, $"'{FromField}' and '{ToField}' are numbers of leaves, from 0 to {count}, and the first is the lower one");
    }

    /// <summary>The address of what is asked for.</summary>
    public string AddressOf(in Hash256 root) => string.Create(
        CultureInfo.InvariantCulture, $"{Routes.Leaves(root.ToString())}?{FromField}={From}&{ToField}={To}&{PieceField}={PieceLength}");

    /// <summary>A number; -1 for what is none.</summary>
    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
