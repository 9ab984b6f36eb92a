using System.CommandLine;
using Cete.Accounts;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;
using Cete.Net;

namespace Cete.App.Verbs.Accounts;

/// <summary>What those do who keep order: to see accounts, to invite, to give roles, to suspend.</summary>
internal static class GovernVerbs
{
    public static Command MakeList() => AccountVerbs.Make("list", "List who has an account.", [], async (client, _, json, stop) =>
    {
        string? cursor = null;
        do
        {
            var page = await client.GetAsync(
                Routes.Accounts + (cursor is null ? string.Empty : "?cursor=" + Uri.EscapeDataString(cursor)), ApiJson.Default.AccountList, stop);
            if (!page.Succeeded)
            {
                return ExitCodes.Say(page.Failure);
            }

            foreach (var account in page.Value.Accounts)
            {
                if (json)
                {
                    JsonOut.Line(account, ApiJson.Default.AccountInfo);
                    continue;
                }

                var why = account.SuspensionReason is { } reason ? ": " + EntryName.Show(reason) : string.Empty;
                var suspended = account.Suspended is null ? string.Empty : "  suspended" + why;
                Console.WriteLine($"{account.Id}  {AccountVerbs.Date(account.Created)}  {EntryName.Show(account.Name),-20}  {string.Join(',', account.Roles)}{suspended}");
            }

            cursor = page.Value.Next;
        }
        while (cursor is not null);

        return ExitCodes.Ok;
    });

    public static Command MakeInvite()
    {
        var uses = new Option<int>("--uses") { Description = "How many it lets in, 1 to 1000.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var hours = new Option<int>("--hours") { Description = "How long it counts, 1 to 2160.", HelpName = "N", DefaultValueFactory = _ => 168 };
        var note = new Option<string?>("--note") { Description = "What it is for.", HelpName = "TEXT" };
        Common.MustBeWithin(uses, 1, 1_000);
        Common.MustBeWithin(hours, 1, 2_160);
        return AccountVerbs.Make("invite", "Invite somebody: makes a text, and a link for browsers, by which an account can be made.", [uses, hours, note], async (client, parsed, json, stop) =>
        {
            var request = new InvitationRequest(parsed.GetValue(uses), parsed.GetValue(hours), null, parsed.GetValue(note));
            var made = await client.PostAsync(Routes.Invitations, request, ApiJson.Default.InvitationRequest, ApiJson.Default.InvitationAnswer, stop);
            if (!made.Succeeded)
            {
                return ExitCodes.Say(made.Failure);
            }

            if (json)
            {
                JsonOut.Line(made.Value, ApiJson.Default.InvitationAnswer);
                return ExitCodes.Ok;
            }

            Console.WriteLine($"Until {AccountVerbs.Date(made.Value.Expires)}, hand over in private:");
            Console.WriteLine($"  cete register NAME --invitation {made.Value.Text}");
            Console.WriteLine($"or  {new Uri(client.Node, made.Value.Path)}");
            return ExitCodes.Ok;
        });
    }

    public static Command MakeRoles()
    {
        var name = new Argument<string>("NAME") { Description = "Whose." };
        var roles = new Argument<string[]>("ROLE") { Description = "Roles beside 'member'; none takes all away.", Arity = ArgumentArity.ZeroOrMore };
        return AccountVerbs.Make("roles", "Give an account these roles and no others; signed with this device's key.", [name, roles], (client, parsed, json, stop) =>
            ActAsync(
                client, parsed.GetRequiredValue(name), account => new GovernAct.SetRoles(account, [.. parsed.GetValue(roles) ?? []]), "Done.", json, stop));
    }

    public static Command MakeSuspend()
    {
        var name = new Argument<string>("NAME") { Description = "Whom." };
        var reason = new Option<string>("--reason") { Description = "Why; the account is told.", HelpName = "TEXT", DefaultValueFactory = _ => string.Empty };
        return AccountVerbs.Make("suspend", "Leave an account no more than a guest's rights; signed with this device's key.", [name, reason], (client, parsed, json, stop) =>
            ActAsync(
                client, parsed.GetRequiredValue(name), account => new GovernAct.Suspend(account, parsed.GetRequiredValue(reason)), "Suspended.", json, stop));
    }

    public static Command MakeResume()
    {
        var name = new Argument<string>("NAME") { Description = "Whom." };
        return AccountVerbs.Make("resume", "Give a suspended account its rights back; signed with this device's key.", [name], (client, parsed, json, stop) =>
            ActAsync(client, parsed.GetRequiredValue(name), account => new GovernAct.Resume(account), "It has its rights again.", json, stop));
    }

    public static Command MakeRegistration()
    {
        var who = new Argument<string>("WHO") { Description = "open, invited or closed." };
        who.AcceptOnlyFromAmong("open", "invited", "closed");
        return AccountVerbs.Make("registration", "Say who may register; signed with this device's key.", [who], (client, parsed, json, stop) =>
            ActAsync(client, null, _ => new GovernAct.SetRegistration(parsed.GetRequiredValue(who)), "Done.", json, stop));
    }

    public static Command MakeActs() => AccountVerbs.Make("acts", "List what moderators and administrators did, the newest first.", [], async (client, _, json, stop) =>
    {
        string? cursor = null;
        do
        {
            var page = await client.GetAsync(
                Routes.Acts + (cursor is null ? string.Empty : "?cursor=" + Uri.EscapeDataString(cursor)), ApiJson.Default.AuditList, stop);
            if (!page.Succeeded)
            {
                return ExitCodes.Say(page.Failure);
            }

            foreach (var act in page.Value.Acts)
            {
                if (json)
                {
                    JsonOut.Line(act, ApiJson.Default.AuditInfo);
                    continue;
                }

                Console.WriteLine($"{AccountVerbs.Date(act.At)}  {act.By}  {act.Action,-16}  {EntryName.Show(act.Target)}  {EntryName.Show(act.Note)}");
            }

            cursor = page.Value.Next;
        }
        while (cursor is not null);

        return ExitCodes.Ok;
    });

    /// <summary>Signs an act with this device's key and hands it in.</summary>
    /// <param name="client">Of a node of the community.</param>
    /// <param name="name">The account that it is about; null for none but one's own.</param>
    /// <param name="make">The act, of that account's id.</param>
    /// <param name="done">What is said when it is done.</param>
    /// <param name="json">Says it for scripts.</param>
    /// <param name="stop">Ends the wait.</param>
    public static Task<int> ActAsync(NodeClient client, string? name, Func<string, GovernAct> make, string done, bool json, CancellationToken stop) =>
        OwnDevice.UseAsync(client, async own =>
        {
            var target = own.Self;
            if (name is not null)
            {
                var found = await client.GetAsync($"{Routes.Accounts}/{Uri.EscapeDataString(name)}", ApiJson.Default.AccountInfo, stop);
                if (!found.Succeeded)
                {
                    return ExitCodes.Say(found.Failure);
                }

                target = found.Value;
            }

            var acted = await client.CommandAsync(
                HttpMethod.Post, Routes.Acts, new StatementRequest(own.Sign(GovernAct.Purpose, make(target.Id).ToPayload())),
                ApiJson.Default.StatementRequest, ApiJson.Default.ChangeAnswer, stop);
            return Changes.Say(acted, json, done, "It was so already.");
        }, stop);
}
