using System.CommandLine;
using System.Globalization;
using Cete.Accounts;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;
using Cete.Net;
using Cete.Trust;

namespace Cete.App.Verbs.Accounts;

/// <summary><c>cete account</c>: one's own account, and for those who keep order, those of others.</summary>
internal static class AccountVerb
{
    public static Command Make() => new("account", Common.WithExamples(
        "Look after your account; and, with the right to it, after others.",
        "cete account password                     change it, or set the first one",
        "cete account sessions                     where you are logged in; 'cete account end ID' ends one",
        "cete account token backup --rights index.read",
        "cete account list",
        "cete account roles anna moderator         an administrator gives roles",
        "cete account suspend anna --reason spam   a moderator stops somebody",
        "cete account registration invited         who may register: open, invited or closed"))
    {
        MakePassword(), MakeSessions(), MakeEnd(), MakeToken(), MakeExport(), MakeClose(), MakeList(), MakeInvite(), MakeRoles(), MakeSuspend(), MakeResume(),
        MakeRegistration(), MakeActs(),
    };

    private static Command MakePassword()
    {
        var old = new Option<string?>("--old-password-file") { Description = "File whose first line is the password until now.", HelpName = "FILE" };
        var fresh = Typed.PasswordFile();
        return Verb("password", "Change the password. All other sessions end.", [old, fresh], async (client, parsed, json, stop) =>
        {
            var who = await client.GetAsync(Routes.Me, ApiJson.Default.WhoAmI, stop);
            if (!who.Succeeded)
            {
                return ExitCodes.Say(who.Failure);
            }

            var before = who.Value.HasPassword ? Typed.Password("Password until now: ", parsed.GetValue(old)) : string.Empty;
            var after = before.Succeeded ? Typed.NewPassword(parsed.GetValue(fresh)) : before.Failure;
            if (!after.Succeeded)
            {
                return ExitCodes.Say(after.Failure);
            }

            var changed = await client.CommandAsync(
                HttpMethod.Put, Routes.Me + "/password", new PasswordRequest(before.Value, after.Value), ApiJson.Default.PasswordRequest,
                ApiJson.Default.ChangeAnswer, stop);
            return Changes.Say(changed, json, "The password is changed; all other sessions have ended.", "It was that already.");
        });
    }

    private static Command MakeSessions() => Verb("sessions", "List your sessions and tokens.", [], async (client, _, json, stop) =>
    {
        var listed = await client.GetAsync(Routes.Sessions, ApiJson.Default.SessionList, stop);
        if (!listed.Succeeded)
        {
            return ExitCodes.Say(listed.Failure);
        }

        foreach (var session in listed.Value.Sessions)
        {
            if (json)
            {
                JsonOut.Line(session, ApiJson.Default.SessionInfo);
                continue;
            }

            var rights = session.Rights is { } narrowed ? "  " + string.Join(' ', narrowed) : string.Empty;
            Console.WriteLine(
                $"{session.Id}  {session.Kind,-8}  until {Date(session.Expires)}  {EntryName.Show(session.Label)}{rights}{(session.IsCurrent ? "  (this one)" : string.Empty)}");
        }

        return ExitCodes.Ok;
    });

    private static Command MakeEnd()
    {
        var id = new Argument<string>("ID") { Description = "As 'cete account sessions' shows it." };
        return Verb("end", "End a session or token of yours.", [id], async (client, parsed, json, stop) => Changes.Say(
            await client.DeleteAsync($"{Routes.Sessions}/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", ApiJson.Default.ChangeAnswer, stop),
            json, "It has ended.", "It had ended already."));
    }

    private static Command MakeToken()
    {
        var label = new Argument<string>("LABEL") { Description = "What it is for." };
        var rights = new Option<string?>("--rights") { Description = "What it is narrowed to, separated by commas; all that you may otherwise.", HelpName = "RIGHTS" };
        var hours = new Option<int>("--hours") { Description = "How long it counts, 1 to 8760.", HelpName = "N", DefaultValueFactory = _ => 720 };
        Common.MustBeWithin(hours, 1, 8_760);
        return Verb("token", "Make a token by which a program acts for you. It is shown this once.", [label, rights, hours], async (client, parsed, json, stop) =>
        {
            var request = new ApiTokenRequest(
                parsed.GetRequiredValue(label), parsed.GetValue(rights)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                parsed.GetValue(hours));
            var made = await client.PostAsync(Routes.ApiTokens, request, ApiJson.Default.ApiTokenRequest, ApiJson.Default.ApiTokenAnswer, stop);
            if (!made.Succeeded)
            {
                return ExitCodes.Say(made.Failure);
            }

            if (json)
            {
                JsonOut.Line(made.Value, ApiJson.Default.ApiTokenAnswer);
                return ExitCodes.Ok;
            }

            Console.WriteLine($"{made.Value.Secret}");
            Console.Error.WriteLine($"It counts until {Date(made.Value.Expires)}. Programs send it as 'Authorization: Bearer ...'; 'cete account end {made.Value.Session}' ends it.");
            return ExitCodes.Ok;
        });
    }

