using System.Globalization;
using System.Text;
using Cete.Accounts;
using Cete.Api;
using Cete.Bank;
using Cete.Core;
using Cete.Groups;
using Cete.Ledger;
using Cete.Trust;
using Cete.Web.Accounts;
using Cete.Web.Api;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Bank;

/// <summary>The community's bank over HTTP. What takes credits from somebody comes signed; whose session it comes by does not matter for that.</summary>
/// <param name="bank">The bank.</param>
/// <param name="book">Names of accounts.</param>
/// <param name="clock">Tells what day it is.</param>
/// <param name="isNode">Whether a key is that of a node which is, or was, one of the community: no other one's word is written down.</param>
internal sealed class BankApi(BankService bank, StandingBook book, TimeProvider clock, Func<KeyId, bool> isNode)
{
    private const string Heading = "Bank";
    private const int LinesDefault = 50;

    public void Map(IEndpointRouteBuilder routes)
    {
        MapOwn(routes);
        MapSigned(routes);
        routes.MapGet(Routes.Bank, async (CancellationToken stop) =>
                ApiAnswers.Of((await bank.StandingAsync(stop)).Then(standing => standing.ToInfo()), ApiJson.Default.BankInfo))
            .Tells(Heading, "How the ledger stands, and what was decided about credits").Gives<BankInfo>();
        routes.MapGet(Routes.Supply, async (CancellationToken stop) =>
                ApiAnswers.Of((await bank.SupplyAsync(Now, stop)).Then(supply => supply.ToInfo()), ApiJson.Default.SupplyInfo))
            .Needs(Actions.BankRead).Tells(Heading, "How many credits there are, and where").Gives<SupplyInfo>();
        routes.MapGet(Routes.Figures, async (CancellationToken stop) =>
                ApiAnswers.Of((await bank.FiguresAsync(Now, stop)).Then(figures => figures.ToInfo()), ApiJson.Default.FiguresInfo))
            .Needs(Actions.BankRead).Tells(Heading, "How credits stand, how they came to it, and what somebody should look at").Gives<FiguresInfo>();
        routes.MapGet(Routes.Journal, async (CancellationToken stop) => await JournalAsync(stop))
            .Needs(Actions.BankRead).Tells(Heading, "The whole journal, to be looked at elsewhere: 'cete bank audit --from FILE'");
        routes.MapGet(Routes.Receipts + "/{transfer}", async (string transfer, CancellationToken stop) =>
                ApiAnswers.Of((await ReceiptAsync(transfer, stop)).Then(receipt => receipt.ToInfo()), ApiJson.Default.ReceiptInfo))
            .NeedsAccount().Tells(Heading, "What shows that a transfer is in the journal").Gives<ReceiptInfo>();
    }

    private async Task<IResult> JournalAsync(CancellationToken stop)
    {
        var standing = await bank.StandingAsync(stop);

        // What was sent cannot be taken back: a journal that breaks off is found out by whoever reads it, since its end says so.
        return standing.Succeeded
            ? Results.Stream(target => bank.ExportAsync(target, stop), MediaTypes.Unknown, "journal.cete-ledger")
            : ApiAnswers.Of(standing.Failure);
    }

    private Instant Now => Instant.From(clock.GetUtcNow());

    private static Failure Missing(string member) => new(FailureKind.Invalid, $"'{member}' is missing");

