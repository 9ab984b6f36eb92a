using Cete.Core;
using Cete.Ports;
using Cete.Testing;
using Cete.Transfer.Jobs;

namespace Cete.Transfer.Tests.Jobs;

/// <summary>Downloads in their order, a few at a time, and none lost by a restart.</summary>
public sealed class JobQueueTests
{
    private readonly MemoryBook _book = new();
    private readonly ScriptedRunner _runner = new();

    [Fact]
    public async Task AFewRunAtATimeInTheOrderInWhichTheyWereAskedFor()
    {
        await using var queue = NewQueue();
        for (var i = 0; i < JobQueue.RunningMax + 2; i++)
        {
            Assert.Equal(i + 1, queue.Add(Request($"/{i}")).Value.Id);
        }

        await StateAsync(queue, 1, JobState.Running);
        Assert.Equal(JobState.Waiting, queue.Find(JobQueue.RunningMax + 1).Value.State);
        await _runner.EndAsync("/1");
        await StateAsync(queue, 2, JobState.Done);
        await StateAsync(queue, JobQueue.RunningMax + 1, JobState.Running);
        Assert.Equal(JobState.Waiting, queue.Find(JobQueue.RunningMax + 2).Value.State);
    }

    [Fact]
    public async Task WhatWasAskedForIsAskedForOnceUntilItIsDone()
    {
        await using var queue = NewQueue();
        var first = queue.Add(Request("/a")).Value;
        Assert.Equal(first.Id, queue.Add(Request("/a")).Value.Id);
        await _runner.EndAsync("/a", new JobProblem("/a", FailureKind.NotFound, "it is not there"));
        await StateAsync(queue, first.Id, JobState.Failed);
        Assert.Equal(first.Id, queue.Add(Request("/a")).Value.Id);
        await _runner.EndAsync("/a");
        await StateAsync(queue, first.Id, JobState.Done);
        Assert.Empty(queue.Find(first.Id).Value.Problems);
        Assert.NotEqual(first.Id, queue.Add(Request("/a")).Value.Id);
        Assert.Equal(3, queue.Add(Request("/a") with { To = "/elsewhere" }).Value.Id);
    }

    [Fact]
    public async Task OneThatWasPausedAndGoesOnNeverRunsTwiceAtOnce()
    {
        await using var queue = NewQueue();
        queue.Add(Request("/a"));
        await StateAsync(queue, 1, JobState.Running);
        await _runner.StartedAsync("/a", 1);

        // The run that was stopped takes its time; the next one waits for its end.
        _runner.IsSlowToStop = true;
        Assert.Equal(JobState.Paused, queue.Pause(1).Value.State);
        Assert.Equal(JobState.Waiting, queue.Resume(1).Value.State);
        Assert.Equal(1, _runner.Starts("/a"));
        await _runner.EndAsync("/a", new JobProblem("/a", FailureKind.Cancelled, "stopped"));
        await _runner.StartedAsync("/a", 2);
        await StateAsync(queue, 1, JobState.Running);
        await _runner.EndAsync("/a");
        await StateAsync(queue, 1, JobState.Done);
    }

    [Fact]
    public async Task AfterARestartTheyGoOnAndWhatWasPausedStaysSo()
    {
        await using (var queue = NewQueue())
        {
            queue.Add(Request("/a"));
            queue.Add(Request("/b"));
            await StateAsync(queue, 2, JobState.Running);
            queue.Pause(2);
            await StateAsync(queue, 1, JobState.Running);
        }

        Assert.Equal(JobState.Waiting, _book.All()[0].State);
        await using var again = NewQueue();
        await StateAsync(again, 1, JobState.Running);
        Assert.Equal(JobState.Paused, again.Find(2).Value.State);
        Assert.Equal(3, again.Add(Request("/c")).Value.Id);
    }

    [Fact]
    public async Task OneThatWasRunningWhenTheProcessWasKilledRunsAgain()
    {
        _book.Keep(new DownloadJob(4, Request("/a"), JobState.Running, DateTimeOffset.UnixEpoch, null, JobProgress.None, 3, []));
        await using var queue = NewQueue();
        await StateAsync(queue, 4, JobState.Running);
        await _runner.EndAsync("/a");
        await StateAsync(queue, 4, JobState.Done);
        Assert.True(queue.Find(4).Value.Seconds >= 3);
    }

    [Fact]
    public async Task ARunnerThatThrowsIsADownloadThatFailed()
    {
        _runner.Throws = true;
        await using var queue = NewQueue();
        queue.Add(Request("/a"));
        await StateAsync(queue, 1, JobState.Failed);
        Assert.Equal("out of order", queue.Find(1).Value.Problems.Single().Message);
    }

