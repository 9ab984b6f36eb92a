using System.CommandLine;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;

namespace Cete.App.Verbs;

/// <summary><c>cete search</c>: finds entries by words.</summary>
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
        var limit = new Option<int>("--limit") { Description = "Entries at most, 1 to 1000.", DefaultValueFactory = _ => 50 };
        var (node, json) = (Common.Node(), Common.Json());
        var verb = new Command("search", Common.WithExamples(
            "Find entries by the words of their names, tags, descriptions and folders, the best first. Words match beginnings.",
            "cete search holiday 2026",
            "cete search '\"sour dough\"' tag:recipe --in /cooking",
            "cete search --json video -- -draft")) { words, folder, limit, node, json };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1000)
            {
                result.AddError("--limit is a number from 1 to 1000");
            }
        });
        verb.SetAction(async (parsed, stop) =>
        {
            var path = EntryPath.Parse(parsed.GetRequiredValue(folder));
            if (!path.Succeeded)
            {
                return ExitCodes.Say(path.Failure);
            }

            using var client = Common.Connect(parsed.GetRequiredValue(node));
            var (max, asJson, found) = (parsed.GetValue(limit), parsed.GetValue(json), 0);
            var query = $"{Routes.Entries}?q={Uri.EscapeDataString(string.Join(' ', parsed.GetRequiredValue(words)))}"
                + $"&folder={Uri.EscapeDataString(path.Value.ToString())}&below=true&limit={Math.Min(max, 500)}";
            var code = await EntryLists.PrintAsync(client, query, max, entry => found += Print(entry, asJson), stop);
            if (code == ExitCodes.Ok && found == 0 && !asJson)
            {
                await Console.Error.WriteLineAsync("Nothing found. Fewer words find more; -word leaves out, tag:name asks for a tag.");
            }

            return code;
        });
        return verb;
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
