using System.CommandLine;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;
using Cete.Net;

namespace Cete.App.Verbs;

/// <summary><c>cete link</c>: an address by which anybody downloads one content for a while.</summary>
internal static class LinkVerb
{
    private const int MebibytesMax = 1 << 30;

    public static Command Make()
    {
        var what = new Argument<string>("WHAT") { Description = "Path of an entry, or root of a content." };
        var hours = new Option<int>("--hours") { Description = "How long it counts, 1 to 720.", HelpName = "N", DefaultValueFactory = _ => 24 };
        var cap = new Option<int>("--cap")
        {
            Description = "MiB that one node sends for it altogether; 0 for no bound. Where contents cost credits, you pay for up to as much.",
            HelpName = "MIB",
            DefaultValueFactory = _ => 0,
        };
        Common.MustBeWithin(hours, 1, 720);
        Common.MustBeWithin(cap, 0, MebibytesMax);
        var (node, trust, json) = (Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("link", Common.WithExamples(
            "Make an address by which anybody can download one content, with a browser, curl or a download manager, until it ends.",
            "cete link /videos/holiday.mp4",
            "cete link /videos/holiday.mp4 --hours 2 --cap 5000")) { what, hours, cap, node, trust, json };
        verb.SetAction(async (parsed, stop) =>
        {
            await using var client = Common.Connect(parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust));
            var found = await FindAsync(client, parsed.GetRequiredValue(what), stop);
            if (!found.Succeeded)
            {
                return ExitCodes.Say(found.Failure);
            }

            var request = new CapabilityRequest(found.Value.Root, found.Value.Name, parsed.GetValue(hours), (long)parsed.GetValue(cap) << 20);
            var made = await client.PostAsync(Routes.Capabilities, request, ApiJson.Default.CapabilityRequest, ApiJson.Default.CapabilityAnswer, stop);
            return made.Succeeded ? Say(client, made.Value, parsed.GetValue(json)) : ExitCodes.Say(made.Failure);
        });
        return verb;
    }

    private static async Task<Outcome<(string Root, string? Name)>> FindAsync(NodeClient client, string what, CancellationToken stop)
    {
        if (Hash256.TryParse(what, out var root))
        {
            return (root.ToString(), (string?)null);
        }

        var path = EntryPath.Parse(what);
        if (!path.Succeeded)
        {
            return path.Failure;
        }

        var entry = await client.GetAsync(
            $"{Routes.EntryByPath}?path={Uri.EscapeDataString(path.Value.ToString())}", ApiJson.Default.EntryInfo, stop);
        return entry.Then(known => (known.Root, (string?)known.Name));
    }

    private static int Say(NodeClient client, CapabilityAnswer made, bool json)
    {
        if (json)
        {
            JsonOut.Line(made, ApiJson.Default.CapabilityAnswer);
            return ExitCodes.Ok;
        }

        Console.WriteLine(new Uri(client.Node, made.Path).AbsoluteUri);
        Console.Error.WriteLine($"Whoever has it can download until {made.Until:yyyy-MM-dd HH:mm} UTC; it cannot be taken back before.");
        return ExitCodes.Ok;
    }
}
