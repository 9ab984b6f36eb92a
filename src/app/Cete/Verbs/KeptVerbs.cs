using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Cete.App.Output;
using Cete.Core;
using Cete.Net.Agent;

namespace Cete.App.Verbs;

/// <summary>What the verbs share of things that an agent keeps up for its user, each with a number and with files: shares, subscriptions.</summary>
/// <param name="name">What the verb is called that lists them.</param>
internal sealed class KeptVerbs(string name)
{
    /// <summary>Lists all of them.</summary>
    public Command MakeList<T>(
        string description, Func<AgentClient, CancellationToken, Task<Outcome<IReadOnlyList<T>>>> all, JsonTypeInfo<T> form, Action<T> print,
        params ReadOnlySpan<Command> below)
    {
        var json = Common.Json();
        var verb = new Command(name, description);
        foreach (var command in below)
        {
            verb.Add(command);
        }

        verb.Add(json);
        verb.SetAction((parsed, stop) => DownloadsVerb.WithAgentAsync(
            async agent => Say(await all(agent, stop), parsed.GetValue(json), form, print), stop));
        return verb;
    }

    /// <summary>Does something with one of them.</summary>
    public Command MakeChange<T>(
        string what, string description, Func<AgentClient, long, CancellationToken, Task<Outcome<T>>> change, JsonTypeInfo<T> form, Func<T, string> done)
    {
        var (id, json) = (MakeId(), Common.Json());
        var verb = new Command(what, description) { id, json };
        verb.SetAction((parsed, stop) => DownloadsVerb.WithAgentAsync(
            async agent => Say(
                (await change(agent, parsed.GetRequiredValue(id), stop)).Then<IReadOnlyList<T>>(one => [one]), parsed.GetValue(json), form,
                one => Console.WriteLine(done(one))),
            stop));
        return verb;
    }

    /// <summary>Lists files of one of them.</summary>
    public Command MakeFiles<T>(
        string description, Func<AgentClient, long, int, CancellationToken, Task<Outcome<IReadOnlyList<T>>>> files, JsonTypeInfo<T> form, Action<T> print)
    {
        var (id, json) = (MakeId(), Common.Json());
        var limit = new Option<int>("--limit") { Description = "Files at most, 1 to 10000.", DefaultValueFactory = _ => 50 };
        Common.MustBeWithin(limit, 1, 10_000);
        var verb = new Command("files", description) { id, limit, json };
        verb.SetAction((parsed, stop) => DownloadsVerb.WithAgentAsync(
            async agent => Say(await files(agent, parsed.GetRequiredValue(id), parsed.GetValue(limit), stop), parsed.GetValue(json), form, print), stop));
        return verb;
    }

    private Argument<long> MakeId() => new("ID") { Description = $"As 'cete {name}' shows it." };

    private static int Say<T>(Outcome<IReadOnlyList<T>> found, bool json, JsonTypeInfo<T> form, Action<T> print)
    {
        if (!found.Succeeded)
        {
            return ExitCodes.Say(found.Failure);
        }

        foreach (var one in found.Value)
        {
            if (json)
            {
                JsonOut.Line(one, form);
            }
            else
            {
                print(one);
            }
        }

        return ExitCodes.Ok;
    }
}
