using Cete.Core;
using Cete.Ports;

namespace Cete.Transfer.Jobs;

/// <summary>Carries a download out.</summary>
public interface IJobRunner
{
    /// <summary>
    /// Fetches; the problems that were met, none when everything is there, and at least one when it was stopped before. What came stays, to go on from there.
    /// </summary>
    /// <param name="request">What.</param>
    /// <param name="tell">Is given what tells how far it is; asked from any thread until it ends, and once more then.</param>
    /// <param name="stop">Stops it.</param>
    Task<IReadOnlyList<JobProblem>> RunAsync(JobRequest request, Action<Func<JobProgress>> tell, CancellationToken stop);
}

/// <summary>
/// The downloads of a user, in the order in which he asked for them, a few at a time. They survive the process: what was running goes on when it starts
/// again. For several callers at once.
/// </summary>
public sealed class JobQueue : IAsyncDisposable
{
    /// <summary>Downloads that run at a time: each fetches several files.</summary>
    public const int RunningMax = 3;

    /// <summary>Downloads that are kept, those that have ended included.</summary>
    public const int CountMax = 1_000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, Entry> _jobs = [];
    private readonly IJobBook _book;
    private readonly IJobRunner _runner;
    private readonly TimeProvider _clock;
    private bool _isStopping;

    /// <summary>Takes up what the book has, and goes on with it.</summary>
    public JobQueue(IJobBook book, IJobRunner runner, TimeProvider clock)
    {
        (_book, _runner, _clock) = (book, runner, clock);
        lock (_gate)
        {
            foreach (var job in book.All().TakeLast(CountMax))
            {
                _jobs[job.Id] = new Entry(job.State == JobState.Running ? job with { State = JobState.Waiting } : job);
            }

            StartNext();
        }
    }

    /// <summary>Told of each download that has ended or was stopped, outside of all locks.</summary>
    public event Action<DownloadJob>? Ended;

