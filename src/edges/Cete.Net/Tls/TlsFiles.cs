using Cete.Core;

namespace Cete.Net.Tls;

/// <summary>The files of a certificate and its key as they were read once: what they say, or why nothing can be read.</summary>
/// <param name="CertificatePath">The certificate, the node's own first.</param>
/// <param name="KeyPath">Its key; the same path when both stand in one file.</param>
/// <param name="Certificate">What the first says.</param>
/// <param name="Key">What the second says.</param>
/// <param name="IsKeyOpen">Whether every user of this machine may read the key.</param>
public sealed record TlsFiles(string CertificatePath, string KeyPath, Outcome<string> Certificate, Outcome<string> Key, bool IsKeyOpen)
{
    private const int BytesMax = 1024 * 1024;

    /// <summary>Reads both.</summary>
    public static TlsFiles Read(string certificatePath, string keyPath)
    {
        var key = ReadText(keyPath);
        return new TlsFiles(certificatePath, keyPath, ReadText(certificatePath), key, key.Succeeded && IsOpen(keyPath));
    }

    /// <summary>A file of PEM text.</summary>
    internal static Outcome<string> ReadText(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return Directory.Exists(path)
                    ? new Failure(FailureKind.Invalid, $"{path} is a folder; name a file")
                    : new Failure(FailureKind.NotFound, $"there is no file {path}");
            }

            return new FileInfo(path).Length > BytesMax
                ? new Failure(FailureKind.TooLarge, $"{path} has more than {BytesMax} bytes; that is no certificate or key")
                : File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new Failure(FailureKind.Forbidden, $"{path} cannot be read: {error.Message}");
        }
    }

    private static bool IsOpen(string path)
    {
        try
        {
            return !OperatingSystem.IsWindows() && File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherRead);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
