using System.CommandLine;
using System.Text;
using Cete.App.Compose.Community;
using Cete.App.Output;
using Cete.Core;
using Cete.Storage;

namespace Cete.App.Verbs;

/// <summary><c>cete community recover-ca</c>: a node that may let others in, by the community's root key.</summary>
internal static class RecoverVerb
{
    public static Command Make()
    {
        var data = Common.Data();
        var key = new Option<string>("--root-key") { Description = "The file of the community's root key, as it was made with the community.", HelpName = "FILE", Required = true };
        var from = new Option<string?>("--passphrase-file")
        {
            Description = "File with the passphrase in its first line; without it the passphrase is asked for, or read from the input.",
            HelpName = "FILE",
        };
        var verb = new Command("recover-ca", Common.WithExamples(
            "Let a stopped node issue certificates, by the community's root key: when the node is gone for ever that could let others in, or its key is "
            + "lost or about to end. At its next start the node keeps the roster, from the copy that every node has.",
            "cete community recover-ca --data ~/cete --root-key community-root-key.pem")) { data, key, from };
        verb.SetAction(parsed =>
        {
            var file = parsed.GetRequiredValue(key);
            var text = PrivateFile.Read(file);
            if (!text.Succeeded || text.Value is null)
            {
                return ExitCodes.Say(text.Failure ?? new Failure(FailureKind.NotFound, $"there is no file {file}"));
            }

            var passphrase = ReadPassphrase(parsed.GetValue(from));
            return passphrase.Succeeded
                ? Say(Recovering.Run(Path.GetFullPath(parsed.GetRequiredValue(data)), Encoding.UTF8.GetString(text.Value), passphrase.Value))
                : ExitCodes.Say(passphrase.Failure);
        });
        return verb;
    }

    private static int Say(Outcome<Recovered> outcome)
    {
        if (!outcome.Succeeded)
        {
            return ExitCodes.Say(outcome.Failure);
        }

        var recovered = outcome.Value;
        Console.WriteLine($"Node {recovered.Node} can let others into the community '{recovered.Community}' again, by the issuing key {recovered.Issuer}.");
        Console.WriteLine("Start it with 'cete node'; the other nodes take it by themselves.");
        Console.WriteLine($"The administrator's key is {recovered.Administrator}.");
        Console.WriteLine("If another issuing key may be in wrong hands, 'cete community issuers' and 'cete community revoke-issuer' end it.");
        return ExitCodes.Ok;
    }

    private static Outcome<string> ReadPassphrase(string? file)
    {
        if (file is not null)
        {
            var text = PrivateFile.Read(file);
            return !text.Succeeded ? text.Failure
                : text.Value is { } bytes ? Encoding.UTF8.GetString(bytes).Split('\n')[0].Trim()
                : new Failure(FailureKind.NotFound, $"there is no file {file}");
        }

        if (Console.IsInputRedirected)
        {
            return Console.ReadLine()?.Trim() ?? string.Empty;
        }

        Console.Error.Write("Passphrase: ");
        var typed = new StringBuilder();
        for (var pressed = Console.ReadKey(intercept: true); pressed.Key != ConsoleKey.Enter; pressed = Console.ReadKey(intercept: true))
        {
            if (pressed.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (pressed.KeyChar >= ' ')
            {
                typed.Append(pressed.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
