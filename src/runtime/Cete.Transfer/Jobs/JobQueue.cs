using Cete.Core;
using Cete.Ports;

namespace Cete.Transfer.Jobs;

/// <summary>
/// The downloads of a user, in the order that he wants, a few at a time. They survive the process: what was running goes on when it starts again. For
/// several callers at once.
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

    /// <summary>The run of one; null where it does not run.</summary>
    public IJobRun? RunOf(long id)
    {
        lock (_gate)
        {
            return _jobs.TryGetValue(id, out var entry) ? entry.Run : null;
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
                return Adopt(earlier, request);
            }

            if (earlier is null && _jobs.Count >= CountMax && !ForgetOldest())
            {
                return new Failure(FailureKind.Full, $"{CountMax} downloads wait or are paused; cancel some first");
            }

            var job = earlier is null
                ? new DownloadJob(_jobs.Keys.LastOrDefault() + 1, request, JobState.Waiting, _clock.GetUtcNow(), null, JobProgress.None, 0, [])
                {
                    Place = JobOrder.Behind(_jobs.Values.Select(known => known.Job)),
                    Priority = request.Priority ?? JobPriority.Normal,
                }
                : earlier.Job with { Request = request, State = JobState.Waiting, Ended = null, Priority = request.Priority ?? earlier.Job.Priority };
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

    /// <summary>Has one have its turn sooner or later.</summary>
    public Outcome<DownloadJob> Prioritize(long id, JobPriority priority)
    {
        lock (_gate)
        {
            return !_jobs.TryGetValue(id, out var entry) ? NoSuch(id)
                : entry.Job.State == JobState.Done ? new Failure(FailureKind.Conflict, $"download {id} is done")
                : Prioritize(entry, priority);
        }
    }

    /// <summary>Moves one that waits, or is paused, within the queue.</summary>
    public Outcome<DownloadJob> Move(long id, JobMove how)
    {
        lock (_gate)
        {
            if (!_jobs.TryGetValue(id, out var entry))
            {
                return NoSuch(id);
            }

            if (!HasPlace(entry.Job))
            {
                return new Failure(
                    FailureKind.Conflict,
                    $"download {id} is {entry.Job.State.ToString().ToLowerInvariant()}; those that wait or are paused have a place in the queue");
            }

            foreach (var moved in JobOrder.Move(_jobs.Values.Select(one => one.Job).Where(HasPlace), id, how))
            {
                if (_book.Keep(moved) is { } unkept)
                {
                    return unkept;
                }

                _jobs[moved.Id].Job = moved;
            }

            StartNext();
            return entry.Now(_clock);
        }
    }

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

    /// <summary>
    /// Who asks for the same again may be ready to spend more, or want it sooner; what runs already learns what may be spent when it is begun again.
    /// </summary>
    private Outcome<DownloadJob> Adopt(Entry entry, JobRequest request)
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

        return request.Priority is { } priority && priority != entry.Job.Priority ? Prioritize(entry, priority) : entry.Now(_clock);
    }

    private Outcome<DownloadJob> Prioritize(Entry entry, JobPriority priority)
    {
        var job = entry.Job with { Priority = priority };
        if (_book.Keep(job) is { } unkept)
        {
            return unkept;
        }

        entry.Job = job;
        StartNext();
        return entry.Now(_clock);
    }

    private static bool HasPlace(DownloadJob job) => job.State is JobState.Waiting or JobState.Paused;

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
        var next = _jobs.Values.Where(entry => entry.Job.State == JobState.Waiting && entry.Running is null && !_isStopping)
            .OrderBy(entry => entry.Job, JobOrder.Turns).ToList();
        foreach (var entry in next.Take(Math.Max(0, free)))
        {
            var job = entry.Job;
            entry.Job = job with
            {
                State = JobState.Running,
                Ended = null,
                Problems = [],
                Earlier = new JobEarlier(job.FetchedInAll, job.FromInAll),
                Progress = job.Progress with { Fetched = 0, From = default },
            };
            (entry.Stop, entry.Began, entry.SecondsBefore) = (new CancellationTokenSource(), _clock.GetTimestamp(), entry.Job.Seconds);
            _book.Keep(entry.Job);
            entry.Running = RunAsync(entry, entry.Stop);
        }

        GiveWay(next.Skip(Math.Max(0, free)).Count(entry => entry.Job.Priority == JobPriority.High));
    }

    /// <summary>Low ones stop for high ones that wait, and wait themselves: what came of them stays.</summary>
    private void GiveWay(int high)
    {
        var stopping = _jobs.Values.Count(entry => entry.Running is not null && entry.Job.State != JobState.Running);
        var low = _jobs.Values.Where(entry => entry.Job is { State: JobState.Running, Priority: JobPriority.Low }).Reverse();
        foreach (var entry in low.Take(Math.Max(0, high - stopping)).ToList())
        {
            entry.Job = entry.Now(_clock) with { State = JobState.Waiting };
            _book.Keep(entry.Job);
            entry.Stop?.Cancel();
        }
    }

    private async Task RunAsync(Entry entry, CancellationTokenSource stop)
    {
        // The caller holds the lock, and what a runner does first may take its time.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        IReadOnlyList<JobProblem> problems;
        try
        {
            problems = await _runner.RunAsync(entry.Job.Request, run => entry.Run = run, stop.Token);
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
            (entry.Running, entry.Stop, entry.Run) = (null, null, null);
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

        public IJobRun? Run { get; set; }

        public Task? Running { get; set; }

        public CancellationTokenSource? Stop { get; set; }

        public long Began { get; set; }

        public double SecondsBefore { get; set; }

        public DownloadJob Now(TimeProvider clock) => Running is null && Run is null ? Job : Job with
        {
            Progress = Run?.Progress ?? Job.Progress,
            Seconds = SecondsBefore + clock.GetElapsedTime(Began).TotalSeconds,
        };
    }
}
