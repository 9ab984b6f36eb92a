using System.Globalization;

namespace Cete.Web.Downloads;

/// <summary>Addresses of the page that an agent has for its user.</summary>
public static class DownloadAddresses
{
    /// <summary>All downloads.</summary>
    public const string All = "/";

    /// <summary>Forgets what ended.</summary>
    public const string Clear = "/clear";

    /// <summary>Lets a browser in, by a secret behind it.</summary>
    public const string Open = "/open";

    /// <summary>Looks at files, by what lets one do so behind it.</summary>
    public const string Watch = "/watch";

    /// <summary>One of them.</summary>
    public static string Of(long id) => string.Create(CultureInfo.InvariantCulture, $"/downloads/{id}");

    /// <summary>One of its files.</summary>
    public static string Of(long id, int file) => string.Create(CultureInfo.InvariantCulture, $"/downloads/{id}/files/{file}");
}
