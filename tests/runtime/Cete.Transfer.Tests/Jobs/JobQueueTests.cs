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

        public async Task<IReadOnlyList<JobProblem>> RunAsync(JobRequest request, Action<Func<JobProgress>> tell, CancellationToken stop)
        {
            Assert.False(Throws, "out of order");
            var end = new TaskCompletionSource<IReadOnlyList<JobProblem>>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                _runs[request.What[0]] = (Starts(request.What[0]) + 1, end);
            }

            tell(() => JobProgress.None with { Current = request.What[0] });
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
}
