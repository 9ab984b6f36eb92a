using Cete.Accounts;
using Cete.Api;
using Cete.Bank;
using Cete.Core;
using Cete.Groups;
using Cete.Ledger;
using Cete.Trust;
using Cete.Web.Accounts;
using Cete.Web.Bank;
using Cete.Web.Pages.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Pages.Payments;

/// <summary>
/// Sending credits: what is to go to whom is said in words first, then the browser signs it, or this node where it may. Whatever was shown, the bank does
/// what was signed.
/// </summary>
internal sealed class SendPages
{
    private const int FieldMax = 200;
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];
    private static readonly Failure NothingSigned = new(
        FailureKind.Invalid, "this browser signed nothing: keys are made and used by a script; turn scripts on, let this node sign, or use 'cete bank send'");
    private static readonly Failure OtherSigned = new(FailureKind.Invalid, "what was signed is not what the page showed; open the page again");

    private readonly AccountsParts _parts;
    private readonly BankService _bank;
    private readonly PageWriter _writer;
    private readonly SessionForms _forms;
    private readonly SendFields _fields;
    private readonly NodeLeaves _leaves;

    public SendPages(AccountsParts parts, BankService bank, PageWriter writer)
    {
        (_parts, _bank, _writer) = (parts, bank, writer);
        (_forms, _fields) = (new SessionForms(parts, writer), new SendFields(parts.Service));
        _leaves = new NodeLeaves(parts.Service, bank, parts.Delegates, parts.Clock);
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(PaymentAddresses.Send, Reading, context => _forms.WithSessionAsync(context, HereOf(context), ShowAsync));
        routes.MapPost(PaymentAddresses.Send, context => _forms.WithFormAsync(context, PaymentAddresses.Send, ActAsync));
    }

    /// <summary>Who is asked to log in comes back to what a link filled in.</summary>
    private static string HereOf(HttpContext context) => PaymentAddresses.Send + context.Request.QueryString.ToUriComponent();

    private Task ActAsync(HttpContext context, SessionFacts own, PageForm form) => form["action"] switch
    {
        "review" => ReviewAsync(context, own, form),
        "send" => SendSignedAsync(context, own, form),
        "send-by-node" => SendByNodeAsync(context, own, form),
        _ => _writer.WriteAsync(context, new Failure(FailureKind.Invalid, "the form asks for something that there is not")),
    };

    private Task ShowAsync(HttpContext context, SessionFacts own)
    {
        var query = context.Request.Query;
        return query["done"].ToString() is { Length: > 0 } done
            ? ShowSentAsync(context, own, done)
            : ShowFormAsync(context, own, new Typed(SendFields.NewId().ToString(), Field("to"), Field("amount"), Field("note")), Suspended(own));

        string Field(string name) => query[name].ToString() is var text && text.Length > FieldMax ? text[..FieldMax] : text;
    }

    private async Task ShowFormAsync(HttpContext context, SessionFacts own, Typed typed, Failure? failure)
    {
        var balance = await _bank.BalanceAsync(own.Account, context.RequestAborted);
        if (!balance.Succeeded)
        {
            await _writer.WriteAsync(context, balance.Failure);
            return;
        }

        Answering.KeepToSelf(context);
        var model = new SendModel(
            typed.Id, typed.To, typed.Amount, typed.Note, balance.Value, _parts.Guard.TokenFor(own.Session),
            failure is null ? null : Answering.Fault(context, failure));
        await _writer.WriteAsync<SendPage>(
            context, model, status: failure is null || !HttpMethods.IsPost(context.Request.Method) ? StatusCodes.Status200OK : Problems.StatusOf(failure.Kind));
    }

    private async Task ReviewAsync(HttpContext context, SessionFacts own, PageForm form)
    {
        var stop = context.RequestAborted;
        var order = Suspended(own) is { } suspended ? suspended : await _fields.ReadAsync(own.Account, form, stop);
        var balance = order.Succeeded ? await _bank.BalanceAsync(own.Account, stop) : order.Failure;
        var failure = balance.Failure ?? TooLittle(balance.Value, order.Value.Amount);
        if (failure is not null)
        {
            await ShowFormAsync(context, own, new Typed(IdOf(form), form["to"], form["amount"], form["note"]), failure);
            return;
        }

        // Who goes back and sends the form with something else in it means another transfer.
        var wasSent = (await _bank.NumberOfAsync(order.Value.Id, stop)).Succeeded;
        await ShowReviewAsync(
            context, own, wasSent ? order.Value with { Id = SendFields.NewId() } : order.Value, null,
            wasSent ? new Notice("This form was sent before. What you sign now is another transfer.", IsFault: false) : null);
    }

    private static string IdOf(PageForm form) => (TransferId.TryParse(form["id"], out var id) ? id : SendFields.NewId()).ToString();

    private static Failure? TooLittle(BalanceRecord balance, long amount) => balance.Own >= amount ? null : new Failure(
        FailureKind.Conflict,
        $"you can send {Credits.Counted(balance.Own)}, and this takes {Credits.Show(amount)}; "
        + (balance.Granted > 0 ? "what you were given is for services, and not to be sent on; " : string.Empty)
        + "send less, or run a service, which earns some");

    private Failure? Suspended(SessionFacts own) => _parts.Book.Find(own.Account) is { IsSuspended: true }
        ? new Failure(
            FailureKind.Forbidden, "your account is suspended, and sends nothing until it may go on; the page of your account says why, ask a moderator")
        : null;

    private async Task ShowReviewAsync(HttpContext context, SessionFacts own, SendOrder order, Failure? failure, Notice? notice = null)
    {
        var stop = context.RequestAborted;
        var devices = await _parts.Service.DevicesAsync(own.Account, stop);
        var balance = devices.Succeeded ? await _bank.BalanceAsync(own.Account, stop) : devices.Failure;
        var leave = balance.Succeeded ? await _leaves.FindAsync(own.Account, stop) : balance.Failure;
        if (!leave.Succeeded)
        {
            await _writer.WriteAsync(context, leave.Failure);
            return;
        }

        Answering.KeepToSelf(context);
        var model = new SendReviewModel(
            order, balance.Value, leave.Value, _parts.Guard.TokenFor(own.Session), _forms.Signer(context, own.Account, devices.Value),
            failure is null ? notice : Answering.Fault(context, failure));
        await _writer.WriteAsync<SendReviewPage>(
            context, model, status: failure is null ? StatusCodes.Status200OK : Problems.StatusOf(failure.Kind));
    }

    private async Task SendSignedAsync(HttpContext context, SessionFacts own, PageForm form)
    {
        var order = await _fields.ReadShownAsync(form, context.RequestAborted);
        var statement = DeviceFields.Statement(form);
        var failure = order.Failure ?? statement.Failure ?? (statement.Value.Length == 0 ? NothingSigned : null);
        if (failure is null && !IsSame(statement.Value, own.Account, order.Value))
        {
            failure = OtherSigned;
        }

        await FinishAsync(context, own, order, failure is null ? statement.Value : failure);
    }

    /// <summary>Whether a statement says what the page showed: so the page that follows speaks of what was done.</summary>
    private static bool IsSame(ReadOnlyMemory<byte> bytes, AccountId own, SendOrder order)
    {
        var statement = SignedStatement.Parse(bytes.Span);
        return statement.Succeeded && statement.Value.Account == own && statement.Value.Purpose == TransferAct.Purpose
            && TransferAct.Parse(statement.Value.Payload.Span) is { Succeeded: true, Value.Transfers: [var said] } && said == order.ToAct().Transfers[0];
    }

    private async Task SendByNodeAsync(HttpContext context, SessionFacts own, PageForm form)
    {
        var stop = context.RequestAborted;
        var order = await _fields.ReadShownAsync(form, stop);
        if (order.Succeeded && (await _bank.NumberOfAsync(order.Value.Id, stop)).Succeeded)
        {
            // The same form again: what it asks for is done, and may have used up what this node may spend.
            Answering.GoTo(context, PaymentAddresses.Sent(order.Value.Id.ToString()));
            return;
        }

        var leave = order.Succeeded ? await _leaves.FindAsync(own.Account, stop) : order.Failure;
        var failure = Suspended(own) ?? leave.Failure ?? leave.Value.Judge(order.Value.Amount);
        await FinishAsync(
            context, own, order,
            failure is null ? _parts.Delegates!.Sign(leave.Value.Key!, TransferAct.Purpose, order.Value.ToAct().ToPayload()) : failure);
    }

    private async Task FinishAsync(HttpContext context, SessionFacts own, Outcome<SendOrder> order, Outcome<byte[]> statement)
    {
        if (!order.Succeeded)
        {
            await ShowFormAsync(context, own, new Typed(SendFields.NewId().ToString(), string.Empty, string.Empty, string.Empty), order.Failure);
            return;
        }

        var done = statement.Succeeded ? await _bank.TransferAsync(statement.Value, Asker.Of(own.Account), context.RequestAborted) : statement.Failure;
        if ((done.Failure ?? done.Value[0].Failure) is { } failure)
        {
            await ShowReviewAsync(context, own, order.Value, failure);
            return;
        }

        Answering.GoTo(context, PaymentAddresses.Sent(order.Value.Id.ToString()));
    }

    private async Task ShowSentAsync(HttpContext context, SessionFacts own, string transfer)
    {
        var number = TransferId.TryParse(transfer, out var id)
            ? await _bank.NumberOfAsync(id, context.RequestAborted)
            : new Failure(FailureKind.Invalid, "a transfer is named by 32 hexadecimal digits");
        var page = number.Succeeded
            ? await _bank.StatementAsync([LedgerAddress.User(own.Account)], number.Value + 1, 1, context.RequestAborted)
            : number.Failure;
        if (!page.Succeeded)
        {
            await _writer.WriteAsync(context, page.Failure);
            return;
        }

        if (page.Value.Lines is not [{ IsDebit: true } line] || line.Entry.Id != id)
        {
            await _writer.WriteAsync(context, new Failure(FailureKind.NotFound, "your account made no such transfer"));
            return;
        }

        Answering.KeepToSelf(context);
        await _writer.WriteAsync<SentPage>(context, new SentModel(line, await _fields.NameOfAsync(line.Entry.Credit, context.RequestAborted)));
    }

    /// <summary>What stands in the form.</summary>
    private sealed record Typed(string Id, string To, string Amount, string Note);
}
