using System.CommandLine;
using Cete.Accounts;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;
using Cete.Net;
using Cete.Storage.Local;

namespace Cete.App.Verbs.Accounts;

/// <summary><c>cete account devices</c> and <c>device</c>: which keys sign for one's own account, and how another comes in.</summary>
internal static class DeviceVerbs
{
    public static Command MakeList() => AccountVerbs.Make("devices", "List the devices that may sign for your account.", [], async (client, _, json, stop) =>
    {
        var listed = await client.GetAsync(Routes.Devices, ApiJson.Default.DeviceList, stop);
        if (!listed.Succeeded)
        {
            return ExitCodes.Say(listed.Failure);
        }

        var here = await HereAsync(client, stop);
        foreach (var device in listed.Value.Devices)
        {
            if (json)
            {
                JsonOut.Line(device, ApiJson.Default.DeviceInfo);
                continue;
            }

            var removed = device.Removed is { } at ? $"  removed {AccountVerbs.Date(at)}" : string.Empty;
            var own = device.Id == here ? "  (this terminal)" : string.Empty;
            Console.WriteLine($"{device.Id}  since {AccountVerbs.Date(device.Added)}  {EntryName.Show(device.Label)}{removed}{own}");
        }

        return ExitCodes.Ok;
    });

    public static Command Make() => new("device", Common.WithExamples(
        "Make this terminal a device that signs for your account, let another one in, or remove one. What gives rights is signed, so it takes a device.",
        "cete account device add                   on the new terminal, logged in: prints a text",
        "cete account device approve cete_d_...    on a terminal that is a device already",
        "cete account device remove ID             as 'cete account devices' shows it; its sessions end")) { MakeAdd(), MakeApprove(), MakeRemove() };

    private static Command MakeAdd()
    {
        var label = new Option<string>("--label")
        {
            Description = "What the device is called in lists.",
            HelpName = "TEXT",
            DefaultValueFactory = _ => Environment.MachineName,
        };
        var qr = new Option<bool>("--qr") { Description = "Show the text as a QR code too." };
        var password = Typed.PasswordFile();
        return AccountVerbs.Make(
            "add",
            "Ask that this terminal become a device. It keeps a key, and prints a text that another device approves; the text is no secret. The first device "
            + "comes in by your password.",
            [label, qr, password],
            (client, parsed, json, stop) => LoginVerb.WithLoginsAsync(
                logins => AskAsync(client, logins, parsed.GetRequiredValue(label), parsed.GetValue(password), parsed.GetValue(qr), json, stop)));
    }

    private static Command MakeApprove()
    {
        var text = new Argument<string>("TEXT") { Description = "What the new device shows: it begins with cete_d_." };
        var sure = new Option<bool>("--yes") { Description = "Do not ask whether it is the right device." };
        return AccountVerbs.Make(
            "approve", "Let another device sign for your account from now on; signed with this one's key.", [text, sure],
            (client, parsed, json, stop) => OwnDevice.UseAsync(client, async own =>
            {
                var asked = PendingDevice.Parse(parsed.GetRequiredValue(text), own.Community);
                if (!asked.Succeeded)
                {
                    return ExitCodes.Say(asked.Failure);
                }

                if (!parsed.GetValue(sure) && !IsMeant(asked.Value, own.Self.Name))
                {
                    return ExitCodes.Say(new Failure(FailureKind.Cancelled, "nothing was done; --yes approves it without asking"));
                }

                return Changes.Say(
                    await ChangeAsync(client, HttpMethod.Post, own, new DeviceAct.Add(asked.Value), stop), json, "It may sign for your account now.",
                    "It might already.");
            }, stop));
    }

    private static Command MakeRemove()
    {
        var id = new Argument<string>("ID") { Description = "As 'cete account devices' shows it; not this terminal's own." };
        return AccountVerbs.Make(
            "remove", "Remove a device: it signs no more, and its sessions end; signed with this one's key.", [id],
            (client, parsed, json, stop) => OwnDevice.UseAsync(client, async own => Changes.Say(
                await ChangeAsync(client, HttpMethod.Delete, own, new DeviceAct.Remove(parsed.GetRequiredValue(id)), stop), json, "It is removed.",
                "It was removed already."), stop));
    }

