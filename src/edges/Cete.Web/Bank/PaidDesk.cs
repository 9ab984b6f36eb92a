using Cete.Api;
using Cete.Bank;
using Cete.Core;
using Cete.Described;
using Cete.Ledger;
using Cete.Ports.Payments;
using Cete.Transfer.Payments;
using Cete.Web.Accounts;
using Microsoft.AspNetCore.Http;

namespace Cete.Web.Bank;

/// <summary>Has this node pay itself for downloads, in the name of accounts that let it: for their own, and for those by addresses that they made.</summary>
/// <param name="parts">The accounts.</param>
/// <param name="bank">The bank.</param>
/// <param name="paid">What is sold.</param>
internal sealed class PaidDesk(AccountsParts parts, BankService bank, PaidParts paid)
{
    private static readonly Failure Suspended = new(
        FailureKind.Forbidden, "your account is suspended, and spends nothing until it may go on; the page of your account says why, ask a moderator");

    private static readonly Failure NoLongerPaid = new(
        FailureKind.Unpaid,
        "whoever made this address does not pay for it any more: what this node may spend for that account is used up, or ended; ask for another one");

    /// <summary>How far this node may pay for an account.</summary>
    public NodeLeaves Leaves { get; } = new(parts.Service, bank, parts.Delegates, parts.Clock);

    /// <summary>Micro-credits of 2^20 bytes.</summary>
    public long Price => paid.Till.PricePerMebibyte;

    /// <summary>A pass for a download of somebody's own.</summary>
    public Task<Outcome<PaidPass>> BeginAsync(AccountId account, Hash256 content, long length, CancellationToken stop) =>
        BeginAsync(new PassOrder(account, content, length), length, null, stop);

    /// <summary>Somebody makes an address by which anybody downloads: null where this node can pay for what it covers, and knows so from now on.</summary>
    /// <param name="account">Who makes it.</param>
    /// <param name="bytes">Bytes that it covers; 0 for no bound.</param>
    /// <param name="stop">Ends it.</param>
    public async Task<Failure?> JudgeLinkAsync(AccountId account, long bytes, CancellationToken stop)
    {
        if (bytes == 0)
        {
            return new Failure(
                FailureKind.Invalid,
                "contents cost credits here, and who makes an address pays for what is fetched by it: say by 'bytes', or --cap, how much at most");
        }

        return await JudgeAsync(account, Credits.CostOf(bytes, Price), stop) is { Succeeded: false, Failure: var failure } ? failure : null;
    }

    /// <summary>Keeps who pays for an address.</summary>
    public Failure? Keep(PaidLink link) => paid.Links.Keep(link, Instant.From(parts.Now));

    /// <summary>What pays for a request by an address that somebody made; null for one that nobody pays for here.</summary>
    public async Task<Outcome<PaidPass?>> FindByLinkAsync(HttpContext context)
    {
        var text = context.Request.Query[Routes.Capability].ToString();
        if (text.Length == 0 || !context.Request.Path.StartsWithSegments(Routes.Content, StringComparison.Ordinal, out var rest)
            || !Hash256.TryParse(rest.Value?.Split('/') is [_, var root, ..] ? root : null, out var content)
            || paid.Tickets.Verify(text, content, null) is not { Succeeded: true, Value: var ticket } || ticket.Issuer != parts.Node
            || paid.Links.Find(ticket.Serial) is not { } link || link.Content != content)
        {
            return (PaidPass?)null;
        }

        var order = new PassOrder(link.Account, content, link.Left) { Link = $"{link.Serial}" };
        if (paid.Passes.Find(order) is { } known)
        {
            return known;
        }

        using var file = paid.Contents.Find(content);
        var begun = await BeginAsync(
            order, Math.Min(link.Left, file?.Length ?? 0), sent => paid.Links.Keep(link with { Used = link.Used + sent }, Instant.From(parts.Now)),
            context.RequestAborted);

        // What is wrong with the account of who made it is nothing to whom it was sent.
        return begun.Succeeded ? begun.Value : begun.Failure.Kind is FailureKind.Unavailable or FailureKind.Throttled ? begun.Failure : NoLongerPaid;
    }

    private async Task<Outcome<PaidPass>> BeginAsync(PassOrder order, long length, Action<long>? ended, CancellationToken stop)
    {
        var judged = await JudgeAsync(order.Account, Credits.CostOf(length, Price), stop);
        if (!judged.Succeeded)
        {
            return judged.Failure;
        }

        var payer = new DelegateBank(bank, parts.Delegates!, judged.Value.Key!, parts.Clock);
        var book = paid.BookOf(order.Account);
        return paid.Passes.Begin(
            order,
            () =>
            {
                Abandon(book);
                var most = PayerOptions.MostFor(order.Length, Price);
                var options = new PayerOptions(bank.Community, paid.Passes.NewPurpose(), most, Price) { Subject = order.Content };
                return new Payer(payer, book, options, parts.Clock);
            },
            ended);
    }

    /// <summary>What this node had open before it fell over is closed by the next payer, so that what was set aside comes back.</summary>
    private void Abandon(IPayerBook book)
    {
        foreach (var left in book.All().Where(kept => !kept.IsClosing && !paid.Passes.IsOwn(kept.Purpose) && !ServicePayer.IsOwn(kept)))
        {
            book.Keep(left with { IsClosing = true });
        }
    }

    /// <summary>A voucher by which this node pays for what a service does, in somebody's name.</summary>
    public async Task<Outcome<ReadOnlyMemory<byte>>> PayAsync(AccountId account, Offer offer, CancellationToken stop)
    {
        var judged = await JudgeAsync(account, offer.Amount - 1, stop);
        if (!judged.Succeeded)
        {
            return judged.Failure;
        }

        var bill = new ServiceBill(offer.Amount, offer.Price.Payee, offer.Lanes.ToDictionary(lane => lane.Channel, lane => lane.Due));
        var payer = new ServicePayer(
            new DelegateBank(bank, parts.Delegates!, judged.Value.Key!, parts.Clock), paid.BookOf(account), bank.Community);
        return (await payer.PayAsync(bill, stop)).Then(voucher => (ReadOnlyMemory<byte>)voucher.ToArray());
    }

    /// <summary>By which key this node pays so much; or why it does not.</summary>
    private async Task<Outcome<NodeLeave>> JudgeAsync(AccountId account, long cost, CancellationToken stop)
    {
        var balance = parts.Book.Find(account) is { IsSuspended: true } ? Suspended : await bank.BalanceAsync(account, stop);
        var leave = balance.Succeeded ? await Leaves.FindAsync(account, stop) : balance.Failure;
        return !leave.Succeeded ? leave : (leave.Value.Judge(cost + 1) ?? TooLittle(balance.Value, cost)) is { } failure ? failure : leave;
    }

    private static Failure? TooLittle(BalanceRecord balance, long cost) => balance.Own + balance.Granted > cost ? null : new Failure(
        FailureKind.Unpaid,
        $"you have {Credits.Counted(balance.Own + balance.Granted)} for it, and it costs {Credits.Show(cost)}; run a service, which earns some, or have "
        + "somebody send you some");
}
