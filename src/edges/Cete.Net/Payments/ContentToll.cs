using Cete.Api;
using Cete.Core;
using Cete.Ports.Payments;
using Microsoft.AspNetCore.Http;

namespace Cete.Net.Payments;

/// <summary>Asks those to pay who get contents here, unless nothing is asked for.</summary>
/// <param name="till">Where they pay.</param>
/// <param name="isFree">Who does not pay: nodes of the community among themselves.</param>
public sealed class ContentToll(ITill till, Func<HttpContext, bool> isFree)
{
    /// <summary>Whether a request has to be paid for at all.</summary>
    internal bool Asks(HttpContext context) => till.PricePerMebibyte > 0 && !isFree(context);

    /// <summary>Who asks with a browser, for whom somebody else may pay; null for whoever brings vouchers of his own.</summary>
    internal static IPaidVisit? VisitOf(HttpContext context) =>
        context.Request.Headers.ContainsKey(Headers.Channel) ? null : context.Features.Get<IPaidVisit>();

    /// <summary>Lets a request pass, or says what is to be paid.</summary>
    internal ValueTask<Admission> AdmitAsync(HttpContext context, Hash256 content, int pieceLength, long bytes)
    {
        var headers = context.Request.Headers;
        return Single(headers[Headers.Channel], out var channel) && Single(headers[Headers.Voucher], out var voucher)
            ? till.AdmitAsync(new PaidRequest(channel, voucher, content, pieceLength, bytes), context.RequestAborted)
            : new(new Admission(new Failure(FailureKind.Invalid, $"the fields {Headers.Channel} and {Headers.Voucher} are given once"), null));
    }

    /// <summary>Answers a request that does not pass.</summary>
    internal static Task RefuseAsync(HttpContext context, Admission admission)
    {
        var failure = admission.Failure!;
        context.Response.Headers.CacheControl = "no-store";
        return admission.Bill is { } bill ? Results.Json(
            ProblemOf(failure, bill), ApiJson.Default.PaymentProblem, Problems.MediaType, Problems.StatusOf(FailureKind.Unpaid)).ExecuteAsync(context)
            : Answers.WriteAsync(context, failure);
    }

    private static PaymentProblem ProblemOf(Failure failure, Bill bill)
    {
        var problem = Problems.Of(failure);
        return new PaymentProblem(
            problem.Type, problem.Title, problem.Status, problem.Detail, problem.Code, bill.Price, bill.Payee, bill.Provider, bill.Window, bill.Room, bill.Sent,
            bill.Due, bill.Paid, bill.Voucher);
    }

    private static bool Single(Microsoft.Extensions.Primitives.StringValues values, out string? value)
    {
        value = values.Count == 1 ? values[0] : null;
        return values.Count <= 1;
    }
}
