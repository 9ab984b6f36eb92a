using Cete.Core;
using Cete.Ports;
using Cete.Ports.Folders;
using Cete.Storage.Local;
using Cete.Swarm;

namespace Cete.Storage.Contents;

/// <summary>
/// What a user downloaded, and is downloading, as others may have it: in part as soon as there is a part, and whole from where he keeps it, also after the
/// process ended. What he changes or moves away is there no longer. For several callers at once.
/// </summary>
public sealed class GivenBack : ICommunityContents
{
    /// <summary>Contents at a time; the one that was added first gives way.</summary>
    public const int CountMax = 20_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<Hash256, ContentFile> _coming = [];
    private readonly Dictionary<Hash256, ContentOrigin> _wanted = [];
    private readonly Dictionary<Hash256, Given> _whole = [];
    private readonly GivenBook? _book;
    private long _added;
    private volatile bool _isOffered = true;

    /// <param name="book">Keeps what is whole for the next time; null for nothing.</param>
    public GivenBack(GivenBook? book = null)
    {
        _book = book;
        foreach (var file in book?.All() is { Succeeded: true, Value: var kept } ? kept : [])
        {
            _whole[file.Root] = new Given(file, ++_added);
        }
    }

    /// <summary>Whether others may have what is whole.</summary>
    public bool IsOffered
    {
        get => _isOffered;
        set
        {
            _isOffered = value;
            Interlocked.Increment(ref _added);
        }
    }

    /// <summary>Changes when it has other contents than before.</summary>
    public long Version => Interlocked.Read(ref _added);

    /// <summary>Contents that are whole.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _isOffered ? _whole.Count : 0;
            }
        }
    }

    /// <summary>Offers a content that is on its way.</summary>
    /// <param name="origin">To whose members.</param>
    /// <param name="file">As it is being written; it stays the caller's.</param>
    public void Offer(ContentOrigin origin, IContentFile file)
    {
        if (file is ContentFile { Manifest: { } manifest } opened)
        {
            lock (_gate)
            {
                (_coming[manifest.Root], _wanted[manifest.Root]) = (opened, origin);
            }
        }
    }

    /// <summary>It is whole now, and the user has it at a place.</summary>
    public void Finish(ContentOrigin origin, Manifest manifest, string path)
    {
        if (SharerDisk.MarkOf(path) is not { } mark || mark.Length != manifest.Length)
        {
            return;
        }

        var file = new GivenFile(manifest.Root, origin, path, mark);
        _book?.Keep(file, manifest);
        lock (_gate)
        {
            if (_whole.Count >= CountMax && !_whole.ContainsKey(manifest.Root))
            {
                _whole.Remove(_whole.MinBy(one => one.Value.Added).Key);
            }

            _coming.Remove(manifest.Root);
            _wanted.Remove(manifest.Root);

            // Its file was written by this process, every piece of it verified.
            _whole[manifest.Root] = new Given(file, ++_added) { Verified = manifest };
        }
    }

    /// <summary>It is not on its way any more.</summary>
    public void Withdraw(in Hash256 root)
    {
        lock (_gate)
        {
            _coming.Remove(root);
            _wanted.Remove(root);
        }
    }

    /// <summary>
    /// What is whole, the newest first. Files that their user changed or took away are forgotten; those of a folder that is not there now, as of a disk that
    /// is not mounted, are left out.
    /// </summary>
    public IReadOnlyList<HeldContent> Held()
    {
        List<Given> all;
        lock (_gate)
        {
            all = !_isOffered ? [] : [.. _whole.Values.OrderByDescending(given => given.Added)];
        }

        List<HeldContent> held = [];
        List<Given> gone = [];
        foreach (var given in all)
        {
            var (file, mark) = (given.File, SharerDisk.MarkOf(given.File.Path));
            if (mark == file.Mark)
            {
                held.Add(new HeldContent(file.Root, file.Origin.Node, file.Origin.Trust));
            }
            else if (mark is not null || Directory.Exists(Path.GetDirectoryName(file.Path)))
            {
                gone.Add(given);
            }
        }

        Forget(gone);
        return held;
    }

    /// <inheritdoc/>
    public bool IsOf(KeyId community, in Hash256 root)
    {
        lock (_gate)
        {
            return (_wanted.TryGetValue(root, out var origin) && origin.Community == community)
                || (_isOffered && _whole.TryGetValue(root, out var given) && given.File.Origin.Community == community);
        }
    }

    /// <summary>Of which community a content is, as far as it is here.</summary>
    public ContentOrigin? OriginOf(in Hash256 root)
    {
        lock (_gate)
        {
            return _whole.TryGetValue(root, out var given) ? given.File.Origin : _wanted.GetValueOrDefault(root);
        }
    }

    /// <inheritdoc/>
    public IContentFile? Find(in Hash256 root)
    {
        ContentFile? coming;
        Given? given;
        lock (_gate)
        {
            _coming.TryGetValue(root, out coming);
            _whole.TryGetValue(root, out given);
        }

        return coming?.TryAddUser() == true ? coming : given is null || !_isOffered ? null : Open(given);
    }

    private SharedContent? Open(Given given)
    {
        var (path, mark) = (given.File.Path, given.File.Mark);
        try
        {
            // What an earlier process wrote may have been changed in between so that nobody sees it: each piece is verified before it is read first.
            var manifest = given.Verified ?? _book?.ManifestOf(given.File.Root);
            return manifest is not null && SharerDisk.MarkOf(path) == mark
                ? new SharedContent(path, mark, manifest, isVerified: given.Verified is not null)
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Forget(List<Given> gone)
    {
        if (gone.Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            foreach (var given in gone.Where(given => _whole.GetValueOrDefault(given.File.Root) == given))
            {
                _whole.Remove(given.File.Root);
            }

            ++_added;
        }

        _book?.Forget([.. gone.Select(given => given.File.Root)]);
    }

    private sealed class Given(GivenFile file, long added)
    {
        public GivenFile File { get; } = file;

        public long Added { get; } = added;

        public Manifest? Verified { get; init; }
    }
}
