using System.Security.Cryptography;
using System.Text;
using Cete.Core;
using Cete.Swarm;

namespace Cete.Formats.Torrents;

/// <summary>A file of a torrent.</summary>
/// <param name="Path">Names from the torrent's own folder down; of a torrent of one file its name.</param>
/// <param name="Manifest">Its content.</param>
/// <param name="Digests">Its SHA-1 pieces, of the torrent's piece length.</param>
public sealed record TorrentPart(IReadOnlyList<string> Path, Manifest Manifest, ContentDigests Digests);

/// <summary>Where a torrent sends its readers.</summary>
/// <param name="Tracker">Announce address (BEP 3); null for none.</param>
/// <param name="WebSeeds">HTTP addresses that have it (BEP 19); of a folder each ends with '/', and the client adds names.</param>
/// <param name="Comment">Shown by clients.</param>
public sealed record TorrentLinks(Uri? Tracker, IReadOnlyList<Uri> WebSeeds, string Comment);

/// <summary>The names of a torrent in its two worlds.</summary>
/// <param name="V1">SHA-1 of the info dictionary (BEP 3), 20 bytes.</param>
/// <param name="V2">SHA-256 of the same (BEP 52); trackers see its first 20 bytes.</param>
public sealed record InfoHashes(byte[] V1, Hash256 V2);

/// <summary>
/// A hybrid torrent: one info dictionary that clients of version 1 (BEP 3, with padding files of BEP 47) and of version 2 (BEP 52) read alike.
/// Version 2 needs nothing that manifests do not hold; version 1 needs the SHA-1 pieces.
/// </summary>
public sealed class Torrent
{
    /// <summary>The media type by which it is served.</summary>
    public const string MediaType = "application/x-bittorrent";

    /// <summary>Files of one torrent.</summary>
    public const int PartsMax = 20_000;

    /// <summary>Pieces of one torrent: bounds the file to about 14 MiB.</summary>
    public const long PiecesMax = 200_000;

    private Torrent(string name, byte[] file, InfoHashes hashes) => (Name, File, Hashes) = (name, file, hashes);

    /// <summary>Name of the file or folder.</summary>
    public string Name { get; }

    /// <summary>The <c>.torrent</c> file.</summary>
    public byte[] File { get; }

    public InfoHashes Hashes { get; }

    /// <summary>
    /// The piece length for contents that shall stand in one torrent: the longest of theirs, for layers can be made coarser but not finer.
    /// </summary>
    public static int PieceLengthFor(IEnumerable<Manifest> manifests) => manifests.Max(manifest => manifest.PieceLength);

    /// <summary>A torrent of one file.</summary>
    public static Torrent OfFile(TorrentPart part, TorrentLinks links) => Make(part.Path[0], [part], isFolder: false, links);

    /// <summary>A torrent of a folder.</summary>
    public static Torrent OfFolder(string name, IEnumerable<TorrentPart> parts, TorrentLinks links) =>
        Make(name, [.. parts.OrderBy(part => part.Path, PathOrder.Instance)], isFolder: true, links);

    private static Torrent Make(string name, IReadOnlyList<TorrentPart> parts, bool isFolder, TorrentLinks links)
    {
        Check.That(parts.Count is > 0 and <= PartsMax);
        var pieceLength = parts[0].Digests.PieceLength;
        Check.That(parts.All(part => part.Digests.PieceLength == pieceLength && part.Digests.Length == part.Manifest.Length));
        var info = WriteInfo(name, parts, pieceLength, isFolder);
#pragma warning disable CA5350 // BEP 3 names torrents by SHA-1.
        var hashes = new InfoHashes(SHA1.HashData(info), Hash256.Of(info));
#pragma warning restore CA5350
        var writer = new BencodeWriter();
        writer.BeginDictionary();
        if (links.Tracker is { } tracker)
        {
            writer.Field("announce"u8, tracker.AbsoluteUri);
        }

        writer.Field("comment"u8, links.Comment);
        writer.Field("created by"u8, "Cete");
        writer.Key("info"u8);
        writer.Raw(info);
        WriteLayers(writer, parts, pieceLength);
        WriteSeeds(writer, links.WebSeeds);
        writer.End();
        return new Torrent(name, writer.Written.ToArray(), hashes);
    }

