using System.Globalization;
using System.Text;

namespace Cete.Index;

/// <summary>
/// Where a page ended, as text that clients hand back unread. It begins with the kind of list it is of: one that makes no sense, or is of
/// another list, begins at the start.
/// </summary>
internal static class Cursor
{
    /// <summary>Characters: the longest key, of a name of 85 times U+FDFA, has 2,805 bytes.</summary>
    private const int LengthMax = 4_096;

    public const char FolderList = 'f';
    public const char NameList = 'n';
    public const char SizeList = 's';
    public const char AddedList = 'a';
    public const char RelevanceList = 'r';
    public const char ModerationList = 'm';

    public static string Of(char list, string key, long id) => Encode($"{list}{id.ToString(CultureInfo.InvariantCulture)} {key}");

    /// <summary>Null when there is no cursor that means anything in a list of this kind.</summary>
    public static (string Key, long Id)? Read(char list, string? cursor)
    {
        var text = Decode(cursor);
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space > 1 && text[0] == list && long.TryParse(text.AsSpan(1, space - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? (text[(space + 1)..], id)
            : null;
    }

    /// <summary>As <see cref="Read"/>, of a list whose keys are numbers.</summary>
    public static (long Key, long Id)? ReadNumber(char list, string? cursor) =>
        Read(list, cursor) is { } found && long.TryParse(found.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? (key, found.Id) : null;

    private static string Encode(string text) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static string Decode(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor) || cursor.Length > LengthMax)
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
