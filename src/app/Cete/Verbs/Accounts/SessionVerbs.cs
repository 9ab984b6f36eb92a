using System.CommandLine;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;

namespace Cete.App.Verbs.Accounts;

/// <summary>Sessions and tokens of one's own account.</summary>
internal static class SessionVerbs
{
    public static Command MakeSessions() => AccountVerbs.Make("sessions", "List your sessions and tokens.", [], async (client, _, json, stop) =>
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
                $"{session.Id}  {session.Kind,-8}  until {AccountVerbs.Date(session.Expires)}  {EntryName.Show(session.Label)}{rights}{(session.IsCurrent ? "  (this one)" : string.Empty)}");
        }

        return ExitCodes.Ok;
    });

    public static Command MakeEnd()
    {
        var id = new Argument<string>("ID") { Description = "As 'cete account sessions' shows it." };
        return AccountVerbs.Make("end", "End a session or token of yours.", [id], async (client, parsed, json, stop) => Changes.Say(
            await client.DeleteAsync($"{Routes.Sessions}/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", ApiJson.Default.ChangeAnswer, stop),
            json, "It has ended; nodes that knew it a moment ago refuse it within three seconds.", "It had ended already."));
    }

    public static Command MakeToken()
    {
        var label = new Argument<string>("LABEL") { Description = "What it is for." };
        var rights = new Option<string?>("--rights") { Description = "What it is narrowed to, separated by commas; all that you may otherwise.", HelpName = "RIGHTS" };
        var hours = new Option<int>("--hours") { Description = "How long it counts, 1 to 8760.", HelpName = "N", DefaultValueFactory = _ => 720 };
        Common.MustBeWithin(hours, 1, 8_760);
        return AccountVerbs.Make("token", "Make a token by which a program acts for you. It is shown this once.", [label, rights, hours], async (client, parsed, json, stop) =>
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
            Console.Error.WriteLine($"It counts until {AccountVerbs.Date(made.Value.Expires)}. Programs send it as 'Authorization: Bearer ...'; 'cete account end {made.Value.Session}' ends it.");
            return ExitCodes.Ok;
        });
    }
}