    [Fact]
    public async Task WhatDoesNotFitTheStateIsRefusedAndNothingIsAddedThatCannotBeKept()
    {
        await using var queue = NewQueue();
        queue.Add(Request("/a"));
        await _runner.EndAsync("/a");
        await StateAsync(queue, 1, JobState.Done);
        Assert.Equal(FailureKind.Conflict, queue.Pause(1).Failure!.Kind);
        Assert.Equal(FailureKind.Conflict, queue.Resume(1).Failure!.Kind);
        Assert.Equal(FailureKind.NotFound, queue.Cancel(9).Failure!.Kind);
        Assert.Equal(1, queue.Clear());
        Assert.Empty(_book.All());
        _book.IsFull = true;
        Assert.Equal(FailureKind.Full, queue.Add(Request("/b")).Failure!.Kind);
        Assert.Empty(queue.All());
        Assert.True(queue.IsIdle);
    }

    [Fact]
    public async Task TheyAreBounded()
    {
        await using var queue = NewQueue();
        for (var i = 0; i < JobQueue.CountMax; i++)
        {
            Assert.True(queue.Add(Request($"/{i}")).Succeeded);
        }

        Assert.Equal(FailureKind.Full, queue.Add(Request("/more")).Failure!.Kind);
        await _runner.EndAsync("/0");
        await StateAsync(queue, 1, JobState.Done);
        Assert.True(queue.Add(Request("/more")).Succeeded);
        Assert.Equal(JobQueue.CountMax, queue.All().Count);
    }

