using Cete.Api;
using Cete.Core;
using Cete.Index;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Api;

/// <summary>What changes in a folder, for programs that follow one.</summary>
internal sealed class ChangesApi(IndexChanges changes)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet(Routes.Changes, ReadAsync)
        .Tells("Index", "What changes in a folder from a cursor on; without one, where to begin").Gives<ChangesAnswer>()
        .Asks("folder", "The folder; absent for the top").Asks("below", "true for all that is below, false for what is right in the folder")
        .Asks("after", "The cursor of the answer before").Asks("limit", "Changes at most")
        .Asks("wait", $"Seconds to wait for the first change where there is none, up to {(int)Limits.ChangeWaitMax.TotalSeconds}");

    private async Task<IResult> ReadAsync(
        HttpContext context, string? folder, string? below, string? after, string? limit, string? wait, CancellationToken cancellation)
    {
        var path = EntryPath.Parse(folder ?? "/");
        var (count, seconds) = (ApiAnswers.ReadNumber(limit, "limit", 100), ApiAnswers.ReadNumber(wait, "wait", 0));
        if ((path.Failure ?? count.Failure ?? seconds.Failure) is { } bad)
        {
            return ApiAnswers.Of(bad);
        }

        if (below is not (null or "" or "true" or "false"))
        {
            return ApiAnswers.Of(new Failure(FailureKind.Invalid, "'below' is true or false"));
        }

        var patience = TimeSpan.FromSeconds(Math.Clamp(seconds.Value, 0, Limits.ChangeWaitMax.TotalSeconds));
        var query = new ChangeQuery(path.Value, below == "true", after, Math.Clamp(count.Value, 1, Limits.PageItemsMax));
        var page = await changes.ReadAsync(query, patience, cancellation);
        context.Response.Headers.CacheControl = "no-store";
        return ApiAnswers.Of(
            page.Then(found => new ChangesAnswer([.. found.Changes.Select(ToInfo)], found.Cursor, found.IsMissed ? true : null)),
            ApiJson.Default.ChangesAnswer);
    }

    private static ChangeInfo ToInfo(IndexChange change) => new(
        change.Kind.ToString().ToLowerInvariant(), change.Id, change.Path, change.From.Length > 0 ? change.From : null, change.IsFolder ? true : null,
        change.Entry?.ToInfo());
}
