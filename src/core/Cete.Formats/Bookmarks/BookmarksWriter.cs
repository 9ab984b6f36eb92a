using System.Net;
using System.Text;
using Cete.Formats.Entries;

namespace Cete.Formats.Bookmarks;

/// <summary>Writes bookmarks as browsers read them, in folders.</summary>
public static class BookmarksWriter
{
    /// <summary>The media type by which it is served.</summary>
    public const string MediaType = "text/html";

    /// <summary>A file of bookmarks.</summary>
    /// <param name="title">What people call it.</param>
    /// <param name="entries">Each with its <c>category</c>, a folder a line, and <c>created</c> in seconds since 1970.</param>
    public static byte[] Write(string title, IReadOnlyList<FormatEntry> entries)
    {
        var text = new StringBuilder("<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; charset=UTF-8\">\n<TITLE>")
            .Append(Encode(title)).Append("</TITLE>\n<H1>").Append(Encode(title)).Append("</H1>\n");
        Write(text, FolderTree.Of(entries), 0);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Write(StringBuilder text, FolderTree folder, int depth)
    {
        var indent = new string(' ', 4 * depth);
        text.Append(indent).Append("<DL><p>\n");
        foreach (var (name, inner) in folder.Folders)
        {
            text.Append(indent).Append("    <DT><H3>").Append(Encode(name)).Append("</H3>\n");
            Write(text, inner, depth + 1);
        }

        foreach (var entry in folder.Entries)
        {
            text.Append(indent).Append("    <DT><A HREF=\"").Append(Encode(entry["link"])).Append('"');
            if (entry["added"].Length > 0)
            {
                text.Append(" ADD_DATE=\"").Append(entry["added"]).Append('"');
            }

            if (entry["tags"].Length > 0)
            {
                text.Append(" TAGS=\"").Append(Encode(entry["tags"].Replace(", ", ",", StringComparison.Ordinal))).Append('"');
            }

            text.Append('>').Append(Encode(entry["title"])).Append("</A>\n");
            if (entry["summary"].Length > 0)
            {
                text.Append(indent).Append("    <DD>").Append(WebUtility.HtmlEncode(FormatText.Clean(entry["summary"]))).Append('\n');
            }
        }

        text.Append(indent).Append("</DL><p>\n");
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(FormatText.OneLine(text));
}
