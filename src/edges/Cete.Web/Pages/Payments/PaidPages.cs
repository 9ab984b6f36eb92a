using Cete.Accounts;
using Cete.Api;
using Cete.Bank;
using Cete.Core;
using Cete.Ledger;
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
    private readonly NodeLeaves _leaves;

    public PaidPages(AccountsParts parts, BankService bank, PaidParts paid, PageWriter writer)
    {
        (_parts, _bank, _paid, _writer, _forms) = (parts, bank, paid, writer, new SessionForms(parts, writer));
        _leaves = new NodeLeaves(parts.Service, bank, parts.Delegates, parts.Clock);
    }

    public void Map(WebApplication app)
    {
        app.Use(AttendAsync);
        app.MapMethods(PaymentAddresses.Paid, Reading, OfferAsync);
        app.MapPost(PaymentAddresses.Paid, context => _forms.WithFormAsync(context, AccountAddresses.Account, PayAsync));
    }

    /// <summary>Whoever asks for a content with a browser may be paid for, or asked to pay.</summary>
    private Task AttendAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (_paid.Till.PricePerMebibyte > 0 && HttpMethods.IsGet(request.Method) && IsContent(request.Path))
        {
            var pass = PassOf(context);
            if (pass is not null || IsPerson(request))
            {
                context.Features.Set<IPaidVisit>(new Visit(this, context, pass));
            }
        }

        return next(context);
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
            var leave = balance.Succeeded ? await _leaves.FindAsync(own.Account, stop) : balance.Failure;
            if (!leave.Succeeded)
            {
                await _writer.WriteAsync(context, leave.Failure);
                return;
            }

            visitor = new PaidVisitor(balance.Value, leave.Value, _parts.Guard.TokenFor(own.Session));
        }

        Answering.KeepToSelf(context);
        var notice = failure is null ? null : Answering.Fault(context, failure);
        var model = new PaidModel(target.Content, target.Name, target.Length, _paid.Till.PricePerMebibyte, notice) { Visitor = visitor };
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
        var begun = await BeginAsync(own, target, context.RequestAborted);
        if (!begun.Succeeded)
        {
            await ShowAsync(context, target, begun.Failure, Problems.StatusOf(begun.Failure.Kind));
            return;
        }

        var path = target.Name is null ? $"{Routes.Content}/{target.Content}" : Routes.ContentOf(target.Content.ToString(), target.Name);
        Answering.GoTo(context, begun.Value is { } pass ? $"{path}?{PaymentAddresses.Pass}={pass.Secret}" : path);
    }

    /// <summary>A pass for a download; null where nothing is asked for it any more.</summary>
    private async Task<Outcome<PaidPass?>> BeginAsync(SessionFacts own, PassTarget target, CancellationToken stop)
    {
        var price = _paid.Till.PricePerMebibyte;
        if (price == 0 || target.Length == 0)
        {
            return (PaidPass?)null;
        }

        var cost = Credits.CostOf(target.Length, price);
        var balance = _parts.Book.Find(own.Account) is { IsSuspended: true } ? Suspended : await _bank.BalanceAsync(own.Account, stop);
        var leave = balance.Succeeded ? await _leaves.FindAsync(own.Account, stop) : balance.Failure;
        var failure = leave.Failure ?? leave.Value.Judge(cost + 1) ?? TooLittle(balance.Value, cost);
        if (failure is not null)
        {
            return failure;
        }

        var bank = new DelegateBank(_bank, _parts.Delegates!, leave.Value.Key!, _parts.Clock);
        var options = new PayerOptions(_bank.Community, $"{own.Account} {target.Content}", PayerOptions.MostFor(target.Length, price), price)
        {
            Subject = target.Content,
        };
        var begun = _paid.Passes.Begin(
            new PassOrder(own.Account, target.Content, target.Length), () => new Payer(bank, _paid.BookOf(own.Account), options, _parts.Clock));
        return begun.Then(pass => (PaidPass?)pass);
    }

    private static Failure Suspended { get; } = new(
        FailureKind.Forbidden, "your account is suspended, and spends nothing until it may go on; the page of your account says why, ask a moderator");

    private static Failure? TooLittle(BalanceRecord balance, long cost) => balance.Own + balance.Granted > cost ? null : new Failure(
        FailureKind.Unpaid,
        $"you have {Credits.Show(balance.Own + balance.Granted)} credits for it, and it costs {Credits.Show(cost)}; run a service, which earns some, or have "
        + "somebody send you some");

    private sealed record PassTarget(Hash256 Content, string? Name, long Length);

    private sealed class Visit(PaidPages pages, HttpContext context, PaidPass? pass) : IPaidVisit
    {
        public IPaidPass? Pass => pass;

        public Task AskAsync(PaidAsk ask)
        {
            if (!IsPerson(context.Request))
            {
                return Answers.WriteAsync(context, ask.Failure);
            }

            context.Response.Headers.Vary = "Accept";
            return pages.ShowAsync(
                context, new PassTarget(ask.Content, ask.Name, ask.Length), pass is null ? null : ask.Failure, Problems.StatusOf(ask.Failure.Kind));
        }
    }
}
