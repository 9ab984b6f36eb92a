using Cete.Api;
using Cete.Core;
using Cete.Groups;
using Cete.Index;
using Cete.Index.Moderation;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Api;

/// <summary>Reports, take-downs and appeals over HTTP. Whoever may read the index may report and appeal, and read what was taken down and why.</summary>
internal sealed class ModerationApi(IndexService index)
{
    private const string Heading = "Moderation";
    private const int PageItems = 100;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.TakeDowns, TakenDownAsync)
            .Tells(Heading, "Contents that are taken down, the last first").Gives<TakenDownList>().IsPaged();
        routes.MapGet(Routes.ModerationLog, LogAsync)
            .Tells(Heading, "What was done about contents; moderators see reports too").Gives<ModerationLog>().IsPaged();
        routes.MapGet(Routes.ContentReports, ReportsAsync).Needs(Actions.IndexModerate)
            .Tells(Heading, "What was reported and nobody has acted on").Gives<ReportList>().IsPaged();
        routes.MapGet(Routes.Appeals, AppealsAsync).Needs(Actions.IndexModerate)
            .Tells(Heading, "Appeals that nobody has decided").Gives<AppealList>().IsPaged();
        routes.MapPost(Routes.ContentReports, ReportAsync).NeedsAccount()
            .Tells(Heading, "Tell moderators that something is wrong with a content").Takes<ReportRequest>().Gives<ModerationAnswer>().IsCommand();
        MapAct(routes, Routes.Appeals, index.AppealAsync).NeedsAccount()
            .Tells(Heading, "Appeal against a take-down").Takes<ModerationRequest>().Gives<ModerationAnswer>().IsCommand();
        MapAct(routes, Routes.TakeDowns, index.TakeDownAsync).Needs(Actions.IndexModerate)
            .Tells(Heading, "Take a content down: nobody gets it any more").Takes<ModerationRequest>().Gives<ModerationAnswer>().IsCommand();
        MapAct(routes, Routes.PutBacks, index.PutBackAsync).Needs(Actions.IndexModerate)
            .Tells(Heading, "Put a content back that was taken down").Takes<ModerationRequest>().Gives<ModerationAnswer>().IsCommand();
        MapAct(routes, Routes.Dismissals, index.DismissAsync).Needs(Actions.IndexModerate)
            .Tells(Heading, "Close the reports of a content, of which none needs anything to be done").Takes<ModerationRequest>().Gives<ModerationAnswer>()
            .IsCommand();
        routes.MapPost(Routes.Decisions, DecideAsync).Needs(Actions.IndexModerate)
            .Tells(Heading, "Decide an appeal; upheld, it puts the content back").Takes<DecisionRequest>().Gives<ModerationAnswer>().IsCommand();
    }

    /// <summary>Whether somebody reads all of the log.</summary>
    public static bool SeesAll(Visitor visitor) => visitor.Standing.May(Actions.IndexModerate);

    private static RouteHandlerBuilder MapAct(
        IEndpointRouteBuilder routes, string address, Func<Hash256, string, Asker, RequestId?, CancellationToken, Task<Outcome<long>>> act) =>
        routes.MapPost(address, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync(
            context, ApiJson.Default.ModerationRequest, ApiJson.Default.ModerationAnswer, async (body, id) =>
            {
                var root = ReadRoot(body.Root);
                var done = root.Succeeded ? await act(root.Value, body.Reason ?? string.Empty, context.Asker(), id, stop) : root.Failure;
                return done.Then(number => new ModerationAnswer(number));
            }));

    private Task<IResult> ReportAsync(HttpContext context, CancellationToken stop) =>
        ApiAnswers.CommandAsync(context, ApiJson.Default.ReportRequest, ApiJson.Default.ModerationAnswer, async (body, id) =>
        {
            var root = ReadRoot(body.Root);
            var done = root.Succeeded
                ? await index.ReportAsync(root.Value, body.Kind ?? string.Empty, body.Text ?? string.Empty, context.Asker(), id, stop)
                : root.Failure;
            return done.Then(number => new ModerationAnswer(number));
        });

    private Task<IResult> DecideAsync(HttpContext context, CancellationToken stop) =>
        ApiAnswers.CommandAsync(context, ApiJson.Default.DecisionRequest, ApiJson.Default.ModerationAnswer, async (body, id) =>
        {
            if (body is not { Appeal: { } appeal, Upheld: { } upheld })
            {
                return new Failure(FailureKind.Invalid, "'appeal' is the number of an appeal, and 'upheld' true or false");
            }

            var done = await index.DecideAsync(appeal, upheld, body.Reason ?? string.Empty, context.Asker(), id, stop);
            return done.Then(number => new ModerationAnswer(number));
        });

    private async Task<IResult> TakenDownAsync(string? cursor, string? limit, CancellationToken stop)
    {
        var count = ApiAnswers.ReadNumber(limit, "limit", PageItems);
        var page = count.Succeeded ? await index.TakenDownAsync(cursor, count.Value, stop) : count.Failure;
        return ApiAnswers.Of(page.Then(found => new TakenDownList([.. found.Items.Select(ToInfo)], found.Next)), ApiJson.Default.TakenDownList);
    }

    private async Task<IResult> ReportsAsync(string? cursor, string? limit, CancellationToken stop)
    {
        var count = ApiAnswers.ReadNumber(limit, "limit", PageItems);
        var page = count.Succeeded ? await index.ReportsAsync(cursor, count.Value, stop) : count.Failure;
        return ApiAnswers.Of(page.Then(found => new ReportList([.. found.Items.Select(ToInfo)], found.Next)), ApiJson.Default.ReportList);
    }

    private async Task<IResult> AppealsAsync(string? cursor, string? limit, CancellationToken stop)
    {
        var count = ApiAnswers.ReadNumber(limit, "limit", PageItems);
        var page = count.Succeeded ? await index.AppealsAsync(cursor, count.Value, stop) : count.Failure;
        return ApiAnswers.Of(page.Then(found => new AppealList([.. found.Items.Select(ToInfo)], found.Next)), ApiJson.Default.AppealList);
    }

    private async Task<IResult> LogAsync(HttpContext context, string? cursor, string? limit, CancellationToken stop)
    {
        var count = ApiAnswers.ReadNumber(limit, "limit", PageItems);
        var page = count.Succeeded ? await index.ModerationLogAsync(SeesAll(context.Visitor()), cursor, count.Value, stop) : count.Failure;
        return ApiAnswers.Of(page.Then(found => new ModerationLog([.. found.Items.Select(ToInfo)], found.Next)), ApiJson.Default.ModerationLog);
    }

    private static Outcome<Hash256> ReadRoot(string? text) => Hash256.TryParse(text, out var root)
        ? root
        : new Failure(FailureKind.Invalid, "'root' is the root of a content: 64 hexadecimal digits");

    private static TakenDownInfo ToInfo(TakenDownContent content) =>
        new(content.Root.ToString(), content.Path, content.Reason, content.By, content.At.ToDateTimeOffset());

    private static ReportInfo ToInfo(ContentReport report) =>
        new(report.Id, report.Root.ToString(), report.Path, report.Kind, report.Text, report.By, report.At.ToDateTimeOffset());

    private static AppealInfo ToInfo(OpenAppeal appeal) =>
        new(appeal.Id, appeal.Root.ToString(), appeal.Path, appeal.Reason, appeal.Text, appeal.By, appeal.At.ToDateTimeOffset());

    private static ModerationActInfo ToInfo(ModerationAct act) => new(
        act.Id, act.At.ToDateTimeOffset(), act.Act, act.Root.ToString(), act.Path, act.By.Length > 0 ? act.By : null, act.Kind.Length > 0 ? act.Kind : null,
        act.Note);
}
