using Cete.Api;
using Cete.Core;
using Cete.Ledger.Channels;
using Cete.Ports.Payments;
using Microsoft.AspNetCore.Http;

namespace Cete.Net.Payments;

/// <summary>Asks those to pay who get contents here, unless nothing is asked for.</summary>
/// <param name="till">Where they pay.</param>
/// <param name="isFree">Who does not pay: nodes of the community among themselves.</param>
/// <param name="clock">The time here.</param>
public sealed class ContentToll(ITill till, Func<HttpContext, bool> isFree, TimeProvider clock)
{
    private readonly LastPlaces _last = new(clock);

    /// <summary>Whether a request has to be paid for at all.</summary>
    internal bool Asks(HttpContext context) => till.PricePerMebibyte > 0 && !isFree(context);

    /// <summary>Who asks with a browser, for whom somebody else may pay; null for whoever brings vouchers of his own.</summary>
    internal static IPaidVisit? VisitOf(HttpContext context) =>
        context.Request.Headers.ContainsKey(Headers.Channel) ? null : context.Features.Get<IPaidVisit>();

    /// <summary>Lets a request pass, or says what is to be paid. To be disposed when it is answered.</summary>
    internal async ValueTask<Passage> LetInAsync(HttpContext context, Hash256 content, int pieceLength, long bytes)
    {
        if (till.PricePerMebibyte == 0 || !till.ServesUnpaid)
        {
            return Asks(context) ? new Passage(await AdmitAsync(context, content, pieceLength, bytes)) : Passage.Free;
        }

        if (!Asks(context))
        {
            return new Passage(default, _last.Begin());
        }

        var headers = context.Request.Headers;
        if (headers[Headers.Last] == "1" && headers[Headers.Channel].Count == 0)
        {
            return LetInLast(pieceLength, bytes);
        }

        var admission = await AdmitAsync(context, content, pieceLength, bytes);
        return new Passage(admission, admission.Failure is null ? _last.Begin() : null);
    }

    /// <summary>Lets a request pass that somebody else pays. To be disposed when it is answered.</summary>
    internal Passage LetInPaid() => till.ServesUnpaid ? new Passage(default, _last.Begin()) : Passage.Free;

    private Passage LetInLast(int pieceLength, long bytes)
    {
        var most = Math.Max(LastPlace.RequestBytesMax, pieceLength);
        if (bytes > most)
        {
            return new Passage(new Admission(
                new Failure(
                    FailureKind.TooLarge, $"in the last place {most} bytes are sent at a time, and this asks for {bytes}; ask for a part by Range"),
                null));
        }

        var place = _last.Enter();
        return place.Succeeded ? new Passage(default, last: place.Value) : new Passage(new Admission(place.Failure, null));
    }

    private ValueTask<Admission> AdmitAsync(HttpContext context, Hash256 content, int pieceLength, long bytes)
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
            bill.Due, bill.Paid, bill.Voucher, bill.HasLastPlace);
    }

    private static bool Single(Microsoft.Extensions.Primitives.StringValues values, out string? value)
    {
        value = values.Count == 1 ? values[0] : null;
        return values.Count <= 1;
    }
}
