using System.Globalization;
using Cete.Api;
using Cete.Core;
using Cete.Described;
using Cete.Web.Api;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Services;

/// <content>Records, read.</content>
internal sealed partial class ServicesApi
{
    private const string Kind = Root + "/records/{kind}";
    private const string Record = Kind + "/{id}";

    /// <summary>More is no filter that somebody would type.</summary>
    private const int FilterCharsMax = 4_096;

    private void MapReading(IEndpointRouteBuilder routes)
    {
        const string filter = "A condition on 'record' in the language of rules, as record.state == 'free'";
        const string search = "Words that they hold, \"a phrase\", -without; the last word may be the beginning of one";
        const string view = "Name of a view whose filter and order count too";
        routes.MapGet(Kind, RecordsAsync)
            .Tells(Heading, "Records of a kind that you may see").Gives<RecordList>().IsPaged()
            .Asks("search", search).Asks("filter", filter).Asks("view", view)
            .Asks("sort", "Up to three fields, separated by commas, '-' before those that fall; absent in a search for the best first")
            .Asks("count", "true to have them all counted, too").Asks("deleted", "true for those that were deleted and that you may bring back");
        routes.MapGet(Record, RecordAsync).Tells(Heading, "One record; its ETag is its revision").Gives<RecordInfo>();
        routes.MapGet(Record + "/history", HistoryAsync).Tells(Heading, "What happened to a record, the newest first").Gives<RecordHistory>();
        routes.MapGet(Root + "/groups/{kind}", GroupsAsync)
            .Tells(Heading, "How many records have each value of a field alike").Gives<RecordGroupList>()
            .Asks("by", "The field").Asks("sum", "A number whose sum is wanted, too").Asks("search", search).Asks("filter", filter).Asks("view", view);
        routes.MapGet(Root + "/may/{kind}", MayAsync)
            .Tells(Heading, "What you may do with records of a kind, or with one of them").Gives<RecordPermissions>()
            .Asks("record", "The record; absent for the kind, and for actions that are done to no record");
    }

    private async Task<IResult> MayAsync(HttpContext context, string service, string kind, string? record, CancellationToken stop)
    {
        var number = string.IsNullOrEmpty(record) ? 0 : ServiceRequests.ReadId(record);
        var may = number.Succeeded ? await services.MayAsync(service, kind, number.Value, context.Visitor().Standing, stop) : number.Failure;
        context.Response.Headers.CacheControl = "private, no-cache";
        return ApiAnswers.Of(
            may.Then(found => new RecordPermissions(found.Create, found.Update, found.Delete, found.Moderate, found.Actions)),
            ServicesJson.Default.RecordPermissions);
    }

    private async Task<IResult> RecordsAsync(
        HttpContext context, string service, string kind, string? search, string? filter, string? view, string? sort, string? cursor, string? limit,
        string? count, string? deleted, CancellationToken stop)
    {
        var (items, isCounted, isDeleted) = (
            ApiAnswers.ReadNumber(limit, "limit", 50), ServiceRequests.ReadFlag(count, "count"), ServiceRequests.ReadFlag(deleted, "deleted"));
        var query = Query(service, kind, search, filter, view);
        if ((items.Failure ?? isCounted.Failure ?? isDeleted.Failure ?? query.Failure) is { } wrong)
        {
            return ApiAnswers.Of(wrong);
        }

        var asked = query.Value with
        {
            Sort = sort?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
            Cursor = string.IsNullOrEmpty(cursor) ? null : cursor,
            Limit = items.Value,
            IsCounted = isCounted.Value,
            IsDeleted = isDeleted.Value,
        };
        var page = await services.ListAsync(asked, context.Visitor().Standing, stop);
        context.Response.Headers.CacheControl = "private, no-cache";
        return ApiAnswers.Of(page.Then(found => found.ToList()), ServicesJson.Default.RecordList);
    }

    private async Task<IResult> RecordAsync(HttpContext context, string service, string kind, string id, CancellationToken stop)
    {
        var number = ServiceRequests.ReadId(id);
        var described = number.Succeeded ? await services.DescribeAsync(service, stop) : number.Failure;
        var found = described.Succeeded ? await services.GetAsync(service, kind, number.Value, context.Visitor().Standing, stop) : described.Failure;
        if (!found.Succeeded)
        {
            return ApiAnswers.Of(found.Failure);
        }

        return IsKnown(context, found.Value.Revision) && IsToldByRevision(described.Value.Descriptor.Record(kind))
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Json(found.Value.ToInfo(), ServicesJson.Default.RecordInfo);
    }

    private async Task<IResult> HistoryAsync(HttpContext context, string service, string kind, string id, CancellationToken stop)
    {
        var number = ServiceRequests.ReadId(id);
        var described = number.Succeeded ? await services.DescribeAsync(service, stop) : number.Failure;
        if (!described.Succeeded)
        {
            return ApiAnswers.Of(described.Failure);
        }

        var known = described.Value.Descriptor.Record(kind);
        var changes = await services.HistoryAsync(service, kind, number.Value, context.Visitor().Standing, stop);
        return ApiAnswers.Of(
            changes.Then(found => new RecordHistory([.. found.Select(change => change.ToLine(known))])), ServicesJson.Default.RecordHistory);
    }

    private async Task<IResult> GroupsAsync(
        HttpContext context, string service, string kind, string? by, string? sum, string? search, string? filter, string? view, CancellationToken stop)
    {
        var query = string.IsNullOrEmpty(by) ? new Failure(FailureKind.Invalid, "'by' names the field") : Query(service, kind, search, filter, view);
        var groups = query.Succeeded
            ? await services.GroupAsync(query.Value, by!, string.IsNullOrEmpty(sum) ? null : sum, context.Visitor().Standing, stop)
            : query.Failure;
        return ApiAnswers.Of(
            groups.Then(found => new RecordGroupList([.. found.Select(group => group.ToInfo())])), ServicesJson.Default.RecordGroupList);
    }

    /// <summary>Whether a record of the same revision looks the same: formulas, labels and fields that some see alone change without it.</summary>
    private static bool IsToldByRevision(RecordKind? kind) =>
        kind?.Fields.All(field => field.Type is not (FieldType.Formula or FieldType.Relation) && field.Read is null) == true;

    private static Outcome<RecordQuery> Query(string service, string kind, string? search, string? filter, string? view) =>
        filter?.Length > FilterCharsMax
            ? new Failure(
                FailureKind.TooLarge,
                string.Create(CultureInfo.InvariantCulture, $"'filter' has {filter.Length} characters; {FilterCharsMax} is the most"))
            : new RecordQuery(service, kind)
            {
                Search = string.IsNullOrWhiteSpace(search) ? null : search,
                Filter = string.IsNullOrWhiteSpace(filter) ? null : filter,
                View = string.IsNullOrEmpty(view) ? null : view,
            };
}
