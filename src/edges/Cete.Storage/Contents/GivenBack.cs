using Cete.Core;
using Cete.Ports;
using Cete.Ports.Folders;
using Cete.Storage.Local;
using Cete.Swarm;

namespace Cete.Storage.Contents;

/// <summary>
/// What a user downloaded, and is downloading, as others may have it: in part as soon as there is a part, and whole from where he keeps it. What he changes
/// or moves away is there no longer. For several callers at once.
/// </summary>
public sealed class GivenBack : ICommunityContents
{
    /// <summary>Contents at a time; the one that was added first gives way.</summary>
    public const int CountMax = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<Hash256, Given> _given = [];
    private long _added;

    /// <summary>Offers a content that is on its way.</summary>
    /// <param name="community">To whose members.</param>
    /// <param name="file">As it is being written; it stays the caller's.</param>
    public void Offer(KeyId community, IContentFile file)
    {
        if (file is not ContentFile { Manifest: { } manifest } opened)
        {
            return;
        }

        lock (_gate)
        {
            if (_given.Count >= CountMax && !_given.ContainsKey(manifest.Root))
            {
                _given.Remove(_given.MinBy(one => one.Value.Added).Key);
            }

            _given[manifest.Root] = new Given(community, manifest, ++_added) { Opened = opened };
        }
    }

    /// <summary>It is whole now, and the user has it at a place.</summary>
    public void Finish(in Hash256 root, string path)
    {
        lock (_gate)
        {
            if (_given.TryGetValue(root, out var given) && File.Exists(path))
            {
                (given.Path, given.Mark) = (path, SharerDisk.MarkOf(path));
            }
        }
    }

    /// <summary>It is not offered any more.</summary>
    public void Withdraw(in Hash256 root)
    {
        lock (_gate)
        {
            _given.Remove(root);
        }
    }

    /// <inheritdoc/>
    public bool IsOf(KeyId community, in Hash256 root)
    {
        lock (_gate)
        {
            return _given.TryGetValue(root, out var given) && given.Community == community;
        }
    }

    /// <inheritdoc/>
    public IContentFile? Find(in Hash256 root)
    {
        Given? given;
        lock (_gate)
        {
            if (!_given.TryGetValue(root, out given))
            {
                return null;
            }
        }

        return given.Opened is { } opened && opened.TryAddUser() ? opened
            : given is { Path: { } path, Mark: { } mark } ? Open(path, mark, given.Manifest)
            : null;
    }

    private static SharedContent? Open(string path, FileMark mark, Manifest manifest)
    {
        try
        {
            return SharerDisk.MarkOf(path) == mark ? new SharedContent(path, mark, manifest, isVerified: true) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed class Given(KeyId community, Manifest manifest, long added)
    {
        public KeyId Community { get; } = community;

        public Manifest Manifest { get; } = manifest;

        public long Added { get; } = added;

        public ContentFile? Opened { get; init; }

        public string? Path { get; set; }

        public FileMark? Mark { get; set; }
    }
}