    private static byte[] WriteInfo(string name, IReadOnlyList<TorrentPart> parts, int pieceLength, bool isFolder)
    {
        var writer = new BencodeWriter();
        writer.BeginDictionary();
        writer.Key("file tree"u8);
        new FileTree(parts).Write(writer);
        if (isFolder)
        {
            writer.Key("files"u8);
            WriteFiles(writer, parts, pieceLength);
        }
        else
        {
            writer.Field("length"u8, parts[0].Manifest.Length);
        }

        writer.Field("meta version"u8, 2);
        writer.Field("name"u8, name);
        writer.Field("piece length"u8, pieceLength);
        writer.Key("pieces"u8);
        var last = LastWithBytes(parts);
        writer.Bytes(parts.SelectMany((part, i) => i == last ? part.Digests.Pieces.ToArray() : part.Digests.PaddedPieces).ToArray());
        writer.End();
        return writer.Written.ToArray();
    }

    /// <summary>The list of version 1. Each file begins with a piece, as in version 2, so that what is between is named as padding.</summary>
    private static void WriteFiles(BencodeWriter writer, IReadOnlyList<TorrentPart> parts, int pieceLength)
    {
        var last = LastWithBytes(parts);
        writer.BeginList();
        for (var i = 0; i < parts.Count; i++)
        {
            var length = parts[i].Manifest.Length;
            WriteFile(writer, length, parts[i].Path, isPadding: false);
            var missing = (pieceLength - (length % pieceLength)) % pieceLength;
            if (i < last && missing > 0)
            {
                WriteFile(writer, missing, [".pad", missing.ToString(System.Globalization.CultureInfo.InvariantCulture)], isPadding: true);
            }
        }

        writer.End();
    }

    private static void WriteFile(BencodeWriter writer, long length, IReadOnlyList<string> path, bool isPadding)
    {
        writer.BeginDictionary();
        if (isPadding)
        {
            writer.Field("attr"u8, "p");
        }

        writer.Field("length"u8, length);
        writer.Key("path"u8);
        writer.BeginList();
        foreach (var name in path)
        {
            writer.Text(name);
        }

        writer.End();
        writer.End();
    }

    private static int LastWithBytes(IReadOnlyList<TorrentPart> parts)
    {
        var last = parts.Count - 1;
        while (last > 0 && parts[last].Manifest.Length == 0)
        {
            last--;
        }

        return last;
    }

    private static void WriteLayers(BencodeWriter writer, IReadOnlyList<TorrentPart> parts, int pieceLength)
    {
        writer.Key("piece layers"u8);
        writer.BeginDictionary();
        foreach (var manifest in parts.Select(part => part.Manifest).Where(m => m.Length > pieceLength).DistinctBy(m => m.Root).OrderBy(m => m.Root))
        {
            writer.Field(manifest.Root.ToArray(), manifest.Pieces.AtPieceLength(manifest.PieceLength, pieceLength).Bytes.Span);
        }

        writer.End();
    }

    private static void WriteSeeds(BencodeWriter writer, IReadOnlyList<Uri> seeds)
    {
        if (seeds.Count > 0)
        {
            writer.Key("url-list"u8);
            writer.BeginList();
            foreach (var seed in seeds)
            {
                writer.Text(seed.AbsoluteUri);
            }

            writer.End();
        }
    }

    /// <summary>The order in which version 2 walks its tree: level by level by the bytes of names.</summary>
    private sealed class PathOrder : IComparer<IReadOnlyList<string>>
    {
        public static readonly PathOrder Instance = new();

        public int Compare(IReadOnlyList<string>? x, IReadOnlyList<string>? y)
        {
            for (var i = 0; i < Math.Min(x!.Count, y!.Count); i++)
            {
                var order = Encoding.UTF8.GetBytes(x[i]).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y[i]));
                if (order != 0)
                {
                    return order;
                }
            }

            return x!.Count.CompareTo(y!.Count);
        }
    }
}
