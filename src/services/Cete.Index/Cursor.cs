using System.Globalization;
using System.Text;

namespace Cete.Index;

/// <summary>Where a page ended, as text that clients hand back unread. A cursor that makes no sense begins at the start.</summary>
internal static class Cursor
{
    public static string Of(string key, long id) => Encode($"{id.ToString(CultureInfo.InvariantCulture)} {key}");

    public static string Of(int offset) => Encode(offset.ToString(CultureInfo.InvariantCulture));

    public static (string Key, long Id) ReadText(string? cursor)
    {
        var text = Decode(cursor);
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && long.TryParse(text.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? (text[(space + 1)..], id)
            : (string.Empty, -1);
    }

    public static int ReadOffset(string? cursor) =>
        int.TryParse(Decode(cursor), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : 0;

    private static string Encode(string text) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static string Decode(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor) || cursor.Length > 2_000)
        {
            return string.Empty;
        }

        var text = cursor.Replace('-', '+').Replace('_', '/');
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var count)
            ? Encoding.UTF8.GetString(bytes, 0, count)
            : string.Empty;
    }
}