    private static Command MakeExport() => Verb("export", "Print all that is kept of your account, as JSON.", [], async (client, _, _, stop) =>
    {
        using var text = new MemoryStream();
        var got = await client.DownloadAsync(Routes.Me + "/export", text, stop);
        if (!got.Succeeded)
        {
            return ExitCodes.Say(got.Failure);
        }

        Console.WriteLine(System.Text.Encoding.UTF8.GetString(text.ToArray()));
        return ExitCodes.Ok;
    });

    private static Command MakeClose()
    {
        var sure = new Option<bool>("--yes") { Description = "Do not ask whether you are sure." };
        var password = Typed.PasswordFile();
        return Verb("close", "Close your account: what is personal is erased, and nobody else gets its name.", [sure, password], async (client, parsed, json, stop) =>
        {
            var who = await client.GetAsync(Routes.Me, ApiJson.Default.WhoAmI, stop);
            if (who is not { Succeeded: true, Value.Account: { } account })
            {
                return ExitCodes.Say(who.Failure ?? new Failure(FailureKind.Unauthenticated, "nobody is logged in"));
            }

            if (!parsed.GetValue(sure)
                && (Console.IsInputRedirected || Typed.Line($"This cannot be undone. Type the account's name, {account.Name}, to go on: ") is not { Succeeded: true, Value: var typed } || typed != account.Name))
            {
                return ExitCodes.Say(new Failure(FailureKind.Cancelled, "nothing was done; --yes closes it without asking"));
            }

            var secret = who.Value.HasPassword ? Typed.Password("Password: ", parsed.GetValue(password)) : string.Empty;
            return secret.Succeeded
                ? Changes.Say(
                    await client.CommandAsync(
                        HttpMethod.Post, Routes.Me + "/close", new PasswordRequest(secret.Value, null), ApiJson.Default.PasswordRequest,
                        ApiJson.Default.ChangeAnswer, stop),
                    json, "The account is closed.", "It was closed already.")
                : ExitCodes.Say(secret.Failure);
        });
    }

    private static Command MakeList() => Verb("list", "List who has an account.", [], async (client, _, json, stop) =>
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
                Console.WriteLine($"{account.Id}  {Date(account.Created)}  {EntryName.Show(account.Name),-20}  {string.Join(',', account.Roles)}{suspended}");
            }

