using System.Collections.Concurrent;
using Cete.Core;
using Cete.Ports;
using Cete.Storage.Contents;
using Cete.Swarm;

namespace Cete.Storage.Local;

/// <summary>
/// Downloads in the user's folders. Until it is whole and verified a file stands beside its place under <c>.HASH.cete-part</c>, with what is
/// known of it in <c>.HASH.cete-part.have</c>. The hash is of content and name: so neither another version of the file nor another file
/// with the same content mixes with it, and a killed program finds it again. One program at a time holds it, until it is at its place: uploads that began
/// before may go on for long, and keep nobody from it.
/// </summary>
public sealed class LocalTargets : ILocalTargets
{
    private const string PartEnding = ".cete-part";
    private const string SidecarEnding = ".have";
    private const int WouldBlock = 11;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private readonly PhysicalFiles _files = new(FileShare.None);

    /// <summary>Parts that somebody has open.</summary>
    private readonly ConcurrentDictionary<string, ContentFile> _open = new(StringComparer.Ordinal);

    public Outcome<IContentFile> Open(string path, Manifest manifest)
    {
        if (BadName(path) is { } bad)
        {
            return bad;
        }

        var part = PartOf(path, manifest);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var file = ContentFile.Open(_files, part, part + SidecarEnding, manifest.Length, manifest.PieceLength, manifest);
            if (!file.Succeeded)
            {
                return WhyNot(part) ?? file.Failure;
            }

            file.Value.Released = last => _open.TryRemove(KeyValuePair.Create(part, last));
            _open[part] = file.Value;
            return file.Value;
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            return Unwritable(path, error);
        }
    }

    public async Task<Outcome<bool>> PutSmallAsync(
        string path, Manifest manifest, ReadOnlyMemory<byte> content, Instant? modified, bool overwrite, CancellationToken cancellation)
    {
        if (BadName(path) is { } bad)
        {
            return bad;
        }

        var part = PartOf(path, manifest);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            file.Write(content.Span);
            file.Flush(flushToDisk: true);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            return WhyNot(part) ?? Unwritable(path, error);
        }

        return await FinishAsync(path, manifest, modified, overwrite, cancellation);
    }

    public async Task<Outcome<bool>> FinishAsync(string path, Manifest manifest, Instant? modified, bool overwrite, CancellationToken cancellation)
    {
        var part = PartOf(path, manifest);
        try
        {
            SetModified(part, modified);
            File.Move(part, path, overwrite);
            if (_open.TryGetValue(part, out var open))
            {
                open.Share();
            }

            File.Delete(part + SidecarEnding);
            return true;
        }
        catch (UnauthorizedAccessException error)
        {
            return new Failure(FailureKind.Forbidden, $"{path} cannot be written: {error.Message}");
        }
        catch (IOException error) when (overwrite || !IsThere(path))
        {
            return DiskFailure.From(error, $"naming {path}");
        }
        catch (IOException)
        {
            // Another program had the same wish, or somebody put something there.
            var found = await CheckAsync(path, manifest, cancellation);
            if (found is not { Succeeded: true, Value: TargetState.Same })
            {
                return new Failure(
                    FailureKind.Conflict, $"{path} appeared meanwhile with other content; the download is beside it as {Path.GetFileName(part)}");
            }

            File.Delete(part);
            File.Delete(part + SidecarEnding);
            return true;
        }
    }

    public async Task<Outcome<TargetState>> CheckAsync(string path, Manifest manifest, CancellationToken cancellation)
    {
        if (!IsThere(path))
        {
            return TargetState.Absent;
        }

        try
        {
            if (!File.Exists(path) || !FileKinds.IsRegular(path) || LengthOf(path) != manifest.Length)
            {
                return TargetState.Different;
            }

            using var file = new LocalFile(path);
            var found = await file.HashAsync(_ => { }, cancellation);
            return found.Then(m => m.Root == manifest.Root ? TargetState.Same : TargetState.Different);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return LocalFiles.Unreadable(path, error);
        }
    }

    private static Failure? BadName(string path)
    {
        var names = path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        return names.FirstOrDefault(name => name.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0) is { } bad && !OperatingSystem.IsWindows()
            ? new Failure(FailureKind.Invalid, $"'{EntryName.Show(bad)}' cannot be a name on this disk; choose another with --to")
            : null;
    }

    private static Failure Unwritable(string path, Exception error) => error switch
    {
        UnauthorizedAccessException => new Failure(FailureKind.Forbidden, $"you may not write to {path}; choose another place with --to"),
        IOException when FileInTheWay(path) is { } file => new Failure(
            FailureKind.Conflict, $"{file} is a file, but a folder is needed there; choose another place with --to"),
        _ => DiskFailure.From((IOException)error, $"writing {path}"),
    };

    private static string PartOf(string path, Manifest manifest)
    {
        var hash = Hash256.Of(System.Text.Encoding.UTF8.GetBytes($"{manifest.Root} {Path.GetFileName(path)}"));
        return Path.Combine(Path.GetDirectoryName(path)!, $".{hash.ToString()[..32]}{PartEnding}");
    }

    /// <summary>Something of that name is there; a link that leads to nothing counts.</summary>
    private static bool IsThere(string path) => Path.Exists(path) || new FileInfo(path).LinkTarget is not null;

    private static long LengthOf(string path)
    {
        using var handle = File.OpenHandle(path);
        return RandomAccess.GetLength(handle);
    }

    private static void SetModified(string part, Instant? modified)
    {
        try
        {
            if (modified is { } time)
            {
                File.SetLastWriteTimeUtc(part, time.ToDateTimeOffset().UtcDateTime);
            }
        }
        catch (ArgumentOutOfRangeException)
        {
            // Not every disk has a form for every time; the content is what counts.
            return;
        }
    }

    private static string? FileInTheWay(string path)
    {
        for (var above = Path.GetDirectoryName(path); above is not null; above = Path.GetDirectoryName(above))
        {
            if (File.Exists(above))
            {
                return above;
            }
        }

        return null;
    }

    /// <summary>Why an unfinished download cannot be opened, where it is not the disk's fault; null when it is.</summary>
    private static Failure? WhyNot(string part)
    {
        try
        {
            using var probe = File.OpenHandle(part, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return new Failure(FailureKind.Forbidden, $"you may not write to {part}; choose another place with --to");
        }
        catch (IOException error)
        {
            return error.HResult is WouldBlock or WindowsSharingViolation
                ? new Failure(FailureKind.Conflict, "another program is fetching it into this folder; wait for it, or choose another place with --to")
                : null;
        }
    }
}
