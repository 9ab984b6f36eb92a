using System.CommandLine;
using Cete.App.Output;
using Cete.Core;
using Cete.Net.Agent;

namespace Cete.App.Verbs.Share;

/// <summary><c>cete shares</c>: the folders that the agent shares.</summary>
internal static class SharesVerb
{
    public static Command Make()
    {
        var json = Common.Json();
        var verb = new Command("shares", Common.WithExamples(
            "List the folders that your agent shares.",
            "cete shares pause 2               nothing of it is sent or filed until 'resume 2'",
            "cete shares remove 2              its entries are taken out of the index; your files stay",
            "cete shares files 2               what became of its files"))
        {
            MakeChange("pause", "Stop sharing one for now.", "is paused"),
            MakeChange("resume", "Go on with one; what was refused is tried again.", "goes on"),
            MakeChange("remove", "End one: its entries are taken back as it was said when it was shared.", "is being removed"), MakeFiles(), json,
        };
        verb.SetAction((parsed, stop) => DownloadsVerb.WithAgentAsync(
            async agent =>
            {
                var all = await agent.SharesAsync(stop);
                if (!all.Succeeded)
                {
                    return ExitCodes.Say(all.Failure);
                }

                foreach (var one in all.Value.Shares)
                {
                    Print(one, parsed.GetValue(json));
                }

                return ExitCodes.Ok;
            },
            stop));
        return verb;
    }

    private static Command MakeChange(string name, string description, string done)
    {
        var (id, json) = (new Argument<long>("ID") { Description = "As 'cete shares' shows it." }, Common.Json());
        var verb = new Command(name, description) { id, json };
        verb.SetAction((parsed, stop) => DownloadsVerb.WithAgentAsync(
            async agent =>
            {
                var changed = await agent.ChangeShareAsync(parsed.GetRequiredValue(id), name, stop);
                if (!changed.Succeeded)
                {
                    return ExitCodes.Say(changed.Failure);
                }

                if (parsed.GetValue(json))
                {
                    JsonOut.Line(changed.Value, AgentJson.Default.ShareInfo);
                }
                else
                {
                    Console.WriteLine($"Share {changed.Value.Id} {done}.");
                }

                return ExitCodes.Ok;
            },
            stop));
        return verb;
    }

    private static Command MakeFiles()
    {
        var (id, json) = (new Argument<long>("ID") { Description = "As 'cete shares' shows it." }, Common.Json());
        var limit = new Option<int>("--limit") { Description = "Files at most, 1 to 10000.", DefaultValueFactory = _ => 50 };
        Common.MustBeWithin(limit, 1, 10_000);
        var verb = new Command("files", "List files of one, those that were found last first.") { id, limit, json };
        verb.SetAction((parsed, stop) => DownloadsVerb.WithAgentAsync(
            async agent =>
            {
                var files = await agent.SharedAsync(parsed.GetRequiredValue(id), parsed.GetValue(limit), stop);
                if (!files.Succeeded)
                {
                    return ExitCodes.Say(files.Failure);
                }

                foreach (var file in files.Value.Files)
                {
                    Print(file, parsed.GetValue(json));
                }

                return ExitCodes.Ok;
            },
            stop));
        return verb;
    }

    private static void Print(ShareInfo one, bool json)
    {
        if (json)
        {
            JsonOut.Line(one, AgentJson.Default.ShareInfo);
            return;
        }

        var waiting = one.Waiting > 0 ? $", {one.Waiting} to do" : string.Empty;
        var failed = one.Failed > 0 ? $", {one.Failed} left out" : string.Empty;
        Console.WriteLine(
            $"{one.Id,4}  {one.State,-7}  {EntryName.Show(one.Folder)} -> {EntryName.Show(one.To)}  ({one.Shared} files of {Units.Bytes(one.Bytes)}{waiting}{failed})");
        if (one.Problem is { } problem)
        {
            Console.WriteLine($"      {EntryName.Show(problem)}");
        }
    }

    private static void Print(SharedFileInfo file, bool json)
    {
        if (json)
        {
            JsonOut.Line(file, AgentJson.Default.SharedFileInfo);
            return;
        }

        var problem = file.Problem is { } why ? $"  {EntryName.Show(why)}" : string.Empty;
        Console.WriteLine($"{file.State,-7}  {Units.Bytes(file.Length),10}  {EntryName.Show(file.Local)}{problem}");
    }
}
