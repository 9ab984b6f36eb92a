using System.CommandLine;
using Cete.Accounts;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;
using Cete.Net;
using Cete.Storage.Local;

namespace Cete.App.Verbs.Accounts;

/// <summary><c>cete account recovery-codes</c> and <c>recover</c>: the way back to one's own account, and how it is kept open.</summary>
internal static class RecoveryVerbs
{
    public static Command MakeCodes()
    {
        var password = Typed.PasswordFile();
        return AccountVerbs.Make(
            "recovery-codes",
            "Make new recovery codes; those from before count no longer. They are shown this once, and no node is told them. Signed with this device's key; "
            + "an account without a device is asked for its password instead.",
            [password],
            async (client, parsed, json, stop) =>
            {
                var listed = await client.GetAsync(Routes.Devices, ApiJson.Default.DeviceList, stop);
                if (!listed.Succeeded)
                {
                    return ExitCodes.Say(listed.Failure);
                }

                if (listed.Value.Devices.Any(device => device.Removed is null))
                {
                    return await OwnDevice.UseAsync(client, own => ReplaceAsync(client, keys => Signed(own, keys), json, stop), stop);
                }

                var typed = Typed.Password("Password: ", parsed.GetValue(password));
                return typed.Succeeded
                    ? await ReplaceAsync(client, keys => new RecoveryKeysRequest(keys, Password: typed.Value), json, stop)
                    : ExitCodes.Say(typed.Failure);
            });
    }

    public static Command MakeRecover()
    {
        var name = new Argument<string>("NAME") { Description = "The account's name." };
        var label = new Option<string>("--label")
        {
            Description = "What this terminal is called among the account's devices.",
            HelpName = "TEXT",
            DefaultValueFactory = _ => Environment.MachineName,
        };
        var (code, password, node, trust, json) = (Typed.CodeFile(), Typed.PasswordFile(), Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("recover", Common.WithExamples(
            "Come back to your account with a recovery code: sets a new password, makes this terminal a device of it, and logs in. All its sessions end, "
            + "a second factor is removed, and the code is used up. No node is shown the code.",
            "cete account recover anna",
            "cete account recover anna --code-file - --password-file new-password < code")) { name, label, code, password, node, trust, json };
        verb.SetAction((parsed, stop) => LoginVerb.WithLoginsAsync(async logins =>
        {
            var typed = Typed.Code(parsed.GetValue(code));
            var read = typed.Succeeded ? RecoveryCode.Parse(typed.Value) : typed.Failure;
            var fresh = read.Succeeded ? Typed.NewPassword(parsed.GetValue(password)) : read.Failure;
            if (!fresh.Succeeded)
            {
                return ExitCodes.Say(fresh.Failure);
            }

            await using var client = Common.ConnectAsGuest(parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust));
            var request = new RecoveryRequest(parsed.GetRequiredValue(name), fresh.Value);
            return await RecoverAsync(client, logins, request, read.Value, parsed.GetRequiredValue(label), parsed.GetValue(json), stop);
        }));
        return verb;
    }

    /// <summary>As many as an account is given at a time.</summary>
    public static List<RecoveryCode> Create() => [.. Enumerable.Range(0, RecoveryCode.CountDefault).Select(_ => RecoveryCode.Create())];

    /// <summary>Shows codes, this once.</summary>
    /// <param name="done">What was done.</param>
    /// <param name="codes">The codes.</param>
    /// <param name="said">Where.</param>
    public static void Say(string done, List<RecoveryCode> codes, TextWriter said)
    {
        said.WriteLine($"{done} With each of these codes it can be recovered once, should the password be lost.");
        said.WriteLine("Write them down and keep them offline; they are not told again:");
        foreach (var pair in codes.Chunk(2))
        {
            said.WriteLine($"  {string.Join("   ", pair.Select(code => code.ToString()))}");
        }
    }

    private static RecoveryKeysRequest Signed(OwnDevice own, List<byte[]> keys) =>
        new(keys, own.Sign(RecoveryKeysAct.Purpose, new RecoveryKeysAct([.. keys.Select(key => (ReadOnlyMemory<byte>)key)]).ToPayload()));

    private static async Task<int> ReplaceAsync(NodeClient client, Func<List<byte[]>, RecoveryKeysRequest> make, bool json, CancellationToken stop)
    {
        var codes = Create();
        var replaced = await client.CommandAsync(
            HttpMethod.Post, Routes.RecoveryKeys, make([.. codes.Select(code => code.PublicKey())]), ApiJson.Default.RecoveryKeysRequest,
            ApiJson.Default.ChangeAnswer, stop);
        if (!replaced.Succeeded)
        {
            return ExitCodes.Say(replaced.Failure);
        }

        if (json)
        {
            JsonOut.Line(new CodesMade([.. codes.Select(code => code.ToString())]), OutputJson.Default.CodesMade);
        }
        else
        {
            Say("The account has new recovery codes, and no others.", codes, Console.Out);
        }

        return ExitCodes.Ok;
    }

    private static async Task<int> RecoverAsync(
        NodeClient client, SessionBook logins, RecoveryRequest request, RecoveryCode code, string label, bool json, CancellationToken stop)
    {
        var who = await client.GetAsync(Routes.Me, ApiJson.Default.WhoAmI, stop);
        if (!who.Succeeded || !KeyId.TryParse(who.Value.CommunityId, out var community))
        {
            return ExitCodes.Say(who.Failure ?? new Failure(FailureKind.Unavailable, $"{client.Node} does not tell its community; is it a Cete node?"));
        }

        using var keys = DeviceKeys.Create();
        var statement = code.Sign(community, Instant.From(TimeProvider.System.GetUtcNow()).Microseconds, keys.ToDevice(community, label));
        var back = await client.CommandAsync(
            HttpMethod.Post, Routes.Recoveries, request with { Statement = statement.ToArray() }, ApiJson.Default.RecoveryRequest,
            ApiJson.Default.AccountInfo, stop);
        if (!back.Succeeded)
        {
            return ExitCodes.Say(back.Failure);
        }

        if (!json)
        {
            Console.WriteLine("The new password is set, and this terminal is a device of the account; 'cete account devices' lists the others.");
        }

        var login = new LogInRequest(back.Value.Name, request.Password, Label: Environment.MachineName, Device: keys.Id);
        return await LoginVerb.LogInAsync(client, logins, login, keys, json, stop);
    }
}
