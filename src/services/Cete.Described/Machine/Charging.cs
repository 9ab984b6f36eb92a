using Cete.Core;
using Cete.Described.Proto;
using Cete.Ledger;
using Cete.Trust;

namespace Cete.Described;

/// <summary>
/// Has what is done paid for in the same command, by a voucher of a lane: what is refused costs nothing, and what is done is paid. The node that took the
/// command in is believed about the lane, as it is about who asks; every replica verifies the voucher, and that it covers all that was charged of its lane.
/// </summary>
internal static class Charging
{
    /// <summary>Before a channel ends the bank must have its vouchers: those of one that ends sooner are not taken.</summary>
    public static readonly TimeSpan EndsEarly = TimeSpan.FromMinutes(10);

    /// <summary>What was paid is told for so long.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(400);

    /// <summary>A lane that has ended is of no use, once the bank has settled its channel.</summary>
    private static readonly TimeSpan PurseKeptFor = TimeSpan.FromDays(40);

    private const int ForgottenMax = 500;

    /// <summary>Charges for an action, or for a record that is made.</summary>
    /// <param name="price">What it costs; null for nothing.</param>
    /// <param name="what">What is done, and to which record.</param>
    /// <param name="scope">The records at hand.</param>
    /// <param name="payment">What pays; null for nothing.</param>
    /// <param name="change">The command.</param>
    public static void Charge(PriceDescriptor? price, (string Name, long Record) what, RuleScope scope, Payment? payment, Change change)
    {
        var asked = price is null ? Quote.Free : Quote.Of(price, scope);
        var quote = asked.Succeeded ? asked.Value : throw Refused(asked.Failure);
        if (quote.Amount == 0)
        {
            return;
        }

        if (!AccountId.TryParse(change.Asker.Account, out _))
        {
            throw Refused(new Failure(FailureKind.Unauthenticated, $"it costs {Credits.Counted(quote.Amount)}, which an account pays; log in"));
        }

        var (payments, service) = (new PaymentTable(change.Sql), scope.Service);
        if (payments.Used(change.Asker.Account, service.Number, what.Name, change.At) < price!.FreeADay)
        {
            payments.Use(change.Asker.Account, service.Number, what.Name, change.At);
            return;
        }

        Take(quote, payment, change);
        payments.Add(new ServicePayment(
            change.Index, change.At, change.Asker.Account, service.Name, what.Name, what.Record, quote.Amount, quote.Payee));
    }

    /// <summary>The bank was handed in vouchers.</summary>
    public static void Note(NoteRedeemed command, Change change)
    {
        Ticking.CheckNode(change);
        var purses = new PurseTable(change.Sql);
        foreach (var each in command.Purses)
        {
            if (each.Channel.Length == TransferId.Size && each.Provider.Length == KeyId.Size)
            {
                var failure = each.Failure.Length > 200 ? each.Failure[..200] : each.Failure;
                purses.Redeem(new TransferId(each.Channel.Span), new KeyId(each.Provider.Span), each.Amount, failure);
            }
        }
    }

    /// <summary>Forgets what is over; whether there may be more.</summary>
    public static bool Forget(Change change) =>
        new PurseTable(change.Sql).Forget(change.At + -PurseKeptFor, ForgottenMax)
        | new PaymentTable(change.Sql).Forget(change.At + -KeptFor, ForgottenMax)
        | new PaymentTable(change.Sql).ForgetAllowances(change.At, ForgottenMax);

    private static void Take(Quote quote, Payment? payment, Change change)
    {
        var purses = new PurseTable(change.Sql);
        if (payment is null)
        {
            // What an earlier voucher promised beyond what was due then pays for this one.
            var rest = purses.Of(change.Asker.Account, quote.Provider, change.At + EndsEarly, 8).Find(purse => purse.Paid - purse.Due >= quote.Amount)
                ?? throw Unpaid(quote, "nothing was paid");
            purses.Put(rest with { Due = rest.Due + quote.Amount });
            return;
        }

        var voucher = Voucher.Parse(payment.Voucher.Span) is { Succeeded: true } read ? read.Value : throw Unpaid(quote, "what came along is no voucher");
        if (voucher.Provider != quote.Provider)
        {
            throw Unpaid(quote, "the voucher pays somebody else");
        }

        var channel = new TransferId(voucher.Channel);
        var purse = purses.Find(channel, voucher.Provider) ?? new PurseRow(channel, voucher.Provider, payment.Account, payment.VoucherKey.Memory)
        {
            Cap = payment.Cap,
            Due = 0,
            Paid = 0,
            Redeemed = 0,
            Voucher = ReadOnlyMemory<byte>.Empty,
            ExpiresAt = new Instant(payment.ExpiresAt),
        };
        purse = purse with { Cap = Math.Max(purse.Cap, payment.Cap) };
        var due = (Int128)purse.Due + quote.Amount;
        var wrong = purse.Account != change.Asker.Account ? "the channel is somebody else's"
            : purse.Failure.Length > 0 ? "the bank does not pay by this channel any more; open another one"
            : purse.ExpiresAt <= change.At + EndsEarly ? "the channel has ended, or will soon; open another one"
            : voucher.Amount > purse.Cap ? $"the voucher promises {Credits.Counted(voucher.Amount)}, and its lane brings {Credits.Show(purse.Cap)} at most"
            : Int128.Max(voucher.Amount, purse.Paid) < due
                ? $"the voucher promises {Credits.Counted(voucher.Amount)}, and with this {Credits.Show((long)due)} are due on its lane"
            : voucher.Verify(purse.VoucherKey.Span, voucher.Community)?.Message;
        if (wrong is not null)
        {
            throw Unpaid(quote, wrong);
        }

        purses.Put(voucher.Amount > purse.Paid
            ? purse with { Due = (long)due, Paid = voucher.Amount, Voucher = payment.Voucher.Memory }
            : purse with { Due = (long)due });
    }

    private static RefusedException Unpaid(Quote quote, string why) =>
        Refused(new Failure(FailureKind.Unpaid, $"it costs {Credits.Counted(quote.Amount)}: {why}"));

    private static RefusedException Refused(Failure failure) => new(failure);
}
