using System.CommandLine;
using Cete.Actors;
using Cete.App.Output;
using Cete.App.Verbs.Get;
using Cete.Core;
using Cete.Net;
using Cete.Net.Tickets;
using Cete.Net.Tls;
using Cete.Storage.Local;
using Cete.Transfer;

namespace Cete.App.Verbs;

/// <summary><c>cete get</c>: fetches entries, folders, contents and what ID files name.</summary>
internal static class GetVerb
{
    public static Command Make()
    {
        var what = new Argument<string[]>("what")
        {
            Description =
            "Path of an entry or folder, root of a content, or an ID file (a file or its address).",
            HelpName = "WHAT",
            Arity = ArgumentArity.OneOrMore
        };
        var to = new Option<string>("--to", "-t") { Description = "Folder to save in; made when missing.", HelpName = "DIR", DefaultValueFactory = _ => "." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace files that are there with other content." };
        var atOnce = new Option<int>("--at-once") { Description = "Files fetched at the same time, 1 to 32.", DefaultValueFactory = _ => 4 };
        var patience = new Option<int>("--patience")
        {
            Description = "Seconds without a byte from anybody after which it gives up.",
            DefaultValueFactory = _ => 60
        };
        var (node, trust, json) = (Common.Node(), Common.Trust(), Common.Json());
        Common.MustNotBeEmpty(to);
        Common.MustBeWithin(atOnce, 1, 32);
        Common.MustBeWithin(patience, 1, 86_400);
        var verb = new Command("get", Common.WithExamples(
            "Fetch files, verified piece by piece. A file gets its name only when it is whole; run again after an interruption, it goes on where it was.",
            "cete get /videos/holiday.mp4",
            "cete get /recipes --to ~/cooking              a folder with all below",
            "cete get holiday.mp4.cete                     by ID file, also by its address",
            "cete get 3c55...e2 --to /tmp                  by root")) { what, to, overwrite, atOnce, patience, node, trust, json };
        verb.SetAction((parsed, stop) => RunAsync(
            new GetRequest(
                parsed.GetRequiredValue(what), parsed.GetRequiredValue(to), parsed.GetValue(overwrite), parsed.GetValue(atOnce),
                TimeSpan.FromSeconds(parsed.GetValue(patience)), parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust), parsed.GetValue(json)),
            stop));
        return verb;
    }

    public static async Task<int> RunAsync(GetRequest request, CancellationToken stop)
    {
        await using var node = Common.Connect(request.Node, request.Trust);
        using var peers = new PeerTransport(new NodeTickets(node, TimeProvider.System), TimeProvider.System);
        using var client = new HttpContentClient(request.Patience, TimeProvider.System, request.Trust, Common.Logins(), peers);
        using var bundles = new HttpBundleClient(request.Patience, TimeProvider.System, request.Trust, Common.Logins());
        await using var actors = new ActorSystem("get", new ActorSystemOptions());
        var fetcher = new Fetcher(new Downloader(actors, client), bundles, new LocalTargets(), request);
        var finder = new Finder(node, Path.GetFullPath(request.To), request);
        var start = TimeProvider.System.GetTimestamp();
        await ProgressView.RunAsync(
            request.Json,
            () => new ProgressState(fetcher.Current, fetcher.Done, finder.IsComplete ? fetcher.Total : null),
            async () =>
            {
                await fetcher.FetchAllAsync(finder.FindAsync(request.What, fetcher.Problems, stop), stop);
                return true;
            });
        return Report(request, fetcher, TimeProvider.System.GetElapsedTime(start), stop.IsCancellationRequested);
    }

    private static int Report(GetRequest request, Fetcher fetcher, TimeSpan elapsed, bool stopped)
    {
        var problems = fetcher.Problems.ToArray();
        if (request.Json)
        {
            JsonOut.Line(
                new GetSummary(
                    fetcher.Files, fetcher.AlreadyThere, fetcher.Done, fetcher.Fetched, elapsed.TotalSeconds,
                    [.. problems.Select(p => new ProblemLine(p.Path, p.Failure.Kind.ToString(), p.Failure.Message))]),
                OutputJson.Default.GetSummary);
        }
        else
        {
            foreach (var problem in problems.Where(p => p.Failure.Kind != FailureKind.Cancelled))
            {
                Console.Error.WriteLine($"cete: {EntryName.Show(problem.Path)}: {EntryName.Show(problem.Failure.Message)}");
            }

            Console.WriteLine(
                $"{fetcher.Files} files, {Units.Bytes(fetcher.Done)} verified in {Units.Seconds(elapsed)}; fetched {Units.Bytes(fetcher.Fetched)} ({Units.Rate(fetcher.Fetched, elapsed)})"
                + (fetcher.AlreadyThere > 0 ? $", {fetcher.AlreadyThere} were there already" : string.Empty));
        }

        if (stopped)
        {
            Console.Error.WriteLine("cete: stopped; the same command goes on from here");
            return ExitCodes.Cancelled;
        }

        return problems.Length == 0 ? ExitCodes.Ok
            : fetcher.Files == 0 && problems.Select(p => p.Failure.Kind).Distinct().Count() == 1 ? ExitCodes.Of(problems[0].Failure)
            : ExitCodes.Partly;
    }
}

/// <summary>What <c>cete get</c> was asked to do.</summary>
internal sealed record GetRequest(
    IReadOnlyList<string> What, string To, bool Overwrite, int AtOnce, TimeSpan Patience, Uri Node, TlsTrust Trust, bool Json);
