using System.Text;
using Cete.Core;
using Cete.Formats;
using Cete.Formats.Tracking;
using Cete.Swarm;

namespace Cete.Fuzzing.Targets;

/// <summary>ID files, and what BitTorrent clients ask. Torrents and metalinks are written here, never read.</summary>
internal static class FormatTargets
{
    public static (string Name, Func<FuzzTarget> Make)[] All { get; } =
        [("id-file", IdFiles), ("announce", Announces), ("scrape", Scrapes), ("digests", Digests)];

    private static FuzzTarget IdFiles() => new(
        "id-file", input => Oracle.Again(bytes => IdFile.Read(bytes), file => file.Write(), input),
        () => [Example(20).Write(), (Example(40_000) with { Tags = [], Description = string.Empty, Path = string.Empty }).Write(), OfPieces().Write()])
    {
        Dictionary = [.. new[] { "\"cete\":2", "\\ud83d", "\"layer\":\"\"", "\"length\":-1", "1e999", "[[[[[[[[[", "null",
            "\"pieceLength\":0" }.Select(Encoding.UTF8.GetBytes)],
    };

    private static FuzzTarget Announces() => FuzzTarget.OfText(
        "announce", query => Oracle.Of(AnnounceRequest.Parse(query), asked =>
            Oracle.That(asked is { InfoHash.Length: 20, PeerId.Length: 20, Port: > 0 and < 65_536, PeersWanted: >= 0 and <= 200 }, "out of its bounds")),
        [
            "?info_hash=%12%34aaaaaaaaaaaaaaaaaa&peer_id=-qB4500-aaaaaaaaaaaa&port=6881&uploaded=0&downloaded=0&left=0&compact=1&event=started&numwant=200",
            "info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=bbbbbbbbbbbbbbbbbbbb&port=1",
        ],
        "&", "=", "%", "%zz", "+", "&info_hash=", "&port=65536", "&event=paused", "&left=");

    private static FuzzTarget Scrapes() => FuzzTarget.OfText(
        "scrape", query => Oracle.Of(ScrapeRequest.Parse(query),
            hashes => Oracle.That(hashes.Count is > 0 and <= ScrapeRequest.HashesMax, "out of its bounds")),
        ["info_hash=aaaaaaaaaaaaaaaaaaaa", "?info_hash=%00%01%02aaaaaaaaaaaaaaaaa&info_hash=bbbbbbbbbbbbbbbbbbbb"],
        "&info_hash=", "%", "&", "=");

    private static FuzzTarget Digests() => new(
        "digests",
        input =>
        {
            if (ContentDigests.Read(input) is not { } read)
            {
                return "refused";
            }

            var written = read.Write();
            Oracle.That(ContentDigests.Read(written)!.Write().AsSpan().SequenceEqual(written), "it is written otherwise the second time");
            Oracle.That(read.PaddedPieces.Length == read.Pieces.Length, "padded pieces are not as many");
            return FuzzTarget.Taken;
        },
        () => [DigestsOf(0), DigestsOf(100), DigestsOf(40_000)]);

    private static byte[] DigestsOf(int length)
    {
        using var maker = new ContentDigests.Maker(length, 16 * 1024);
        for (var left = length; left > 0; left -= 16 * 1024)
        {
            maker.Append(new byte[Math.Min(left, 16 * 1024)]);
        }

        return maker.Finish().Write();
    }

    private static IdFile Example(int length) => new()
    {
        Name = "a song.flac",
        Manifest = Manifest.OfOnePiece(length, Hash256.Of("content"u8)),
        Path = "/music/a song.flac",
        Description = "about it",
        Tags = ["a", "b"],
        Sources = [new Uri("http://192.0.2.1:80/x"), new Uri("https://example.org/")],
    };

    private static IdFile OfPieces()
    {
        var length = 3 * PieceLengths.For(100_000_000L);
        var layer = new byte[3 * Hash256.Size];
        new Prng(1).Fill(layer);
        return Example(1) with { Manifest = Manifest.FromPieces(length, PieceLengths.For(100_000_000L), new PieceLayer(layer)) };
    }
}
