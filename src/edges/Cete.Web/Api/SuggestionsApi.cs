using System.Text.Json;
using Cete.Api;
using Cete.Core;
using Cete.Index;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Api;

/// <summary>What may be meant by what is being typed: for the pages' script, and for the search boxes of browsers.</summary>
internal sealed class SuggestionsApi(IndexService index)
{
    private const int WordsMax = 6;
    private const int EntriesMax = 4;
    private const int TypedMax = 200;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Suggestions, SuggestAsync)
            .Tells("Index", "What may be meant by what is being typed").Gives<SuggestionsAnswer>().Asks("q", "What was typed so far");
        routes.MapGet(Routes.SuggestionsForBrowsers, SuggestToBrowserAsync);
    }

    private async Task<IResult> SuggestAsync(string? q, CancellationToken cancellation)
    {
        var found = await FindAsync(q, EntriesMax, cancellation);
        return ApiAnswers.Of(
            found.Then(s => new SuggestionsAnswer(s.Words, [.. s.Entries.Select(entry => entry.ToInfo())])), ApiJson.Default.SuggestionsAnswer);
    }

    /// <summary>As OpenSearch has it: what was typed, and how it may go on.</summary>
    private async Task<IResult> SuggestToBrowserAsync(string? q, CancellationToken cancellation)
    {
        var found = await FindAsync(q, entriesMax: 0, cancellation);
        if (!found.Succeeded)
        {
            return ApiAnswers.Of(found.Failure);
        }

        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartArray();
            json.WriteStringValue(EntryName.Show(q ?? string.Empty));
            json.WriteStartArray();
            foreach (var words in found.Value.Words)
            {
                json.WriteStringValue(words);
            }

            json.WriteEndArray();
            json.WriteEndArray();
        }

        return Results.Bytes(body.ToArray(), "application/x-suggestions+json");
    }

    private async Task<Outcome<Suggestions>> FindAsync(string? q, int entriesMax, CancellationToken cancellation)
    {
        var typed = EntryName.Show(q ?? string.Empty);
        return string.IsNullOrWhiteSpace(typed) || typed.Length > TypedMax
            ? new Suggestions([], [])
            : await index.SuggestAsync(typed, WordsMax, entriesMax, cancellation);
    }
}
