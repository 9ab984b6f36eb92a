using Microsoft.AspNetCore.StaticFiles;

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

    private static bool IsHarmless(string type) =>
        type.StartsWith("audio/", StringComparison.Ordinal)
        || type.StartsWith("video/", StringComparison.Ordinal)
        || (type.StartsWith("image/", StringComparison.Ordinal) && type != "image/svg+xml")
        || type is "text/plain" or "application/pdf";
}
