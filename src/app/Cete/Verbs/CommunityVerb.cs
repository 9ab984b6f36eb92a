using System.CommandLine;
using Cete.Api;
using Cete.App.Output;

namespace Cete.App.Verbs;

/// <summary><c>cete community</c>: who belongs to it.</summary>
internal static class CommunityVerb
{
    public static Command Make() => new("community", Common.WithExamples(
        "Remove nodes from the community, and let them in again.",
        "cete community remove 4due3egc67x2ccop6n3weh6thozqbgoq --reason \"sold\"",
        "cete community readmit 4due3egc67x2ccop6n3weh6thozqbgoq")) { MakeRemove(), MakeReadmit() };

    private static Command MakeRemove()
    {
        var reason = new Option<string?>("--reason") { Description = "Why; the node and all others are told.", HelpName = "TEXT" };
        var (id, node, trust, json) = (Id(), Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("remove", "Remove a node: all others refuse it within seconds, whatever certificate it has. 'readmit' undoes it.")
        {
            id, reason, node, trust, json,
        };
        verb.SetAction(async (parsed, stop) =>
        {
            await using var client = Common.Connect(parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust));
            var removed = await client.CommandAsync(
                HttpMethod.Post, Removal(parsed.GetRequiredValue(id)), new RemoveNodeRequest(parsed.GetValue(reason)),
                ApiJson.Default.RemoveNodeRequest, ApiJson.Default.ChangeAnswer, stop);
            return Changes.Say(removed, parsed.GetValue(json), "The node is removed.", "It was removed already.");
        });
        return verb;
    }

    private static Command MakeReadmit()
    {
        var (id, node, trust, json) = (Id(), Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("readmit", "Let a removed node in again.") { id, node, trust, json };
        verb.SetAction(async (parsed, stop) =>
        {
            await using var client = Common.Connect(parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust));
            var back = await client.DeleteAsync(Removal(parsed.GetRequiredValue(id)), ApiJson.Default.ChangeAnswer, stop);
            return Changes.Say(back, parsed.GetValue(json), "The node may come back.", "It was not removed.");
        });
        return verb;
    }

    private static Argument<string> Id() => new("ID") { Description = "Id of the node, as 'cete servers' shows it." };

    private static string Removal(string node) => $"{Routes.Nodes}/{Uri.EscapeDataString(node)}/removal";
}
