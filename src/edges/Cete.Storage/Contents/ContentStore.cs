using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Storage.Contents;

/// <summary>
/// Contents of a node: whole ones as plain files <c>content/ab/cdef...</c> named by their root, those on their way in
/// <c>incoming/</c>, named by root or upload id. A sidecar <c>.have</c> stands beside each that has more than one piece.
/// </summary>
public sealed class ContentStore : IContentStore
{
    private const string SidecarEnding = ".have";
    private readonly IFileSystem _files;
    private readonly string _whole;
    private readonly string _incoming;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ContentFile> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unsynced = new(StringComparer.Ordinal);
    private long _temporary;

    public ContentStore(IFileSystem files, string folder)
    {
        _files = files;
        _whole = Path.Combine(folder, "content");
        _incoming = Path.Combine(folder, "incoming");
        files.CreateFolder(_whole);
        files.CreateFolder(_incoming);
    }

    public IContentFile? Find(in Hash256 root)
    {
        var name = root.ToString();
        lock (_gate)
        {
            if (_open.TryGetValue(name, out var open) && open.TryAddUser())
            {
                return open;
            }

            var path = PathOf(root);
            if (File.Exists(path))
            {
                return Remember(name, OpenWhole(path, root));
            }
        }

        return FindUpload(name) ?? FindAttached(root);
    }

    public Outcome<IContentFile> Begin(Manifest manifest)
    {
        if (Find(manifest.Root) is { } known)
        {
            return Outcome.Of(known);
        }

        return OpenIncoming(manifest.Root.ToString(), manifest.Length, manifest.PieceLength, manifest);
    }

    public Outcome<IContentFile> BeginUpload(string id, long length) =>
        FindUpload(id) is { } known
            ? known.Length == length ? Outcome.Of(known) : Mismatch(known, id, length)
            : OpenIncoming(id, length, PieceLengths.For(length), null);

    public IContentFile? FindUpload(string id)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(id, out var open) && open.TryAddUser())
            {
                return open;
            }

            var sidecarPath = IncomingPath(id) + SidecarEnding;
            if (!File.Exists(IncomingPath(id)) || Sidecar.Open(_files, sidecarPath) is not { } sidecar)
            {
                return null;
            }

            var (length, pieceLength, manifest) = (sidecar.Length, sidecar.PieceLength, sidecar.Manifest);
            sidecar.Dispose();
            var opened = ContentFile.Open(_files, IncomingPath(id), sidecarPath, length, pieceLength, manifest);
            return opened.Succeeded ? Remember(id, opened.Value) : null;
        }
    }

    public Outcome<Hash256> PutSmall(ReadOnlySpan<byte> content)
    {
        Check.That(content.Length <= PieceLengths.Shortest);
        var root = Merkle.HashContent(content);
        var path = PathOf(root);
        if (File.Exists(path))
        {
            return root;
        }

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
            return root;
        }
        catch (IOException error)
        {
            File.Delete(temporary);
            return DiskFailure.From(error, "writing content");
        }
    }

    public Outcome<Hash256> Finish(string id)
    {
        using var content = FindUpload(id);
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
            var data = IncomingPath(id);
            if (File.Exists(path))
            {
                File.Delete(data);
                File.Delete(data + SidecarEnding);
            }
            else
            {
                if (manifest.PieceCount == 1)
                {
                    File.Delete(data + SidecarEnding);
                }
                else
                {
                    Move(data + SidecarEnding, path + SidecarEnding);
                }

                Move(data, path);
            }

            lock (_gate)
            {
                _open.Remove(id);
            }

            return manifest.Root;
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, $"filing content {manifest.Root}");
        }
    }

    public Failure? SyncNames()
    {
        string[] folders;
        lock (_gate)
        {
            folders = [.. _unsynced.Order(StringComparer.Ordinal)];
            _unsynced.Clear();
        }

        try
        {
            foreach (var folder in folders)
            {
                _files.SyncFolder(folder);
            }

            return null;
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, "syncing the content folders");
        }
    }

    /// <summary>Removes uploads that nobody has touched since <paramref name="before"/>; returns how many.</summary>
    public int SweepIncoming(DateTimeOffset before)
    {
        var removed = 0;
        foreach (var path in Directory.EnumerateFiles(_incoming).Where(p => !p.EndsWith(SidecarEnding, StringComparison.Ordinal)).ToList())
        {
            lock (_gate)
            {
                if (_open.ContainsKey(Path.GetFileName(path)) || File.GetLastWriteTimeUtc(path) >= before.UtcDateTime)
                {
                    continue;
                }

                File.Delete(path);
                File.Delete(path + SidecarEnding);
                removed++;
            }
        }

        return removed;
    }

    private static Outcome<IContentFile> Mismatch(IContentFile known, string id, long length)
    {
        using (known)
        {
            return new Failure(FailureKind.Conflict, $"the upload '{id}' is of {known.Length} bytes, not of {length}");
        }
    }

    private Outcome<IContentFile> OpenIncoming(string id, long length, int pieceLength, Manifest? manifest)
    {
        lock (_gate)
        {
            var path = IncomingPath(id);
            return ContentFile.Open(_files, path, path + SidecarEnding, length, pieceLength, manifest).Then(file => (IContentFile)Remember(id, file));
        }
    }

    private ContentFile OpenWhole(string path, in Hash256 root)
    {
        var sidecar = Sidecar.Open(_files, path + SidecarEnding);
        if (sidecar is null)
        {
            return ContentFile.OpenOnePiece(_files, path, root);
        }

        var (length, pieceLength, manifest) = (sidecar.Length, sidecar.PieceLength, sidecar.Manifest);
        sidecar.Dispose();
        return ContentFile.Open(_files, path, path + SidecarEnding, length, pieceLength, manifest, recheck: false).Value;
    }

    private ContentFile? FindAttached(Hash256 root)
    {
        lock (_gate)
        {
            var found = _open.Values.FirstOrDefault(file => file.Manifest?.Root == root);
            return found is not null && found.TryAddUser() ? found : null;
        }
    }

    private ContentFile Remember(string id, ContentFile file)
    {
        _open[id] = file;
        file.Released = released =>
        {
            lock (_gate)
            {
                if (_open.TryGetValue(id, out var current) && ReferenceEquals(current, released))
                {
                    _open.Remove(id);
                }
            }
        };
        return file;
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

    private string PathOf(in Hash256 root)
    {
        var name = root.ToString();
        return Path.Combine(_whole, name[..2], name[2..]);
    }

    private string IncomingPath(string id)
    {
        Check.That(id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'), "an upload id is made here");
        return Path.Combine(_incoming, id);
    }
}
