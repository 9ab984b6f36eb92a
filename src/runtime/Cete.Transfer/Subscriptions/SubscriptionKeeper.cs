using System.Threading.Channels;
using Cete.Core;
using Cete.Ports;
using Cete.Ports.Folders;
using Cete.Transfer.Jobs;

namespace Cete.Transfer.Subscriptions;

/// <summary>A subscription and what came of it.</summary>
/// <param name="Subscription">As it stands.</param>
/// <param name="Files">How many of its files there are of each state.</param>
public sealed record SubscriptionStatus(Subscription Subscription, IReadOnlyDictionary<WantedState, long> Files);

/// <summary>What a keeper is made of.</summary>
/// <param name="Book">Where everything is kept.</param>
/// <param name="Disk">The user's files.</param>
/// <param name="Open">A community, as a subscriber sees it.</param>
/// <param name="Queue">By which files are fetched.</param>
/// <param name="Then">Runs what a user wants done with a file that came.</param>
/// <param name="Clock">The time.</param>
public sealed record SubscriptionParts(
    ISubscriptionBook Book, ISubscriberDisk Disk, Func<SubscriptionRequest, Outcome<IFolderNews>> Open, JobQueue Queue, IThenRunner Then, TimeProvider Clock);

/// <summary>A user's subscriptions: each is followed by a task of its own, and survives the process. For several callers at once.</summary>
public sealed class SubscriptionKeeper : IAsyncDisposable
{
    /// <summary>Subscriptions of a user: each keeps a question open at a node.</summary>
    public const int CountMax = 200;

    /// <summary>How the problem of one begins that does not go on for now.</summary>
    internal const string NoAnswer = "it waits: ";

    /// <summary>Programs that run at a time for files that came.</summary>
    private const int ThenAtOnce = 2;

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    private readonly SubscriptionParts _parts;
    private readonly Fetching _fetching;
    private readonly Follower _follower;
    private readonly Prng _chance;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _changing = new(1);
    private readonly SemaphoreSlim _then = new(ThenAtOnce);
    private readonly SortedDictionary<long, Run> _runs = [];
    private readonly Channel<bool> _work = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _working;
    private readonly Failure? _unread;

    /// <summary>Takes up what the book has, and goes on with it.</summary>
    public SubscriptionKeeper(SubscriptionParts parts)
    {
        _parts = parts;
        _chance = new Prng((ulong)parts.Clock.GetUtcNow().Ticks);
        _fetching = new Fetching(parts.Book, parts.Disk, parts.Queue, parts.Clock, (subscription, file) => _ = ThenAsync(subscription, file));
        _follower = new Follower(parts.Book, parts.Disk, parts.Clock, Signal);
        parts.Queue.Ended += Heard;
        var all = parts.Book.All();
        _unread = all.Failure;
        foreach (var subscription in all.Succeeded ? all.Value : [])
        {
            Start(subscription);
        }

        _working = WorkAsync();
    }

    /// <summary>Subscriptions that are followed now.</summary>
    public int Active
    {
        get
        {
            lock (_gate)
            {
                return _runs.Values.Count(run => !run.Now.IsPaused);
            }
        }
    }

    /// <summary>All of them as they stand, the oldest first.</summary>
    public Outcome<IReadOnlyList<SubscriptionStatus>> All()
    {
        if (_unread is { } unread)
        {
            return unread;
        }

        List<Subscription> now;
        lock (_gate)
        {
            now = [.. _runs.Values.Select(run => run.Shown)];
        }

        return Outcome.OfEach(now, StatusOf);
    }

