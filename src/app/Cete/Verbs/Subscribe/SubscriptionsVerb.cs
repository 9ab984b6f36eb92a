using System.CommandLine;
using Cete.App.Output;
using Cete.Core;
using Cete.Net.Agent;
using Cete.Ports.Folders;

namespace Cete.App.Verbs.Subscribe;

/// <summary><c>cete subscriptions</c>: the folders that the agent follows.</summary>
internal static class SubscriptionsVerb
{
    private static readonly KeptVerbs Verbs = new("subscriptions");

    public static Command Make() => Verbs.MakeList(
        Common.WithExamples(
            "List the folders that your agent follows, and what came of them.",
            "cete subscriptions pause 2        'resume 2' goes on from where it was",
            "cete subscriptions remove 2       the files stay",
            "cete subscriptions files 2        what it found last, and what became of it"),
        async (agent, stop) => (await agent.SubscriptionsAsync(stop)).Then(all => all.Subscriptions), AgentJson.Default.SubscriptionInfo, Print,
        MakeChange("pause", "Stop following one.", "is paused"),
        MakeChange("resume", "Go on with one: what was filed meanwhile comes.", "goes on"),
        MakeChange("remove", "End one; its files stay.", "is removed"),
        Verbs.MakeFiles(
            "List what one found last, the newest first.",
            async (agent, id, limit, stop) => (await agent.SubscribedAsync(id, limit, stop)).Then(found => found.Files), AgentJson.Default.SubscribedFile,
            Print));

    private static Command MakeChange(string what, string description, string done) => Verbs.MakeChange(
        what, description, (agent, id, stop) => agent.ChangeSubscriptionAsync(id, what, stop), AgentJson.Default.SubscriptionInfo,
        one => $"Subscription {one.Id} {done}.");

    private static void Print(SubscriptionInfo one)
    {
        var words = one.Words is { } said ? $" '{EntryName.Show(said)}'" : string.Empty;
        List<string> counts = [];
        foreach (var (count, what) in (ReadOnlySpan<(long, string)>)
            [(one.There, "there"), (one.Waiting, "to come"), (one.Failed, "failed"), (one.Noted, "noted"), (one.Gone, "gone")])
        {
            if (count > 0)
            {
                counts.Add($"{count} {what}");
            }
        }

        var came = counts.Count > 0 ? string.Join(", ", counts) : "nothing yet";
        Console.WriteLine($"{one.Id,4}  {one.State,-8}  {EntryName.Show(one.Folder)}{words} -> {EntryName.Show(one.To)}  ({came})");
        if (one.Problem is { } problem)
        {
            Console.WriteLine($"      {EntryName.Show(problem)}");
        }
    }

    private static void Print(SubscribedFile file)
    {
        var problem = file.Problem is { } why ? $"  {EntryName.Show(why)}" : string.Empty;
        Console.WriteLine(
            $"{file.Found.ToLocalTime():yyyy-MM-dd HH:mm}  {file.State.ToString().ToLowerInvariant(),-7}  {Units.Bytes(file.Length),10}  {EntryName.Show(file.Path)}{problem}");
    }
}
