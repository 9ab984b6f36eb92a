using System.CommandLine;
using Cete.Api;
using Cete.App.Output;
using Cete.Core;
using Cete.Net;
using Cete.Storage;

namespace Cete.App.Verbs;

/// <summary><c>cete node drain</c>: takes the replicas of a node away from it before it is stopped for long.</summary>
internal static class DrainVerb
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    public static Command Make()
    {
        var undo = new Option<bool>("--undo") { Description = "Let the node have replicas again." };
        var noWait = new Option<bool>("--no-wait") { Description = "Do not wait until it has none." };
        var (data, node, trust, json) = (Common.Data(), Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("drain", Common.WithExamples(
            "Take a node out of service: its roots hand over, and others take the places of its replicas. When it has none any more it can be stopped "
            + "without anybody noticing. It stays so over restarts, until --undo.",
            "cete node drain --data ~/cete",
            "cete node drain --data ~/cete --undo")) { undo, noWait, data, node, trust, json };
        verb.SetAction((parsed, stop) => Common.SignAsync(
            new TrustFolder(Path.GetFullPath(parsed.GetRequiredValue(data))).PathOf(TrustFolder.Node), parsed.GetRequiredValue(node),
            parsed.GetRequiredValue(trust),
            async client =>
            {
                if (parsed.GetValue(undo))
                {
                    var undone = await client.DeleteAsync(Routes.Drain, ApiJson.Default.ChangeAnswer, stop);
                    return Changes.Say(undone, parsed.GetValue(json), "The node may have replicas again.", "It did not drain.");
                }

                var begun = await client.PostAsync(Routes.Drain, ApiJson.Default.ChangeAnswer, stop);
                return !begun.Succeeded ? ExitCodes.Say(begun.Failure)
                    : parsed.GetValue(noWait) ? Changes.Say(begun, parsed.GetValue(json), "The node drains.", "It drains already.")
                    : await WaitAsync(client, parsed.GetValue(json), stop);
            }));
        return verb;
    }

    private static async Task<int> WaitAsync(NodeClient client, bool json, CancellationToken stop)
    {
        var said = string.Empty;
        while (true)
        {
            var status = await client.GetAsync(Routes.Status, ApiJson.Default.NodeStatus, stop);
            var groups = status.Succeeded ? await client.GetAsync(Routes.Groups, ApiJson.Default.GroupsAnswer, stop) : status.Failure;
            if (!groups.Succeeded)
            {
                return ExitCodes.Say(groups.Failure);
            }

            var left = groups.Value.Groups.Where(group => group.Replicas.Any(replica => replica.Node == status.Value.Node)).ToList();
            if (left.Count == 0)
            {
                return Changes.Say(new ChangeAnswer(true), json, "The node has no replicas any more; it can be stopped.", string.Empty);
            }

            var alone = left.Where(group => group.Replicas.Count == 1).ToList();
            if (alone.Count > 0)
            {
                return ExitCodes.Say(new Failure(
                    FailureKind.Conflict,
                    $"no other node has a replica of {string.Join(", ", alone.Select(group => $"'{group.Name}'"))}: let another one with that role join first; until then this one stays"));
            }

            var saying = $"It still has {string.Join(", ", left.Select(group => $"'{group.Name}'"))}.";
            if (!json && saying != said)
            {
                Console.Error.WriteLine(said = saying);
            }

            await Task.Delay(LookInterval, TimeProvider.System, stop);
        }
    }
}
