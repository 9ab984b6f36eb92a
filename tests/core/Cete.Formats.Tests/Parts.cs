using Cete.Core;
using Cete.Formats.Torrents;
using Cete.Swarm;
using Cete.Swarm.Tests;

namespace Cete.Formats.Tests;

/// <summary>Contents with all that formats want of them.</summary>
internal static class Parts
{
    public static byte[] Bytes(int length, ulong seed = 1)
    {
        var bytes = new byte[length];
        new Prng(seed).Fill(bytes);
        return bytes;
    }

    public static Manifest ManifestOf(byte[] content, int pieceLength) =>
        Manifest.FromPieces(content.Length, pieceLength, new PieceLayer(TextbookTree.Layer(content, pieceLength).SelectMany(hash => hash).ToArray()));

    /// <summary>Digests, handed in by chunks that are no divisor of anything.</summary>
    public static ContentDigests DigestsOf(byte[] content, int pieceLength, int chunk = 5_003)
    {
        using var maker = new ContentDigests.Maker(content.Length, pieceLength);
        for (var at = 0; at < content.Length;)
        {
            var count = Math.Min(chunk, Math.Min(pieceLength - (at % pieceLength), content.Length - at));
            maker.Append(content.AsSpan(at, count));
            at += count;
        }

        return maker.Finish();
    }

    public static TorrentPart Of(string path, byte[] content, int pieceLength, int? ownPieceLength = null) =>
        new(path.Split('/'), ManifestOf(content, ownPieceLength ?? pieceLength), DigestsOf(content, pieceLength));
}
