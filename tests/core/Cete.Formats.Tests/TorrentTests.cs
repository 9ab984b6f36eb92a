using System.Globalization;
using System.Text;
using Cete.Core;
using Cete.Formats.Torrents;

namespace Cete.Formats.Tests;

public sealed class TorrentTests
{
    private const int Piece = 32 * 1024;
    private static readonly TorrentLinks Links = new(
        new Uri("http://127.0.0.1:1/announce?seed=%2Fa&code=b"), [new Uri("http://127.0.0.1:1/content/a%20b"), new Uri("http://[::1]:2/x")], "wörds");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16 * 1024)]
    [InlineData(Piece - 1)]
    [InlineData(Piece)]
    [InlineData(Piece + 1)]
    [InlineData((5 * Piece) + 16_385)]
    [InlineData(8 * Piece)]
    public void A_torrent_of_one_file_is_right_in_both_versions(int length)
    {
        var content = Parts.Bytes(length);
        var torrent = Torrent.OfFile(Parts.Of("film é.mkv", content, Piece), Links);
        var read = TextbookTorrent.Check(torrent, [("film é.mkv", content)]);
        Assert.Equal("film é.mkv", torrent.Name);
        Assert.Equal("http://127.0.0.1:1/announce?seed=%2Fa&code=b", TextbookTorrent.Text(read["announce"]));
        Assert.Equal("wörds", TextbookTorrent.Text(read["comment"]));
        Assert.Equal(["http://127.0.0.1:1/content/a%20b", "http://[::1]:2/x"], ((List<object>)read["url-list"]).Select(TextbookTorrent.Text));
    }

    [Fact]
    public void Nothing_is_said_of_trackers_and_seeds_that_are_not_there()
    {
        var torrent = Torrent.OfFile(Parts.Of("a", Parts.Bytes(3), Piece), new TorrentLinks(null, [], string.Empty));
        var read = BencodeReader.ReadDictionary(torrent.File);
        Assert.False(read.ContainsKey("announce") || read.ContainsKey("url-list"));
    }

    /// <summary>Lengths of files in order: nothing, less than a piece, a piece, more.</summary>
    [Theory]
    [InlineData("0,100,32768,40000")]
    [InlineData("100,0,32768,40000")]
    [InlineData("100,40000,0")]
    [InlineData("100,40000,0,0,0")]
    [InlineData("0,0,100,0,0,40000,0,0")]
    [InlineData("0")]
    [InlineData("0,0,0")]
    [InlineData("1")]
    [InlineData("32768,32768")]
    [InlineData("70000")]
    [InlineData("32767,1,32769,98304,5")]
    public void A_folder_is_right_in_both_versions(string lengths)
    {
        (string Path, byte[] Content)[] files =
            [.. lengths.Split(',').Select((length, i) => ($"{i:00}", Parts.Bytes(int.Parse(length, CultureInfo.InvariantCulture), (ulong)i)))];
        Check(files);
    }

    [Fact]
    public void Every_small_folder_is_right_in_both_versions()
    {
        int[] lengths = [0, 1, Piece, Piece + 1];
        foreach (var first in lengths)
        {
            foreach (var second in lengths)
            {
                foreach (var third in lengths)
                {
                    Check([("a", Parts.Bytes(first, 1)), ("b", Parts.Bytes(second, 2)), ("c", Parts.Bytes(third, 3))]);
                }
            }
        }
    }

    [Fact]
    public void The_order_is_that_of_the_bytes_of_names_level_by_level()
    {
        // '!' comes before '/', "Z" before "a", U+FFxx before what lies beyond the BMP in UTF-8 but not in UTF-16.
        string[] names = ["a!", "a/b", "a/b!", "a.b", "a b/c/d", "Z", "é", "ａ", "\U0001F9A1", "\U0001F9A1x/y", "z", "a/é", "a/z"];
        (string Path, byte[] Content)[] files = [.. names.Select((name, i) => (name, Parts.Bytes(i * 7_001, (ulong)i)))];
        var read = Check(files);
        var listed = ((List<object>)((Dictionary<string, object>)read["info"])["files"]).Cast<Dictionary<string, object>>()
            .Where(file => !file.ContainsKey("attr")).Select(file => string.Join('/', ((List<object>)file["path"]).Select(TextbookTorrent.Text)));
        Assert.Equal(["Z", "a/b", "a/b!", "a/z", "a/é", "a b/c/d", "a!", "a.b", "z", "é", "ａ", "\U0001F9A1", "\U0001F9A1x/y"], listed);
    }

    [Fact]
    public void Contents_of_differing_piece_lengths_stand_in_one_torrent()
    {
        int[] own = [16 * 1024, 32 * 1024, 64 * 1024, 128 * 1024];
        int[] lengths = [1, 16_384, 60_000, 131_073, 700_001];
        var contents = own.SelectMany(piece => lengths.Select(length => (piece, Parts.Bytes(length, (ulong)(piece + length))))).ToList();
        var parts = contents.Select((c, i) => Parts.Of($"f{i:00}", c.Item2, 128 * 1024, c.piece)).ToList();
        Assert.Equal(128 * 1024, Torrent.PieceLengthFor(parts.Select(part => part.Manifest)));
        TextbookTorrent.Check(Torrent.OfFolder("mixed", parts, Links), contents.Select((c, i) => ($"f{i:00}", c.Item2)));
    }

    [Fact]
    public void The_same_content_twice_has_one_layer()
    {
        var content = Parts.Bytes(3 * Piece);
        var read = Check([("a", content), ("b", content)]);
        Assert.Single((Dictionary<string, object>)read["piece layers"]);
    }

    [Fact]
    public void Ten_thousand_files_are_right_in_both_versions()
    {
        const int Small = 16 * 1024;
        (string Path, byte[] Content)[] files =
            [.. Enumerable.Range(0, 10_000).Select(i => ($"{i % 100}/{i % 7}/file {i}", Encoding.ASCII.GetBytes($"content {i % 3_000}")))];
        TextbookTorrent.Check(Torrent.OfFolder("many", files.Select(file => Parts.Of(file.Path, file.Content, Small)), Links), files);
    }

    [Fact]
    public void The_order_in_which_files_are_handed_in_does_not_matter()
    {
        var parts = Enumerable.Range(0, 20).Select(i => Parts.Of($"{i % 3}/{i}", Parts.Bytes(i * 3_000, (ulong)i), Piece)).ToArray();
        var first = Torrent.OfFolder("x", parts, Links);
        Array.Reverse(parts);
        Assert.Equal(first.File, Torrent.OfFolder("x", parts, Links).File);
    }

    [Fact]
    public void Parts_of_another_piece_length_or_content_are_a_bug()
    {
        var part = Parts.Of("a", Parts.Bytes(Piece), Piece);
        Assert.Throws<CheckFailedException>(() => Torrent.OfFolder("x", [part, Parts.Of("b", Parts.Bytes(1), 2 * Piece)], Links));
        Assert.Throws<CheckFailedException>(() => Torrent.OfFolder("x", [part with { Manifest = Parts.ManifestOf(Parts.Bytes(1), Piece) }], Links));
        Assert.Throws<CheckFailedException>(() => Torrent.OfFolder("x", [], Links));
    }

    [Fact]
    public void A_magnet_link_names_both_versions()
    {
        var torrent = Torrent.OfFile(Parts.Of("a&b=c é.txt", Parts.Bytes(9), Piece), Links);
        var link = MagnetLink.Of(torrent.Hashes, torrent.Name, 9, Links.Tracker, Links.WebSeeds, new Uri("http://127.0.0.1:1/a.torrent?x=y&z=ä"));
        Assert.All(link, c => Assert.InRange(c, '!', '~'));
        var fields = link["magnet:?".Length..].Split('&').Select(field => field.Split('='))
            .ToLookup(field => field[0], field => Uri.UnescapeDataString(field[1]));
        Assert.Equal([$"urn:btih:{Convert.ToHexStringLower(torrent.Hashes.V1)}", $"urn:btmh:1220{torrent.Hashes.V2}"], fields["xt"]);
        Assert.Equal("a&b=c é.txt", fields["dn"].Single());
        Assert.Equal("9", fields["xl"].Single());
        Assert.Equal(Links.Tracker!.AbsoluteUri, fields["tr"].Single());
        Assert.Equal(Links.WebSeeds.Select(seed => seed.AbsoluteUri), fields["ws"]);
        Assert.Equal("http://127.0.0.1:1/a.torrent?x=y&z=%C3%A4", fields["xs"].Single());
        var bare = MagnetLink.Of(torrent.Hashes, "a", 9, null, [], null);
        Assert.DoesNotContain("tr=", bare, StringComparison.Ordinal);
    }

    private static Dictionary<string, object> Check((string Path, byte[] Content)[] files) => TextbookTorrent.Check(
        Torrent.OfFolder("folder", files.Select(file => Parts.Of(file.Path, file.Content, Piece)), Links), files);
}
