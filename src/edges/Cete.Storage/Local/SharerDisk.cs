using Cete.Core;
using Cete.Ports;
using Cete.Ports.Folders;
using Cete.Swarm;

namespace Cete.Storage.Local;

/// <summary>The user's disk, as a sharer looks at it.</summary>
public sealed class SharerDisk : ISharerDisk
{
    private readonly LocalFiles _files = new();

    /// <inheritdoc/>
    public string? IdentityOf(string folder) => Directory.Exists(folder) ? FileKinds.IdentityOf(folder) : null;

    /// <inheritdoc/>
    public IEnumerable<LocalItem> Walk(string folder) => _files.Walk(folder);

    /// <inheritdoc/>
    public FileMark? Look(string file) => MarkOf(file);

    /// <inheritdoc/>
    public Outcome<ILocalFile> Open(LocalItem item) => _files.Open(item);

    /// <inheritdoc/>
    public IContentFile? Serve(string file, FileMark mark, Manifest manifest)
    {
        try
        {
            return mark.Length == manifest.Length && MarkOf(file) == mark ? new SharedContent(file, mark, manifest) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public IDisposable? Watch(string folder, Action changed)
    {
        try
        {
            var watcher = new FileSystemWatcher(folder)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            watcher.Created += (_, _) => changed();
            watcher.Changed += (_, _) => changed();
            watcher.Deleted += (_, _) => changed();
            watcher.Renamed += (_, _) => changed();
            watcher.Error += (_, _) => changed();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A system has so many watches and no more; then the disk is walked from time to time.
            return null;
        }
    }

    /// <summary>What a file is now; of a link its target counts.</summary>
    internal static FileMark? MarkOf(string path)
    {
        try
        {
            var info = new FileInfo(path);
            var target = info.LinkTarget is null ? info : info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
            return target is { Exists: true }
                ? new FileMark(target.Length, new DateTimeOffset(target.LastWriteTimeUtc, TimeSpan.Zero), FileKinds.IdentityOf(target.FullName))
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
