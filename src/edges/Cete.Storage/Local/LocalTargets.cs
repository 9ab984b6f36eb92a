using Cete.Core;
using Cete.Ports;
using Cete.Storage.Contents;
using Cete.Swarm;

namespace Cete.Storage.Local;

/// <summary>
/// Downloads in the user's folders. Until it is whole and verified a file stands beside its place under <c>.ROOT.cete-part</c>, with what is
/// known of it in <c>.ROOT.cete-part.have</c>: so another version of the file never mixes with it, and a killed program finds it again.
/// </summary>
public sealed class LocalTargets : ILocalTargets
{
    private const string PartEnding = ".cete-part";
    private const string SidecarEnding = ".have";
    private readonly PhysicalFiles _files = new();

    public Outcome<IContentFile> Open(string path, Manifest manifest)
    {
        var names = path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        if (names.FirstOrDefault(name => name.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0) is { } bad && !OperatingSystem.IsWindows())
        {
            return new Failure(FailureKind.Invalid, $"'{EntryName.Show(bad)}' cannot be a name on this disk; choose another with --to");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var part = PartOf(path, manifest);
            var file = ContentFile.Open(_files, part, part + SidecarEnding, manifest.Length, manifest.PieceLength, manifest);
            return file.Succeeded ? Outcome.Of<IContentFile>(file.Value) : file.Failure;
        }
        catch (UnauthorizedAccessException)
        {
            return new Failure(FailureKind.Forbidden, $"you may not write to {path}; choose another place with --to");
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, $"writing {path}");
        }
    }

    public Outcome<bool> Finish(string path, Manifest manifest, Instant? modified, bool overwrite)
    {
        var part = PartOf(path, manifest);
        try
        {
            if (modified is { } time)
            {
                File.SetLastWriteTimeUtc(part, time.ToDateTimeOffset().UtcDateTime);
            }

            File.Move(part, path, overwrite);
            File.Delete(part + SidecarEnding);
            return true;
        }
        catch (UnauthorizedAccessException error)
        {
            return new Failure(FailureKind.Forbidden, $"{path} cannot be written: {error.Message}");
        }
        catch (IOException error)
        {
            return File.Exists(path) && !overwrite
                ? new Failure(FailureKind.Conflict, $"{path} appeared meanwhile; the download is beside it as {Path.GetFileName(part)}")
                : DiskFailure.From(error, $"naming {path}");
        }
    }

    public async Task<Outcome<TargetState>> CheckAsync(string path, Manifest manifest, CancellationToken cancellation)
    {
        if (Directory.Exists(path))
        {
            return TargetState.Different;
        }

        if (!File.Exists(path))
        {
            return TargetState.Absent;
        }

        if (new FileInfo(path).Length != manifest.Length)
        {
            return TargetState.Different;
        }

        try
        {
            using var file = new LocalFile(path);
            var found = await file.HashAsync(_ => { }, cancellation);
            return found.Then(m => m.Root == manifest.Root ? TargetState.Same : TargetState.Different);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return LocalFiles.Unreadable(path, error);
        }
    }

    private static string PartOf(string path, Manifest manifest) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{manifest.Root.ToString()[..32]}{PartEnding}");
}
