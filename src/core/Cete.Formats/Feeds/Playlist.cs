using System.Text;

namespace Cete.Formats.Feeds;

/// <summary>Writes an extended M3U playlist in UTF-8, which players of music and films open.</summary>
public static class Playlist
{
    /// <summary>The media type by which it is served.</summary>
    public const string MediaType = "audio/x-mpegurl";

    /// <summary>A playlist.</summary>
    /// <param name="title">Of the folder.</param>
    /// <param name="tracks">Names and addresses, in the order in which they are played.</param>
    public static byte[] Write(string title, IEnumerable<(string Name, Uri Address)> tracks)
    {
        var text = new StringBuilder("#EXTM3U\n#PLAYLIST:").Append(OneLine(title)).Append('\n');
        foreach (var (name, address) in tracks)
        {
            text.Append("#EXTINF:-1,").Append(OneLine(name)).Append('\n').Append(address.AbsoluteUri).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    // U+0085, U+2028 and U+2029 end a line for some readers.
    private static string OneLine(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));
}
