using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using Cete.Core;
using Cete.Formats;
using Cete.Ports;
using Cete.Storage.Log;

namespace Cete.Storage.Contents;

/// <summary>Digests in files <c>digests/ab/cdef...-PIECELENGTH</c>, each with a checksum behind it.</summary>
public sealed class DigestStore : IDigestStore
{
    /// <summary>Flat hashes that are held in memory; all are let go when there are more.</summary>
    private const int RememberedMax = 10_000;

    private readonly ConcurrentDictionary<(Hash256 Root, int PieceLength), Hash256> _sha256 = new();
    private readonly string _folder;
    private long _temporary;

    public DigestStore(string folder)
    {
        _folder = Path.Combine(folder, "digests");
        Directory.CreateDirectory(_folder);
    }

    public ContentDigests? Find(in Hash256 root, int pieceLength)
    {
        var path = PathOf(root, pieceLength);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var bytes = File.ReadAllBytes(path);
            if (bytes.Length < sizeof(uint))
            {
                return null;
            }

            var body = bytes.AsSpan(0, bytes.Length - sizeof(uint));
            return BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(body.Length)) == Crc32C.Of(body) ? ContentDigests.Read(body) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public Hash256? FindSha256(in Hash256 root, int pieceLength)
    {
        if (_sha256.TryGetValue((root, pieceLength), out var known))
        {
            return known;
        }

        if (Find(root, pieceLength) is not { } digests)
        {
            return null;
        }

        if (_sha256.Count >= RememberedMax)
        {
            _sha256.Clear();
        }

        _sha256[(root, pieceLength)] = digests.Sha256;
        return digests.Sha256;
    }

    public Failure? Keep(in Hash256 root, ContentDigests digests)
    {
        var body = digests.Write();
        var bytes = new byte[body.Length + sizeof(uint)];
        body.CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(body.Length), Crc32C.Of(body));
        var path = PathOf(root, digests.PieceLength);
        var temporary = Path.Combine(_folder, $"new-{Interlocked.Increment(ref _temporary)}");
        try
        {
            File.WriteAllBytes(temporary, bytes);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(temporary, path, overwrite: true);
            return null;
        }
        catch (IOException error)
        {
            File.Delete(temporary);
            return DiskFailure.From(error, "keeping digests");
        }
    }

    private string PathOf(in Hash256 root, int pieceLength)
    {
        var name = root.ToString();
        return Path.Combine(_folder, name[..2], $"{name[2..]}-{pieceLength.ToString(CultureInfo.InvariantCulture)}");
    }
}
