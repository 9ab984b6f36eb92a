using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Storage.Contents;

/// <summary>How content is opened, and what is done when what stands on the disk does not fit together.</summary>
public sealed partial class ContentFile
{
    /// <summary>
    /// Opens content whose bytes stand in <paramref name="dataPath"/> and what is known of it in <paramref name="sidecarPath"/>; makes both when absent.
    /// Pieces said to be there are hashed again first, since a loss of power may have left the map ahead of the data; to salvage is to
    /// say so of all of them.
    /// </summary>
    public static Outcome<ContentFile> Open(IFileSystem files, string dataPath, string sidecarPath, long length, int pieceLength, Manifest? manifest,
        bool recheck = true, bool salvage = false)
    {
        IFile? data = null;
        Sidecar? sidecar = null;
        try
        {
            data = files.Open(dataPath);
            sidecar = Sidecar.Open(files, sidecarPath);
            if (sidecar is not null && !Fits(sidecar, length, pieceLength, manifest))
            {
                sidecar.Dispose();
                files.Delete(sidecarPath);
                sidecar = null;
            }

            sidecar ??= Sidecar.Create(files, sidecarPath, length, pieceLength, manifest, isFull: salvage);
            if (manifest is not null && sidecar.Manifest is null)
            {
                sidecar.Attach(manifest);
            }

            if (data.Length != length)
            {
                // Bytes are missing or do not belong: whatever the map says of them is void.
                data.SetLength(length);
                recheck = true;
            }

            var content = new ContentFile(data, sidecar, dataPath);
            if (recheck)
            {
                content.RecheckAll();
            }

            return content;
        }
        catch (IOException error)
        {
            data?.Dispose();
            sidecar?.Dispose();
            return DiskFailure.From(error, $"opening {dataPath}");
        }
    }

    /// <summary>Opens whole content of one short piece, which has no sidecar; null when its bytes are not those of its root.</summary>
    internal static ContentFile? OpenOnePiece(IFileSystem files, string dataPath, in Hash256 root)
    {
        var data = files.Open(dataPath);
        ContentFile? content = null;
        try
        {
            var bytes = new byte[(int)Math.Min(data.Length, PieceLengths.Shortest + 1)];
            if (bytes.Length <= PieceLengths.Shortest && data.Read(bytes, 0) == bytes.Length && Merkle.HashContent(bytes) == root)
            {
                content = new ContentFile(data, Sidecar.OfOnePiece(Cete.Swarm.Manifest.OfOnePiece(bytes.Length, root)), dataPath);
            }

            return content;
        }
        finally
        {
            if (content is null)
            {
                data.Dispose();
            }
        }
    }

    /// <summary>
    /// Makes the lost sidecar of whole content again by hashing all of it; null when its bytes are not those of its root.
    /// </summary>
    internal static ContentFile? Rebuild(IFileSystem files, string dataPath, string sidecarPath, in Hash256 root)
    {
        if (HashAll(files, dataPath) is not { } manifest || manifest.Root != root)
        {
            return null;
        }

        Sidecar.Create(files, sidecarPath, manifest.Length, manifest.PieceLength, manifest, isFull: true).Dispose();
        var opened = Open(files, dataPath, sidecarPath, manifest.Length, manifest.PieceLength, manifest, recheck: false);
        return opened.Succeeded ? opened.Value : null;
    }

    private static Manifest? HashAll(IFileSystem files, string path)
    {
        using var data = files.Open(path);
        var (length, pieceLength) = (data.Length, PieceLengths.For(data.Length));
        if (!PieceLengths.IsValid(pieceLength, length))
        {
            return null;
        }

        var hashes = new byte[Cete.Swarm.Manifest.CountPieces(length, pieceLength) * Hash256.Size];
        var buffer = new byte[Math.Min(length, pieceLength)];
        for (var piece = 0; piece * Hash256.Size < hashes.Length; piece++)
        {
            var bytes = buffer.AsSpan(0, Cete.Swarm.Manifest.LengthOfPiece(piece, length, pieceLength));
            if (data.Read(bytes, (long)piece * pieceLength) != bytes.Length)
            {
                return null;
            }

            Cete.Swarm.Manifest.HashPiece(bytes, length, pieceLength).CopyTo(hashes.AsSpan(piece * Hash256.Size));
        }

        return Cete.Swarm.Manifest.FromPieces(length, pieceLength, new PieceLayer(hashes));
    }

    private static bool Fits(Sidecar sidecar, long length, int pieceLength, Manifest? manifest) =>
        sidecar.Length == length && sidecar.PieceLength == pieceLength
        && (manifest is null || sidecar.Manifest is null || sidecar.Manifest.Root == manifest.Root);

    private void RecheckAll()
    {
        var map = Pieces;
        for (var piece = map.NextPresent(0); piece < map.Count; piece = map.NextPresent(piece + 1))
        {
            if (!Recheck(piece).Succeeded)
            {
                // What cannot be read is as good as lost, but the rest of the content is not.
                lock (_gate)
                {
                    _sidecar.Unmark(piece);
                }
            }
        }
    }
}
