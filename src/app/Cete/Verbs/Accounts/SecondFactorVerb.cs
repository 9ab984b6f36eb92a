using System.CommandLine;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;
using Cete.Net;

namespace Cete.App.Verbs.Accounts;

/// <summary><c>cete account second-factor</c>: whether logging in takes a code of an authenticator beside the password.</summary>
internal static class SecondFactorVerb
{
    public static Command Make() => new("second-factor", Common.WithExamples(
        "Have logging in take a code of your authenticator beside the password.",
        "cete account second-factor on                  shows a QR code, and asks for a first code",
        "cete account second-factor on --code 123456    confirms one that was begun before, for scripts",
        "cete account second-factor off                 takes a code too")) { MakeOn(), MakeOff() };

    private static Command MakeOn()
    {
        var code = CodeOption("A first code, which confirms a second factor that was begun before.");
        return AccountVerbs.Make("on", "Begin a second factor; it counts once a first code confirms it.", [code], async (client, parsed, json, stop) =>
        {
            if (parsed.GetValue(code) is { } handed)
            {
                return await ConfirmAsync(client, handed, json, stop);
            }

            var begun = await client.PostAsync(Routes.SecondFactor, ApiJson.Default.SecondFactorAnswer, stop);
            if (!begun.Succeeded)
            {
                return ExitCodes.Say(begun.Failure);
            }

            Show(begun.Value, json);
            if (Console.IsInputRedirected)
            {
                Console.Error.WriteLine("It counts once it is confirmed: cete account second-factor on --code DIGITS");
                return ExitCodes.Ok;
            }

            var typed = Typed.Line("Code that the authenticator shows: ");
            return typed.Succeeded ? await ConfirmAsync(client, typed.Value, json, stop) : ExitCodes.Say(typed.Failure);
        });
    }

    private static Command MakeOff()
    {
        var code = CodeOption("A code of it; asked for when absent.");
        return AccountVerbs.Make("off", "Remove the second factor; it takes a code of it.", [code], async (client, parsed, json, stop) =>
        {
            var typed = parsed.GetValue(code) is { } handed ? handed
                : Console.IsInputRedirected ? new Failure(FailureKind.Invalid, "there is no terminal to ask for the code; hand it in by --code DIGITS")
                : Typed.Line("Code of the second factor: ");
            return typed.Succeeded
                ? Changes.Say(
                    await SendAsync(client, HttpMethod.Delete, typed.Value, stop), json, "Logging in takes the password alone.", "There was none.")
                : ExitCodes.Say(typed.Failure);
        });
    }

    private static Option<string?> CodeOption(string description) => new("--code") { Description = description, HelpName = "DIGITS" };

    private static void Show(SecondFactorAnswer begun, bool json)
    {
        if (json)
        {
            JsonOut.Line(begun, ApiJson.Default.SecondFactorAnswer);
            return;
        }

        Console.WriteLine("Scan this with your authenticator, or type the secret into it:");
        Console.WriteLine(TerminalQrCode.Draw(begun.Uri, onLight: false));
        Console.WriteLine($"  {begun.Secret}");
    }

    private static async Task<int> ConfirmAsync(NodeClient client, string code, bool json, CancellationToken stop) => Changes.Say(
        await SendAsync(client, HttpMethod.Put, code, stop), json, "Logging in takes a code from now on; 'cete account second-factor off' ends that.",
        "It did already.");

    private static Task<Outcome<ChangeAnswer>> SendAsync(NodeClient client, HttpMethod method, string code, CancellationToken stop) => client.CommandAsync(
        method, Routes.SecondFactor, new CodeRequest(code), ApiJson.Default.CodeRequest, ApiJson.Default.ChangeAnswer, stop);
}
