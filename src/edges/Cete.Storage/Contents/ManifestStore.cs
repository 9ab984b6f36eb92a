using System.Buffers.Binary;
using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Storage.Contents;

/// <summary>
/// Manifests in files <c>manifests/ab/cdef...</c>: length, piece length, layer. What is read is checked against its name, so a damaged file is no manifest.
/// </summary>
public sealed class ManifestStore : IManifestStore
{
    private const int HeadSize = sizeof(long) + sizeof(int);

    /// <summary>A file is marked as used once in so long.</summary>
    private static readonly TimeSpan UseInterval = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly long _bytesMax;
    private readonly TimeProvider _clock;
    private long? _bytes;
    private long _temporary;

    /// <param name="folder">The node's folder.</param>
    /// <param name="bytesMax">Bytes of all files.</param>
    /// <param name="clock">Says when one was used.</param>
    public ManifestStore(string folder, long bytesMax, TimeProvider clock)
    {
        _folder = Path.Combine(folder, "manifests");
        (_bytesMax, _clock) = (bytesMax, clock);
        Directory.CreateDirectory(_folder);
    }

    /// <inheritdoc/>
    public Manifest? Find(in Hash256 root)
    {
        var path = PathOf(root);
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            var bytes = File.ReadAllBytes(path);
            var manifest = bytes.Length < HeadSize ? null : Manifest.Create(
                BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(sizeof(long))), root,
                new PieceLayer(bytes.AsMemory(HeadSize))) is { Succeeded: true, Value: var read } ? read : null;
            Use(path);
            return manifest;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Outcome<bool> Keep(Manifest manifest)
    {
        if (Find(manifest.Root) is not null)
        {
            return false;
        }

        var bytes = new byte[HeadSize + manifest.Pieces.Bytes.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, manifest.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(sizeof(long)), manifest.PieceLength);
        manifest.Pieces.Bytes.Span.CopyTo(bytes.AsSpan(HeadSize));
        var path = PathOf(manifest.Root);
        lock (_gate)
        {
            var temporary = Path.Combine(_folder, $"new-{_temporary++}");
            try
            {
                MakeRoom(bytes.Length);
                File.WriteAllBytes(temporary, bytes);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.Move(temporary, path, overwrite: true);
                _bytes += bytes.Length;
                return true;
            }
            catch (IOException error)
            {
                File.Delete(temporary);
                return DiskFailure.From(error, "keeping a manifest");
            }
            catch (UnauthorizedAccessException error)
            {
                return new Failure(FailureKind.Forbidden, $"{_folder} cannot be written: {error.Message}");
            }
        }
    }

    private void MakeRoom(long bytes)
    {
        _bytes ??= Files().Sum(file => file.Length);
        if (_bytes + bytes <= _bytesMax)
        {
            return;
        }

        // A tenth at once, so that the folder is not gone through for each that comes.
        foreach (var file in Files().OrderBy(file => file.LastWriteTimeUtc))
        {
            if (_bytes + bytes <= _bytesMax - (_bytesMax / 10))
            {
                return;
            }

            _bytes -= file.Length;
            file.Delete();
        }
    }

    private List<FileInfo> Files() => [.. new DirectoryInfo(_folder).EnumerateFiles("*", SearchOption.AllDirectories)];

    private void Use(string path)
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        if (now - File.GetLastWriteTimeUtc(path) > UseInterval)
        {
            File.SetLastWriteTimeUtc(path, now);
        }
    }

    private string PathOf(in Hash256 root)
    {
        var name = root.ToString();
        return Path.Combine(_folder, name[..2], name[2..]);
    }
}
