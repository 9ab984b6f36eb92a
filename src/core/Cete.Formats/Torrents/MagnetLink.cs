using System.Globalization;
using System.Text;

namespace Cete.Formats.Torrents;

/// <summary>Writes magnet links (BEP 9 and 53) that name a torrent in both versions.</summary>
public static class MagnetLink
{
    /// <summary>A link.</summary>
    /// <param name="hashes">Of the torrent.</param>
    /// <param name="name">Shown until the torrent is there.</param>
    /// <param name="length">Bytes of all files.</param>
    /// <param name="tracker">Announce address; null for none.</param>
    /// <param name="webSeeds">HTTP addresses that have it.</param>
    /// <param name="torrent">Where the torrent file is, for clients that take it from there; null for nowhere.</param>
    public static string Of(InfoHashes hashes, string name, long length, Uri? tracker, IReadOnlyList<Uri> webSeeds, Uri? torrent)
    {
        // A multihash says what it is: 0x12 is SHA-256, 0x20 its length.
        var text = new StringBuilder("magnet:?xt=urn:btih:").Append(Convert.ToHexStringLower(hashes.V1))
            .Append("&xt=urn:btmh:1220").Append(hashes.V2)
            .Append("&dn=").Append(Uri.EscapeDataString(name))
            .Append("&xl=").Append(length.ToString(CultureInfo.InvariantCulture));
        Append(text, "&tr=", tracker);
        Append(text, "&xs=", torrent);
        foreach (var seed in webSeeds)
        {
            Append(text, "&ws=", seed);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string key, Uri? address)
    {
        if (address is not null)
        {
            text.Append(key).Append(Uri.EscapeDataString(address.AbsoluteUri));
        }
    }
}
