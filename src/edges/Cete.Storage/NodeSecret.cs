using System.Security.Cryptography;
using Cete.Core;

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
        var known = PrivateFile.Read(path);
        if (!known.Succeeded)
        {
            return known.Failure;
        }

        if (known.Value is { Length: Size } kept)
        {
            return kept;
        }

        var secret = RandomNumberGenerator.GetBytes(Size);
        return PrivateFile.Write(path, secret) is { } failure ? failure : secret;
    }
}
