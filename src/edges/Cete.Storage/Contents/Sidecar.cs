using System.Buffers.Binary;
using Cete.Core;
using Cete.Ports;
using Cete.Storage.Log;
using Cete.Swarm;

namespace Cete.Storage.Contents;

/// <summary>
/// What is known of a content beside its bytes: length, piece length, root and piece hashes once there is a manifest, the
/// hashes found so far while there is none, and the map of pieces. A file of its own next to the data, so that the data
/// stays a plain copy. Layout: header of 64 bytes, piece hashes, map, and room for the hashes of all leaves: a hole where they are not known. They can be made
/// from the data again, and are believed only where they lead to the hash of their piece.
/// </summary>
internal sealed class Sidecar : IDisposable
{
    private const int HeaderSize = 64;
    private const int HasManifest = 1;
    private readonly IFile? _file;

    private Sidecar(IFile? file, long length, int pieceLength, PieceMap map, byte[] hashes) =>
        (_file, Length, PieceLength, Map, Hashes) = (file, length, pieceLength, map, hashes);

    private static ReadOnlySpan<byte> Magic => "CETEHAVE"u8;

    public long Length { get; }

    public int PieceLength { get; }

    /// <summary>Which pieces count. Guarded by the content that owns this.</summary>
    public PieceMap Map { get; }

    /// <summary>The hash of each piece: all of them with a manifest, else of those that came.</summary>
    public byte[] Hashes { get; private set; }

    public Manifest? Manifest { get; private set; }

    private long MapOffset => HeaderSize + Hashes.Length;

    private long LeavesOffset => MapOffset + ((Map.Count + 7) / 8);

    /// <summary>Makes the file anew; of the pieces all count, or none.</summary>
    public static Sidecar Create(IFileSystem files, string path, long length, int pieceLength, Manifest? manifest, bool isFull = false)
    {
        var count = Cete.Swarm.Manifest.CountPieces(length, pieceLength);
        var map = isFull ? PieceMap.Full(count) : new PieceMap(count);
        var file = files.Open(path);
        try
        {
            var sidecar = new Sidecar(file, length, pieceLength, map, new byte[count * Hash256.Size]) { Manifest = manifest };
            manifest?.Pieces.Bytes.CopyTo(sidecar.Hashes);
            sidecar.WriteAll();
            return sidecar;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Of whole content in one piece nothing needs to be kept beside it: its name is its hash.</summary>
    public static Sidecar OfOnePiece(Manifest manifest)
    {
        var sidecar = new Sidecar(null, manifest.Length, manifest.PieceLength, PieceMap.Full(1), manifest.Pieces.Bytes.ToArray()) { Manifest = manifest };
        return sidecar;
    }

    /// <summary>Null when the file is absent or makes no sense: then nothing is known and the content starts anew.</summary>
    public static Sidecar? Open(IFileSystem files, string path)
    {
        if (!files.Exists(path))
        {
            return null;
        }

        var file = files.Open(path);
        Sidecar? sidecar = null;
        try
        {
            sidecar = Read(file);
            return sidecar;
        }
        finally
        {
            if (sidecar is null)
            {
                file.Dispose();
            }
        }
    }

    /// <summary>Notes a piece. In this order, so that a killed process leaves no piece in the map that was not written.</summary>
    public void Mark(int piece)
    {
        Map.Set(piece);
        try
        {
            WriteMapByte(piece);
        }
        catch
        {
            Map.Clear(piece);
            throw;
        }
    }

    public void Unmark(int piece)
    {
        Map.Clear(piece);
        WriteMapByte(piece);
    }

    /// <summary>Notes the hash of a piece that came before there was a manifest.</summary>
    public void NoteHash(int piece, in Hash256 hash)
    {
        hash.CopyTo(Hashes.AsSpan(piece * Hash256.Size));
        _file?.Write(Hashes.AsSpan(piece * Hash256.Size, Hash256.Size), HeaderSize + ((long)piece * Hash256.Size));
    }

    /// <summary>Notes the hashes of a piece's leaves.</summary>
    public void NoteLeaves(int piece, ReadOnlySpan<byte> hashes) => _file?.Write(hashes, OffsetOfLeaves(piece));

    /// <summary>What was noted as the hashes of a piece's leaves, as many as there is room for; false where nothing was.</summary>
    public bool ReadLeaves(int piece, Span<byte> hashes) => _file?.Read(hashes, OffsetOfLeaves(piece)) == hashes.Length;

    public void Attach(Manifest manifest)
    {
        Manifest = manifest;
        Hashes = manifest.Pieces.Bytes.ToArray();
        WriteAll();
    }

    public void Sync() => _file?.Sync();

    public void Dispose() => _file?.Dispose();

    private static Sidecar? Read(IFile file)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (file.Read(header, 0) < HeaderSize || !header[..8].SequenceEqual(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(header[60..]) != Crc32C.Of(header[..60]))
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt64LittleEndian(header[8..]);
        var pieceLength = BinaryPrimitives.ReadInt32LittleEndian(header[16..]);
        if (!PieceLengths.IsValid(pieceLength, length))
        {
            return null;
        }

        var count = Cete.Swarm.Manifest.CountPieces(length, pieceLength);
        var rest = new byte[(count * Hash256.Size) + ((count + 7) / 8)];
        if (file.Read(rest, HeaderSize) < rest.Length)
        {
            return null;
        }

        var hashes = rest[..(count * Hash256.Size)];
        Manifest? manifest = null;
        if (header[20] == HasManifest)
        {
            var created = Cete.Swarm.Manifest.Create(length, pieceLength, new Hash256(header.Slice(24, Hash256.Size)), new PieceLayer(hashes));
            if (!created.Succeeded)
            {
                return null;
            }

            manifest = created.Value;
        }

        return new Sidecar(file, length, pieceLength, PieceMap.FromBytes(count, rest.AsSpan(hashes.Length)), hashes) { Manifest = manifest };
    }

    private void WriteAll()
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        header.Clear();
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], PieceLength);
        if (Manifest is not null)
        {
            header[20] = HasManifest;
            Manifest.Root.CopyTo(header[24..]);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(header[60..], Crc32C.Of(header[..60]));
        _file?.Write(Hashes, HeaderSize);
        _file?.Write(Map.ToBytes(), MapOffset);
        _file?.Write(header, 0);
    }

    private long OffsetOfLeaves(int piece) => LeavesOffset + ((long)piece * (PieceLength / Merkle.LeafSize) * Hash256.Size);

    private void WriteMapByte(int piece)
    {
        var (offset, value) = Map.ByteOf(piece);
        _file?.Write([value], MapOffset + offset);
    }
}
