using Cete.Ports;
using Cete.Storage.Local;
using Cete.Swarm;

namespace Cete.Storage.Contents;

/// <summary>Opens what a user downloads, or downloaded, to be looked at: verified bytes alone.</summary>
public static class Preview
{
    /// <summary>The same file once more, while it comes; null where it is closed already.</summary>
    /// <param name="file">As it is being written; it stays the caller's.</param>
    public static IContentFile? Share(IContentFile? file) => file is ContentFile opened && opened.TryAddUser() ? opened : null;

    /// <summary>A file that is whole; each of its pieces is verified before it is read first. Null where it is not there, or has another length.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="manifest">What it is to be.</param>
    public static IContentFile? Open(string path, Manifest manifest)
    {
        try
        {
            return SharerDisk.MarkOf(path) is { } mark && mark.Length == manifest.Length ? new SharedContent(path, mark, manifest) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
