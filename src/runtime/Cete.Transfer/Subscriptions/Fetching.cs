using Cete.Core;
using Cete.Ports;
using Cete.Ports.Folders;
using Cete.Transfer.Jobs;

namespace Cete.Transfer.Subscriptions;

/// <summary>
/// Has the files of subscriptions fetched by the queue of downloads: a few downloads of one at a time, so that a folder of a million entries fills neither
/// the queue nor the memory, and takes up how they ended.
/// </summary>
/// <param name="book">What is wanted.</param>
/// <param name="disk">The user's files.</param>
/// <param name="queue">Downloads.</param>
/// <param name="clock">The time.</param>
/// <param name="came">Told of each file that came.</param>
internal sealed class Fetching(
    ISubscriptionBook book, ISubscriberDisk disk, JobQueue queue, TimeProvider clock, Action<Subscription, SubscribedFile> came)
{
    /// <summary>Downloads of one subscription at a time.</summary>
    private const int JobsMax = 3;

    /// <summary>Files of one download.</summary>
    private const int FilesMax = 200;

    /// <summary>Files among which those of one folder are looked for.</summary>
    private const int WindowFiles = 10 * FilesMax;

    private const int AtOnce = 4;
    private const int PatienceSeconds = 60;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>Takes up downloads that have ended, and begins others.</summary>
    public Failure? Step(Subscription subscription) => Settle(subscription) ?? Begin(subscription);

    private Failure? Settle(Subscription subscription)
    {
        var queued = book.In(subscription.Id, WantedState.Queued, DateTimeOffset.MaxValue, JobsMax * FilesMax * 2);
        if (!queued.Succeeded)
        {
            return queued.Failure;
        }

        List<SubscribedFile> settled = [];
        foreach (var files in queued.Value.GroupBy(file => file.Job))
        {
            // A queue that forgot its downloads counts anew: one of that number may be another one.
            var job = queue.Find(files.Key) is { Succeeded: true, Value: var found } && found.Request.Subscription == subscription.Id ? found : null;
            var wanted = job?.Request.What.ToHashSet(StringComparer.Ordinal) ?? [];
            if (job?.HasEnded == false && files.All(file => wanted.Contains(file.Path)))
            {
                continue;
            }

            // Where each problem is one file's, the others came.
            var isTold = job?.State == JobState.Failed && job.Problems.All(problem => files.Any(file => IsOf(problem, file)));
            settled.AddRange(files.Select(file => Settle(file, wanted.Contains(file.Path) && job!.HasEnded ? job : null, isTold)));
        }

        if (settled.Count == 0 || book.Keep(settled) is not { } failure)
        {
            settled.ForEach(file =>
            {
                if (file.State == WantedState.There)
                {
                    came(subscription, file);
                }
            });
            return null;
        }

        return failure;
    }

    private static bool IsOf(JobProblem problem, SubscribedFile file) => problem.Path == file.Path || problem.Path == file.Local;

    private SubscribedFile Settle(SubscribedFile file, DownloadJob? job, bool isTold)
    {
        var problem = job?.Problems.FirstOrDefault(problem => IsOf(problem, file));
        var found = disk.Look(file.Local);
        var isThere = found?.Length == file.Length;
        if (job is { State: JobState.Done } || (isTold && problem is null && isThere))
        {
            // Whoever moved or changed it since has it for his own.
            var kept = isThere ? found!.Value.Modified : (DateTimeOffset?)null;
            return file with { State = WantedState.There, Job = 0, Tries = 0, Problem = null, Kept = kept, KeptLength = file.Length };
        }

        var isFinal = job?.State == JobState.Cancelled || problem?.Kind is FailureKind.Conflict or FailureKind.Forbidden or FailureKind.Invalid
            or FailureKind.TooLarge or FailureKind.Unpaid or FailureKind.NotFound or FailureKind.Unauthenticated or FailureKind.TakenDown;
        var message = problem?.Message
            ?? (job?.State == JobState.Cancelled ? "its download was cancelled" : job?.Problems is [var first, ..] ? first.Message : null);
        var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(20, 2 * file.Tries)));
        return isFinal
            ? file with { State = WantedState.Failed, Job = 0, Problem = message }
            : file with { State = WantedState.Wanted, Job = 0, Tries = file.Tries + 1, NotBefore = clock.GetUtcNow() + pause, Problem = message };
    }

    private Failure? Begin(Subscription subscription)
    {
        var running = queue.All().Count(job => job.Request.Subscription == subscription.Id && !job.HasEnded);
        for (; running < JobsMax; running++)
        {
            var wanted = book.In(subscription.Id, WantedState.Wanted, clock.GetUtcNow(), WindowFiles);
            if (wanted is not { Succeeded: true, Value: [var first, ..] })
            {
                return wanted.Failure;
            }

            var (folder, overwrite) = (Path.GetDirectoryName(first.Local)!, IsOurs(first));
            var alike = wanted.Value.Where(file => Path.GetDirectoryName(file.Local) == folder && IsOurs(file) == overwrite);
            List<SubscribedFile> files = [.. alike.Take(FilesMax)];
            var job = queue.Add(RequestOf(subscription, files, folder, overwrite));
            if (!job.Succeeded)
            {
                return job.Failure;
            }

            if (book.Keep([.. files.Select(file => file with { State = WantedState.Queued, Job = job.Value.Id })]) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private static JobRequest RequestOf(Subscription subscription, List<SubscribedFile> files, string folder, bool overwrite)
    {
        var (request, owners) = (subscription.Request, files.Select(file => file.Owner).Distinct(StringComparer.Ordinal).ToList());
        var price = request.MaxPrice > long.MaxValue / FilesMax ? long.MaxValue : request.MaxPrice * files.Count;
        return new JobRequest([.. files.Select(file => file.Path)], folder, overwrite, AtOnce, PatienceSeconds, request.Node, request.Trust, price)
        {
            Subscription = subscription.Id,
            Author = owners is [{ Length: > 0 } owner] ? owner : null,
        };
    }

    /// <summary>What stands there came from us, and nobody has changed it since: a newer version may take its place.</summary>
    private bool IsOurs(SubscribedFile file) => file.Kept is { } kept && disk.Look(file.Local) == (file.KeptLength, kept);
}
