using System.CommandLine;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;

namespace Cete.App.Verbs;

/// <summary><c>cete search</c>: finds entries by words, and with <c>--everywhere</c> the records of services too.</summary>
internal static class SearchVerb
{
    public static Command Make()
    {
        var words = new Argument<string[]>("words")
        {
            Description = "Words, \"a phrase\", -without, tag:name.",
            HelpName = "WORDS",
            Arity = ArgumentArity.OneOrMore
        };
        var folder = new Option<string>("--in") { Description = "Only in this folder and below.", HelpName = "FOLDER", DefaultValueFactory = _ => "/" };
        Option<string>[] filters =
        [
            Filter("--kind", "KIND", "Only files of this kind: image, audio, video, document, text, archive, disk, code, link or file."),
            Filter("--min-size", "SIZE", "Only files of so many bytes or more, such as 10MB or 1.5GiB."),
            Filter("--max-size", "SIZE", "Only files of so many bytes or fewer."),
            Filter("--newer", "TIME", "Only what was added within so long, such as 12h, 7d, 3mo, 1y, or since a date."),
            Filter("--older", "TIME", "Only what was added before."),
        ];
        var any = new Option<bool>("--any") { Description = "One of the words is enough." };
        var everywhere = new SearchEverywhere();
        var limit = new Option<int>("--limit") { Description = "Entries at most, 1 to 1000.", DefaultValueFactory = _ => 50 };
        var (node, trust, json) = (Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("search", Common.WithExamples(
            "Find entries by the words of their names, tags, descriptions and folders, the best first. Words match beginnings.",
            "cete search holiday 2026",
            "cete search '\"sour dough\"' tag:recipe --in /cooking",
            "cete search holiday --kind video --min-size 10MB --newer 7d --in /films",
            "cete search --json video -- -draft",
            "cete search --everywhere solaris            files and records of all services",
            "cete search --service library/books solaris")) { words, folder, any, limit, node, trust, json };
        Array.ForEach(filters, verb.Options.Add);
        foreach (var option in everywhere.Options)
        {
            verb.Options.Add(option);
        }

        everywhere.KeepApart(verb, [folder, any, .. filters]);
        Common.MustBeWithin(limit, 1, 1000);
        verb.SetAction(async (parsed, stop) =>
        {
            var path = EntryPath.Parse(parsed.GetRequiredValue(folder));
            if (!path.Succeeded)
            {
                return ExitCodes.Say(path.Failure);
            }

            await using var client = Common.Connect(parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust));
            var (max, asJson, found) = (parsed.GetValue(limit), parsed.GetValue(json), 0);
            var typed = string.Join(' ', parsed.GetRequiredValue(words));
            if (everywhere.IsAsked(parsed))
            {
                return await everywhere.RunAsync(parsed, client, typed, max, asJson, stop);
            }

            var query = $"{Routes.Entries}?q={Uri.EscapeDataString(typed)}"
                + $"&folder={Uri.EscapeDataString(path.Value.ToString())}&below=true&limit={Math.Min(max, 500)}"
                + string.Concat(filters.Where(filter => parsed.GetValue(filter) is not null)
                    .Select(filter => $"&{filter.Name[2..]}={Uri.EscapeDataString(parsed.GetValue(filter)!)}"))
                + (parsed.GetValue(any) ? "&any=true" : string.Empty);
            var code = await EntryLists.PrintAsync(client, query, max, entry => found += Print(entry, asJson), stop);
            if (code == ExitCodes.Ok && found == 0 && !asJson)
            {
                await Console.Error.WriteLineAsync("Nothing found. Fewer words, fewer filters or --any find more; -word leaves out, tag:name asks for a tag.");
            }

            return code;
        });
        return verb;
    }

    /// <summary>An option that the API has by the same name. Its value is judged by the node, which knows all of them.</summary>
    private static Option<string> Filter(string name, string value, string description)
    {
        var filter = new Option<string>(name) { Description = description, HelpName = value };
        Common.MustNotBeEmpty(filter);
        return filter;
    }

    private static int Print(EntryInfo entry, bool json)
    {
        if (json)
        {
            JsonOut.Entry(entry);
        }
        else
        {
            Console.WriteLine($"{Units.Bytes(entry.Length),10}  {EntryLists.Date(entry.Added)}  {EntryName.Show(entry.Path)}");
        }

        return 1;
    }
}