    /// <summary>Adds one. It is kept before this returns.</summary>
    public async Task<Outcome<SubscriptionStatus>> AddAsync(SubscriptionRequest request)
    {
        if (_unread is { } unread)
        {
            return unread;
        }

        await _changing.WaitAsync();
        try
        {
            lock (_gate)
            {
                if (_runs.Values.FirstOrDefault(run => run.Now.Request.IsFor(request)) is { } same)
                {
                    return new Failure(FailureKind.Conflict, $"subscription {same.Now.Id} has the same into the same folder; remove it first to change it");
                }

                if (_runs.Count >= CountMax)
                {
                    return new Failure(FailureKind.Full, $"{CountMax} subscriptions are the most; remove some first");
                }
            }

            var added = _parts.Book.Add(request, _parts.Clock.GetUtcNow());
            if (!added.Succeeded)
            {
                return added.Failure;
            }

            Start(added.Value);
            return StatusOf(added.Value);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Stops one, or goes on with it from where it stood.</summary>
    public Task<Outcome<SubscriptionStatus>> PauseAsync(long id, bool isPaused) => ChangeAsync(id, subscription =>
    {
        var changed = subscription with { IsPaused = isPaused };
        if (_parts.Book.Keep(changed, []) is { } failure)
        {
            Start(subscription);
            return failure;
        }

        Start(changed);
        return StatusOf(changed);
    });

    /// <summary>Ends one; the files that came stay, downloads of it that have not ended are given up.</summary>
    public Task<Outcome<SubscriptionStatus>> RemoveAsync(long id) => ChangeAsync(id, subscription =>
    {
        var last = StatusOf(subscription);
        if (last.Failure is { } failure || (failure = _parts.Book.Forget(id)) is not null)
        {
            Start(subscription);
            return failure;
        }

        foreach (var job in _parts.Queue.All().Where(job => job.Request.Subscription == id && !job.HasEnded))
        {
            _parts.Queue.Cancel(job.Id);
        }

        return last;
    });

    /// <summary>What it found last, the newest first.</summary>
    public Outcome<IReadOnlyList<SubscribedFile>> Newest(long id, int countMax) => Has(id) ? _parts.Book.Newest(id, countMax) : NoSuch(id);

    /// <summary>Stops all; they go on at the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        _parts.Queue.Ended -= Heard;
        await _stop.CancelAsync();
        List<Run> runs;
        lock (_gate)
        {
            runs = [.. _runs.Values];
            _runs.Clear();
        }

        foreach (var run in runs)
        {
            await run.EndAsync();
        }

        await _working;
        _stop.Dispose();
        _changing.Dispose();
    }

    private static Failure NoSuch(long id) => new(FailureKind.NotFound, $"there is no subscription {id}; 'cete subscriptions' lists them");

    private bool Has(long id)
    {
        lock (_gate)
        {
            return _runs.ContainsKey(id);
        }
    }

    private Outcome<SubscriptionStatus> StatusOf(Subscription subscription) =>
        _parts.Book.Count(subscription.Id).Then(files => new SubscriptionStatus(subscription, files));

    /// <summary>Changes one while nobody follows it.</summary>
    private async Task<Outcome<SubscriptionStatus>> ChangeAsync(long id, Func<Subscription, Outcome<SubscriptionStatus>> change)
    {
        await _changing.WaitAsync();
        try
        {
            Run? run;
            lock (_gate)
            {
                if (!_runs.Remove(id, out run))
                {
                    return NoSuch(id);
                }
            }

            await run.EndAsync();
            return change(run.Now);
        }
        finally
        {
            _changing.Release();
        }
    }

    private void Heard(DownloadJob job)
    {
        if (job.Request.Subscription is not null)
        {
            Signal();
        }
    }

    private void Signal() => _work.Writer.TryWrite(true);

    private void Start(Subscription subscription)
    {
        var run = new Run(subscription);
        lock (_gate)
        {
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            _runs[subscription.Id] = run;
        }

        if (!subscription.IsPaused)
        {
            run.Following = FollowAsync(run);
            Signal();
        }
    }

    private async Task FollowAsync(Run run)
    {
        // Whoever starts it goes on meanwhile.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        IFolderNews? news = null;
        var tries = 0;
        while (!run.Stop.IsCancellationRequested)
        {
            Failure? failure;
            try
            {
                var opened = news is not null ? Outcome.Of(news) : _parts.Open(run.Now.Request);
                news = opened.Succeeded ? opened.Value : null;
                var stepped = opened.Succeeded ? await _follower.StepAsync(opened.Value, run.Now, run.Stop.Token) : opened.Failure;
                failure = stepped.Failure;
                if (stepped.Succeeded)
                {
                    (run.Now, tries) = (stepped.Value, 0);
                    continue;
                }
            }
            catch (OperationCanceledException) when (run.Stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                failure = new Failure(FailureKind.Unavailable, error.Message);
            }

            run.Now = run.Now with { Problem = NoAnswer + failure!.Message };
            await PauseAsync(tries++, run.Stop.Token);
        }

        if (news is not null)
        {
            await news.DisposeAsync();
        }
    }

    /// <summary>Longer each time, and not the same for all: a node that starts again is not met by everybody at once.</summary>
    private async Task PauseAsync(int tries, CancellationToken stop)
    {
        var longest = Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(tries, 10));
        long ticks;
        lock (_gate)
        {
            ticks = (longest / 2) + _chance.Next((longest / 2) + 1);
        }

        await Task.Delay(TimeSpan.FromTicks(ticks), _parts.Clock, stop).ContinueWith(
            _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task WorkAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (!_stop.IsCancellationRequested)
        {
            _work.Reader.TryRead(out _);
            List<Run> runs;
            lock (_gate)
            {
                runs = [.. _runs.Values.Where(run => !run.Now.IsPaused)];
            }

            foreach (var run in runs)
            {
                run.Trouble = _fetching.Step(run.Now);
            }

            await Task.WhenAny(
                _work.Reader.WaitToReadAsync(_stop.Token).AsTask(), Task.Delay(runs.Count > 0 ? LookInterval : LongestPause, _parts.Clock, _stop.Token));
        }
    }

    private async Task ThenAsync(Subscription subscription, SubscribedFile file)
    {
        if (subscription.Request.Then.Count == 0)
        {
            return;
        }

        await _then.WaitAsync();
        try
        {
            if (await _parts.Then.RunAsync(subscription, file, _stop.Token) is { } failure)
            {
                _parts.Book.Keep([file with { Problem = failure.Message }]);
            }
        }
        finally
        {
            _then.Release();
        }
    }

    /// <summary>One that is followed, or paused.</summary>
    private sealed class Run(Subscription subscription)
    {
        private volatile Subscription _now = subscription;

        public Subscription Now
        {
            get => _now;
            set => _now = value;
        }

        /// <summary>As its user is to see it.</summary>
        public Subscription Shown => Trouble is { } trouble && _now.Problem is null ? _now with { Problem = trouble.Message } : _now;

        /// <summary>Why its files cannot be fetched now.</summary>
        public Failure? Trouble { get; set; }

        public CancellationTokenSource Stop { get; } = new();

        public Task Following { get; set; } = Task.CompletedTask;

        public async Task EndAsync()
        {
            await Stop.CancelAsync();
            await Following;
        }
    }
}
