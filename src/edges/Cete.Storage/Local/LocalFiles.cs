using Cete.Core;
using Cete.Ports;

namespace Cete.Storage.Local;

/// <summary>The user's own files and folders.</summary>
public sealed class LocalFiles : ILocalFiles
{
    public IEnumerable<LocalItem> Walk(string path)
    {
        var full = Path.GetFullPath(path);
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(full));
        if (Directory.Exists(full))
        {
            // The folder's own name comes along, as 'cp -r' has it.
            List<string> start = name.Length == 0 ? [] : [name];
            return WalkFolder(full, start, [FileKinds.IdentityOf(full)], []);
        }

        return [File.Exists(full) ? Describe(full, [name]) : Bad(full, [name], FailureKind.NotFound, "there is no such file or folder")];
    }

    public Outcome<ILocalFile> Open(LocalItem item)
    {
        if (item.Failure is not null)
        {
            return item.Failure;
        }

        try
        {
            return Outcome.Of<ILocalFile>(new LocalFile(item.Path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Unreadable(item.Path, error);
        }
    }

    internal static Failure Unreadable(string path, Exception error) => error switch
    {
        UnauthorizedAccessException => new Failure(FailureKind.Forbidden, $"{path} may not be read by you"),
        FileNotFoundException or DirectoryNotFoundException => new Failure(FailureKind.NotFound, $"{path} is gone"),
        _ => new Failure(FailureKind.Forbidden, $"{path} cannot be read: {error.Message}"),
    };

    private static IEnumerable<LocalItem> WalkFolder(string folder, List<string> names, HashSet<string> above, HashSet<string> linked)
    {
        List<string> entries;
        LocalItem? failed = null;
        try
        {
            entries = [.. Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            entries = [];
            failed = new LocalItem(folder, names, 0, default, Unreadable(folder, error));
        }

        if (failed is not null)
        {
            yield return failed;
        }

        foreach (var entry in entries)
        {
            List<string> below = [.. names, Path.GetFileName(entry)];
            if (!Directory.Exists(entry))
            {
                yield return Describe(entry, below);
                continue;
            }

            // A folder within itself would go on for ever; one that links lead to is walked once, for links upon links would multiply.
            var identity = FileKinds.IdentityOf(entry);
            if (above.Contains(identity) || (IsLink(entry) && !linked.Add(identity)))
            {
                yield return Bad(entry, below, FailureKind.Conflict, "is a link to a folder that is put in already; left out");
                continue;
            }

            if (below.Count > Limits.FolderDepthMax)
            {
                yield return Bad(entry, below, FailureKind.TooLarge, $"is more than {Limits.FolderDepthMax} folders deep; left out");
            }
            else
            {
                above.Add(identity);
                foreach (var item in WalkFolder(entry, below, above, linked))
                {
                    yield return item;
                }

                above.Remove(identity);
            }
        }
    }

    private static LocalItem Describe(string path, List<string> names)
    {
        try
        {
            var info = new FileInfo(path);
            if (info.LinkTarget is not null && info.ResolveLinkTarget(returnFinalTarget: true) is not { Exists: true })
            {
                return Bad(path, names, FailureKind.NotFound, "is a link to nothing; left out");
            }

            if (names[^1].Contains('\uFFFD', StringComparison.Ordinal))
            {
                return Bad(path, names, FailureKind.Invalid, "has a name that is not valid UTF-8; rename it");
            }

            if (!FileKinds.IsRegular(path))
            {
                return Bad(path, names, FailureKind.Invalid, "is no plain file (a pipe, socket or device); left out");
            }

            // Of a link the target counts; FileInfo tells of the link itself.
            var target = info.LinkTarget is null ? info : (FileInfo)info.ResolveLinkTarget(returnFinalTarget: true)!;
            return new LocalItem(path, names, target.Length, Instant.From(target.LastWriteTimeUtc), null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new LocalItem(path, names, 0, default, Unreadable(path, error));
        }
    }

    private static bool IsLink(string folder) => new DirectoryInfo(folder).LinkTarget is not null;

    private static LocalItem Bad(string path, List<string> names, FailureKind kind, string why) =>
        new(path, names, 0, default, new Failure(kind, why));
}
