using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Cete.Formats.Tracking;

/// <summary>
/// Lets a tracker know its own torrents without remembering one: an announce address carries which web seed it belongs to, and a code over
/// that (HMAC-SHA-256, RFC 2104) which only who has the secret can make. The info hash is left out of it, for there is more than one right
/// one: version 1, version 2, and what clients come to that pass over the empty keys of BEP 52 (aria2 1.36).
/// </summary>
/// <param name="secret">At least 16 bytes, kept by the node.</param>
public sealed class TrackerKey(byte[] secret)
{
    private const int CodeSize = 12;

    /// <summary>The part of an announce address that proves it: 16 characters.</summary>
    /// <param name="seed">What the address says of the web seed.</param>
    public string CodeFor(string seed) => Base64Url.EncodeToString(Code(seed));

    /// <summary>Whether a code was made here for this web seed.</summary>
    public bool Verifies(string code, string seed)
    {
        Span<byte> given = stackalloc byte[CodeSize];
        return code.Length == Base64Url.GetEncodedLength(CodeSize)
            && Base64Url.IsValid(code)
            && Base64Url.TryDecodeFromChars(code, given, out var count)
            && CryptographicOperations.FixedTimeEquals(given[..count], Code(seed));
    }

    private byte[] Code(string seed) => HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(seed))[..CodeSize];
}
