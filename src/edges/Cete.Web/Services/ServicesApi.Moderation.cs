using Cete.Api;
using Cete.Core;
using Cete.Groups;
using Cete.Web.Api;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Services;

/// <content>Reports of records, and what moderators see of them.</content>
internal sealed partial class ServicesApi
{
    private const int ModeratedAPage = 50;

    private void MapModeration(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.RecordReports, ReportsAsync).Needs(Actions.ServicesModerate)
            .Tells(Heading, "What was reported of records and nobody has acted on, the newest first").Gives<RecordReportList>().IsPaged();
        routes.MapGet(Routes.HiddenRecords, HiddenAsync).Needs(Actions.ServicesModerate)
            .Tells(Heading, "Records that are hidden, the last first").Gives<HiddenRecordList>().IsPaged();
        routes.MapGet(Routes.RecordActs, ActsAsync).Needs(Actions.ServicesModerate)
            .Tells(Heading, "What was reported, hidden, shown and closed, the newest first").Gives<RecordActList>().IsPaged();
        routes.MapPost(Record + "/reports", ReportAsync).NeedsAccount()
            .Tells(Heading, "Tell moderators that something is wrong with a record").Takes<HideRequest>().Gives<ModerationAnswer>().IsCommand();
        routes.MapDelete(Record + "/reports", DismissAsync).Needs(Actions.ServicesModerate)
            .Tells(Heading, "Close the reports of a record, of which none needs anything to be done").Asks("reason", "Why; it stands in the log")
            .Gives<ModerationAnswer>().IsCommand();
    }

    private async Task<IResult> ReportsAsync(HttpContext context, string? cursor, string? limit, CancellationToken stop)
    {
        var count = ApiAnswers.ReadNumber(limit, "limit", ModeratedAPage);
        var page = count.Succeeded ? await services.ReportsAsync(cursor, count.Value, context.Visitor().Standing, stop) : count.Failure;
        return ApiAnswers.Of(
            page.Then(found => new RecordReportList([.. found.Items.Select(one => one.ToInfo())], found.Next)), ServicesJson.Default.RecordReportList);
    }

    private async Task<IResult> HiddenAsync(HttpContext context, string? cursor, string? limit, CancellationToken stop)
    {
        var count = ApiAnswers.ReadNumber(limit, "limit", ModeratedAPage);
        var page = count.Succeeded ? await services.HiddenAsync(cursor, count.Value, context.Visitor().Standing, stop) : count.Failure;
        return ApiAnswers.Of(
            page.Then(found => new HiddenRecordList([.. found.Items.Select(one => one.ToInfo())], found.Next)), ServicesJson.Default.HiddenRecordList);
    }

    private async Task<IResult> ActsAsync(HttpContext context, string? cursor, string? limit, CancellationToken stop)
    {
        var count = ApiAnswers.ReadNumber(limit, "limit", ModeratedAPage);
        var page = count.Succeeded ? await services.ActsAsync(cursor, count.Value, context.Visitor().Standing, stop) : count.Failure;
        return ApiAnswers.Of(
            page.Then(found => new RecordActList([.. found.Items.Select(one => one.ToInfo())], found.Next)), ServicesJson.Default.RecordActList);
    }

    private async Task<IResult> ReportAsync(HttpContext context, string service, string kind, string id, CancellationToken stop)
    {
        var reason = await ServiceRequests.ReadReasonAsync(context.Request, stop);
        return await ModerateAsync(context, id, reason, (number, request) =>
            services.ReportAsync(service, kind, number, reason.Value, context.Asker(), request, stop));
    }

    private Task<IResult> DismissAsync(HttpContext context, string service, string kind, string id, string? reason, CancellationToken stop) =>
        ModerateAsync(context, id, reason ?? string.Empty, (number, request) =>
            services.DismissAsync(service, kind, number, reason ?? string.Empty, context.Asker(), request, stop));

    private static async Task<IResult> ModerateAsync(
        HttpContext context, string id, Outcome<string> reason, Func<long, RequestId?, Task<Outcome<long>>> act)
    {
        var (number, request) = (ServiceRequests.ReadId(id), ApiAnswers.ReadRequestId(context.Request));
        var done = (reason.Failure ?? number.Failure ?? request.Failure) is { } wrong ? wrong : await act(number.Value, request.Value);
        return ApiAnswers.Of(done.Then(made => new ModerationAnswer(made)), ServicesJson.Default.ModerationAnswer);
    }
}