    [Fact]
    public async Task WhoseTurnItIsIsSaidByPriorityAndThenByPlace()
    {
        await using var queue = NewQueue();
        for (var i = 1; i <= 3; i++)
        {
            queue.Add(Request($"/{i}"));
            await _runner.StartedAsync($"/{i}", 1);
        }

        foreach (var what in (string[])["/4", "/5", "/6", "/7"])
        {
            queue.Add(Request(what));
        }

        queue.Add(Request("/low") with { Priority = JobPriority.Low });
        Assert.Equal([4, 5, 6, 7, 8], Waiting(queue));
        Assert.Equal(JobPriority.High, queue.Prioritize(6, JobPriority.High).Value.Priority);
        Assert.Equal([6, 4, 5, 7, 8], Waiting(queue));
        queue.Move(7, JobMove.Up);
        Assert.Equal([6, 4, 7, 5, 8], Waiting(queue));
        queue.Move(4, JobMove.Down);
        queue.Move(4, JobMove.Down);
        Assert.Equal([6, 7, 5, 4, 8], Waiting(queue));

        // Past one of another priority it is of that one.
        Assert.Equal(JobPriority.High, queue.Move(8, JobMove.First).Value.Priority);
        Assert.Equal(JobPriority.Normal, queue.Move(6, JobMove.Down).Value.Priority);
        Assert.Equal([8, 7, 6, 5, 4], Waiting(queue));

        // At the ends nothing moves, and what runs has no place.
        queue.Move(8, JobMove.First);
        queue.Move(8, JobMove.Up);
        queue.Move(4, JobMove.Down);
        Assert.Equal([8, 7, 6, 5, 4], Waiting(queue));
        Assert.Contains("is running", queue.Move(1, JobMove.First).Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(FailureKind.NotFound, queue.Move(99, JobMove.Up).Failure!.Kind);
        Assert.Equal(FailureKind.NotFound, queue.Prioritize(99, JobPriority.Low).Failure!.Kind);

        await _runner.EndAsync("/1");
        await _runner.StartedAsync("/low", 1);
        Assert.Equal(FailureKind.Conflict, queue.Prioritize(1, JobPriority.High).Failure!.Kind);

        // Who comes later comes behind, and the order is kept.
        queue.Add(Request("/last"));
        Assert.Equal([7, 6, 5, 4, 9], Waiting(queue));
        Assert.Equal([7, 6, 5, 4, 9], Waiting(_book.All()));
    }

    [Fact]
    public async Task AHighOneStartsNextAndALowOneGivesWayToIt()
    {
        await using var queue = NewQueue();
        foreach (var (what, priority) in ((string, JobPriority?)[])[("/a", JobPriority.Low), ("/b", null), ("/c", JobPriority.Low)])
        {
            queue.Add(Request(what) with { Priority = priority });
        }

        await _runner.StartedAsync("/c", 1);
        queue.Add(Request("/usual"));
        Assert.Equal(JobState.Running, queue.Find(3).Value.State);
        queue.Add(Request("/high") with { Priority = JobPriority.High });
        await _runner.StartedAsync("/high", 1);
        Assert.Equal(JobState.Waiting, queue.Find(3).Value.State);
        Assert.Equal(JobState.Running, queue.Find(1).Value.State);

        // One of them is asked for again, as a high one: the other low one goes too, and a usual one stays.
        queue.Add(Request("/usual") with { Priority = JobPriority.High });
        await _runner.StartedAsync("/usual", 1);
        queue.Add(Request("/more") with { Priority = JobPriority.High });
        Assert.Equal([6, 1, 3], Waiting(queue));
        await _runner.EndAsync("/high");
        await _runner.StartedAsync("/more", 1);
        await _runner.EndAsync("/more");
        await _runner.StartedAsync("/a", 2);
    }

    [Fact]
    public async Task WhatEarlierRunsFetchedCounts()
    {
        await using var queue = NewQueue();
        _runner.Fetched = 700;
        queue.Add(Request("/a"));
        await _runner.EndAsync("/a", new JobProblem("/a", FailureKind.Unavailable, "nobody there"));
        await StateAsync(queue, 1, JobState.Failed);
        _runner.Fetched = 300;
        queue.Resume(1);
        await _runner.EndAsync("/a");
        await StateAsync(queue, 1, JobState.Done);
        var job = _book.All().Single();
        Assert.Equal((300, 1_000), (job.Progress.Fetched, job.FetchedInAll));
        Assert.Equal(new JobOrigins(0, 1_000, 0), job.FromInAll);
    }

    private static IEnumerable<long> Waiting(JobQueue queue) => Waiting(queue.All());

    private static IEnumerable<long> Waiting(IEnumerable<DownloadJob> jobs) =>
        [.. jobs.Where(job => job.State == JobState.Waiting).Order(JobOrder.Turns).Select(job => job.Id)];

    private static JobRequest Request(string what) => new([what], "/to", false, 4, 60, "http://127.0.0.1:2383/", null);

    private static Task StateAsync(JobQueue queue, long id, JobState state) =>
        Eventually.TrueAsync(() => queue.Find(id).Value.State == state, $"download {id} is {state}");

    private JobQueue NewQueue() => new(_book, _runner, TimeProvider.System);

    private sealed class MemoryBook : IJobBook
    {
        private readonly SortedDictionary<long, DownloadJob> _jobs = [];

        public bool IsFull { get; set; }

        public IReadOnlyList<DownloadJob> All()
        {
            lock (_jobs)
            {
                return [.. _jobs.Values];
            }
        }

        public Failure? Keep(DownloadJob job)
        {
            lock (_jobs)
            {
                _jobs[job.Id] = job;
                return IsFull ? new Failure(FailureKind.Full, "the disk is full") : null;
            }
        }

        public void Forget(long id)
        {
            lock (_jobs)
            {
                _jobs.Remove(id);
            }
        }
    }

    /// <summary>Runs end when the test says so.</summary>
    private sealed class ScriptedRunner : IJobRunner
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<string, (int Starts, TaskCompletionSource<IReadOnlyList<JobProblem>> End)> _runs = [];

        public bool IsSlowToStop { get; set; }

        public bool Throws { get; set; }

        public long Fetched { get; set; }

        public async Task<IReadOnlyList<JobProblem>> RunAsync(JobRequest request, Action<IJobRun> tell, CancellationToken stop)
        {
            Assert.False(Throws, "out of order");
            var end = new TaskCompletionSource<IReadOnlyList<JobProblem>>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                _runs[request.What[0]] = (Starts(request.What[0]) + 1, end);
            }

            tell(new ScriptedRun(request.What[0], Fetched));
            await using var stopping = stop.Register(() =>
            {
                if (!IsSlowToStop)
                {
                    end.TrySetResult([new JobProblem(request.What[0], FailureKind.Cancelled, "stopped")]);
                }
            });
            return await end.Task;
        }

        public int Starts(string what)
        {
            lock (_gate)
            {
                return _runs.TryGetValue(what, out var run) ? run.Starts : 0;
            }
        }

        public Task StartedAsync(string what, int times) => Eventually.TrueAsync(() => Starts(what) == times, $"{what} was started {times} times");

        public async Task EndAsync(string what, params JobProblem[] problems)
        {
            TaskCompletionSource<IReadOnlyList<JobProblem>>? end = null;
            await Eventually.TrueAsync(
                () =>
                {
                    lock (_gate)
                    {
                        end = _runs.TryGetValue(what, out var run) && !run.End.Task.IsCompleted ? run.End : null;
                        return end is not null;
                    }
                },
                $"{what} runs");
            end!.SetResult(problems);
        }
    }

    private sealed class ScriptedRun(string what, long fetched) : IJobRun
    {
        public JobProgress Progress { get; } =
            JobProgress.None with { Current = what, Fetched = fetched, From = new JobOrigins(0, fetched, 0) };

        public JobDetails Details => JobDetails.None;
    }
}
