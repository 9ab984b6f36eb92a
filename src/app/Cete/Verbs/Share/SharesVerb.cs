using System.CommandLine;
using Cete.App.Output;
using Cete.Core;
using Cete.Net.Agent;

namespace Cete.App.Verbs.Share;

/// <summary><c>cete shares</c>: the folders that the agent shares.</summary>
internal static class SharesVerb
{
    private static readonly KeptVerbs Verbs = new("shares");

    public static Command Make() => Verbs.MakeList(
        Common.WithExamples(
            "List the folders that your agent shares.",
            "cete shares pause 2               nothing of it is sent or filed until 'resume 2'",
            "cete shares remove 2              its entries are taken out of the index; your files stay",
            "cete shares files 2               what became of its files"),
        async (agent, stop) => (await agent.SharesAsync(stop)).Then(all => all.Shares), AgentJson.Default.ShareInfo, Print,
        MakeChange("pause", "Stop sharing one for now.", "is paused"),
        MakeChange("resume", "Go on with one; what was refused is tried again.", "goes on"),
        MakeChange("remove", "End one: its entries are taken back as it was said when it was shared.", "is being removed"),
        Verbs.MakeFiles(
            "List files of one, those that were found last first.",
            async (agent, id, limit, stop) => (await agent.SharedAsync(id, limit, stop)).Then(found => found.Files), AgentJson.Default.SharedFileInfo,
            Print));

    private static Command MakeChange(string what, string description, string done) => Verbs.MakeChange(
        what, description, (agent, id, stop) => agent.ChangeShareAsync(id, what, stop), AgentJson.Default.ShareInfo, one => $"Share {one.Id} {done}.");

    private static void Print(ShareInfo one)
    {
        var waiting = one.Waiting > 0 ? $", {one.Waiting} to do" : string.Empty;
        var failed = one.Failed > 0 ? $", {one.Failed} left out" : string.Empty;
        Console.WriteLine(
            $"{one.Id,4}  {one.State,-7}  {EntryName.Show(one.Folder)} -> {EntryName.Show(one.To)}  ({one.Shared} files of {Units.Bytes(one.Bytes)}{waiting}{failed})");
        if (one.Problem is { } problem)
        {
            Console.WriteLine($"      {EntryName.Show(problem)}");
        }
    }

    private static void Print(SharedFileInfo file)
    {
        var problem = file.Problem is { } why ? $"  {EntryName.Show(why)}" : string.Empty;
        Console.WriteLine($"{file.State,-7}  {Units.Bytes(file.Length),10}  {EntryName.Show(file.Local)}{problem}");
    }
}
