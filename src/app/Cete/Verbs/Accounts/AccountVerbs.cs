using System.CommandLine;
using System.Globalization;
using Cete.Net;

namespace Cete.App.Verbs.Accounts;

/// <summary>What the verbs of accounts share.</summary>
internal static class AccountVerbs
{
    /// <summary>A verb that speaks with a node in the user's session.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="description">What it does.</param>
    /// <param name="symbols">Its arguments and options, beside those that all have.</param>
    /// <param name="run">Does it: with the client, what was parsed, whether JSON is wanted; gives the exit code.</param>
    public static Command Make(
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

    /// <summary>A moment, as lists show it.</summary>
    public static string Date(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
