using System.CommandLine;
using Cete.App.Agent;
using Cete.App.Output;
using Cete.Core;
using Cete.Net.Agent;

namespace Cete.App.Verbs;

/// <summary><c>cete agent</c>: the process that carries a user's downloads out.</summary>
internal static class AgentVerb
{
    internal static readonly Failure NoFolder = new(
        FailureKind.NotFound, $"this user has no folder for settings, where an agent lives; name one by {Common.SettingsVariable} in the environment");

    public static Command Make() => new("agent", Common.WithExamples(
        "Your agent carries your downloads out, follows folders for you and shares yours, one process for all terminals. It gives back what you downloaded. It is started when it is needed, and ends when there is nothing to do, or a day after anybody wanted something of it.",
        "cete agent status",
        "cete agent limits --up 2MiB        at most so much is sent a second",
        "cete agent start                  after the machine was started, to give back what you have",
        "cete agent stop                   what runs goes on when it starts again",
        $"{AgentPlace.Variable}=off cete get /videos      does without it, as --foreground does"))
    {
        MakeRun(), MakeStart(), MakeStatus(), LimitsVerb.Make(), MakeStop(),
    };

    private static Command MakeRun()
    {
        var verb = new Command("run", "Run it here, as other verbs start it by themselves.");
        verb.SetAction(async (_, stop) =>
        {
            var failure = AgentPlace.Find() is { } place ? await AgentHost.RunAsync(place, stop) : NoFolder;
            return failure is null ? ExitCodes.Ok : ExitCodes.Say(failure);
        });
        return verb;
    }

    private static Command MakeStatus() => MakeAsk("status", "Tell whether it runs, since when, and what it does.", async (agent, json, stop) =>
    {
        return Say(await agent.InfoAsync(stop), json, Describe);
    });

    private static Command MakeStart() => MakeAsk("start", "Start it where none runs: it goes on with what waits, and gives back.", async (_, json, stop) =>
    {
        var opened = await AgentPlace.Find()!.OpenAsync(stop);
        if (!opened.Succeeded)
        {
            return ExitCodes.Say(opened.Failure);
        }

        using var agent = opened.Value;
        return Say(await agent.InfoAsync(stop), json, Describe);
    });

    private static string Describe(AgentInfo known) =>
        $"It runs since {known.Started.ToLocalTime():yyyy-MM-dd HH:mm} as process {known.Process}: {known.Running} downloads run, {known.Waiting} wait{Followed(known)}. "
        + $"Other peers reach it at {known.Address}; they got {Units.Bytes(known.Sent)} of it. "
        + $"It sends {Units.Bytes(known.Sending)}/s of {LimitsVerb.Words(known.Up)}, and fetches {Units.Bytes(known.Fetching)}/s of {LimitsVerb.Words(known.Down)}.";

    private static string Followed(AgentInfo info) =>
        (info.Subscriptions > 0 ? $"; it follows {Folders(info.Subscriptions)}" : string.Empty)
        + (info.Shares > 0 ? $"; it shares {Folders(info.Shares)}" : string.Empty)
        + (info.Given > 0 ? $"; it gives back {(info.Given == 1 ? "one file" : $"{info.Given} files")}" : string.Empty);

    private static string Folders(int count) => count == 1 ? "one folder" : $"{count} folders";

    private static Command MakeStop() => MakeAsk("stop", "Stop it; what runs goes on when it starts again.", async (agent, json, stop) =>
        Say(await agent.StopAsync(stop), json, _ => "It stops."));

    private static Command MakeAsk(string name, string description, Func<AgentClient, bool, CancellationToken, Task<int>> ask)
    {
        var json = Common.Json();
        var verb = new Command(name, description) { json };
        verb.SetAction(async (parsed, stop) =>
        {
            if (AgentPlace.Find() is not { } place)
            {
                return ExitCodes.Say(NoFolder);
            }

            using var agent = new AgentClient(place.Socket);
            return await ask(agent, parsed.GetValue(json), stop);
        });
        return verb;
    }

    private static int Say(Outcome<AgentInfo> info, bool json, Func<AgentInfo, string> text)
    {
        if (!info.Succeeded)
        {
            return ExitCodes.Say(info.Failure);
        }

        if (json)
        {
            JsonOut.Line(info.Value, AgentJson.Default.AgentInfo);
        }
        else
        {
            Console.WriteLine(text(info.Value));
        }

        return ExitCodes.Ok;
    }
}
