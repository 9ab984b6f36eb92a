using System.Buffers.Binary;
using System.Security.Cryptography;
using Cete.Core;
using Cete.Swarm;

namespace Cete.Formats;

/// <summary>
/// Hashes of a content that only older formats ask for: the flat SHA-256 (RFC 5854, RFC 9530) and the SHA-1 of its pieces (BEP 3). They need
/// all bytes in order, so they are made once, in the background, and kept.
/// </summary>
public sealed class ContentDigests
{
    /// <summary>Bytes of a SHA-1.</summary>
    public const int Sha1Size = 20;

    private const int HeaderSize = 24;
    private readonly byte[] _sha1;

    private ContentDigests(long length, int pieceLength, Hash256 sha256, byte[] sha1) =>
        (Length, PieceLength, Sha256, _sha1) = (length, pieceLength, sha256, sha1);

    /// <summary>Bytes of the content.</summary>
    public long Length { get; }

    /// <summary>Bytes of a piece: a power of two.</summary>
    public int PieceLength { get; }

    /// <summary>SHA-256 of the whole content, without any tree.</summary>
    public Hash256 Sha256 { get; }

    /// <summary>SHA-1 of each piece, of the last one as short as it is; nothing for a content of no bytes.</summary>
    public ReadOnlySpan<byte> Pieces => _sha1.AsSpan(0, _sha1.Length - Sha1Size);

    /// <summary>The same with the last piece filled up with zeros, as when another file follows behind padding (BEP 47).</summary>
    public byte[] PaddedPieces
    {
        get
        {
            var pieces = Pieces.ToArray();
            if (pieces.Length > 0)
            {
                _sha1.AsSpan(_sha1.Length - Sha1Size).CopyTo(pieces.AsSpan(pieces.Length - Sha1Size));
            }

            return pieces;
        }
    }

    private static ReadOnlySpan<byte> Magic => "CETESUM1"u8;

    /// <summary>Writes them to be kept.</summary>
    public byte[] Write()
    {
        var bytes = new byte[HeaderSize + Hash256.Size + _sha1.Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), PieceLength);
        Sha256.CopyTo(bytes.AsSpan(HeaderSize));
        _sha1.CopyTo(bytes.AsSpan(HeaderSize + Hash256.Size));
        return bytes;
    }

    /// <summary>Reads what was kept; null when it is not what it should be: then they are made anew.</summary>
    public static ContentDigests? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize + Hash256.Size || !bytes[..8].SequenceEqual(Magic))
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        var pieceLength = BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]);
        var sha1 = bytes[(HeaderSize + Hash256.Size)..].ToArray();
        return PieceLengths.IsValid(pieceLength, length) && sha1.Length == (CountPieces(length, pieceLength) + 1) * Sha1Size
            ? new ContentDigests(length, pieceLength, new Hash256(bytes.Slice(HeaderSize, Hash256.Size)), sha1)
            : null;
    }

    private static int CountPieces(long length, int pieceLength) => length == 0 ? 0 : Manifest.CountPieces(length, pieceLength);

    /// <summary>Makes digests of a content that is handed in from its beginning to its end. Disposing lets go of the hash contexts.</summary>
    /// <param name="length">Bytes of the content.</param>
    /// <param name="pieceLength">Bytes of a piece.</param>
    public sealed class Maker(long length, int pieceLength) : IDisposable
    {
        private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
#pragma warning disable CA5350 // BEP 3 has SHA-1; what it protects is protected by SHA-256 beside it.
        private readonly IncrementalHash _sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
#pragma warning restore CA5350
        private readonly byte[] _pieces = new byte[(CountPieces(length, pieceLength) + 1) * Sha1Size];
        private int _piece;
        private long _done;

        /// <summary>Adds the next bytes: at most up to the end of a piece.</summary>
        public void Append(ReadOnlySpan<byte> bytes)
        {
            var left = Math.Min(pieceLength - (_done % pieceLength), length - _done);
            Check.That(bytes.Length <= left, "bytes for digests end with a piece");
            if (bytes.IsEmpty)
            {
                return;
            }

            _sha256.AppendData(bytes);
            _sha1.AppendData(bytes);
            _done += bytes.Length;
            if (_done == length)
            {
                // The last piece stands twice: as it is, and filled up.
                _sha1.GetCurrentHash(_pieces.AsSpan(_piece * Sha1Size));
                var missing = (int)(((long)CountPieces(length, pieceLength) * pieceLength) - length);
                _sha1.AppendData(new byte[missing]);
                _sha1.GetHashAndReset(_pieces.AsSpan((_piece + 1) * Sha1Size));
            }
            else if (bytes.Length == left)
            {
                _sha1.GetHashAndReset(_pieces.AsSpan(_piece++ * Sha1Size));
            }
        }

        /// <summary>The digests, when all bytes were added.</summary>
        public ContentDigests Finish()
        {
            Check.That(_done == length, "digests are of whole content");
            Span<byte> hash = stackalloc byte[Hash256.Size];
            _sha256.GetHashAndReset(hash);
            return new ContentDigests(length, pieceLength, new Hash256(hash), _pieces);
        }

        public void Dispose()
        {
            _sha256.Dispose();
            _sha1.Dispose();
        }
    }
}
