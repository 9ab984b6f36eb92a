using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Storage.Contents;

/// <summary>How content gets its final name.</summary>
public sealed partial class ContentStore
{
    public Outcome<Hash256> PutSmall(ReadOnlySpan<byte> content)
    {
        Check.That(content.Length <= PieceLengths.Shortest);
        var root = Merkle.HashContent(content);
        var path = PathOf(root);
        lock (OpeningOf(path))
        {
            using (var known = OpenWhole(root))
            {
                if (known is { IsWhole: true })
                {
                    return root;
                }
            }

            return WriteSmall(content, path) is { } failure ? failure : root;
        }
    }

    public Outcome<Hash256> Finish(string id)
    {
        using var content = OpenUpload(id);
        if (content is null)
        {
            return new Failure(FailureKind.NotFound, $"there is no upload '{id}'");
        }

        if (content.Manifest is not { } manifest || !content.IsWhole)
        {
            return new Failure(FailureKind.Conflict, $"the upload '{id}' is not whole yet");
        }

        if (content.Sync() is { } failure)
        {
            return failure;
        }

        try
        {
            var path = PathOf(manifest.Root);
            lock (OpeningOf(path))
            {
                FileUpload(IncomingPath(id), path, manifest);
            }

            Forget(IncomingPath(id));
            return manifest.Root;
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, $"filing content {manifest.Root}");
        }
    }

    private Failure? WriteSmall(ReadOnlySpan<byte> content, string path)
    {
        var temporary = Path.Combine(_incoming, $"small-{Interlocked.Increment(ref _temporary)}");
        try
        {
            using (var file = _files.Open(temporary))
            {
                file.SetLength(0);
                file.Write(content, 0);
                file.Sync();
            }

            Move(temporary, path);
            File.Delete(path + SidecarEnding);
            Forget(path);
            return null;
        }
        catch (IOException error)
        {
            File.Delete(temporary);
            return DiskFailure.From(error, "writing content");
        }
    }

    private void FileUpload(string data, string path, Manifest manifest)
    {
        using (var known = OpenWhole(manifest.Root))
        {
            if (known is { IsWhole: true } && !IsInnerNode(known, manifest.Length))
            {
                File.Delete(data);
                File.Delete(data + SidecarEnding);
                return;
            }
        }

        // The data goes first: killed here, a start finds it whole and makes the sidecar again; the other way round the data would be lost.
        Move(data, path);
        if (manifest.Length <= PieceLengths.Shortest && manifest.PieceCount == 1)
        {
            File.Delete(data + SidecarEnding);
            File.Delete(path + SidecarEnding);
        }
        else
        {
            Move(data + SidecarEnding, path + SidecarEnding);
        }

        // Who has a damaged one open that stood there keeps it; who opens it from now on gets this one.
        Forget(path);
    }

    private void Move(string from, string to)
    {
        var folder = Path.GetDirectoryName(to)!;
        Directory.CreateDirectory(folder);
        File.Move(from, to, overwrite: true);
        lock (_gate)
        {
            _unsynced.Add(folder);
            _unsynced.Add(_whole);
        }
    }
}
