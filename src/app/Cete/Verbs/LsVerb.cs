using System.CommandLine;
using System.Globalization;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;
using Cete.Net;

namespace Cete.App.Verbs;

/// <summary><c>cete ls</c>: what is in a folder of the index.</summary>
internal static class LsVerb
{
    public static Command Make()
    {
        var path = new Argument<string>("path") { Description = "Folder or entry of the index.", HelpName = "PATH", DefaultValueFactory = _ => "/" };
        var below = new Option<bool>("--recursive", "-r") { Description = "Also everything below." };
        var sort = new Option<string>("--sort") { Description = "By name, size or added.", DefaultValueFactory = _ => "name" };
        var reverse = new Option<bool>("--reverse") { Description = "The other way round." };
        sort.AcceptOnlyFromAmong("name", "size", "added");
        var (node, trust, json) = (Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("ls", Common.WithExamples(
            "List a folder of the index.",
            "cete ls /videos",
            "cete ls -r --sort size --reverse --json")) { path, below, sort, reverse, node, trust, json };
        verb.SetAction(async (parsed, stop) =>
        {
            await using var client = Common.Connect(parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust));
            return await RunAsync(client, parsed.GetRequiredValue(path), parsed.GetValue(below), parsed.GetRequiredValue(sort), parsed.GetValue(reverse),
                parsed.GetValue(json), stop);
        });
        return verb;
    }

    private static async Task<int> RunAsync(NodeClient node, string text, bool below, string sort, bool reverse, bool json, CancellationToken stop)
    {
        var path = EntryPath.Parse(text);
        if (!path.Succeeded)
        {
            return ExitCodes.Say(path.Failure);
        }

        if (!below)
        {
            var folders = await ListFoldersAsync(node, path.Value, json, stop);
            if (folders is { Kind: FailureKind.NotFound } && !path.Value.IsTop)
            {
                var entry = await node.GetAsync($"{Routes.EntryByPath}?path={Uri.EscapeDataString(path.Value.ToString())}", ApiJson.Default.EntryInfo, stop);
                if (entry.Succeeded)
                {
                    Print(entry.Value, json, path.Value.Parent);
                    return ExitCodes.Ok;
                }
            }

            if (folders is not null)
            {
                return ExitCodes.Say(folders);
            }
        }

        var query = $"{Routes.Entries}?folder={Uri.EscapeDataString(path.Value.ToString())}&below={(below ? "true" : "false")}&sort={sort}&order={(reverse ? "desc" : "asc")}&limit=500";
        return await EntryLists.PrintAsync(node, query, null, entry => Print(entry, json, below ? null : path.Value), stop);
    }

    private static async Task<Failure?> ListFoldersAsync(NodeClient node, EntryPath path, bool json, CancellationToken stop)
    {
        string? cursor = null;
        do
        {
            var page = await node.GetAsync(
                $"{Routes.Folders}?path={Uri.EscapeDataString(path.ToString())}&cursor={cursor}&limit=500", ApiJson.Default.FolderPage, stop);
            if (!page.Succeeded)
            {
                return page.Failure;
            }

            foreach (var folder in page.Value.Folders)
            {
                if (json)
                {
                    JsonOut.Folder(folder);
                }
                else
                {
                    var name = EntryName.Show(folder.Path[(folder.Path.LastIndexOf('/') + 1)..]);
                    Console.WriteLine($"{"-",10}  {EntryLists.Date(folder.Made)}  {name}/");
                }
            }

            cursor = page.Value.Next;
        }
        while (cursor is not null);

        return null;
    }

    private static void Print(EntryInfo entry, bool json, EntryPath? folder)
    {
        if (json)
        {
            JsonOut.Entry(entry);
        }
        else
        {
            var down = entry.TakenDown is { } reason ? $"  (taken down: {EntryName.Show(reason)})" : string.Empty;
            Console.WriteLine(
                $"{Units.Bytes(entry.Length),10}  {EntryLists.Date(entry.Added)}  {EntryName.Show(folder is null ? entry.Path : entry.Name)}{down}");
        }
    }
}

/// <summary>Lists of entries, page by page.</summary>
internal static class EntryLists
{
    public static string Date(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Prints all pages of a list, or up to a number of entries.</summary>
    public static async Task<int> PrintAsync(NodeClient node, string query, int? max, Action<EntryInfo> print, CancellationToken stop)
    {
        string? cursor = null;
        var count = 0;
        do
        {
            var page = await node.GetAsync($"{query}&cursor={cursor}", ApiJson.Default.EntryPage, stop);
            if (!page.Succeeded)
            {
                return ExitCodes.Say(page.Failure);
            }

            foreach (var entry in page.Value.Entries.Take((max ?? int.MaxValue) - count))
            {
                print(entry);
                count++;
            }

            cursor = page.Value.Next;
        }
        while (cursor is not null && count < (max ?? int.MaxValue));

        return ExitCodes.Ok;
    }
}
