using Cete.App.Output;
using Cete.Core;
using Cete.Ledger;
using Cete.Ports;

namespace Cete.App.Verbs.Get;

/// <summary>What <c>cete get</c> says of a download while it runs and when it has ended, whoever carried it out.</summary>
internal static class GetReport
{
    /// <summary>How far it is, for the bar.</summary>
    public static ProgressState StateOf(JobProgress progress) => new(progress.Current, progress.Done, progress.Total);

    /// <summary>Says how it ended; returns the exit code.</summary>
    public static int Say(JobProgress progress, IReadOnlyList<JobProblem> problems, TimeSpan elapsed, bool json, bool isStopped)
    {
        if (json)
        {
            JsonOut.Line(
                new GetSummary(
                    progress.Files, progress.AlreadyThere, progress.Done, progress.Fetched, elapsed.TotalSeconds,
                    [.. problems.Select(p => new ProblemLine(p.Path, p.Kind.ToString(), p.Message))], progress.Paid, progress.Sources),
                OutputJson.Default.GetSummary);
        }
        else
        {
            foreach (var problem in problems.Where(p => p.Kind != FailureKind.Cancelled))
            {
                Console.Error.WriteLine($"cete: {EntryName.Show(problem.Path)}: {EntryName.Show(problem.Message)}");
            }

            Console.WriteLine(
                $"{progress.Files} files, {Units.Bytes(progress.Done)} verified in {Units.Seconds(elapsed)}; fetched {Units.Bytes(progress.Fetched)} ({Units.Rate(progress.Fetched, elapsed)})"
                + (progress.Sources.Count > 1 ? $" from {progress.Sources.Count} peers" : string.Empty)
                + (progress.AlreadyThere > 0 ? $", {progress.AlreadyThere} were there already" : string.Empty)
                + (progress.Paid > 0 ? $"; {Credits.Counted(progress.Paid, "credit was", "credits were")} paid" : string.Empty));
        }

        if (isStopped)
        {
            Console.Error.WriteLine("cete: stopped; the same command goes on from here");
            return ExitCodes.Cancelled;
        }

        return problems.Count == 0 ? ExitCodes.Ok
            : progress.Files == 0 && problems.Select(p => p.Kind).Distinct().Count() == 1 ? ExitCodes.Of(new Failure(problems[0].Kind, problems[0].Message))
            : ExitCodes.Partly;
    }
}
