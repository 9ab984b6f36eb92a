using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Storage.Contents;

/// <summary>How content is found on the disk, one open <see cref="ContentFile"/> a path.</summary>
public sealed partial class ContentStore
{
    public int ReadSmall(in Hash256 root, Span<byte> buffer)
    {
        Check.That(buffer.Length >= PieceLengths.Shortest);
        try
        {
            using var handle = File.OpenHandle(PathOf(root), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.GetLength(handle);
            if (length > PieceLengths.Shortest)
            {
                return -1;
            }

            var content = buffer[..(int)length];
            return RandomAccess.Read(handle, content, 0) == length && Merkle.HashContent(content) == root ? (int)length : -1;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return -1;
        }
    }

    private ContentFile? OpenWhole(in Hash256 root)
    {
        var path = PathOf(root);
        lock (OpeningOf(path))
        {
            if (TryOpened(path) is { } open)
            {
                return open;
            }

            if (!File.Exists(path))
            {
                return null;
            }

            try
            {
                if (ReadWhole(path, root) is { } content)
                {
                    return Remember(path, content);
                }

                File.Move(path, path + DamagedEnding, overwrite: true);
                File.Delete(path + SidecarEnding);
                return null;
            }
            catch (IOException)
            {
                // A disk that fails here fails the next time too, or does not; in neither case is the content known to be damaged.
                return null;
            }
        }
    }

    private ContentFile? ReadWhole(string path, in Hash256 root)
    {
        using (var sidecar = Sidecar.Open(_files, path + SidecarEnding))
        {
            if (sidecar?.Manifest is { } manifest && manifest.Root == root)
            {
                sidecar.Dispose();
                return OpenOrThrow(path, manifest);
            }
        }

        return new FileInfo(path).Length <= PieceLengths.Shortest
            ? ContentFile.OpenOnePiece(_files, path, root)
            : ContentFile.Rebuild(_files, path, path + SidecarEnding, root);
    }

    private ContentFile OpenOrThrow(string path, Manifest manifest)
    {
        var opened = ContentFile.Open(_files, path, path + SidecarEnding, manifest.Length, manifest.PieceLength, manifest, recheck: false);
        return opened.Succeeded ? opened.Value : throw new IOException(opened.Failure.Message);
    }

    private ContentFile? OpenUpload(string id)
    {
        var path = IncomingPath(id);
        lock (OpeningOf(path))
        {
            if (TryOpened(path) is { } open)
            {
                return open;
            }

            try
            {
                if (!File.Exists(path) || Sidecar.Open(_files, path + SidecarEnding) is not { } sidecar)
                {
                    return null;
                }

                var (length, pieceLength, manifest) = (sidecar.Length, sidecar.PieceLength, sidecar.Manifest);
                sidecar.Dispose();
                var opened = ContentFile.Open(_files, path, path + SidecarEnding, length, pieceLength, manifest);
                return opened.Succeeded ? Remember(path, opened.Value) : null;
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    private Outcome<IContentFile> OpenIncoming(string id, long length, int pieceLength, Manifest? manifest)
    {
        var path = IncomingPath(id);
        lock (OpeningOf(path))
        {
            if (OpenUpload(id) is { } known)
            {
                return Outcome.Of<IContentFile>(known);
            }

            try
            {
                // What is left of a damaged copy is taken over: its good pieces need not come again.
                var damaged = manifest is null ? string.Empty : PathOf(manifest.Root) + DamagedEnding;
                var salvage = File.Exists(damaged) && !File.Exists(path);
                if (salvage)
                {
                    File.Move(damaged, path);
                }

                return ContentFile.Open(_files, path, path + SidecarEnding, length, pieceLength, manifest, salvage: salvage).Then(file =>
                    (IContentFile)Remember(path, file));
            }
            catch (IOException error)
            {
                return DiskFailure.From(error, $"opening {path}");
            }
        }
    }
}
