using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Cete.Api;
using Cete.App.Output;
using Cete.App.Verbs.Accounts;
using Cete.Bank;
using Cete.Core;
using Cete.Ledger;
using Cete.Net;

namespace Cete.App.Verbs.Bank;

/// <summary><c>cete bank send</c>: credits go to somebody; signed with this device's key.</summary>
internal static class SendVerb
{
    public static Command Make() => Make("send", "Send credits to somebody; signed with this device's key.", string.Empty);

    public static Command MakePayOut() => Make(
        "pay-out", "Pay somebody from the community's treasury, where you may; signed with this device's key.", LedgerAddress.Treasury.ToString());

    private static Command Make(string name, string description, string from)
    {
        var to = new Argument<string>("TO") { Description = "The name of an account, 'treasury', or node:KEY." };
        var amount = new Argument<string>("CREDITS") { Description = "How many, like 12 or 0.25." };
        var note = new Option<string>("--note")
        {
            Description = "What for; the other one sees it, and it stays.",
            HelpName = "TEXT",
            DefaultValueFactory = _ => string.Empty,
        };
        var id = new Option<string?>("--id")
        {
            Description = "Names the transfer: 32 hexadecimal digits. Said again with the same, it is not made twice.",
            HelpName = "ID",
        };

        // Else it would be taken for an option.
        amount.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', >= '0' and <= '9', ..] negative }] && Credits.ParsePositive(negative) is { Failure: { } wrong })
            {
                result.AddError(wrong.Message);
            }
        });
        return AccountVerbs.Make(name, description, [to, amount, note, id], async (client, parsed, json, stop) =>
        {
            var credits = Credits.ParsePositive(parsed.GetRequiredValue(amount));
            if (!credits.Succeeded)
            {
                return ExitCodes.Say(credits.Failure);
            }

            if (parsed.GetValue(id) is { } given && !TransferId.TryParse(given, out _))
            {
                return ExitCodes.Say(new Failure(FailureKind.Invalid, $"'{EntryName.Show(given)}' names no transfer: 32 hexadecimal digits do"));
            }

            var payee = await PayeeAsync(client, parsed.GetRequiredValue(to), stop);
            if (!payee.Succeeded)
            {
                return ExitCodes.Say(payee.Failure);
            }

            var order = new TransferOrder(
                parsed.GetValue(id) ?? new TransferId(RandomNumberGenerator.GetBytes(TransferId.Size)).ToString(), TransferOrder.Send, payee.Value.ToString(),
                credits.Value, Note: parsed.GetRequiredValue(note), From: from);
            return await OwnDevice.UseAsync(client, device => SendAsync(client, device, order, json, stop), stop);
        });
    }

    private static async Task<int> SendAsync(NodeClient client, OwnDevice device, TransferOrder order, bool json, CancellationToken stop)
    {
        var statement = new StatementRequest(device.Sign(TransferAct.Purpose, new TransferAct([order]).ToPayload()));
        var sent = await client.PostAsync(Routes.Transfers, statement, ApiJson.Default.StatementRequest, ApiJson.Default.TransfersAnswer, stop);
        if (!sent.Succeeded)
        {
            return ExitCodes.Say(sent.Failure);
        }

        if (json)
        {
            JsonOut.Line(sent.Value, ApiJson.Default.TransfersAnswer);
            return ExitCodes.Ok;
        }

        var result = sent.Value.Results[0];
        var number = result.Number.ToString(CultureInfo.InvariantCulture);
        Console.WriteLine(result.IsKnown
            ? $"It was sent before: entry {number}, transfer {order.Id}."
            : $"Sent {Credits.Counted(order.Amount)}: entry {number}, transfer {order.Id}.");
        return ExitCodes.Ok;
    }

    /// <summary>Whom a name or an address means.</summary>
    public static async Task<Outcome<LedgerAddress>> PayeeAsync(NodeClient client, string to, CancellationToken stop)
    {
        if (LedgerAddress.TryParse(to, out var address))
        {
            return address;
        }

        var account = await client.GetAsync($"{Routes.Accounts}/{Uri.EscapeDataString(to)}", ApiJson.Default.AccountInfo, stop);
        return !account.Succeeded ? account.Failure
            : AccountId.TryParse(account.Value.Id, out var id) ? LedgerAddress.User(id)
            : new Failure(FailureKind.Damaged, "the node named the account in a form that this program does not know");
    }
}
