using Cete.Core;

namespace Cete.Web.Pages;

/// <summary>The addresses of pages.</summary>
internal static class Addresses
{
    public const string Home = "/";
    public const string Newest = "/?sort=added&order=desc";
    public const string Folders = "/folders";
    public const string Search = "/search";
    public const string Entries = "/entries";
    public const string Nodes = "/nodes";
    public const string Moderation = "/moderation";
    public const string Assets = "/assets";

    /// <summary>The page of a folder. Every name is escaped by itself: one may hold '%', '?' and '#'.</summary>
    public static string Folder(EntryPath path) =>
        path.IsTop ? Home : $"{Folders}/{string.Join('/', path.Names.Select(Uri.EscapeDataString))}";

    public static string Folder(string path) => EntryPath.Parse(path) is { Succeeded: true } parsed ? Folder(parsed.Value) : Home;

    public static string Entry(long id) => FormattableString.Invariant($"{Entries}/{id}");

    public static string SearchFor(string words) => $"{Search}?q={Uri.EscapeDataString(words)}";

    public static string SearchIn(EntryPath folder) => $"{Search}?folder={Uri.EscapeDataString(folder.ToString())}";

    public static string Tag(string tag) => SearchFor("tag:" + tag);
}
