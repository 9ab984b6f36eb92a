using System.Collections.Concurrent;
using Cete.Core;
using Cete.Ports;
using Cete.Ports.Folders;
using Cete.Transfer.Jobs;

namespace Cete.Transfer.Tests.Folders;

/// <summary>A community whose folder says what a test wants it to say.</summary>
internal sealed class ScriptedCommunity : IFolderNews
{
    private readonly Lock _gate = new();
    private readonly List<NewsEntry> _entries = [];
    private readonly List<(List<FolderChange> Changes, bool IsMissed)> _pages = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int PageSize { get; init; } = 500;

    /// <summary>Cursors that lists were asked for.</summary>
    public ConcurrentQueue<string> Listed { get; } = new();

    /// <summary>What it answers in place of everything.</summary>
    public Failure? Failure { get; set; }

    public static NewsEntry Entry(long id, string path, string content = "", long length = 4) =>
        new(id, path, Hash256.Of(System.Text.Encoding.UTF8.GetBytes($"{path} {content}")).ToString(), length, "file", "anna");

    public static FolderChange Filed(NewsEntry entry) => new(NewsKind.Filed, entry.Id, entry.Path, string.Empty, false, entry);

    public void Has(IEnumerable<NewsEntry> entries)
    {
        lock (_gate)
        {
            _entries.AddRange(entries);
        }
    }

    public void Say(params FolderChange[] changes) => Say(isMissed: false, changes);

    public void Say(bool isMissed, params FolderChange[] changes)
    {
        lock (_gate)
        {
            _pages.Add(([.. changes], isMissed));
            _more.TrySetResult();
        }
    }

    public async Task<Outcome<FolderNewsPage>> ChangesAsync(string folder, bool below, string? after, TimeSpan wait, CancellationToken cancellation)
    {
        if (Failure is { } failure)
        {
            return failure;
        }

        if (after is null)
        {
            return new FolderNewsPage([], "0", false);
        }

        var at = int.Parse(after, System.Globalization.CultureInfo.InvariantCulture);
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (at < _pages.Count)
                {
                    return new FolderNewsPage(_pages[at].Changes, $"{at + 1}", _pages[at].IsMissed);
                }

                if (_more.Task.IsCompleted)
                {
                    _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }

                more = _more.Task;
            }

            await more.WaitAsync(cancellation);
        }
    }

    public Task<Outcome<FolderListPage>> ListAsync(FolderListQuery query, CancellationToken cancellation)
    {
        Listed.Enqueue(query.Cursor ?? "start");
        var start = query.Cursor is null ? 0 : int.Parse(query.Cursor, System.Globalization.CultureInfo.InvariantCulture);
        lock (_gate)
        {
            var ordered = query.IsNewestFirst ? _entries.OrderByDescending(entry => entry.Id) : _entries.OrderBy(entry => entry.Id);
            List<NewsEntry> page = [.. ordered.Where(entry => entry.Path.StartsWith(query.Folder, StringComparison.Ordinal)).Skip(start).Take(PageSize)];
            return Task.FromResult<Outcome<FolderListPage>>(new FolderListPage(page, page.Count == PageSize ? $"{start + PageSize}" : null));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Downloads that write four bytes each; those whose names say so fail.</summary>
internal sealed class WritingRunner : IJobRunner
{
    public ConcurrentQueue<JobRequest> Ran { get; } = new();

    public Task<IReadOnlyList<JobProblem>> RunAsync(JobRequest request, Action<IJobRun> tell, CancellationToken stop)
    {
        Ran.Enqueue(request);
        List<JobProblem> problems = [];
        foreach (var path in request.What)
        {
            var local = Path.Combine(request.To, path[(path.LastIndexOf('/') + 1)..]);
            if (path.Contains("forbidden", StringComparison.Ordinal))
            {
                problems.Add(new JobProblem(local, FailureKind.Forbidden, "not for you"));
            }
            else if (File.Exists(local) && !request.Overwrite && File.ReadAllText(local) != "came")
            {
                problems.Add(new JobProblem(local, FailureKind.Conflict, "is there already with other content"));
            }
            else
            {
                Directory.CreateDirectory(request.To);
                File.WriteAllText(local, "came");
            }
        }

        return Task.FromResult<IReadOnlyList<JobProblem>>(problems);
    }
}

/// <summary>Downloads that nobody remembers.</summary>
internal sealed class NoBook : IJobBook
{
    public IReadOnlyList<DownloadJob> All() => [];

    public Failure? Keep(DownloadJob job) => null;

    public void Forget(long id)
    {
    }
}

/// <summary>Nothing is run.</summary>
internal sealed class NoThen : IThenRunner
{
    public Task<Failure?> RunAsync(Subscription subscription, SubscribedFile file, CancellationToken stop) => Task.FromResult<Failure?>(null);
}
