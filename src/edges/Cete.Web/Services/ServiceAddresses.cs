using System.Globalization;

namespace Cete.Web.Services;

/// <summary>The addresses of the pages of described services. Names in them are plain words, which nothing has to be escaped in.</summary>
internal static class ServiceAddresses
{
    public const string All = "/services";

    /// <summary>What moderators have to decide.</summary>
    public const string Moderation = All + "/moderation";

    /// <summary>A service: its first view.</summary>
    public static string Of(string service) => $"{All}/{service}";

    /// <summary>What it is.</summary>
    public static string About(string service) => $"{All}/{service}/about";

    public static string View(string service, string view) => $"{All}/{service}/{view}";

    public static string Record(string service, string kind, long id) => string.Create(CultureInfo.InvariantCulture, $"{All}/{service}/{kind}/{id}");

    public static string Edit(string service, string kind, long id) => Record(service, kind, id) + "/edit";

    public static string New(string service, string kind) => $"{All}/{service}/{kind}/new";

    public static string Deleted(string service, string kind) => $"{All}/{service}/{kind}/deleted";

    /// <summary>The form of an action.</summary>
    /// <param name="service">Of which service.</param>
    /// <param name="action">Which one.</param>
    /// <param name="record">To which record; 0 for none.</param>
    public static string Do(string service, string action, long record) => record == 0
        ? $"{All}/{service}/do/{action}"
        : string.Create(CultureInfo.InvariantCulture, $"{All}/{service}/do/{action}?record={record}");
}
