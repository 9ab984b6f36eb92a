namespace Cete.Web.Pages.Services;

/// <summary>Pictures that descriptions name, as the site draws them.</summary>
internal static class ServiceIcons
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["book"] = "document",
        ["library"] = "document",
        ["document"] = "document",
        ["news"] = "text",
        ["text"] = "text",
        ["list"] = "text",
        ["chat"] = "chat",
        ["forum"] = "chat",
        ["message"] = "chat",
        ["calendar"] = "calendar",
        ["image"] = "image",
        ["photo"] = "image",
        ["audio"] = "audio",
        ["music"] = "audio",
        ["video"] = "video",
        ["file"] = "file",
        ["folder"] = "folder",
        ["link"] = "link",
        ["person"] = "person",
        ["contacts"] = "person",
        ["search"] = "search",
        ["code"] = "code",
        ["archive"] = "archive",
    };

    /// <summary>The picture of a name; the one of any service where there is none.</summary>
    public static string Of(string name) => Known.GetValueOrDefault(name, "service");
}
