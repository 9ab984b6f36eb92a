using Cete.Api;
using Cete.App.Verbs.Accounts;
using Cete.App.Verbs.Open.Model;
using Cete.App.Verbs.Open.Running;
using Cete.Core;
using Cete.Ledger;
using Cete.Net;
using Cete.Transfer.Payments;

namespace Cete.App.Verbs.Do;

/// <summary>Pays what a service asks for something, from this terminal: no more than its user agreed to.</summary>
/// <param name="client">Speaks with a node.</param>
/// <param name="desk">The service.</param>
internal sealed class DoPayment(NodeClient client, ServiceDesk desk)
{
    /// <summary>A voucher that pays a command, as text; null where it costs nothing.</summary>
    /// <param name="command">Which.</param>
    /// <param name="most">Micro-credits that may be paid; null where the user is to be asked.</param>
    /// <param name="stop">Ends it.</param>
    public async Task<Outcome<string?>> PayAsync(RecordCommand command, long? most, CancellationToken stop)
    {
        var asked = await desk.PriceAsync(command, stop);
        if (!asked.Succeeded || asked.Value.Amount == 0)
        {
            return asked.Succeeded ? (string?)null : asked.Failure;
        }

        var offer = asked.Value;
        if (!Credits.IsAmount(offer.Amount) || !LedgerAddress.TryParse(offer.Payee, out var payee))
        {
            return new Failure(FailureKind.Damaged, "the node told a price that this program does not understand");
        }

        var price = $"It costs {Credits.Counted(offer.Amount)}, which {(payee == LedgerAddress.Treasury ? "the community" : payee.ToString())} gets.";
        if (Refuse(offer.Amount, most, price) is { } refused)
        {
            return refused;
        }

        var who = Common.Channels() is null
            ? new Failure(FailureKind.Invalid, "there is no folder to keep in what is paid; set HOME")
            : await client.GetAsync(Routes.Me, ApiJson.Default.WhoAmI, stop);
        if (!who.Succeeded || !KeyId.TryParse(who.Value.CommunityId, out var community))
        {
            return who.Failure ?? new Failure(FailureKind.Damaged, "the node named its community in a form that this program does not know");
        }

        var due = offer.Lanes.Where(lane => TransferId.TryParse(lane.Channel, out _))
            .ToDictionary(lane => TransferId.TryParse(lane.Channel, out var id) ? id : default, lane => lane.Due);
        var paid = await new ServicePayer(Common.Bank(client), Common.Channels()!, community).PayAsync(new ServiceBill(offer.Amount, payee, due), stop);
        return paid.Then(voucher => (string?)VoucherText.Write(voucher));
    }

    private static Failure? Refuse(long amount, long? most, string price)
    {
        if (most is { } bound)
        {
            return amount <= bound ? null : new Failure(FailureKind.Unpaid, $"{price} That is more than --max-price {Credits.Show(bound)}; nothing was done");
        }

        return Console.IsInputRedirected ? new Failure(FailureKind.Unpaid, $"{price} Say by --max-price {Credits.Show(amount)} that you pay it; nothing was done")
            : Typed.Line($"{price} Type yes to pay: ") is { Succeeded: true, Value: "yes" } ? null
            : new Failure(FailureKind.Cancelled, "nothing was done, and nothing paid");
    }
}
