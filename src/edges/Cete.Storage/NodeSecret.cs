using System.Security.Cryptography;
using Cete.Core;
using Cete.Ports;

namespace Cete.Storage;

/// <summary>A secret that a node makes for itself at its first start and keeps: what it signed stays valid after a restart.</summary>
public static class NodeSecret
{
    /// <summary>Bytes of a secret.</summary>
    public const int Size = 32;

    /// <summary>Reads the secret of a purpose from a data folder, and makes it, readable for its owner only, when it is absent or not whole.</summary>
    public static Outcome<byte[]> Open(string folder, string purpose)
    {
        var path = Path.Combine(folder, purpose + ".secret");
        try
        {
            if (File.Exists(path) && File.ReadAllBytes(path) is { Length: Size } known)
            {
                return known;
            }

            var secret = RandomNumberGenerator.GetBytes(Size);
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var file = new FileStream(path + ".new", options))
            {
                file.Write(secret);
                file.Flush(flushToDisk: true);
            }

            File.Move(path + ".new", path, overwrite: true);
            return secret;
        }
        catch (IOException error)
        {
            return DiskFailure.From(error, $"opening {path}");
        }
        catch (UnauthorizedAccessException error)
        {
            return new Failure(FailureKind.Forbidden, $"{path} cannot be used: {error.Message}");
        }
    }
}