    private static Task<Outcome<ChangeAnswer>> ChangeAsync(NodeClient client, HttpMethod method, OwnDevice own, DeviceAct act, CancellationToken stop) =>
        client.CommandAsync(
            method, Routes.Devices, new StatementRequest(own.Sign(DeviceAct.Purpose, act.ToPayload())), ApiJson.Default.StatementRequest,
            ApiJson.Default.ChangeAnswer, stop);

    private static bool IsMeant(NewDevice device, string account)
    {
        Console.Error.WriteLine($"The device '{EntryName.Show(device.Label)}' asks to sign for your account {account}. Its key is");
        Console.Error.WriteLine($"  {KeyId.Of(device.SigningKey.Span)}");
        Console.Error.WriteLine("which the device itself shows too. Whoever has it can do everything in your name.");
        return !Console.IsInputRedirected && Typed.Line("Approve it? Type yes: ") is { Succeeded: true, Value: "yes" };
    }

    /// <summary>Nobody could approve it: the password does.</summary>
    private static async Task<int> AddFirstAsync(
        NodeClient client, DeviceRequest device, bool hasPassword, string? passwordFile, bool json, CancellationToken stop)
    {
        var password = hasPassword ? Typed.Password("Password: ", passwordFile) : string.Empty;
        return password.Succeeded
            ? Changes.Say(
                await client.CommandAsync(
                    HttpMethod.Post, Routes.FirstDevice, new FirstDeviceRequest(device, hasPassword ? password.Value : null),
                    ApiJson.Default.FirstDeviceRequest, ApiJson.Default.ChangeAnswer, stop),
                json, "This terminal is the first device of your account: it may sign for it now.", "It might already.")
            : ExitCodes.Say(password.Failure);
    }

    private static async Task<int> AskAsync(
        NodeClient client, SessionBook logins, string label, string? password, bool qr, bool json, CancellationToken stop)
    {
        var who = await client.GetAsync(Routes.Me, ApiJson.Default.WhoAmI, stop);
        if (who is not { Succeeded: true, Value: { Account: not null, CommunityId: var id } } || !KeyId.TryParse(id, out var community)
            || logins.Find(id) is not { } known)
        {
            return ExitCodes.Say(who.Failure ?? OwnDevice.NotLoggedIn);
        }

        var listed = await client.GetAsync(Routes.Devices, ApiJson.Default.DeviceList, stop);
        if (!listed.Succeeded)
        {
            return ExitCodes.Say(listed.Failure);
        }

        var devices = listed.Value.Devices;
        var own = devices.FirstOrDefault(device => device.Id == DeviceKeys.IdOf(known));
        if (own is { Removed: null })
        {
            return ExitCodes.Say(new Failure(FailureKind.Conflict, "this terminal is a device of your account already; see 'cete account devices'"));
        }

        // Asked again it is the same key, until that was removed: what was shown first can still be approved.
        var kept = own is null ? DeviceKeys.Open(known) : null;
        using var keys = kept ?? DeviceKeys.Create();
        if (kept is null && logins.Keep(known with { DeviceKey = keys.SigningPem, ExchangeKey = keys.ExchangePem }) is { } unkept)
        {
            return ExitCodes.Say(unkept);
        }

        if (devices.All(device => device.Removed is not null))
        {
            return await AddFirstAsync(client, keys.ToRequest(community, label), who.Value.HasPassword, password, json, stop);
        }

        Tell(new DeviceAsked(keys.Id, PendingDevice.ToText(keys.ToDevice(community, label))), qr, json);
        return ExitCodes.Ok;
    }

    private static void Tell(DeviceAsked asked, bool qr, bool json)
    {
        if (json)
        {
            JsonOut.Line(asked, OutputJson.Default.DeviceAsked);
            return;
        }

        Console.WriteLine(asked.Text);
        if (qr)
        {
            Console.WriteLine(TerminalQrCode.Draw(asked.Text.ToUpperInvariant(), onLight: false));
        }

        Console.Error.WriteLine($"This terminal's key is {asked.Device}. On a device of your account:");
        Console.Error.WriteLine("  cete account device approve TEXT");
    }

    /// <summary>Names this terminal's key in the community; null where it has none.</summary>
    private static async Task<string?> HereAsync(NodeClient client, CancellationToken stop) =>
        await client.GetAsync(Routes.Me, ApiJson.Default.WhoAmI, stop) is { Succeeded: true, Value.CommunityId: var community }
        && Common.Logins()?.Find(community) is { } known
            ? DeviceKeys.IdOf(known)
            : null;
}
