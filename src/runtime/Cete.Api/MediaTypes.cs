using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Cete.Api;

/// <summary>
/// By which type a strangers' file is served. Only what a browser shows without running anything of it gets its own type; the rest is
/// a download, so that a page put in as a file cannot act as a page of the node.
/// </summary>
public static class MediaTypes
{
    public const string Unknown = "application/octet-stream";

    private static readonly FileExtensionContentTypeProvider Known = new();

    public static string Of(string name)
    {
        if (!Known.TryGetContentType(name, out var type))
        {
            return Unknown;
        }

        return type is "text/plain" ? "text/plain; charset=utf-8" : IsHarmless(type) ? type : Unknown;
    }

    /// <summary>Whether a browser may show it in place of saving it.</summary>
    public static bool IsShown(string name) => Of(name) != Unknown;

    /// <summary>
    /// Under which name a file is saved. It is said twice, once in ASCII: curl and other programs do not read the form that takes all
    /// characters (RFC 6266 §5).
    /// </summary>
    public static ContentDispositionHeaderValue Disposition(string name, bool isShown)
    {
        var field = new ContentDispositionHeaderValue(isShown ? "inline" : "attachment");
        field.SetHttpFileName(name);
        return field;
    }

    private static bool IsHarmless(string type) =>
        type.StartsWith("audio/", StringComparison.Ordinal)
        || type.StartsWith("video/", StringComparison.Ordinal)
        || (type.StartsWith("image/", StringComparison.Ordinal) && type != "image/svg+xml")
        || type is "text/plain" or "application/pdf";
}
