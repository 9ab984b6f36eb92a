using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Storage.Contents;

/// <summary>
/// Contents of a node: whole ones as plain files <c>content/ab/cdef...</c> named by their root, those on their way in
/// <c>incoming/</c>, named by root or upload id. A sidecar <c>.have</c> stands beside each, but for short whole ones of one piece.
/// A whole one whose bytes turn out to be others is kept as <c>.damaged</c>, for the pieces of it that are good.
/// </summary>
public sealed partial class ContentStore : IContentStore
{
    private const string SidecarEnding = ".have";
    private const string DamagedEnding = ".damaged";
    private readonly IFileSystem _files;
    private readonly string _whole;
    private readonly string _incoming;
    private readonly Lock _gate = new();

    /// <summary>
    /// Opening may read all of a content, so it holds the lock of its path alone (or of a few paths), never <see cref="_gate"/>.
    /// </summary>
    private readonly Lock[] _opening = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];
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
        _unsynced.Add(folder);
    }

    public IContentFile? Find(in Hash256 root) => OpenWhole(root) ?? OpenUpload(root.ToString()) ?? FindAttached(root);

    public Outcome<IContentFile> Begin(Manifest manifest)
    {
        if (Find(manifest.Root) is { } known)
        {
            if (known.Length == manifest.Length && (known.IsWhole || known.PieceLength == manifest.PieceLength))
            {
                return Outcome.Of(known);
            }

            using (known)
            {
                if (!IsInnerNode(known, manifest.Length))
                {
                    return new Failure(FailureKind.Conflict, $"content {manifest.Root} is here as {known.Length} bytes in pieces of {known.PieceLength}, not as {manifest.Length} in pieces of {manifest.PieceLength}");
                }
            }
        }

        return OpenIncoming(manifest.Root.ToString(), manifest.Length, manifest.PieceLength, manifest);
    }

    public Outcome<IContentFile> BeginUpload(string id, long length)
    {
        if (!PieceLengths.IsValid(PieceLengths.For(length), length))
        {
            return new Failure(length < 0 ? FailureKind.Invalid : FailureKind.TooLarge, $"content of {length} bytes; {PieceLengths.ContentMax} is the most");
        }

        var opened = OpenIncoming(id, length, PieceLengths.For(length), null);
        return opened.Succeeded && opened.Value.Length != length ? Mismatch(opened.Value, id, length) : opened;
    }

    public IContentFile? FindUpload(string id) => OpenUpload(id);

    public Failure? SyncNames()
    {
        string[] folders;
        lock (_gate)
        {
            folders = [.. _unsynced.Order(StringComparer.Ordinal)];
        }

        foreach (var folder in folders)
        {
            lock (_gate)
            {
                _unsynced.Remove(folder);
            }

            try
            {
                _files.SyncFolder(folder);
            }
            catch (IOException error)
            {
                // It is owed still: the next call must not say that all is durable.
                lock (_gate)
                {
                    _unsynced.Add(folder);
                }

                return DiskFailure.From(error, "syncing the content folders");
            }
        }

        return null;
    }

    /// <summary>Removes uploads that nobody has touched since <paramref name="before"/>; returns how many.</summary>
    public int SweepIncoming(DateTimeOffset before)
    {
        var removed = 0;
        foreach (var path in Directory.GetFiles(_incoming))
        {
            var isSidecar = path.EndsWith(SidecarEnding, StringComparison.Ordinal);
            var data = isSidecar ? path[..^SidecarEnding.Length] : path;
            lock (OpeningOf(data))
            {
                // A sidecar goes with its data; one that lost its data when a process was killed goes alone.
                if ((isSidecar && File.Exists(data)) || IsOpen(data) || File.GetLastWriteTimeUtc(path) >= before.UtcDateTime)
                {
                    continue;
                }

                File.Delete(data);
                File.Delete(data + SidecarEnding);
                removed += isSidecar ? 0 : 1;
            }
        }

        return removed;
    }

    /// <summary>Removes all that is here of a content, whole, damaged or on its way. Who has it open reads on.</summary>
    public Failure? Remove(in Hash256 root)
    {
        try
        {
            foreach (var path in (string[])[PathOf(root), IncomingPath(root.ToString())])
            {
                lock (OpeningOf(path))
                {
                    // The sidecar last: data without one is found whole or not at all, never a sidecar without data that is taken for some.
                    foreach (var file in (string[])[path, path + DamagedEnding, path + SidecarEnding])
                    {
                        if (File.Exists(file))
                        {
                            File.Delete(file);
                        }
                    }

                    Forget(path);
                }
            }

            return null;
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, $"removing content {root}");
        }
    }

    /// <summary>Contents that are here under their root, and how many bytes each has.</summary>
    public IReadOnlyList<(Hash256 Root, long Length)> List()
    {
        List<(Hash256, long)> found = [];
        foreach (var file in new DirectoryInfo(_whole).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            if (Hash256.TryParse(file.Directory!.Name + file.Name, out var root))
            {
                found.Add((root, file.Length));
            }
        }

        return found;
    }

    private static Outcome<IContentFile> Mismatch(IContentFile known, string id, long length)
    {
        using (known)
        {
            return new Failure(FailureKind.Conflict, $"the upload '{id}' is of {known.Length} bytes, not of {length}");
        }
    }

    /// <summary>
    /// Whether whole content is the forgery that BEP 52 lets through: 64 bytes that are the two highest hashes of longer content
    /// have the same root. The longer one, once whole, takes the place.
    /// </summary>
    private static bool IsInnerNode(IContentFile known, long length) => known.IsWhole && known.Length == 2 * Hash256.Size && length > known.Length;

    private ContentFile? FindAttached(Hash256 root)
    {
        lock (_gate)
        {
            var found = _open.Values.FirstOrDefault(file => file.Manifest?.Root == root);
            return found is not null && found.TryAddUser() ? found : null;
        }
    }

    private ContentFile? TryOpened(string path)
    {
        lock (_gate)
        {
            return _open.TryGetValue(path, out var open) && open.TryAddUser() ? open : null;
        }
    }

    private bool IsOpen(string path)
    {
        lock (_gate)
        {
            return _open.ContainsKey(path);
        }
    }

    private void Forget(string path)
    {
        lock (_gate)
        {
            _open.Remove(path);
        }
    }

    private ContentFile Remember(string path, ContentFile file)
    {
        file.Released = released =>
        {
            lock (_gate)
            {
                if (_open.TryGetValue(path, out var current) && ReferenceEquals(current, released))
                {
                    _open.Remove(path);
                }
            }
        };
        lock (_gate)
        {
            _open[path] = file;
        }

        return file;
    }

    private Lock OpeningOf(string path) => _opening[(uint)path.GetHashCode(StringComparison.Ordinal) % (uint)_opening.Length];

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
