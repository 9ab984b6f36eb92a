using Cete.Core;
using Cete.Ports;
using Cete.Ports.Folders;
using Cete.Swarm;

namespace Cete.Transfer.Shares;

/// <summary>A share and what there is of it.</summary>
/// <param name="Share">As it stands.</param>
/// <param name="Counts">What there is of it.</param>
public sealed record ShareStatus(Share Share, ShareCounts Counts);

/// <summary>What a keeper of shares is made of.</summary>
/// <param name="Book">Where everything is kept.</param>
/// <param name="Disk">The user's disk.</param>
/// <param name="Open">A community, as a sharer sees it.</param>
/// <param name="Provider">The key by which the contents are had from here.</param>
/// <param name="Clock">The time.</param>
public sealed record ShareParts(IShareBook Book, ISharerDisk Disk, Func<ShareRequest, Outcome<IShareTarget>> Open, Func<KeyId> Provider, TimeProvider Clock);

/// <summary>A user's shares: each is kept in step with the disk by a task of its own, and survives the process. For several callers at once.</summary>
public sealed class ShareKeeper : ISharedFiles, IAsyncDisposable
{
    /// <summary>Shares of a user.</summary>
    public const int CountMax = 100;

    private static readonly TimeSpan WalkInterval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RestlessInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan GatherPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    private readonly ShareParts _parts;
    private readonly ShareWalker _walker;
    private readonly ShareFiler _filer;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _changing = new(1);
    private readonly SortedDictionary<long, ShareRun> _runs = [];
    private readonly Failure? _unread;
    private bool _isStopping;

    /// <summary>Takes up what the book has, and goes on with it.</summary>
    public ShareKeeper(ShareParts parts)
    {
        _parts = parts;
        _walker = new ShareWalker(parts.Book, parts.Disk, parts.Clock);
        _filer = new ShareFiler(parts.Book, parts.Disk, parts.Clock, parts.Provider);
        var all = parts.Book.All();
        _unread = all.Failure;
        foreach (var share in all.Succeeded ? all.Value : [])
        {
            Start(share);
        }
    }

    /// <summary>Shares that are kept up now.</summary>
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

