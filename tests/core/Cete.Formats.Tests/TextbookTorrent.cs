using System.Security.Cryptography;
using System.Text;
using Cete.Formats.Torrents;
using Cete.Swarm.Tests;

namespace Cete.Formats.Tests;

/// <summary>Reads a hybrid torrent as a client of version 1 and as one of version 2 do, and checks it against the files it is of.</summary>
internal sealed class TextbookTorrent
{
    private readonly Dictionary<string, byte[]> _files;
    private readonly Dictionary<string, object> _torrent;
    private readonly Dictionary<string, object> _info;
    private readonly int _pieceLength;

    private TextbookTorrent(byte[] torrent, Dictionary<string, byte[]> files)
    {
        _files = files;
        _torrent = BencodeReader.ReadDictionary(torrent);
        _info = (Dictionary<string, object>)_torrent["info"];
        _pieceLength = (int)(long)_info["piece length"];
    }

    /// <summary>Checks a torrent of files, named by their paths within it.</summary>
    public static Dictionary<string, object> Check(Torrent torrent, IEnumerable<(string Path, byte[] Content)> files)
    {
        var contents = files.ToDictionary(file => file.Path, file => file.Content, StringComparer.Ordinal);
        var reader = new TextbookTorrent(torrent.File, contents);
        var info = BencodeReader.RawValue(torrent.File, "info");
        Assert.Equal(SHA1.HashData(info), torrent.Hashes.V1);
        Assert.Equal(SHA256.HashData(info), torrent.Hashes.V2.ToArray());
        Assert.Equal(2L, reader._info["meta version"]);
        Assert.Equal(torrent.Name, Text(reader._info["name"]));
        var second = reader.CheckSecond();
        var first = reader.CheckFirst();
        Assert.Equal(second, first);
        Assert.Equal(contents.Keys.Order(StringComparer.Ordinal), first.Order(StringComparer.Ordinal));
        return reader._torrent;
    }

    public static string Text(object value) => Encoding.UTF8.GetString((byte[])value);

    /// <summary>Version 1: one stream of bytes over all files, cut into pieces. The paths without padding, in order.</summary>
    private List<string> CheckFirst()
    {
        List<string> paths = [];
        var pieces = (byte[])_info["pieces"];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        long done = 0;
        foreach (var (path, content, isPadding) in FilesOfFirst())
        {
            if (!isPadding)
            {
                // Version 2 begins each file with a piece, so version 1 must too.
                Assert.True(content.Length == 0 || done % _pieceLength == 0, path);
                paths.Add(path);
            }

            for (var at = 0; at < content.Length;)
            {
                var count = (int)Math.Min(content.Length - at, _pieceLength - (done % _pieceLength));
                hash.AppendData(content, at, count);
                (at, done) = (at + count, done + count);
                if (done % _pieceLength == 0)
                {
                    Assert.Equal(pieces.AsSpan((int)((done / _pieceLength) - 1) * 20, 20).ToArray(), hash.GetHashAndReset());
                }
            }
        }

        if (done % _pieceLength > 0)
        {
            Assert.Equal(pieces.AsSpan((int)(done / _pieceLength) * 20, 20).ToArray(), hash.GetHashAndReset());
        }

        Assert.Equal((done + _pieceLength - 1) / _pieceLength * 20, pieces.Length);
        return paths;
    }

    private IEnumerable<(string Path, byte[] Content, bool IsPadding)> FilesOfFirst()
    {
        if (_info.TryGetValue("length", out var only))
        {
            Assert.False(_info.ContainsKey("files"));
            Assert.Equal((long)_files.Single().Value.Length, only);
            yield return (Text(_info["name"]), _files.Single().Value, false);
            yield break;
        }

        foreach (var file in ((List<object>)_info["files"]).Cast<Dictionary<string, object>>())
        {
            var path = string.Join('/', ((List<object>)file["path"]).Select(Text));
            var length = (long)file["length"];
            var isPadding = file.TryGetValue("attr", out var attributes) && Text(attributes).Contains('p', StringComparison.Ordinal);
            Assert.Equal(isPadding ? length : _files[path].Length, length);
            yield return (path, isPadding ? new byte[length] : _files[path], isPadding);
        }
    }

    /// <summary>Version 2: a tree of files, each with its own tree of hashes. The paths in the order of the tree.</summary>
    private List<string> CheckSecond()
    {
        List<string> paths = [];
        HashSet<string> layersUsed = [];
        Walk((Dictionary<string, object>)_info["file tree"], []);
        Assert.Equal(layersUsed.Order(StringComparer.Ordinal), ((Dictionary<string, object>)_torrent["piece layers"]).Keys.Order(StringComparer.Ordinal));
        return paths;

        void Walk(Dictionary<string, object> folder, List<string> above)
        {
            foreach (var (key, value) in folder)
            {
                List<string> path = [.. above, Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(key))];
                var below = (Dictionary<string, object>)value;
                if (below.TryGetValue(string.Empty, out var file))
                {
                    Assert.Single(below);
                    CheckFile(string.Join('/', path), (Dictionary<string, object>)file);
                }
                else
                {
                    Walk(below, path);
                }
            }
        }

        void CheckFile(string path, Dictionary<string, object> file)
        {
            var content = _files[path];
            paths.Add(path);
            Assert.Equal((long)content.Length, file["length"]);
            if (content.Length == 0)
            {
                Assert.False(file.ContainsKey("pieces root"));
                return;
            }

            Assert.Equal(TextbookTree.Root(content), (byte[])file["pieces root"]);
            if (content.Length > _pieceLength)
            {
                var key = Encoding.Latin1.GetString((byte[])file["pieces root"]);
                Assert.Equal(TextbookTree.Layer(content, _pieceLength).SelectMany(h => h), (byte[])((Dictionary<string, object>)_torrent["piece layers"])[key]);
                layersUsed.Add(key);
            }
        }
    }
}
