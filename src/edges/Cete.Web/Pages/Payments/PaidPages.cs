using Cete.Accounts;
using Cete.Api;
using Cete.Bank;
using Cete.Core;
using Cete.Ports.Payments;
using Cete.Transfer.Payments;
using Cete.Web.Accounts;
using Cete.Web.Bank;
using Cete.Web.Pages.Accounts;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Pages.Payments;

/// <summary>
/// Contents that cost something, for who has nothing but a browser: a page says what, and on his word this node pays itself by the key that it holds for
/// him, through a channel like anybody's.
/// </summary>
internal sealed class PaidPages
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];
    private static readonly Failure NoContent = new(FailureKind.NotFound, "this node does not have the content; open the page at a node that has");
    private static readonly Failure Malformed = new(FailureKind.Invalid, "a content is named by the 64 hexadecimal digits of its root");

    private readonly AccountsParts _parts;
    private readonly BankService _bank;
    private readonly PaidParts _paid;
    private readonly PageWriter _writer;
    private readonly SessionForms _forms;
    private readonly PaidDesk _desk;

    public PaidPages(AccountsParts parts, BankService bank, PaidParts paid, PageWriter writer)
    {
        (_parts, _bank, _paid, _writer, _forms) = (parts, bank, paid, writer, new SessionForms(parts, writer));
        _desk = new PaidDesk(parts, bank, paid);
    }

    public void Map(WebApplication app)
    {
        app.Use(AttendAsync);
        app.MapMethods(PaymentAddresses.Paid, Reading, OfferAsync);
        app.MapPost(PaymentAddresses.Paid, context => _forms.WithFormAsync(context, AccountAddresses.Account, PayAsync));
    }

    /// <summary>Whoever asks for a content with a browser may be paid for, or asked to pay.</summary>
    private async Task AttendAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (_desk.Price > 0 && HttpMethods.IsGet(request.Method) && IsContent(request.Path))
        {
            var lent = await _desk.FindByLinkAsync(context);
            var pass = lent.Succeeded ? lent.Value ?? PassOf(context) : null;
            if (pass is not null || !lent.Succeeded || IsPerson(request))
            {
                context.Features.Set<IPaidVisit>(new Visit(this, context, pass, lent.Failure));
            }
        }

        await next(context);
    }

    private static bool IsContent(PathString path) =>
        path.StartsWithSegments(Routes.Content, StringComparison.Ordinal) || path.StartsWithSegments(Routes.Files, StringComparison.Ordinal);

    private static bool IsPerson(HttpRequest request) => request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>What pays for a request: an address that was passed on pays for nobody else.</summary>
    private PaidPass? PassOf(HttpContext context) =>
        context.Request.Query[PaymentAddresses.Pass].ToString() is { Length: > 0 and < 100 } secret && _paid.Passes.Find(secret) is { } pass
        && pass.Order.Account == context.Visitor().Account
        && context.Request.Path.StartsWithSegments($"{Routes.Content}/{pass.Order.Content}", StringComparison.Ordinal)
            ? pass
            : null;

    private async Task OfferAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var found = Find(query["content"].ToString(), query["name"].ToString());
        if (!found.Succeeded)
        {
            await _writer.WriteAsync(context, found.Failure);
            return;
        }

        await ShowAsync(context, found.Value, null, StatusCodes.Status200OK);
    }

    /// <summary>What is asked for: its root, its length and what it is to be called.</summary>
    private Outcome<PassTarget> Find(string root, string name)
    {
        if (!Hash256.TryParse(root, out var content))
        {
            return Malformed;
        }

        using var file = _paid.Contents.Find(content);
        return file is null ? NoContent : new PassTarget(content, EntryName.Check(name) is null ? name : null, file.Length);
    }

    private async Task ShowAsync(HttpContext context, PassTarget target, Failure? failure, int status)
    {
        var stop = context.RequestAborted;
        PaidVisitor? visitor = null;
        if (context.Visitor().Session is { Kind: SessionKind.Browser } own)
        {
            var balance = await _bank.BalanceAsync(own.Account, stop);
            var leave = balance.Succeeded ? await _desk.Leaves.FindAsync(own.Account, stop) : balance.Failure;
            if (!leave.Succeeded)
            {
                await _writer.WriteAsync(context, leave.Failure);
                return;
            }

            visitor = new PaidVisitor(balance.Value, leave.Value, _parts.Guard.TokenFor(own.Session));
        }

        Answering.KeepToSelf(context);
        var notice = failure is null ? null : Answering.Fault(context, failure);
        var model = new PaidModel(target.Content, target.Name, target.Length, _desk.Price, notice) { Visitor = visitor };
        await _writer.WriteAsync<PaidPage>(context, model, status: status);
    }

    private async Task PayAsync(HttpContext context, SessionFacts own, PageForm form)
    {
        var found = Find(form["content"], form["name"]);
        if (!found.Succeeded)
        {
            await _writer.WriteAsync(context, found.Failure);
            return;
        }

        var target = found.Value;
        var path = target.Name is null ? $"{Routes.Content}/{target.Content}" : Routes.ContentOf(target.Content.ToString(), target.Name);
        if (_desk.Price == 0 || target.Length == 0)
        {
            Answering.GoTo(context, path);
            return;
        }

        var begun = await _desk.BeginAsync(own.Account, target.Content, target.Length, context.RequestAborted);
        if (!begun.Succeeded)
        {
            await ShowAsync(context, target, begun.Failure, Problems.StatusOf(begun.Failure.Kind));
            return;
        }

        Answering.GoTo(context, $"{path}?{PaymentAddresses.Pass}={begun.Value.Secret}");
    }

    private sealed record PassTarget(Hash256 Content, string? Name, long Length);

    /// <param name="pages">Show what it costs.</param>
    /// <param name="context">The request.</param>
    /// <param name="pass">Pays; null for nobody.</param>
    /// <param name="refusal">Why nobody pays who should; null for nothing.</param>
    private sealed class Visit(PaidPages pages, HttpContext context, PaidPass? pass, Failure? refusal) : IPaidVisit
    {
        public IPaidPass? Pass => pass;

        public Task AskAsync(PaidAsk ask)
        {
            var failure = refusal ?? ask.Failure;
            if (!IsPerson(context.Request))
            {
                return Answers.WriteAsync(context, failure);
            }

            return pages.ShowAsync(
                context, new PassTarget(ask.Content, ask.Name, ask.Length), pass is null ? refusal : failure, Problems.StatusOf(failure.Kind));
        }
    }
}
