using System.Buffers.Text;
using System.Text;
using Cete.Api;
using Cete.Core;
using Cete.Described;
using Cete.Web.Api;
using Cete.Web.Pages;
using Cete.Web.Services;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Searching;

/// <summary>One search for everything, over HTTP.</summary>
/// <param name="desk">Finds.</param>
internal sealed class SearchApi(SearchDesk desk)
{
    private const int LimitUsual = 20;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet(Routes.Search, FindAsync)
        .Tells("Search", "Files and records of all services that hold some words, the best first, as far as you may see them").Gives<SearchAnswer>()
        .Asks("q", "Words that all occur, \"a phrase\", -without; the last word may be the beginning of one")
        .Asks("kind", "files, the name of a service, or SERVICE/RECORDS; absent for everything")
        .Asks("after", "Where the page begins: 'next' of the page before; absent for the first")
        .Asks("limit", $"Hits of a page, {SearchDesk.LimitMax} at most");

    private async Task<IResult> FindAsync(HttpContext context, string? q, string? kind, string? after, string? limit, CancellationToken stop)
    {
        var (scope, count) = (SearchScope.Read(kind), ApiAnswers.ReadNumber(limit, "limit", LimitUsual));
        var place = string.IsNullOrEmpty(after) ? null : PlaceOf(after);
        var told = string.IsNullOrWhiteSpace(q) ? "'q' says what is looked for"
            : place is null && !string.IsNullOrEmpty(after) ? "'after' is the 'next' of another answer; leave it out to begin"
            : null;
        if ((scope.Failure ?? count.Failure ?? (told is null ? null : new Failure(FailureKind.Invalid, told))) is { } wrong)
        {
            return ApiAnswers.Of(wrong);
        }

        var found = await desk.FindAsync(q!, scope.Value, place, count.Value, context.Visitor().Standing, stop);
        context.Response.Headers.CacheControl = "private, no-cache";
        return ApiAnswers.Of(found.Then(ToAnswer), ServicesJson.Default.SearchAnswer);
    }

    /// <summary>A place as it stands in addresses.</summary>
    public static string TextOf(SearchPlace place) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(place.ToString()));

    /// <summary>Reads one; null for what is none.</summary>
    public static SearchPlace? PlaceOf(string text) =>
        text.Length <= 400 && Base64Url.IsValid(text) ? SearchPlace.Read(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text))) : null;

    private static SearchAnswer ToAnswer(Findings found) =>
        new([.. found.Items.Select(ToHit)], found.Next is { } next ? TextOf(next) : null, found.Missing, found.Partial);

    private static SearchHit ToHit(Finding found)
    {
        var (title, snippet) = (found.Title.ToText(), found.Snippet?.ToText());
        if (found.File is { } file)
        {
            return new SearchHit(
                SearchScope.Files, Addresses.Entry(file.Id), title, snippet, file.Added.ToDateTimeOffset(), NotEmpty(file.Owner), found.Rank)
            {
                Id = file.Id,
                Path = file.Path,
                Length = file.Length,
                Root = file.Root.ToString(),
                Providers = file.Providers,
            };
        }

        var (service, kind, record) = (found.Record!.Service.Name, found.Record.Kind.Name, found.Record.Record);
        return new SearchHit(
            $"{service}/{kind}", ServiceAddresses.Record(service, kind, record.Id), title, snippet, record.Updated.ToDateTimeOffset(), NotEmpty(record.Owner),
            found.Rank)
        {
            Id = record.Id,
            Service = service,
            Records = kind,
        };
    }

    private static string? NotEmpty(string text) => text.Length > 0 ? text : null;
}
