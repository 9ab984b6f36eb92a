using System.CommandLine;
using Cete.Api;
using Cete.App.Output;
using Cete.App.Verbs.Accounts;
using Cete.Bank;
using Cete.Core;
using Cete.Ledger;
using Cete.Net;
using Cete.Storage;
using Cete.Trust;

namespace Cete.App.Verbs.Bank;

/// <summary>
/// <c>cete bank claim</c>: what a node earned that belongs to nobody goes to an account. Whoever has the node's key says so, since it is his node.
/// </summary>
internal static class ClaimVerb
{
    public static Command Make()
    {
        var data = Common.Data();
        var to = new Option<string?>("--for") { Description = "The account that gets it; yours when absent.", HelpName = "NAME" };
        return AccountVerbs.Make(
            "claim",
            "Have what a node earned come to your account, where the node belongs to nobody: one that made the community, or joined it by a token of its "
            + "administrator. To be done on the node's machine, since the node's key signs it. What it earns afterwards is claimed in the same way.",
            [data, to],
            async (client, parsed, json, stop) =>
            {
                var file = new TrustFolder(Path.GetFullPath(parsed.GetRequiredValue(data))).PathOf(TrustFolder.Node);
                if (!File.Exists(file))
                {
                    return ExitCodes.Say(new Failure(
                        FailureKind.NotFound, $"there is no key of a node at {file}; say by --data in which folder the node keeps everything"));
                }

                var key = Common.OpenKey(file);
                if (!key.Succeeded)
                {
                    return ExitCodes.Say(key.Failure);
                }

                using var node = key.Value;
                return Say(await ClaimAsync(client, node, parsed.GetValue(to), stop), json);
            });
    }

    private static async Task<Outcome<ClaimAnswer>> ClaimAsync(NodeClient client, NodeKey node, string? to, CancellationToken stop)
    {
        var who = await client.GetAsync(Routes.Me, ApiJson.Default.WhoAmI, stop);
        if (who is not { Succeeded: true, Value: { Account: { } self, CommunityId: var communityId } } || !KeyId.TryParse(communityId, out var community))
        {
            return who.Failure ?? OwnDevice.NotLoggedIn;
        }

        var payee = await SendVerb.PayeeAsync(client, to ?? $"user:{self.Id}", stop);
        if (payee is not { Succeeded: true, Value.Kind: LedgerAccountKind.User })
        {
            return payee.Failure ?? new Failure(FailureKind.Invalid, $"'{EntryName.Show(to!)}' is no account; what a node earned goes to one");
        }

        var counter = Instant.From(TimeProvider.System.GetUtcNow()).Microseconds;
        var statement = SignedStatement.Sign(
            node, community, ClaimAct.Purpose, default, counter, new ClaimAct(payee.Value.Account.ToString()).ToPayload());
        return await client.PostAsync(
            Routes.Claims, new ClaimRequest(statement.ToArray(), node.PublicKey.ToArray()), ApiJson.Default.ClaimRequest, ApiJson.Default.ClaimAnswer, stop);
    }

    private static int Say(Outcome<ClaimAnswer> claimed, bool json)
    {
        if (!claimed.Succeeded)
        {
            return ExitCodes.Say(claimed.Failure);
        }

        if (json)
        {
            JsonOut.Line(claimed.Value, ApiJson.Default.ClaimAnswer);
        }
        else
        {
            Console.WriteLine(claimed.Value.Amount > 0
                ? $"{Credits.Counted(claimed.Value.Amount)} that the node earned came to the account."
                : "The node has earned nothing that belongs to nobody.");
        }

        return ExitCodes.Ok;
    }
}
