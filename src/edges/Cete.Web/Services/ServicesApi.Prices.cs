using System.Globalization;
using System.Text.Json.Nodes;
using Cete.Api;
using Cete.Core;
using Cete.Described;
using Cete.Web.Api;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Services;

/// <content>What things cost, and what was paid.</content>
internal sealed partial class ServicesApi
{
    private void MapPrices(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Kind + "/price", CreatePriceAsync)
            .Tells(Heading, "What it would cost you to make such a record; nothing is done").Takes<JsonObject>().Gives<OfferInfo>();
        routes.MapPost(Root + "/actions/{action}/price", ActionPriceAsync)
            .Tells(Heading, "What an action would cost you now; nothing is done").Takes<JsonObject>().Gives<OfferInfo>()
            .Asks("record", "The record that it would be done to, where it is done to one");
        routes.MapGet(Routes.ServicePayments, PaymentsAsync)
            .Tells(Heading, "What you paid services, the newest first").Gives<PaymentList>().Asks("before", "Only what was paid before that number");
    }

    private async Task<IResult> CreatePriceAsync(HttpContext context, string service, string kind, CancellationToken stop)
    {
        var request = await OpenAsync(context, service, stop);
        var fields = request.Succeeded
            ? RecordJson.ReadFields(request.Value.Body, request.Value.Service.Descriptor.Record(kind)?.Fields ?? []) : request.Failure;
        var offer = fields.Succeeded ? await services.OfferAsync(service, kind, fields.Value, context.Asker(), stop) : fields.Failure;
        return ApiAnswers.Of(offer.Then(found => found.ToInfo()), ServicesJson.Default.OfferInfo);
    }

    private async Task<IResult> ActionPriceAsync(HttpContext context, string service, string action, string? record, CancellationToken stop)
    {
        var number = string.IsNullOrEmpty(record) ? 0 : ServiceRequests.ReadId(record);
        var request = number.Succeeded ? await OpenAsync(context, service, stop) : number.Failure;
        var input = request.Succeeded
            ? RecordJson.ReadFields(request.Value.Body, request.Value.Service.Descriptor.Action(action)?.Input ?? []) : request.Failure;
        var offer = input.Succeeded
            ? await services.OfferAsync(service, action, number.Value, input.Value, context.Asker().Standing, stop) : input.Failure;
        return ApiAnswers.Of(offer.Then(found => found.ToInfo()), ServicesJson.Default.OfferInfo);
    }

    private async Task<IResult> PaymentsAsync(HttpContext context, string? before, CancellationToken stop)
    {
        if (!AccountId.TryParse(context.Asker().Account, out var account))
        {
            return ApiAnswers.Of(new Failure(FailureKind.Unauthenticated, "payments are those of an account; log in"));
        }

        if (!string.IsNullOrEmpty(before) && !long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return ApiAnswers.Of(new Failure(FailureKind.Invalid, "'before' is the number of a payment"));
        }

        var paid = await services.PaymentsAsync(
            account, string.IsNullOrEmpty(before) ? null : long.Parse(before, CultureInfo.InvariantCulture), stop);
        context.Response.Headers.CacheControl = "no-store";
        return ApiAnswers.Of(
            paid.Then(found => new PaymentList(
                [.. found.Select(one => one.ToInfo())], found.Count == DescribedService.PaymentsMax ? found[^1].Number : null)),
            ServicesJson.Default.PaymentList);
    }
}
