using System.CommandLine;
using Cete.App.Output;
using Cete.Core;
using Cete.Net.Agent;
using Cete.Ports;

namespace Cete.App.Verbs.Downloads;

/// <summary><c>cete downloads show</c>: one download with its files and with whom it has to do.</summary>
internal static class ShowVerb
{
    private const int MapWidth = 48;
    private const int FilesShown = 20;

    public static Command Make()
    {
        var id = new Argument<long>("ID") { Description = "As 'cete downloads' shows it." };
        var json = Common.Json();
        var verb = new Command("show", Common.WithExamples(
            "One download with its files, which pieces of them are here, and who gives and gets how much.",
            "cete downloads show 3",
            "cete downloads show 3 --json    pieces as runs: the first one, and how many"))
        {
            id, json,
        };
        verb.SetAction((parsed, stop) => DownloadsVerb.WithAgentAsync(
            async agent =>
            {
                var number = parsed.GetRequiredValue(id);
                var job = await agent.FindAsync(number, stop);
                var details = await agent.LookAsync(number, stop);
                if ((job.Failure ?? details.Failure) is { } failure)
                {
                    return ExitCodes.Say(failure);
                }

                if (parsed.GetValue(json))
                {
                    JsonOut.Line(new JobShown(job.Value, details.Value), AgentJson.Default.JobShown);
                }
                else
                {
                    Print(job.Value, details.Value);
                }

                return ExitCodes.Ok;
            },
            stop));
        return verb;
    }

    private static void Print(DownloadJob job, JobDetails details)
    {
        foreach (var line in DownloadsText.Lines(job, job.State == JobState.Running ? details : null))
        {
            Console.WriteLine(line);
        }

        var from = job.FromInAll;
        Console.WriteLine($"      fetched {Units.Bytes(job.FetchedInAll)} in {Units.Seconds(TimeSpan.FromSeconds(job.Seconds))}: "
            + $"nodes {Units.Bytes(from.Nodes)}, peers {Units.Bytes(from.Peers)}, caches {Units.Bytes(from.Caches)}");
        if (job.State != JobState.Running)
        {
            foreach (var source in job.Progress.Sources)
            {
                Console.WriteLine($"      {source.Kind.ToString().ToLowerInvariant(),-7}  {Units.Bytes(source.Bytes),10}  {EntryName.Show(source.Address)}");
            }

            return;
        }

        Console.WriteLine($"      down {Units.Bytes(details.Down)}/s, up {Units.Bytes(details.Up)}/s");
        Console.WriteLine(details.FileCount > FilesShown ? $"Files, {FilesShown} of {details.FileCount}:" : "Files:");
        foreach (var file in details.Files.Take(FilesShown))
        {
            Console.WriteLine($"{file.Number,4}  {file.State.ToString().ToLowerInvariant(),-9}  {Map(file)}  {file.PiecesHere}/{file.Pieces}  "
                + EntryName.Show(Path.GetFileName(file.Path)));
        }

        Console.WriteLine("Peers:");
        foreach (var peer in details.Peers)
        {
            var share = peer.Share is { } has ? $"{has / 10} %" : "-";
            Console.WriteLine($"      {peer.Role.ToString().ToLowerInvariant(),-10}  {peer.Kind.ToString().ToLowerInvariant(),-5}  has {share,5}  "
                + $"gave {Units.Bytes(peer.Received),10} ({Units.Bytes(peer.Down)}/s)  got {Units.Bytes(peer.Sent),10} ({Units.Bytes(peer.Up)}/s)  "
                + $"{EntryName.Show(peer.Address)}{(peer.Key is { Length: > 8 } key ? " " + key[..8] : string.Empty)}");
        }
    }

    /// <summary>Which parts of it are here: '#' where all pieces are, '+' where some.</summary>
    private static string Map(JobFile file) =>
        "[" + string.Concat(file.Parts(MapWidth).Select(here => here == 0 ? '.' : here == 1_000 ? '#' : '+')) + "]";
}