    /// <inheritdoc/>
    public IContentFile? Find(Hash256 root)
    {
        var files = _unread is null ? _parts.Book.With(root) : _unread;
        foreach (var file in files.Succeeded ? files.Value : [])
        {
            if (file.State is not (SharedState.Hashed or SharedState.Filed) || !Serves(file.Share))
            {
                continue;
            }

            if (ManifestOf(file, root) is { } known && _parts.Disk.Serve(file.Local, file.Mark, known) is { } content)
            {
                return content;
            }

            // It is another one by now: the next walk is due.
            Wake(file.Share);
        }

        return null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<HeldContent> Held(int countMax) =>
    [
        .. Running().SelectMany(share => _parts.Book.Roots(share.Id, countMax) is { Succeeded: true, Value: var roots }
            ? roots.Select(root => new HeldContent(root, share.Request.Node, share.Request.Trust))
            : []),
    ];

    /// <inheritdoc/>
    public long Version => _parts.Book.Version;

    /// <inheritdoc/>
    public IReadOnlyList<string> NodesOf(Hash256 root)
    {
        var files = _unread is null ? _parts.Book.With(root) : _unread;
        var shares = files.Succeeded ? files.Value.Select(file => file.Share).ToHashSet() : [];
        return [.. Running().Where(share => shares.Contains(share.Id)).Select(share => share.Request.Node)];
    }

    private List<Share> Running()
    {
        lock (_gate)
        {
            return [.. _runs.Values.Where(run => !run.Now.IsPaused).Select(run => run.Now)];
        }
    }

    private Manifest? ManifestOf(SharedFile file, Hash256 root)
    {
        if (file.Mark.Length <= PieceLengths.Shortest)
        {
            return Manifest.OfOnePiece(file.Mark.Length, root);
        }

        var known = _parts.Book.Manifest(root);
        return known.Succeeded ? known.Value : null;
    }

    /// <summary>All of them as they stand, the oldest first.</summary>
    public Outcome<IReadOnlyList<ShareStatus>> All()
    {
        if (_unread is { } unread)
        {
            return unread;
        }

        List<Share> now;
        lock (_gate)
        {
            now = [.. _runs.Values.Select(run => run.Shown)];
        }

        return Outcome.OfEach(now, StatusOf);
    }

    /// <summary>Adds one. It is kept before this returns.</summary>
    public async Task<Outcome<ShareStatus>> AddAsync(ShareRequest request)
    {
        if (_unread is { } unread)
        {
            return unread;
        }

        await _changing.WaitAsync();
        try
        {
            if (Clash(request) is { } clash)
            {
                return clash;
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

    /// <summary>Stops one, or goes on with it; what was refused before is tried again then.</summary>
    public Task<Outcome<ShareStatus>> PauseAsync(long id, bool isPaused) => ChangeAsync(id, share =>
    {
        var changed = share with { IsPaused = isPaused };
        return ((isPaused ? null : TryRefused(id)) ?? _parts.Book.Keep(changed)) is { } failure ? (share, failure) : (changed, null);
    });

    /// <summary>Ends one: its entries are taken back, as it was said when it was added; then it is forgotten.</summary>
    public Task<Outcome<ShareStatus>> RemoveAsync(long id) => ChangeAsync(id, share =>
    {
        var changed = share with { IsLeaving = true, IsPaused = false };
        return _parts.Book.Keep(changed) is { } failure ? (share, failure) : (changed, null);
    });

    /// <summary>Files of one that changed last, the newest first.</summary>
    public Outcome<IReadOnlyList<SharedFile>> Newest(long id, int countMax)
    {
        lock (_gate)
        {
            if (!_runs.ContainsKey(id))
            {
                return NoSuch(id);
            }
        }

        return _parts.Book.Newest(id, countMax);
    }

    /// <summary>Stops all; they go on at the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        List<ShareRun> runs;
        lock (_gate)
        {
            _isStopping = true;
            runs = [.. _runs.Values];
            _runs.Clear();
        }

        foreach (var run in runs)
        {
            await run.EndAsync();
        }

        _changing.Dispose();
    }

    private static Failure NoSuch(long id) => new(FailureKind.NotFound, $"there is no share {id}; 'cete shares' lists them");

    private Failure? Clash(ShareRequest request)
    {
        lock (_gate)
        {
            if (_runs.Values.FirstOrDefault(run => run.Now.Request.Folder == request.Folder && run.Now.Request.Node == request.Node) is { } same)
            {
                return new Failure(
                    FailureKind.Conflict, $"share {same.Now.Id} has {EntryName.Show(request.Folder)} already; remove it first to share it elsewhere");
            }

            return _runs.Count >= CountMax ? new Failure(FailureKind.Full, $"{CountMax} shares are the most; remove some first") : null;
        }
    }

    private Outcome<ShareStatus> StatusOf(Share share) => _parts.Book.Count(share.Id).Then(counts => new ShareStatus(share, counts));

    private Failure? TryRefused(long id)
    {
        var failed = _parts.Book.In(id, SharedState.Failed, DateTimeOffset.MaxValue, int.MaxValue);
        return failed.Succeeded
            ? _parts.Book.Keep([.. failed.Value.Where(file => file.Entry.Length > 0).Select(file => file with { State = SharedState.Found, Tries = 0 })])
            : failed.Failure;
    }

    /// <summary>Changes one while nothing is done with it.</summary>
    private async Task<Outcome<ShareStatus>> ChangeAsync(long id, Func<Share, (Share Now, Failure? Failure)> change)
    {
        await _changing.WaitAsync();
        try
        {
            ShareRun? run;
            lock (_gate)
            {
                if (!_runs.TryGetValue(id, out run) || run.Now.IsLeaving)
                {
                    return NoSuch(id);
                }
            }

            await run.EndAsync();
            var (now, failure) = change(run.Now);
            Start(now);
            return failure is null ? StatusOf(now) : failure;
        }
        finally
        {
            _changing.Release();
        }
    }

    private bool Serves(long share)
    {
        lock (_gate)
        {
            return _runs.TryGetValue(share, out var run) && run.Now is { IsPaused: false, IsLeaving: false };
        }
    }

    private void Wake(long share)
    {
        lock (_gate)
        {
            _runs.GetValueOrDefault(share)?.Wake();
        }
    }

    private void Start(Share share)
    {
        var run = new ShareRun(share);
        lock (_gate)
        {
            if (_isStopping)
            {
                return;
            }

            _runs[share.Id] = run;
        }

        if (!share.IsPaused)
        {
            run.Working = WorkAsync(run);
        }
    }

    private async Task WorkAsync(ShareRun run)
    {
        // Whoever starts it goes on meanwhile.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        IShareTarget? target = null;
        using var watch = run.Now.IsLeaving ? null : _parts.Disk.Watch(run.Now.Request.Folder, run.Wake);
        var tries = 0;
        while (!run.Stop.IsCancellationRequested)
        {
            Failure? failure;
            try
            {
                var opened = target is not null ? Outcome.Of(target) : _parts.Open(run.Now.Request);
                target = opened.Succeeded ? opened.Value : null;
                failure = opened.Failure ?? await RoundAsync(run, opened.Value, run.Stop.Token);
            }
            catch (OperationCanceledException) when (run.Stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                failure = new Failure(FailureKind.Unavailable, error.Message);
            }

            run.Trouble = failure;
            tries = failure is null ? 0 : tries + 1;
            if (failure is null && run.Now.IsLeaving)
            {
                lock (_gate)
                {
                    _runs.Remove(run.Now.Id);
                }

                break;
            }

            await run.WaitAsync(PauseAfter(run, failure, tries), _parts.Clock);
        }

        if (target is not null)
        {
            await target.DisposeAsync();
        }
    }

    private async Task<Failure?> RoundAsync(ShareRun run, IShareTarget target, CancellationToken stop)
    {
        if (run.Now.IsLeaving)
        {
            return await _filer.LeaveAsync(target, run.Now, stop);
        }

        var walked = _walker.Walk(run.Now, stop);
        if (!walked.Succeeded)
        {
            return walked.Failure;
        }

        run.Now = walked.Value;
        return walked.Value.Problem is null ? await _filer.StepAsync(target, run.Now, stop) : null;
    }

    /// <summary>How long to wait unless the disk changes: what could not be done yet is tried again soon.</summary>
    private (TimeSpan Longest, TimeSpan Shortest) PauseAfter(ShareRun run, Failure? failure, int tries)
    {
        if (failure is not null)
        {
            var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, GatherPause.Ticks << Math.Min(tries, 10)));
            return (pause, pause);
        }

        var counts = _parts.Book.Count(run.Now.Id);
        var isRestless = counts.Succeeded && counts.Value.Files.GetValueOrDefault(SharedState.Found) > 0;
        return (isRestless ? RestlessInterval : WalkInterval, GatherPause);
    }
}
