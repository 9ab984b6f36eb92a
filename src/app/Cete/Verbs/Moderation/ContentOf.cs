using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;
using Cete.Net;

namespace Cete.App.Verbs.Moderation;

/// <summary>What the verbs of moderation share.</summary>
internal static class ContentOf
{
    private const int RootShown = 16;

    /// <summary>The content that a verb is about.</summary>
    public static Argument<string> What() => new("WHAT") { Description = "Path of an entry, or root of a content." };

    /// <summary>A text that moderators, or everybody, will read.</summary>
    public static Option<string> Text(string name, string description)
    {
        var text = new Option<string>(name) { Description = description, HelpName = "TEXT" };
        Common.MustNotBeEmpty(text);
        return text;
    }

    /// <summary>The root of what was named.</summary>
    public static async Task<Outcome<string>> FindAsync(NodeClient client, string what, CancellationToken stop)
    {
        if (Hash256.TryParse(what, out var root))
        {
            return root.ToString();
        }

        var path = EntryPath.Parse(what);
        if (!path.Succeeded)
        {
            return path.Failure;
        }

        var entry = await client.GetAsync(
            $"{Routes.EntryByPath}?path={Uri.EscapeDataString(path.Value.ToString())}", ApiJson.Default.EntryInfo, stop);
        return entry.Then(known => known.Root);
    }

    /// <summary>Does something to a content, and says so.</summary>
    public static async Task<int> ActAsync(NodeClient client, string what, string route, string why, string done, bool json, CancellationToken stop)
    {
        var root = await FindAsync(client, what, stop);
        var acted = root.Succeeded
            ? await client.CommandAsync(
                HttpMethod.Post, route, new ModerationRequest(root.Value, why), ApiJson.Default.ModerationRequest, ApiJson.Default.ModerationAnswer, stop)
            : root.Failure;
        return Say(acted, json, done);
    }

    /// <summary>Says what came of an act.</summary>
    public static int Say(Outcome<ModerationAnswer> acted, bool json, string done)
    {
        if (!acted.Succeeded)
        {
            return ExitCodes.Say(acted.Failure);
        }

        if (json)
        {
            JsonOut.Line(acted.Value, ApiJson.Default.ModerationAnswer);
        }
        else
        {
            Console.WriteLine(done);
        }

        return ExitCodes.Ok;
    }

    /// <summary>A content as lists show it: where it stands, and the beginning of its root.</summary>
    public static string Show(string root, string? path) => path is null ? root : $"{root[..Math.Min(RootShown, root.Length)]} {EntryName.Show(path)}";

    /// <summary>Prints a list, page by page.</summary>
    public static async Task<int> ListAsync<TList, TItem>(
        NodeClient client, string route, JsonTypeInfo<TList> type, Func<TList, (IReadOnlyList<TItem> Items, string? Next)> read,
        JsonTypeInfo<TItem> itemType, bool json, Func<TItem, string> line, CancellationToken stop)
        where TList : class
    {
        string? cursor = null;
        do
        {
            var page = await client.GetAsync(cursor is null ? route : $"{route}?cursor={Uri.EscapeDataString(cursor)}", type, stop);
            if (!page.Succeeded)
            {
                return ExitCodes.Say(page.Failure);
            }

            (var items, cursor) = read(page.Value);
            foreach (var item in items)
            {
                if (json)
                {
                    JsonOut.Line(item, itemType);
                }
                else
                {
                    Console.WriteLine(line(item));
                }
            }
        }
        while (cursor is not null);

        return ExitCodes.Ok;
    }
}
