using System.CommandLine;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;

namespace Cete.App.Verbs.Accounts;

/// <summary>Passkeys of one's own account: a browser makes them, a terminal shows them and takes them away.</summary>
internal static class PasskeyVerbs
{
    public static Command Make()
    {
        var verb = AccountVerbs.Make("passkeys", "List your passkeys, by which a browser logs in.", [], async (client, _, json, stop) =>
        {
            var listed = await client.GetAsync(Routes.Passkeys, ApiJson.Default.PasskeyList, stop);
            if (!listed.Succeeded)
            {
                return ExitCodes.Say(listed.Failure);
            }

            foreach (var passkey in listed.Value.Passkeys)
            {
                if (json)
                {
                    JsonOut.Line(passkey, ApiJson.Default.PasskeyInfo);
                    continue;
                }

                var used = passkey.Used is { } at ? $"used {AccountVerbs.Date(at)}" : "never used";
                Console.WriteLine($"{passkey.Id}  added {AccountVerbs.Date(passkey.Added)}  {used}  {EntryName.Show(passkey.Label)}");
            }

            return ExitCodes.Ok;
        });
        verb.Add(MakeRemove());
        return verb;
    }

    private static Command MakeRemove()
    {
        var id = new Argument<string>("ID") { Description = "As 'cete account passkeys' shows it." };
        return AccountVerbs.Make("remove", "Remove a passkey: nobody logs in with it any more.", [id], async (client, parsed, json, stop) => Changes.Say(
            await client.DeleteAsync($"{Routes.Passkeys}/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", ApiJson.Default.ChangeAnswer, stop),
            json, "Nobody logs in with it any more.", "It was removed already."));
    }
}
