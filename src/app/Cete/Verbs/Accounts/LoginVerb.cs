using System.CommandLine;
using Cete.Accounts;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;
using Cete.Net;
using Cete.Ports;
using Cete.Storage.Local;

namespace Cete.App.Verbs.Accounts;

/// <summary><c>cete register</c>, <c>login</c>, <c>logout</c> and <c>whoami</c>: who the user of this terminal is, in a community.</summary>
internal static class LoginVerb
{
    public static Command MakeRegister()
    {
        var name = new Argument<string>("NAME") { Description = "What the account is to be called: 2 to 32 letters, digits, '.', '_' and '-'." };
        var invitation = new Option<string?>("--invitation") { Description = "An invitation, where the community wants one.", HelpName = "TEXT" };
        var shown = new Option<string?>("--display-name") { Description = "The name that others are shown.", HelpName = "TEXT" };
        var (password, node, trust, json) = (Typed.PasswordFile(), Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("register", Common.WithExamples(
            "Make an account in a community, and log in to it.",
            "cete register anna",
            "cete register anna --invitation cete_i_...")) { name, invitation, shown, password, node, trust, json };
        verb.SetAction((parsed, stop) => WithLoginsAsync(async logins =>
        {
            var typed = Typed.NewPassword(parsed.GetValue(password));
            if (!typed.Succeeded)
            {
                return ExitCodes.Say(typed.Failure);
            }

            await using var client = Common.Connect(parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust));
            var who = await client.GetAsync(Routes.Me, ApiJson.Default.WhoAmI, stop);
            if (!who.Succeeded)
            {
                return ExitCodes.Say(who.Failure);
            }

            if (!KeyId.TryParse(who.Value.CommunityId, out var community))
            {
                return ExitCodes.Say(new Failure(FailureKind.Unavailable, $"{client.Node} does not tell its community; is it a Cete node?"));
            }

            using var keys = DeviceKeys.Create();
            var codes = RecoveryVerbs.Create();
            var request = new RegisterRequest(
                parsed.GetRequiredValue(name), typed.Value, parsed.GetValue(shown), parsed.GetValue(invitation),
                keys.ToRequest(community, Environment.MachineName), [.. codes.Select(code => code.PublicKey())]);
            var made = await client.CommandAsync(
                HttpMethod.Post, Routes.Accounts, request, ApiJson.Default.RegisterRequest, ApiJson.Default.AccountInfo, stop);
            if (!made.Succeeded)
            {
                return ExitCodes.Say(made.Failure);
            }

            RecoveryVerbs.Say($"The account {made.Value.Name} is made.", codes, parsed.GetValue(json) ? Console.Error : Console.Out);
            var login = new LogInRequest(made.Value.Name, typed.Value, Label: Environment.MachineName, Device: keys.Id);
            return await LogInAsync(client, logins, login, keys, parsed.GetValue(json), stop);
        }));
        return verb;
    }

    public static Command Make()
    {
        var name = new Argument<string>("NAME") { Description = "The account's name." };
        var code = new Option<string?>("--code") { Description = "The six digits of the second factor; asked for where they are needed.", HelpName = "DIGITS" };
        var hours = new Option<int>("--hours") { Description = "How long the session counts, 1 to 2160.", HelpName = "N", DefaultValueFactory = _ => 720 };
        Common.MustBeWithin(hours, 1, 2_160);
        var (password, node, trust, json) = (Typed.PasswordFile(), Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("login", Common.WithExamples(
            "Log in to an account of a community. Every verb then acts for it, at each of the community's nodes.",
            "cete login anna",
            "cete login anna --password-file - < password")) { name, code, hours, password, node, trust, json };
        verb.SetAction((parsed, stop) => WithLoginsAsync(async logins =>
        {
            var typed = Typed.Password("Password: ", parsed.GetValue(password));
            if (!typed.Succeeded)
            {
                return ExitCodes.Say(typed.Failure);
            }

            await using var client = Common.ConnectAsGuest(parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust));
            var request = new LogInRequest(
                parsed.GetRequiredValue(name), typed.Value, parsed.GetValue(code), Environment.MachineName, parsed.GetValue(hours),
                await KnownDeviceAsync(client, logins, parsed.GetRequiredValue(name), stop));
            return await LogInAsync(client, logins, request, null, parsed.GetValue(json), stop);
        }));
        return verb;
    }

    public static Command MakeLogout()
    {
        var (node, trust, json) = (Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("logout", Common.WithExamples(
            "End the session of this terminal with a community. Its key stays here, for the next login.", "cete logout")) { node, trust, json };
        verb.SetAction((parsed, stop) => WithLoginsAsync(async logins =>
        {
            await using var client = Common.Connect(parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust));
            var who = await client.GetAsync(Routes.Me, ApiJson.Default.WhoAmI, stop);

            // A session that has ended by itself is logged out of, too.
            var community = who.Succeeded ? who.Value.CommunityId : await CommunityOfAsync(client, stop);
            if (community is null)
            {
                return ExitCodes.Say(who.Failure!);
            }

            var ended = who is { Succeeded: true, Value.Account: not null }
                ? await client.DeleteAsync(Routes.Sessions + "/current", ApiJson.Default.ChangeAnswer, stop)
                : new ChangeAnswer(false);
            if (logins.Find(community) is { } known && logins.Keep(known with { Secret = string.Empty }) is { } unkept)
            {
                return ExitCodes.Say(unkept);
            }

            return Changes.Say(ended, parsed.GetValue(json), "Logged out.", "Nobody was logged in.");
        }));
        return verb;
    }