            cursor = page.Value.Next;
        }
        while (cursor is not null);

        return ExitCodes.Ok;
    });

    private static Command MakeInvite()
    {
        var uses = new Option<int>("--uses") { Description = "How many it lets in, 1 to 1000.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var hours = new Option<int>("--hours") { Description = "How long it counts, 1 to 2160.", HelpName = "N", DefaultValueFactory = _ => 168 };
        var note = new Option<string?>("--note") { Description = "What it is for.", HelpName = "TEXT" };
        Common.MustBeWithin(uses, 1, 1_000);
        Common.MustBeWithin(hours, 1, 2_160);
        return Verb("invite", "Invite somebody: makes a text, and a link for browsers, by which an account can be made.", [uses, hours, note], async (client, parsed, json, stop) =>
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

            Console.WriteLine($"Until {Date(made.Value.Expires)}, hand over in private:");
            Console.WriteLine($"  cete register NAME --invitation {made.Value.Text}");
            Console.WriteLine($"or  {new Uri(client.Node, made.Value.Path)}");
            return ExitCodes.Ok;
        });
    }

    private static Command MakeRoles()
    {
        var name = new Argument<string>("NAME") { Description = "Whose." };
        var roles = new Argument<string[]>("ROLE") { Description = "Roles beside 'member'; none takes all away.", Arity = ArgumentArity.ZeroOrMore };
        return Verb("roles", "Give an account these roles and no others; signed with this device's key.", [name, roles], (client, parsed, json, stop) =>
            ActAsync(
                client, parsed.GetRequiredValue(name), account => new GovernAct.SetRoles(account, [.. parsed.GetValue(roles) ?? []]), "Done.", json, stop));
    }

    private static Command MakeSuspend()
    {
        var name = new Argument<string>("NAME") { Description = "Whom." };
        var reason = new Option<string>("--reason") { Description = "Why; the account is told.", HelpName = "TEXT", DefaultValueFactory = _ => string.Empty };
        return Verb("suspend", "Leave an account no more than a guest's rights; signed with this device's key.", [name, reason], (client, parsed, json, stop) =>
            ActAsync(
                client, parsed.GetRequiredValue(name), account => new GovernAct.Suspend(account, parsed.GetRequiredValue(reason)), "Suspended.", json, stop));
    }

    private static Command MakeResume()
    {
        var name = new Argument<string>("NAME") { Description = "Whom." };
        return Verb("resume", "Give a suspended account its rights back; signed with this device's key.", [name], (client, parsed, json, stop) =>
            ActAsync(client, parsed.GetRequiredValue(name), account => new GovernAct.Resume(account), "It has its rights again.", json, stop));
    }

    private static Command MakeRegistration()
    {
        var who = new Argument<string>("WHO") { Description = "open, invited or closed." };
        who.AcceptOnlyFromAmong("open", "invited", "closed");
        return Verb("registration", "Say who may register; signed with this device's key.", [who], (client, parsed, json, stop) =>
            ActAsync(client, null, _ => new GovernAct.SetRegistration(parsed.GetRequiredValue(who)), "Done.", json, stop));
    }

    private static Command MakeActs() => Verb("acts", "List what moderators and administrators did, the newest first.", [], async (client, _, json, stop) =>
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

                Console.WriteLine($"{Date(act.At)}  {act.By}  {act.Action,-16}  {EntryName.Show(act.Target)}  {EntryName.Show(act.Note)}");
            }

            cursor = page.Value.Next;
        }
        while (cursor is not null);

        return ExitCodes.Ok;
    });

    /// <summary>Signs an act with this device's key and hands it in.</summary>
    private static Task<int> ActAsync(
        NodeClient client, string? name, Func<string, GovernAct> make, string done, bool json, CancellationToken stop) =>
        LoginVerb.WithLoginsAsync(async logins =>
    {
        var who = await client.GetAsync(Routes.Me, ApiJson.Default.WhoAmI, stop);
        if (who is not { Succeeded: true, Value: { Account: { } self, CommunityId: var communityId } } || !KeyId.TryParse(communityId, out var community)
            || !AccountId.TryParse(self.Id, out var actor))
        {
            return ExitCodes.Say(who.Failure ?? new Failure(FailureKind.Unauthenticated, "nobody is logged in; log in with 'cete login NAME'"));
        }

        if (logins.Find(communityId) is not { DeviceKey: { } pem })
        {
            return ExitCodes.Say(new Failure(
                FailureKind.Forbidden, "this terminal has no key of your account, and acts like this are signed; do it where you registered"));
        }

        var target = name is null ? self : default;
        if (name is not null)
        {
            var found = await client.GetAsync($"{Routes.Accounts}/{Uri.EscapeDataString(name)}", ApiJson.Default.AccountInfo, stop);
            if (!found.Succeeded)
            {
                return ExitCodes.Say(found.Failure);
            }

            target = found.Value;
        }

        var key = NodeKey.FromPem(pem);
        if (!key.Succeeded)
        {
            return ExitCodes.Say(key.Failure);
        }

        using var device = key.Value;
        var counter = Instant.From(TimeProvider.System.GetUtcNow()).Microseconds;
        var statement = SignedStatement.Sign(device, community, GovernAct.Purpose, actor, counter, make(target!.Id).ToPayload());
        var acted = await client.CommandAsync(
            HttpMethod.Post, Routes.Acts, new StatementRequest(statement.ToArray()), ApiJson.Default.StatementRequest, ApiJson.Default.ChangeAnswer, stop);
        return Changes.Say(acted, json, done, "It was so already.");
    });

    private static Command Verb(
        string name, string description, IReadOnlyList<Symbol> symbols, Func<NodeClient, ParseResult, bool, CancellationToken, Task<int>> run)
    {
        var (node, trust, json) = (Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                verb.Add(argument);
            }
            else
            {
                verb.Add((Option)symbol);
            }
        }

        foreach (var option in new Option[] { node, trust, json })
        {
            verb.Add(option);
        }

        verb.SetAction(async (parsed, stop) =>
        {
            await using var client = Common.Connect(parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust));
            return await run(client, parsed, parsed.GetValue(json), stop);
        });
        return verb;
    }

    private static string Date(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
