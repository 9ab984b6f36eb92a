using System.Text.Json.Nodes;
using Cete.Api;
using Cete.Core;
using Cete.Described;
using Cete.Groups;
using Cete.Web.Api;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Services;

/// <content>Records, written.</content>
internal sealed partial class ServicesApi
{
    private const string Pays = "Pays for it, where it costs credits: a voucher as base64url";

    private void MapWriting(IEndpointRouteBuilder routes)
    {
        const string match = "The revision that you have seen, as \"7\"; absent where that does not matter";
        routes.MapPost(Kind, CreateAsync)
            .Tells(Heading, "Make a record: the body is an object of fields").Takes<JsonObject>().Gives<WrittenAnswer>().IsCommand()
            .AsksHeader(Headers.Voucher, Pays);
        routes.MapPatch(Record, UpdateAsync)
            .Tells(Heading, "Change fields: a value, or {\"add\": n}, {\"put\": [..]}, {\"take\": [..]}").Takes<JsonObject>().Gives<WrittenAnswer>()
            .IsCommand().AsksHeader("If-Match", match);
        routes.MapDelete(Record, DeleteAsync)
            .Tells(Heading, "Delete a record; for a time it can be brought back").Gives<WrittenAnswer>().IsCommand().AsksHeader("If-Match", match);
        routes.MapPost(Record + "/restore", RestoreAsync).Tells(Heading, "Bring a deleted record back").Gives<WrittenAnswer>().IsCommand();
        routes.MapPost(Record + "/hidden", HideAsync).Needs(Actions.ServicesModerate)
            .Tells(Heading, "Hide a record from all but moderators").Takes<HideRequest>().Gives<WrittenAnswer>().IsCommand();
        routes.MapDelete(Record + "/hidden", ShowAsync).Needs(Actions.ServicesModerate)
            .Tells(Heading, "Show a record again that was hidden").Gives<WrittenAnswer>().IsCommand();
        routes.MapPost(Root + "/actions/{action}", ActAsync)
            .Tells(Heading, "Do what a service offers: the body is what its form asks").Takes<JsonObject>().Gives<WrittenAnswer>().IsCommand()
            .Asks("record", "The record that it is done to, where it is done to one").AsksHeader(Headers.Voucher, Pays);
    }

    private async Task<IResult> CreateAsync(HttpContext context, string service, string kind, CancellationToken stop)
    {
        var request = await OpenAsync(context, service, stop);
        var fields = request.Succeeded
            ? RecordJson.ReadFields(request.Value.Body, request.Value.Service.Descriptor.Record(kind)?.Fields ?? []) : request.Failure;
        var voucher = fields.Succeeded ? ServiceRequests.ReadVoucher(context.Request) : fields.Failure;
        return Answer(voucher.Succeeded
            ? await services.CreateAsync(service, kind, fields.Value, context.Asker(), request.Value.Id, voucher.Value, stop)
            : voucher.Failure);
    }

    private async Task<IResult> UpdateAsync(HttpContext context, string service, string kind, string id, CancellationToken stop)
    {
        var (number, seen) = (ServiceRequests.ReadId(id), ServiceRequests.ReadMatch(context.Request));
        var request = (number.Failure ?? seen.Failure) is { } wrong ? wrong : await OpenAsync(context, service, stop);
        var edits = request.Succeeded
            ? RecordJson.ReadEdits(request.Value.Body, request.Value.Service.Descriptor.Record(kind)?.Fields ?? []) : request.Failure;
        return Answer(edits.Succeeded
            ? await services.UpdateAsync(service, kind, number.Value, edits.Value, seen.Value ?? 0, context.Asker(), request.Value.Id, stop)
            : edits.Failure);
    }

    private async Task<IResult> ActAsync(HttpContext context, string service, string action, string? record, CancellationToken stop)
    {
        var number = string.IsNullOrEmpty(record) ? 0 : ServiceRequests.ReadId(record);
        var request = number.Succeeded ? await OpenAsync(context, service, stop) : number.Failure;
        var known = request.Succeeded ? request.Value.Service.Descriptor.Action(action) : null;
        if (known is not null && (known.On is null) != (number.Value == 0))
        {
            return ApiAnswers.Of(new Failure(
                FailureKind.Invalid,
                known.On is { } on ? $"'{action}' is done to one of {on}: say which by ?record=NUMBER" : $"'{action}' is done to no record"));
        }

        var input = request.Succeeded ? RecordJson.ReadFields(request.Value.Body, known?.Input ?? []) : request.Failure;
        var voucher = input.Succeeded ? ServiceRequests.ReadVoucher(context.Request) : input.Failure;
        return Answer(voucher.Succeeded
            ? await services.ActAsync(service, action, number.Value, input.Value, context.Asker(), request.Value.Id, voucher.Value, stop)
            : voucher.Failure);
    }

    private Task<IResult> DeleteAsync(HttpContext context, string service, string kind, string id, CancellationToken stop)
    {
        var seen = ServiceRequests.ReadMatch(context.Request);
        return seen.Succeeded
            ? ChangeAsync(context, id, (number, asker, request) => services.DeleteAsync(service, kind, number, seen.Value ?? 0, asker, request, stop))
            : Task.FromResult(ApiAnswers.Of(seen.Failure));
    }

    private Task<IResult> RestoreAsync(HttpContext context, string service, string kind, string id, CancellationToken stop) =>
        ChangeAsync(context, id, (number, asker, request) => services.RestoreAsync(service, kind, number, asker, request, stop));

    private Task<IResult> ShowAsync(HttpContext context, string service, string kind, string id, CancellationToken stop) =>
        ChangeAsync(context, id, (number, asker, request) => services.ModerateAsync(service, kind, number, false, string.Empty, asker, request, stop));

    private async Task<IResult> HideAsync(HttpContext context, string service, string kind, string id, CancellationToken stop)
    {
        var reason = await ServiceRequests.ReadReasonAsync(context.Request, stop);
        return reason.Succeeded
            ? await ChangeAsync(
                context, id, (number, asker, request) => services.ModerateAsync(service, kind, number, true, reason.Value, asker, request, stop))
            : ApiAnswers.Of(reason.Failure);
    }

    private static async Task<IResult> ChangeAsync(HttpContext context, string id, Func<long, Asker, RequestId?, Task<Outcome<Written>>> change)
    {
        var (number, request) = (ServiceRequests.ReadId(id), ApiAnswers.ReadRequestId(context.Request));
        return Answer((number.Failure ?? request.Failure) is { } wrong ? wrong : await change(number.Value, context.Asker(), request.Value));
    }

    private static IResult Answer(Outcome<Written> written) => ApiAnswers.Of(written.Then(done => done.ToAnswer()), ServicesJson.Default.WrittenAnswer);

    /// <summary>What a command needs before its fields can be read: its id, its body, and the description that says what fields there are.</summary>
    private async Task<Outcome<Opened>> OpenAsync(HttpContext context, string service, CancellationToken stop)
    {
        var id = ApiAnswers.ReadRequestId(context.Request);
        var body = id.Succeeded ? await ServiceRequests.ReadBodyAsync(context.Request, RecordJson.BodyBytesMax, stop) : id.Failure;
        var found = body.Succeeded ? await services.DescribeAsync(service, stop) : body.Failure;
        return found.Then(info => new Opened(info, body.Value, id.Value));
    }

    private sealed record Opened(ServiceInfo Service, ReadOnlyMemory<byte> Body, RequestId? Id);
}