    private void MapOwn(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Balance, async (HttpContext context, CancellationToken stop) =>
                ApiAnswers.Of(await BalanceAsync(context.Visitor(), stop), ApiJson.Default.BalanceInfo))
            .NeedsAccount().Tells(Heading, "What your account has").Gives<BalanceInfo>();
        routes.MapGet(Routes.Statement, async (HttpContext context, string? before, string? count, CancellationToken stop) =>
                ApiAnswers.Of(await StatementAsync(context.Visitor(), before, count, stop), ApiJson.Default.StatementAnswer))
            .NeedsAccount().Tells(Heading, "What came to and went from your account").Gives<StatementAnswer>();
        routes.MapGet(Routes.Statement + ".csv", async (HttpContext context, CancellationToken stop) => await CsvAsync(context.Visitor(), stop))
            .NeedsAccount().Tells(Heading, "The same as a table");
        routes.MapGet(Routes.Channels, async (HttpContext context, CancellationToken stop) =>
                ApiAnswers.Of(await ChannelsAsync(context.Visitor(), stop), ApiJson.Default.ChannelList))
            .NeedsAccount().Tells(Heading, "Your channels").Gives<ChannelList>();
        routes.MapGet(Routes.Channels + "/{channel}", async (string channel, CancellationToken stop) =>
                ApiAnswers.Of(await ChannelAsync(channel, stop), ApiJson.Default.ChannelInfo))
            .NeedsAccount().Tells(Heading, "One channel, for who is paid by it").Gives<ChannelInfo>();
    }

    private void MapSigned(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Routes.Transfers, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<StatementRequest, TransfersAnswer>(
                context, ApiJson.Default.StatementRequest, ApiJson.Default.TransfersAnswer, (body, _) => TransferAsync(context.Visitor(), body, stop)))
            .NeedsAccount().Tells(Heading, "Transfer credits, by a statement of a device of yours").Takes<StatementRequest>().Gives<TransfersAnswer>();
        routes.MapPost(Routes.Channels, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<StatementRequest, ChangeAnswer>(
                context, ApiJson.Default.StatementRequest, ApiJson.Default.ChangeAnswer,
                (body, _) => ChangeAsync(context.Visitor(), body, (statement, asker) => bank.ChangeChannelAsync(statement, asker, stop))))
            .NeedsAccount().Tells(Heading, "Open, change or close a channel, by a statement of a device of yours").Takes<StatementRequest>()
            .Gives<ChangeAnswer>();
        routes.MapPut(Routes.Bank, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<StatementRequest, ChangeAnswer>(
                context, ApiJson.Default.StatementRequest, ApiJson.Default.ChangeAnswer,
                (body, _) => ChangeAsync(context.Visitor(), body, (statement, asker) => bank.SetPolicyAsync(statement, asker, stop))))
            .Needs(Actions.BankGovern).Tells(Heading, "Decide about credits, by a signed policy").Takes<StatementRequest>().Gives<ChangeAnswer>();
        routes.MapPost(Routes.Vouchers, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<VouchersRequest, VouchersAnswer>(
                context, ApiJson.Default.VouchersRequest, ApiJson.Default.VouchersAnswer, (body, _) => RedeemAsync(context.Visitor(), body, stop)))
            .NeedsAccount().Tells(Heading, "Redeem vouchers").Takes<VouchersRequest>().Gives<VouchersAnswer>();
        routes.MapPost(Routes.Claims, (HttpContext context, CancellationToken stop) => ApiAnswers.CommandAsync<ClaimRequest, ClaimAnswer>(
                context, ApiJson.Default.ClaimRequest, ApiJson.Default.ClaimAnswer, (body, _) => ClaimAsync(context.Visitor(), body, stop)))
            .NeedsAccount().Tells(Heading, "Have what a node earned go to an account, by a statement of the node").Takes<ClaimRequest>().Gives<ClaimAnswer>();
    }

    private static Outcome<AccountId> Own(Visitor visitor) => visitor.Session is { } own ? own.Account : SessionsApi.NoAccount;

    private static LedgerAddress[] OfAccount(AccountId account) => [LedgerAddress.User(account), LedgerAddress.Grant(account)];

    private async Task<Outcome<BalanceInfo>> BalanceAsync(Visitor visitor, CancellationToken stop)
    {
        var own = Own(visitor);
        return own.Succeeded ? (await bank.BalanceAsync(own.Value, stop)).Then(balance => balance.ToInfo(own.Value)) : own.Failure;
    }

    private async Task<Outcome<StatementAnswer>> StatementAsync(Visitor visitor, string? before, string? count, CancellationToken stop)
    {
        var (own, lines) = (Own(visitor), ApiAnswers.ReadNumber(count, nameof(count), LinesDefault));
        if ((own.Failure ?? lines.Failure) is { } wrong)
        {
            return wrong;
        }

        if (before is not null && !long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return new Failure(FailureKind.Invalid, "'before' is the number of an entry, as 'next' tells it");
        }

        var from = before is null ? (long?)null : long.Parse(before, CultureInfo.InvariantCulture);
        var page = await bank.StatementAsync(OfAccount(own.Value), from, lines.Value, stop);
        return page.Then(found => new StatementAnswer([.. found.Lines.Select(line => line.ToInfo(book))], found.Before));
    }

    private async Task<IResult> CsvAsync(Visitor visitor, CancellationToken stop)
    {
        var own = Own(visitor);
        if (!own.Succeeded)
        {
            return ApiAnswers.Of(own.Failure);
        }

        var page = await bank.StatementAsync(OfAccount(own.Value), null, BankService.LinesMax, stop);
        return page.Succeeded
            ? Results.File(
                Encoding.UTF8.GetBytes(string.Concat(page.Value.Lines.Select(line => StatementCsv.LineOf(line.ToInfo(book)))
                    .Prepend(StatementCsv.Header).Select(line => line + StatementCsv.LineEnd))),
                "text/csv; charset=utf-8", "statement.csv")
            : ApiAnswers.Of(page.Failure);
    }

    private async Task<Outcome<ChannelList>> ChannelsAsync(Visitor visitor, CancellationToken stop)
    {
        var own = Own(visitor);
        return own.Succeeded
            ? (await bank.ChannelsAsync(own.Value, stop)).Then(all => new ChannelList([.. all.Select(channel => channel.ToInfo())]))
            : own.Failure;
    }

    private async Task<Outcome<ChannelInfo>> ChannelAsync(string channel, CancellationToken stop) => TransferId.TryParse(channel, out var id)
        ? (await bank.ChannelAsync(id, stop)).Then(found => found.ToInfo())
        : new Failure(FailureKind.Invalid, "a channel is named by 32 hexadecimal digits");

    private async Task<Outcome<Receipt>> ReceiptAsync(string transfer, CancellationToken stop)
    {
        if (long.TryParse(transfer, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && transfer.Length < TransferId.TextLength)
        {
            return await bank.ReceiptAsync(number, stop);
        }

        if (!TransferId.TryParse(transfer, out var id))
        {
            return new Failure(FailureKind.Invalid, "a transfer is named by 32 hexadecimal digits, or by the number of its entry");
        }

        var found = await bank.NumberOfAsync(id, stop);
        return found.Succeeded ? await bank.ReceiptAsync(found.Value, stop) : found.Failure;
    }

    private async Task<Outcome<TransfersAnswer>> TransferAsync(Visitor visitor, StatementRequest body, CancellationToken stop)
    {
        var own = Own(visitor);
        if (!own.Succeeded || body.Statement is not { Length: > 0 } statement)
        {
            return own.Failure ?? Missing("statement");
        }

        var done = await bank.TransferAsync(statement, Asker.Of(own.Value), stop);
        if (done is { Succeeded: true, Value: [{ Failure: { } alone }] })
        {
            // The only one: what came of it is what came of all.
            return alone;
        }

        return done.Then(all => new TransfersAnswer([.. all.Select(one => new TransferResultInfo(one.Number, one.IsKnown, one.Failure?.Message))]));
    }

    private static async Task<Outcome<ChangeAnswer>> ChangeAsync(
        Visitor visitor, StatementRequest body, Func<ReadOnlyMemory<byte>, Asker, Task<Outcome<bool>>> change)
    {
        var own = Own(visitor);
        return !own.Succeeded ? own.Failure
            : body.Statement is not { Length: > 0 } statement ? Missing("statement")
            : (await change(statement, Asker.Of(own.Value))).Then(changed => new ChangeAnswer(changed));
    }

    private async Task<Outcome<ClaimAnswer>> ClaimAsync(Visitor visitor, ClaimRequest body, CancellationToken stop)
    {
        var own = Own(visitor);
        if (!own.Succeeded || body.Statement is not { Length: > 0 } statement || body.PublicKey is not { Length: > 0 } key)
        {
            return own.Failure ?? Missing(body.Statement is { Length: > 0 } ? "publicKey" : "statement");
        }

        var signed = SignedStatement.Parse(statement);
        return !signed.Succeeded ? signed.Failure
            : isNode(signed.Value.Device) ? (await bank.ClaimAsync(statement, key, Asker.Of(own.Value), stop)).Then(amount => new ClaimAnswer(amount))
            : new Failure(FailureKind.NotFound, $"{signed.Value.Device} is no node of this community; what signs is the key of the node that earned");
    }

    private async Task<Outcome<VouchersAnswer>> RedeemAsync(Visitor visitor, VouchersRequest body, CancellationToken stop)
    {
        var own = Own(visitor);
        if (!own.Succeeded || body.Vouchers is not { Count: > 0 } vouchers || vouchers.Contains(null!))
        {
            return own.Failure ?? Missing("vouchers");
        }

        var done = await bank.RedeemAsync([.. vouchers.Select(voucher => (ReadOnlyMemory<byte>)voucher)], Asker.Of(own.Value), stop);
        return done.Then(all => new VouchersAnswer([.. all.Select(one => new VoucherResultInfo(one.Redeemed, one.Paid, one.Failure?.Message))]));
    }
}
