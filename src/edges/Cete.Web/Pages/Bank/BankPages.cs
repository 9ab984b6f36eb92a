using System.Globalization;
using Cete.Accounts;
using Cete.Api;
using Cete.Bank;
using Cete.Core;
using Cete.Ledger;
using Cete.Web.Pages.Accounts;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Pages.Bank;

/// <summary>The bank's pages: one's own credits, what is set aside, and how the community's credits stand.</summary>
/// <param name="bank">The bank.</param>
/// <param name="book">Names of accounts.</param>
/// <param name="writer">Writes pages.</param>
/// <param name="clock">Tells what day it is.</param>
/// <param name="canSend">Credits are sent from pages of this node.</param>
internal sealed class BankPages(BankService bank, StandingBook book, PageWriter writer, TimeProvider clock, bool canSend)
{
    private const int LinesAPage = 50;
    private const int EarningDays = 30;
    private const int LargestShown = 10;
    private const long DayMicroseconds = 24L * 60 * 60 * 1_000_000;

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Of how many days lines of a statement are shown.</summary>
    private static readonly int[] StatementDays = [7, 30, 90];

    /// <summary>Of how many days the community's figures are shown.</summary>
    private static readonly int[] FiguresDays = [30, 90, 365];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(BankAddresses.Own, Reading, OwnAsync).NeedsAccount();
        routes.MapMethods(BankAddresses.Channels, Reading, ChannelsAsync).NeedsAccount();
        routes.MapMethods(BankAddresses.Community, Reading, CommunityAsync).Needs(Actions.BankRead);
    }

    private Instant Now => Instant.From(clock.GetUtcNow());

    private static string? Field(HttpContext context, string name) => context.Request.Query[name] is [{ Length: > 0 } value, ..] ? value : null;

    private static int DaysIn(HttpContext context, int[] choices, int otherwise) =>
        int.TryParse(Field(context, "days"), NumberStyles.None, CultureInfo.InvariantCulture, out var days) && choices.Contains(days) ? days : otherwise;

    /// <summary>Writes a page of what was found out, or why it was not.</summary>
    private async Task ShowAsync<TPage>(HttpContext context, Func<AccountId, CancellationToken, Task<Outcome<object>>> find)
        where TPage : Microsoft.AspNetCore.Components.IComponent
    {
        if (context.Visitor().Session is not { } own)
        {
            await writer.WriteAsync(context, new Failure(FailureKind.Unauthenticated, "a bank is for those who have an account; this community has none"));
            return;
        }

        Answering.KeepToSelf(context);
        var found = await find(own.Account, context.RequestAborted);
        await (found.Succeeded ? writer.WriteAsync<TPage>(context, found.Value) : writer.WriteAsync(context, found.Failure));
    }

    private Task OwnAsync(HttpContext context) => ShowAsync<OwnBankPage>(context, async (account, stop) =>
    {
        var now = Now;
        var balance = await bank.BalanceAsync(account, stop);
        var standing = balance.Succeeded ? await bank.StandingAsync(stop) : balance.Failure;
        var coming = standing.Succeeded ? await bank.ComingAsync(account, now, stop) : standing.Failure;
        var today = now.Microseconds / DayMicroseconds;
        var earned = coming.Succeeded
            ? await bank.EarningsAsync(account, new Instant((today - EarningDays + 1) * DayMicroseconds), stop)
            : coming.Failure;
        var statement = earned.Succeeded ? await StatementAsync(context, account, standing.Value.Policy, stop) : earned.Failure;
        return !statement.Succeeded ? statement.Failure : new OwnBankModel(
            balance.Value, standing.Value.Policy, coming.Value, earned.Value, BankPlots.EarnedByDay(earned.Value, today, EarningDays),
            BankPlots.EarnedBySource(earned.Value, EarningDays), statement.Value)
        {
            CanSend = canSend,
            SeesCommunity = context.Visitor().Standing.MayAnywhere(Actions.BankRead),
        };
    });

    private async Task<Outcome<StatementModel>> StatementAsync(HttpContext context, AccountId account, BankPolicy policy, CancellationToken stop)
    {
        var (cursor, before) = (Field(context, "cursor"), default(long?));
        if (cursor is not null)
        {
            if (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return new Failure(FailureKind.Invalid, "a page of the statement begins at the number of an entry");
            }

            before = number;
        }

        var choice = BankWords.Choices.FirstOrDefault(one => one.Name == Field(context, "kind"));
        var days = DaysIn(context, StatementDays, 0);
        var filter = new StatementFilter(choice?.Kinds.ToHashSet(), days == 0 ? null : new Instant(Now.Microseconds - (days * DayMicroseconds)));
        var page = await bank.StatementAsync([LedgerAddress.User(account), LedgerAddress.Grant(account)], filter, before, LinesAPage, stop);
        return page.Then(found => new StatementModel(
            [.. found.Lines.Select(line => RowOf(line, policy))], found.Before, cursor is null, choice?.Name ?? string.Empty, days));
    }

    private StatementRow RowOf(StatementLine line, BankPolicy policy)
    {
        var other = line.IsDebit ? line.Entry.Credit : line.Entry.Debit;
        var name = other.Kind is LedgerAccountKind.User ? book.Find(other.Account)?.Name : null;

        // The bank is told credits alone. What they pay for follows from the price, and of a provider's part from what the community takes of it.
        long? bytes = policy.PricePerMebibyte == 0 ? null : line.Entry.Kind switch
        {
            TransferKind.Reserve or TransferKind.Return => Credits.BytesFor(line.Entry.Amount, policy.PricePerMebibyte),
            TransferKind.Earn when policy.CommunityPermille < 1_000 => Credits.BytesFor(
                (long)((Int128)line.Entry.Amount * 1_000 / (1_000 - policy.CommunityPermille)), policy.PricePerMebibyte),
            _ => null,
        };
        return new StatementRow(line, name, bytes);
    }

    private Task ChannelsAsync(HttpContext context) => ShowAsync<ChannelsPage>(context, async (account, stop) =>
    {
        var found = await bank.OpenChannelsAsync(account, stop);
        return found.Then(channels => (object)new ChannelsModel(channels, NamesOf(
            channels.SelectMany(channel => channel.Lanes).Where(lane => lane.Payee.Kind == LedgerAccountKind.User).Select(lane => lane.Payee.Account))));
    });

    private async Task CommunityAsync(HttpContext context)
    {
        Answering.KeepToSelf(context);
        var stop = context.RequestAborted;
        var figures = await bank.FiguresAsync(Now, stop);
        var largest = !figures.Succeeded ? figures.Failure
            : context.Visitor().Standing.MayAnywhere(Actions.BankGovern) ? await bank.LargestAsync(LargestShown, stop)
            : Outcome.Of<IReadOnlyList<HolderFigures>>([]);
        if (!largest.Succeeded)
        {
            await writer.WriteAsync(context, largest.Failure);
            return;
        }

        var days = DaysIn(context, FiguresDays, FiguresDays[0]);
        IReadOnlyList<DayFigures> shown = [.. figures.Value.Days.TakeLast(days)];
        await writer.WriteAsync<CommunityBankPage>(context, new CommunityBankModel(
            figures.Value, BankAlarms.Of(figures.Value), shown.Count == 0 ? [] : BankPlots.Of(shown), days, largest.Value)
        {
            Names = NamesOf(largest.Value.Select(one => one.Account)),
        });
    }

    private Dictionary<AccountId, string> NamesOf(IEnumerable<AccountId> accounts) => accounts.Distinct()
        .Select(account => (account, book.Find(account)?.Name)).Where(one => one.Name is not null).ToDictionary(one => one.account, one => one.Name!);
}
