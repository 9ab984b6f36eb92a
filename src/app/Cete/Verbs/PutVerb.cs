using System.CommandLine;
using Cete.App.Output;
using Cete.Core;
using Cete.Net;
using Cete.Net.Tls;
using Cete.Ports;
using Cete.Storage.Local;
using Cete.Transfer;

namespace Cete.App.Verbs;

/// <summary><c>cete put</c>: puts files and folders into the community.</summary>
internal static class PutVerb
{
    public static Command Make()
    {
        var paths = new Argument<string[]>("paths")
        {
            Description = "Files and folders; folders with all below.",
            HelpName = "FILE-OR-FOLDER",
            Arity = ArgumentArity.OneOrMore
        };
        var to = new Option<string>("--to", "-t")
        {
            Description = "Folder of the index to file them in; made when missing.",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => "/"
        };
        var description = new Option<string>("--description") { Description = "Said of each entry.", DefaultValueFactory = _ => string.Empty };
        var tags = new Option<string[]>("--tag") { Description = "A tag for each entry; may be given several times.", DefaultValueFactory = _ => [] };
        var (node, trust, json) = (Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("put", Common.WithExamples(
            "Put files into the community: their content goes to the node, what it has already is not sent again, and each gets an entry in the index. Run again after an interruption, it goes on where it was.",
            "cete put holiday.mp4 --to /videos --tag family",
            "cete put ~/recipes                            the folder with all below, as /recipes")) { paths, to, description, tags, node, trust, json };
        paths.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.Length == 0))
            {
                result.AddError("a file or folder has a name; one that was given is empty");
            }
        });
        verb.SetAction((parsed, stop) => RunAsync(
            new PutRequest(
                parsed.GetRequiredValue(paths), parsed.GetRequiredValue(to), parsed.GetRequiredValue(description), parsed.GetRequiredValue(tags),
                parsed.GetRequiredValue(node), parsed.GetRequiredValue(trust), parsed.GetValue(json)),
            stop));
        return verb;
    }

    public static async Task<int> RunAsync(PutRequest request, CancellationToken stop)
    {
        var folder = EntryPath.Parse(request.To);
        if (!folder.Succeeded)
        {
            return ExitCodes.Say(folder.Failure);
        }

        await using var node = Common.Connect(request.Node, request.Trust);
        var files = new LocalFiles();
        var publisher = new Publisher(files, new NodePublishTarget(node));
        var progress = new PublishProgress();
        var total = new Total();
        var start = TimeProvider.System.GetTimestamp();
        var outcome = await ProgressView.RunAsync(
            request.Json,
            () => new ProgressState(progress.Current.Length == 0 ? "looking" : Path.GetFileName(progress.Current), progress.Bytes, total.Bytes),
            async () =>
            {
                // The total is counted beside the work, so that the first file does not wait for the last to be found.
                var items = request.Paths.SelectMany(files.Walk);
                using var counted = CancellationTokenSource.CreateLinkedTokenSource(stop);
                var counting = Task.Run(() => total.Count(request.Paths.SelectMany(files.Walk), counted.Token), counted.Token);
                var done = await publisher.PublishAsync(items, new PublishOrder(folder.Value, request.Description, request.Tags), progress, stop);
                await counted.CancelAsync();
                await counting.ContinueWith(_ => { }, TaskScheduler.Default);
                return done;
            });
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        Report(request, publisher, progress, elapsed);
        return outcome.Failure is { } failure ? ExitCodes.Say(failure)
            : publisher.Problems.Count == 0 ? ExitCodes.Ok
            : progress.Files == publisher.Problems.Count && publisher.Problems.Count == 1 ? ExitCodes.Of(publisher.Problems[0].Failure)
            : ExitCodes.Partly;
    }

    private static void Report(PutRequest request, Publisher publisher, PublishProgress progress, TimeSpan elapsed)
    {
        var good = progress.Files - publisher.Problems.Count;
        if (request.Json)
        {
            var problems = publisher.Problems.Select(p => new ProblemLine(p.Path, p.Failure.Kind.ToString(), p.Failure.Message)).ToList();
            JsonOut.Line(
                new PutSummary(good, progress.Bytes, progress.SentBytes, progress.KnownFiles, progress.Unchanged, elapsed.TotalSeconds, problems),
                OutputJson.Default.PutSummary);
            return;
        }

        foreach (var problem in publisher.Problems)
        {
            Console.Error.WriteLine($"cete: {EntryName.Show(problem.Path)}: {EntryName.Show(problem.Failure.Message)}");
        }

        Console.WriteLine(
            $"{good} files, {Units.Bytes(progress.Bytes)} in {Units.Seconds(elapsed)} ({Units.Rate(progress.Bytes, elapsed)}); "
            + $"sent {Units.Bytes(progress.SentBytes)}, {progress.KnownFiles} known already, {progress.Unchanged} filed already"
            + (publisher.Problems.Count > 0 ? $", {publisher.Problems.Count} left out" : string.Empty));
    }

    /// <summary>The size of everything, once it has been counted.</summary>
    private sealed class Total
    {
        private long _bytes = -1;

        public long? Bytes => Interlocked.Read(ref _bytes) is var bytes and >= 0 ? bytes : null;

        public void Count(IEnumerable<LocalItem> items, CancellationToken stop)
        {
            var sum = 0L;
            foreach (var item in items)
            {
                stop.ThrowIfCancellationRequested();
                sum += item.Length;
            }

            Interlocked.Exchange(ref _bytes, sum);
        }
    }
}

/// <summary>What <c>cete put</c> was asked to do.</summary>
internal sealed record PutRequest(
    IReadOnlyList<string> Paths, string To, string Description, IReadOnlyList<string> Tags, Uri Node, TlsTrust Trust, bool Json);