    /// <summary>Nothing runs or waits.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return _jobs.Values.All(entry => entry.Job.State is not (JobState.Running or JobState.Waiting));
            }
        }
    }

    /// <summary>All downloads as they stand now, the oldest first.</summary>
    public IReadOnlyList<DownloadJob> All()
    {
        lock (_gate)
        {
            return [.. _jobs.Values.Select(entry => entry.Now(_clock))];
        }
    }

    /// <summary>One of them.</summary>
    public Outcome<DownloadJob> Find(long id)
    {
        lock (_gate)
        {
            return _jobs.TryGetValue(id, out var entry) ? entry.Now(_clock) : NoSuch(id);
        }
    }

    /// <summary>Adds one, or goes on with an earlier one that asked for the same. It is kept before this returns.</summary>
    public Outcome<DownloadJob> Add(JobRequest request)
    {
        lock (_gate)
        {
            var earlier = _jobs.Values.LastOrDefault(entry => entry.Job.Request.IsFor(request) && entry.Job.State != JobState.Done);
            if (earlier is { Job.State: JobState.Running or JobState.Waiting })
            {
                return AllowMore(earlier, request);
            }

            if (earlier is null && _jobs.Count >= CountMax && !ForgetOldest())
            {
                return new Failure(FailureKind.Full, $"{CountMax} downloads wait or are paused; cancel some first");
            }

            var job = earlier is null
                ? new DownloadJob(_jobs.Keys.LastOrDefault() + 1, request, JobState.Waiting, _clock.GetUtcNow(), null, JobProgress.None, 0, [])
                : earlier.Job with { Request = request, State = JobState.Waiting, Ended = null };
            if (_book.Keep(job) is { } unkept)
            {
                return unkept;
            }

            var entry = earlier ?? (_jobs[job.Id] = new Entry(job));
            entry.Job = job;
            StartNext();
            return entry.Now(_clock);
        }
    }

    /// <summary>Stops one until it is told to go on; what came stays.</summary>
    public Outcome<DownloadJob> Pause(long id) => Change(id, JobState.Paused, from: [JobState.Running, JobState.Waiting]);

    /// <summary>Goes on with one that was paused, or failed.</summary>
    public Outcome<DownloadJob> Resume(long id) => Change(id, JobState.Waiting, from: [JobState.Paused, JobState.Failed, JobState.Cancelled]);

    /// <summary>Gives one up; files that are whole stay, and so does what came of others, should it be asked for again.</summary>
    public Outcome<DownloadJob> Cancel(long id) => Change(id, JobState.Cancelled, from: [JobState.Running, JobState.Waiting, JobState.Paused, JobState.Failed]);

    /// <summary>Forgets those that have ended; how many.</summary>
    public int Clear()
    {
        lock (_gate)
        {
            var ended = _jobs.Values.Where(entry => entry.Job.HasEnded && entry.Running is null).Select(entry => entry.Job.Id).ToList();
            foreach (var id in ended)
            {
                _jobs.Remove(id);
                _book.Forget(id);
            }

            return ended.Count;
        }
    }

    /// <summary>Stops what runs; it goes on at the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        List<Task> running;
        lock (_gate)
        {
            _isStopping = true;
            running = [.. _jobs.Values.Select(entry => entry.Running).OfType<Task>()];
            foreach (var entry in _jobs.Values)
            {
                entry.Stop?.Cancel();
            }
        }

        await Task.WhenAll(running);
    }

    /// <summary>Who asks for the same again may be ready to spend more; what runs already learns of it when it is begun again.</summary>
    private Outcome<DownloadJob> AllowMore(Entry entry, JobRequest request)
    {
        if (request.MaxPrice > entry.Job.Request.MaxPrice)
        {
            var job = entry.Job with { Request = request };
            if (_book.Keep(job) is { } unkept)
            {
                return unkept;
            }

            entry.Job = job;
        }

        return entry.Now(_clock);
    }

    private static Failure NoSuch(long id) => new(FailureKind.NotFound, $"there is no download {id}; 'cete downloads' lists them");

    private Outcome<DownloadJob> Change(long id, JobState to, JobState[] from)
    {
        lock (_gate)
        {
            if (!_jobs.TryGetValue(id, out var entry))
            {
                return NoSuch(id);
            }

            if (!from.Contains(entry.Job.State))
            {
                return entry.Job.State == to ? entry.Now(_clock)
                    : new Failure(FailureKind.Conflict, $"download {id} is {entry.Job.State.ToString().ToLowerInvariant()}");
            }

            var changed = entry.Now(_clock) with { State = to, Ended = to == JobState.Cancelled ? _clock.GetUtcNow() : null };
            if (_book.Keep(changed) is { } unkept)
            {
                return unkept;
            }

            entry.Job = changed;
            entry.Stop?.Cancel();
            StartNext();
            return entry.Now(_clock);
        }
    }

    private void StartNext()
    {
        var free = RunningMax - _jobs.Values.Count(entry => entry.Running is not null);
        var next = _jobs.Values.Where(entry => entry.Job.State == JobState.Waiting && entry.Running is null && !_isStopping);
        foreach (var entry in next.Take(Math.Max(0, free)).ToList())
        {
            entry.Job = entry.Job with { State = JobState.Running, Ended = null, Problems = [] };
            (entry.Stop, entry.Began, entry.SecondsBefore) = (new CancellationTokenSource(), _clock.GetTimestamp(), entry.Job.Seconds);
            _book.Keep(entry.Job);
            entry.Running = RunAsync(entry, entry.Stop);
        }
    }

    private async Task RunAsync(Entry entry, CancellationTokenSource stop)
    {
        // The caller holds the lock, and what a runner does first may take its time.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        IReadOnlyList<JobProblem> problems;
        try
        {
            problems = await _runner.RunAsync(entry.Job.Request, read => entry.Read = read, stop.Token);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            var kind = error is OperationCanceledException ? FailureKind.Cancelled : FailureKind.Unavailable;
            problems = [new JobProblem(entry.Job.Request.What[0], kind, error.Message)];
        }

        DownloadJob ended;
        lock (_gate)
        {
            var now = entry.Now(_clock);
            (entry.Running, entry.Stop, entry.Read) = (null, null, null);
            var isDone = problems.Count == 0;
            entry.Job = now.State != JobState.Running && !isDone ? now
                : stop.IsCancellationRequested && !isDone ? now with { State = JobState.Waiting }
                : now with { State = isDone ? JobState.Done : JobState.Failed, Ended = _clock.GetUtcNow(), Problems = problems };
            _book.Keep(ended = entry.Job);
            stop.Dispose();
            StartNext();
        }

        Ended?.Invoke(ended);
    }

    /// <summary>Makes room by forgetting the oldest that has ended; false if there is none.</summary>
    private bool ForgetOldest()
    {
        var oldest = _jobs.Values.FirstOrDefault(entry => entry.Job.HasEnded && entry.Running is null);
        if (oldest is null)
        {
            return false;
        }

        _jobs.Remove(oldest.Job.Id);
        _book.Forget(oldest.Job.Id);
        return true;
    }

    private sealed class Entry(DownloadJob job)
    {
        public DownloadJob Job { get; set; } = job;

        public Func<JobProgress>? Read { get; set; }

        public Task? Running { get; set; }

        public CancellationTokenSource? Stop { get; set; }

        public long Began { get; set; }

        public double SecondsBefore { get; set; }

        public DownloadJob Now(TimeProvider clock) => Running is null && Read is null ? Job : Job with
        {
            Progress = Read?.Invoke() ?? Job.Progress,
            Seconds = SecondsBefore + clock.GetElapsedTime(Began).TotalSeconds,
        };
    }
}
