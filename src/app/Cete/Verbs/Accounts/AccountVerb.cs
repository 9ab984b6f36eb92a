using System.CommandLine;
using Cete.Accounts;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;
using Cete.Net;

namespace Cete.App.Verbs.Accounts;

/// <summary><c>cete account</c>: one's own account, and for those who keep order, those of others.</summary>
internal static class AccountVerb
{
    public static Command Make() => new("account", Common.WithExamples(
        "Look after your account; and, with the right to it, after others.",
        "cete account password                     change it, or set the first one",
        "cete account sessions                     where you are logged in; 'cete account end ID' ends one",
        "cete account devices                      which keys may sign for you; 'cete account device add' asks for another",
        "cete account passkeys                     by which browsers log in; 'cete account passkeys remove ID' takes one away",
        "cete account recovery-codes               make new ones, by which the account can be recovered",
        "cete account second-factor on             logging in then takes a code of your authenticator too",
        "cete account recover anna                 with a recovery code: a new password, and this terminal as a device",
        "cete account token backup --rights index.read",
        "cete account list",
        "cete account roles anna moderator         an administrator gives roles",
        "cete account role grant member tracker.own-node",
        "cete account suspend anna --reason spam   a moderator stops somebody",
        "cete account registration invited         who may register: open, invited or closed"))
    {
        MakePassword(), SessionVerbs.MakeSessions(), SessionVerbs.MakeEnd(), SessionVerbs.MakeToken(), DeviceVerbs.MakeList(), DeviceVerbs.Make(),
        PasskeyVerbs.Make(),
        RecoveryVerbs.MakeCodes(), RecoveryVerbs.MakeRecover(), SecondFactorVerb.Make(), MakeExport(), MakeClose(), GovernVerbs.MakeList(),
        GovernVerbs.MakeInvite(), GovernVerbs.MakeRoles(), GovernVerbs.MakeSuspend(), GovernVerbs.MakeResume(), GovernVerbs.MakeRegistration(),
        GovernVerbs.MakeActs(), RoleVerbs.Make(),
    };

    private static Command MakePassword()
    {
        var old = new Option<string?>("--old-password-file") { Description = "File whose first line is the password until now.", HelpName = "FILE" };
        var fresh = Typed.PasswordFile();
        return AccountVerbs.Make("password", "Change the password. All other sessions end.", [old, fresh], async (client, parsed, json, stop) =>
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

    private static Command MakeExport() => AccountVerbs.Make("export", "Print all that is kept of your account, as JSON.", [], async (client, _, _, stop) =>
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
        return AccountVerbs.Make("close", "Close your account: what is personal is erased, and nobody else gets its name.", [sure, password], async (client, parsed, json, stop) =>
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
            return secret.Succeeded ? await CloseAsync(client, account, secret.Value, json, stop) : ExitCodes.Say(secret.Failure);
        });
    }

    /// <summary>A device signs it, where the account has one.</summary>
    private static async Task<int> CloseAsync(NodeClient client, AccountInfo account, string password, bool json, CancellationToken stop)
    {
        var devices = await client.GetAsync(Routes.Devices, ApiJson.Default.DeviceList, stop);
        return !devices.Succeeded ? ExitCodes.Say(devices.Failure)
            : devices.Value.Devices.All(device => device.Removed is not null) ? await SendAsync(null)
            : await OwnDevice.UseAsync(client, own => SendAsync(own.Sign(CloseAct.Purpose, new CloseAct(account.Id).ToPayload())), stop);

        async Task<int> SendAsync(byte[]? statement) => Changes.Say(
            await client.CommandAsync(
                HttpMethod.Post, Routes.Me + "/close", new CloseRequest(password, statement), ApiJson.Default.CloseRequest, ApiJson.Default.ChangeAnswer,
                stop),
            json, "The account is closed.", "It was closed already.");
    }
}
