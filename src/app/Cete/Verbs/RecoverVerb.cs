using System.CommandLine;
using System.Text;
using Cete.App.Compose.Community;
using Cete.App.Output;
using Cete.Core;
using Cete.Storage;

namespace Cete.App.Verbs;

/// <summary><c>cete community recover-ca</c> and <c>rebuild</c>: a node that goes on for a community, by the community's root key.</summary>
internal static class RecoverVerb
{
    public static Command Make() => Make(
        "recover-ca",
        "Let a stopped node issue certificates, by the community's root key: when the node is gone for ever that could let others in, or its key is "
        + "lost or about to end. At its next start the node keeps the roster: with those that keep it too, or from the copy that every node has.",
        "cete community recover-ca --data ~/cete --root-key community-root-key.pem",
        _ => ExitCodes.Ok);

    /// <summary>What is left when most nodes are gone for ever.</summary>
    public static Command MakeRebuild() => Make(
        "rebuild",
        "Bring a community back from one stopped node that is left of it, by the community's root key: the node issues certificates from then on, and "
        + "goes on alone with every service that it has a replica of. Choose the node whose replicas are the newest; others that come back are told apart "
        + "from it ('cete doctor' shows them) and must be made anew.",
        "cete community rebuild --data ~/cete --root-key community-root-key.pem",
        data => GroupVerb.Recover(data, null, all: true));

    private static Command Make(string name, string description, string example, Func<string, int> then)
    {
        var data = Common.Data();
        var key = new Option<string>("--root-key") { Description = "The file of the community's root key, as it was made with the community.", HelpName = "FILE", Required = true };
        var from = new Option<string?>("--passphrase-file")
        {
            Description = "File with the passphrase in its first line; without it the passphrase is asked for, or read from the input.",
            HelpName = "FILE",
        };
        var verb = new Command(name, Common.WithExamples(description, example)) { data, key, from };
        verb.SetAction(parsed =>
        {
            var file = parsed.GetRequiredValue(key);
            var text = PrivateFile.Read(file);
            if (!text.Succeeded || text.Value is null)
            {
                return ExitCodes.Say(text.Failure ?? new Failure(FailureKind.NotFound, $"there is no file {file}"));
            }

            var passphrase = ReadPassphrase(parsed.GetValue(from));
            var path = Path.GetFullPath(parsed.GetRequiredValue(data));
            var said = passphrase.Succeeded
                ? Say(Recovering.Run(path, Encoding.UTF8.GetString(text.Value), passphrase.Value))
                : ExitCodes.Say(passphrase.Failure);
            return said == ExitCodes.Ok ? then(path) : said;
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