    public static Command MakeWhoAmI()
    {
        var (node, trust, json) = (Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("whoami", Common.WithExamples(
            "Tell which account this terminal acts for, and what that may do.", "cete whoami", "cete whoami --json")) { node, trust, json };
        verb.SetAction(async (parsed, stop) =>
        {
            await using var client = Common.Connect(parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust));
            var who = await client.GetAsync(Routes.Me, ApiJson.Default.WhoAmI, stop);
            if (!who.Succeeded)
            {
                return ExitCodes.Say(who.Failure);
            }

            if (parsed.GetValue(json))
            {
                JsonOut.Line(who.Value, ApiJson.Default.WhoAmI);
                return ExitCodes.Ok;
            }

            var account = who.Value.Account;
            Console.WriteLine(account is null
                ? $"a guest of '{who.Value.Community}'; log in with 'cete login NAME', or make an account with 'cete register NAME'"
                : $"{account.Name} of '{who.Value.Community}' ({string.Join(", ", account.Roles)}), until {who.Value.Expires?.ToLocalTime():yyyy-MM-dd HH:mm}");
            Console.WriteLine($"  may       {string.Join(' ', who.Value.Rights)}");
            if (account?.Suspended is { } since)
            {
                Console.WriteLine($"  suspended since {since.ToLocalTime():yyyy-MM-dd HH:mm}{(account.SuspensionReason is { } why ? ": " + EntryName.Show(why) : string.Empty)}");
            }

            if (account is not null && !who.Value.HasPassword)
            {
                Console.WriteLine("  has no password yet: 'cete account password' sets one, to log in from elsewhere");
            }

            return ExitCodes.Ok;
        });
        return verb;
    }

    /// <summary>Runs with what this user is logged in to.</summary>
    public static Task<int> WithLoginsAsync(Func<SessionBook, Task<int>> run) => Common.Logins() is { } logins
        ? run(logins)
        : Task.FromResult(ExitCodes.Say(new Failure(FailureKind.NotFound, "this user has no folder for settings to keep a session in; set HOME or XDG_CONFIG_HOME")));

    private static async Task<string?> CommunityOfAsync(NodeClient client, CancellationToken stop) =>
        await client.GetAsync(Routes.Servers, ApiJson.Default.ServersAnswer, stop) is { Succeeded: true, Value.CommunityId: var community }
            ? community
            : null;

    /// <summary>The key that this terminal has of an account from an earlier time: a session on it ends when it is removed.</summary>
    private static async Task<string?> KnownDeviceAsync(NodeClient client, SessionBook logins, string name, CancellationToken stop) =>
        await client.GetAsync(Routes.Me, ApiJson.Default.WhoAmI, stop) is { Succeeded: true, Value.CommunityId: var community }
        && logins.Find(community) is { } known && string.Equals(known.Name, name, StringComparison.OrdinalIgnoreCase)
            ? DeviceKeys.IdOf(known)
            : null;

    /// <summary>Logs in and keeps the session; gives the exit code.</summary>
    /// <param name="client">Of a node of the community.</param>
    /// <param name="logins">Where the session is kept.</param>
    /// <param name="request">Who, and by what.</param>
    /// <param name="keys">This terminal's, where they are new; else those from before stay.</param>
    /// <param name="json">Says it for scripts.</param>
    /// <param name="stop">Ends the wait.</param>
    public static async Task<int> LogInAsync(
        NodeClient client, SessionBook logins, LogInRequest request, DeviceKeys? keys, bool json, CancellationToken stop)
    {
        var answer = await AskAsync(client, request, stop);
        if (answer.Failure is { } needed && needed.Message == AccountsService.SecondFactorNeeded.Message)
        {
            var code = Console.IsInputRedirected
                ? new Failure(needed.Kind, $"{needed.Message}; hand it in by --code DIGITS")
                : Typed.Line("Code of the second factor: ");
            answer = code.Succeeded ? await AskAsync(client, request with { SecondFactor = code.Value }, stop) : code.Failure;
        }

        if (!answer.Succeeded)
        {
            return ExitCodes.Say(answer.Failure);
        }

        var opened = answer.Value;
        var earlier = logins.Find(opened.CommunityId) is { } known && known.Account == opened.Account.Id ? known : null;
        var kept = logins.Keep(new KnownSession(
            opened.CommunityId, opened.Community, opened.Account.Id, opened.Account.Name, opened.Secret, opened.Expires,
            keys?.SigningPem ?? earlier?.DeviceKey, keys?.ExchangePem ?? earlier?.ExchangeKey));
        if (kept is not null)
        {
            return ExitCodes.Say(kept);
        }

        if (json)
        {
            JsonOut.Line(opened.Account, ApiJson.Default.AccountInfo);
        }
        else
        {
            Console.WriteLine($"Logged in to '{opened.Community}' as {opened.Account.Name}, until {opened.Expires.ToLocalTime():yyyy-MM-dd HH:mm}.");
        }

        return ExitCodes.Ok;
    }

    private static async Task<Outcome<LogInAnswer>> AskAsync(NodeClient client, LogInRequest request, CancellationToken stop)
    {
        var answer = await client.PostAsync(Routes.Sessions, request, ApiJson.Default.LogInRequest, ApiJson.Default.LogInAnswer, stop);

        // Of a key that was not approved yet, or was removed, there are no sessions; the account is its owner's all the same.
        return answer.Failure is { Kind: FailureKind.NotFound } && request.Device is not null
            ? await client.PostAsync(Routes.Sessions, request with { Device = null }, ApiJson.Default.LogInRequest, ApiJson.Default.LogInAnswer, stop)
            : answer;
    }
}
