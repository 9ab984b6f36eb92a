using System.Globalization;
using Cete.App.Output;
using Cete.Core;
using Cete.Ports;
using Cete.Transfer.Jobs;

namespace Cete.App.Verbs.Downloads;

/// <summary>Downloads as people read them.</summary>
internal static class DownloadsText
{
    private const int ProblemsShown = 3;

    /// <summary>Those that run, those that wait in their order, those that are paused, and then what ended.</summary>
    public static IEnumerable<DownloadJob> InOrder(IReadOnlyList<DownloadJob> jobs) =>
    [
        .. jobs.Where(job => !job.HasEnded)
            .OrderBy(job => job.State == JobState.Running ? 0 : job.State == JobState.Waiting ? 1 : 2).ThenBy(job => job, JobOrder.Turns),
        .. jobs.Where(job => job.HasEnded),
    ];

    /// <summary>One of them, in a line and those of its problems.</summary>
    /// <param name="job">The download.</param>
    /// <param name="details">What it does now; null where it does not run.</param>
    /// <param name="bar">Characters of a bar; 0 for none.</param>
    public static IEnumerable<string> Lines(DownloadJob job, JobDetails? details, int bar = 0)
    {
        var progress = job.Progress;
        var drawn = bar > 0 ? Bar(progress.Total is > 0 and var all ? (double)progress.Done / all : 0, bar) + " " : string.Empty;
        var rate = details is not null ? "  " + Units.Bytes(details.Down) + "/s" + Left(details) : string.Empty;
        yield return $"{job.Id,4}  {Word(job),-9}  {drawn}{Share(progress.Done, progress.Total),5}  {Units.Bytes(progress.Done),10}{rate}  {Named(job)}";
        foreach (var problem in job.Problems.Take(ProblemsShown))
        {
            yield return $"      {EntryName.Show(problem.Path)}: {EntryName.Show(problem.Message)}";
        }
    }

    /// <summary>One that ended, in a line.</summary>
    public static string History(DownloadJob job)
    {
        var (from, fetched) = (job.FromInAll, job.FetchedInAll);
        (string Name, long Bytes)[] kinds = [("nodes", from.Nodes), ("peers", from.Peers), ("caches", from.Caches)];
        var given = string.Join(", ", kinds.Where(kind => kind.Bytes > 0).Select(kind => $"{kind.Name} {Units.Bytes(kind.Bytes)}"));
        var time = TimeSpan.FromSeconds(job.Seconds);
        var ended = job.Ended?.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "-";
        return $"{job.Id,4}  {job.State.ToString().ToLowerInvariant(),-9}  {ended,-16}  {Units.Seconds(time),9}  "
            + $"{Units.Bytes(job.Progress.Done),10}  {Units.Rate(fetched, time),12}  {Named(job)}" + (given.Length > 0 ? $"  (from {given})" : string.Empty);
    }

    /// <summary>What is fetched, and where to.</summary>
    public static string Named(DownloadJob job) =>
        EntryName.Show(job.Request.What[0]) + (job.Request.What.Count > 1 ? $" and {job.Request.What.Count - 1} more" : string.Empty)
        + $" -> {EntryName.Show(job.Request.To)}";

    /// <summary>"12 %"; a dash where the whole is not known.</summary>
    public static string Share(long done, long? total) =>
        total is > 0 and var all ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(100.0 * done / all):0} %") : "-";

    /// <summary>A bar of so many characters.</summary>
    public static string Bar(double share, int width)
    {
        var full = Math.Clamp((int)(share * width), 0, width);
        return "[" + new string('#', full) + new string('.', width - full) + "]";
    }

    /// <summary>How it stands, and how soon it has its turn where that is not the usual.</summary>
    private static string Word(DownloadJob job) => job.State.ToString().ToLowerInvariant()
        + (job.HasEnded || job.Priority == JobPriority.Normal ? string.Empty : job.Priority == JobPriority.High ? " !" : " ~");

    private static string Left(JobDetails details) => details.SecondsLeft is { } left && left < TimeSpan.FromDays(30).TotalSeconds
        ? $", {Units.Seconds(TimeSpan.FromSeconds(left))} left" : string.Empty;
}
