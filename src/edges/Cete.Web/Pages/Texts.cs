using Cete.Core;

namespace Cete.Web.Pages;

/// <summary>Strangers' texts and names for a page. Razor encodes them; this takes out what would still deceive the eye.</summary>
internal static class Texts
{
    private const string Plain = "/._-+,=@%:";

    /// <summary>A text of several lines.</summary>
    public static string Show(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Replace("\t", "    ", StringComparison.Ordinal).Split('\n').Select(EntryName.Show));

    /// <summary>The last name of a path.</summary>
    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>The folder of a path.</summary>
    public static string FolderOf(string path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "/";

    /// <summary>A text as the name of a folder, as far as it can be one.</summary>
    public static string AsName(string text) => EntryName.Check(text) is null ? text : "community";

    /// <summary>A word of a command as a shell takes it, whatever stands in it.</summary>
    public static string Quote(string word)
    {
        var text = word.StartsWith('-') ? "./" + word : word;
        return text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || Plain.Contains(c, StringComparison.Ordinal))
            ? text
            : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
    }
}
