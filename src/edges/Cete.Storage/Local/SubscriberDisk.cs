using Cete.Core;
using Cete.Ports.Folders;

namespace Cete.Storage.Local;

/// <summary>What a subscriber does to the user's own files.</summary>
/// <param name="clock">Names what was put away.</param>
public sealed class SubscriberDisk(TimeProvider clock) : ISubscriberDisk
{
    private const string TrashName = ".cete-trash";

    /// <summary>Files of one name that were put away on one day.</summary>
    private const int NamesMax = 10_000;

    /// <inheritdoc/>
    public (long Length, DateTimeOffset Modified)? Look(string path)
    {
        try
        {
            // What a link leads to is nothing that came from us.
            var file = new FileInfo(path);
            return file is { Exists: true, LinkTarget: null } ? (file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero)) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Failure? Move(string from, string to)
    {
        try
        {
            if (!File.Exists(from))
            {
                return Path.Exists(to) ? null : new Failure(FailureKind.NotFound, $"{EntryName.Show(from)} is gone, so it was not moved");
            }

            if (Path.Exists(to))
            {
                return new Failure(FailureKind.Conflict, $"{EntryName.Show(to)} is there already, so {EntryName.Show(from)} stays where it is");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Move(from, to);
            LeaveEmpty(Path.GetDirectoryName(from)!);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Failure(FailureKind.Forbidden, $"{EntryName.Show(from)} cannot be moved: {error.Message}");
        }
    }

    /// <inheritdoc/>
    public Failure? Trash(string path, string folder)
    {
        var day = clock.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var trash = Path.Combine(folder, TrashName, day, Path.GetDirectoryName(Path.GetRelativePath(folder, path)) ?? string.Empty);
        try
        {
            Directory.CreateDirectory(trash);
            for (var i = 0; i < NamesMax; i++)
            {
                var there = Path.Combine(trash, Path.GetFileName(path) + (i == 0 ? string.Empty : $".{i}"));
                if (!Path.Exists(there))
                {
                    File.Move(path, there);
                    LeaveEmpty(Path.GetDirectoryName(path)!, folder);
                    return null;
                }
            }

            return new Failure(FailureKind.Full, $"{trash} holds {NamesMax} files of that name");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Failure(FailureKind.Forbidden, $"{EntryName.Show(path)} cannot be put away: {error.Message}");
        }
    }

    /// <summary>Takes folders away that hold nothing any more, up to one that stays.</summary>
    private static void LeaveEmpty(string folder, string? stays = null)
    {
        try
        {
            for (var at = folder; at is not null && at != stays && !Directory.EnumerateFileSystemEntries(at).Any(); at = Path.GetDirectoryName(at))
            {
                Directory.Delete(at);
                if (stays is null)
                {
                    return;
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is in use, or not ours: an empty folder harms nobody.
            return;
        }
    }
}
