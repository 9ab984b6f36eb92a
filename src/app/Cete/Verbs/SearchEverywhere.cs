using System.CommandLine;
using System.Globalization;
using Cete.Api;
using Cete.App.Output;
using Cete.App.Verbs.Accounts;
using Cete.Core;
using Cete.Net;

namespace Cete.App.Verbs;

/// <summary>Searches for more than files: <c>cete search --everywhere</c>, and <c>--service NAME</c>.</summary>
internal sealed class SearchEverywhere
{
    private const int PageMax = 100;

    private readonly Option<bool> _everywhere = new("--everywhere") { Description = "Also among the records of all services that you may see." };

    private readonly Option<string> _service = new("--service")
    {
        Description = "Only in this service, or in one kind of its records.",
        HelpName = "NAME[/RECORDS]",
    };

    /// <summary>Its options.</summary>
    public IReadOnlyList<Option> Options => [_everywhere, _service];

    /// <summary>Whether that was asked for.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_everywhere) || parsed.GetValue(_service) is not null;

    /// <summary>Has it refused together with what only searches for files know.</summary>
    public void KeepApart(Command verb, IReadOnlyList<Option> ofFiles)
    {
        Common.MustNotBeEmpty(_service);
        verb.Validators.Add(result =>
        {
            if (result.GetResult(_everywhere) is null && result.GetResult(_service) is null)
            {
                return;
            }

            if (ofFiles.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } of)
            {
                result.AddError($"{of.Name} is for files alone; leave it out, or --everywhere and --service");
            }
        });
    }

    /// <summary>Searches and prints.</summary>
    public async Task<int> RunAsync(ParseResult parsed, NodeClient client, string words, int max, bool json, CancellationToken stop)
    {
        var query = $"{Routes.Search}?q={Uri.EscapeDataString(words)}"
            + (parsed.GetValue(_service) is { } service ? $"&kind={Uri.EscapeDataString(service)}" : string.Empty);
        string? after = null;
        var found = 0;
        do
        {
            var limit = Math.Min(max - found, PageMax).ToString(CultureInfo.InvariantCulture);
            var page = await client.GetAsync(
                $"{query}&limit={limit}{(after is null ? string.Empty : "&after=" + Uri.EscapeDataString(after))}", ServicesJson.Default.SearchAnswer, stop);
            if (!page.Succeeded)
            {
                return ExitCodes.Say(page.Failure);
            }

            foreach (var hit in page.Value.Hits)
            {
                Print(hit, json);
            }

            if (after is null)
            {
                await TellGapsAsync(page.Value);
            }

            (found, after) = (found + page.Value.Hits.Count, page.Value.Hits.Count == 0 ? null : page.Value.Next);
        }
        while (after is not null && found < max);
        if (found == 0 && !json)
        {
            await Console.Error.WriteLineAsync("Nothing found. Fewer words find more; -word leaves out.");
        }

        return ExitCodes.Ok;
    }

    private static void Print(SearchHit hit, bool json)
    {
        if (json)
        {
            JsonOut.Line(hit, ServicesJson.Default.SearchHit);
            return;
        }

        Console.WriteLine(EntryName.Show($"{AccountVerbs.Date(hit.At)}  {hit.Kind,-20}  {hit.Path ?? hit.Title.Text}  ({hit.Address})"));
        if (hit.Snippet is { } snippet)
        {
            Console.WriteLine($"            {EntryName.Show(snippet.Text)}");
        }
    }

    private static async Task TellGapsAsync(SearchAnswer answer)
    {
        foreach (var gap in answer.Missing)
        {
            await Console.Error.WriteLineAsync(EntryName.Show($"Not searched: {gap.Source}, since {gap.Why}"));
        }

        foreach (var service in answer.Partial)
        {
            await Console.Error.WriteLineAsync(EntryName.Show($"Not all of {service} can be found yet: it was changed a moment ago"));
        }
    }
}
