using System.Globalization;
using System.Net;
using Cete.Api;
using Cete.App.Verbs.Get;
using Cete.Core;
using Cete.Net;
using Cete.Net.Agent;
using Cete.Ports;
using Cete.Storage.Contents;
using Cete.Swarm;
using Cete.Transfer.Jobs;
using Cete.Web.Downloads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cete.App.Agent;

/// <summary>
/// The page of the agent's downloads, on a port of its own of this machine's own address; it is there when somebody asked for it. Files can be looked at there
/// while they come.
/// </summary>
/// <param name="agent">Carries the downloads out.</param>
/// <param name="queue">Its downloads.</param>
/// <param name="asked">Is told of every request, so that the agent stays as long as somebody looks.</param>
internal sealed class AgentPage(IAgent agent, JobQueue queue, Action asked) : IDownloadsDesk, IAsyncDisposable
{
    private const int ConnectionsMax = 64;
    private const int BodyMax = 16 * 1024;

    /// <summary>Files that are still looked at after their downloads ended.</summary>
    private const int WatchedMax = 64;

    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _opening = new(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<Hash256, (string Path, Manifest Manifest)> _watched = [];
    private readonly PreviewServer _previews = new(TimeProvider.System);
    private WebApplication? _app;
    private DownloadsGuard? _guard;

    /// <summary>Where it is, with what lets one browser in; it is started where it was not.</summary>
    public async Task<Outcome<PageAnswer>> OpenAsync(CancellationToken stop)
    {
        var guard = await StartAsync(stop);
        return guard.Then(opened => new PageAnswer(opened.NewLink().AbsoluteUri));
    }

    /// <summary>Where a file of a download can be looked at, also by a program that keeps no cookies.</summary>
    public async Task<Outcome<PageAnswer>> PreviewAsync(long id, string name, CancellationToken stop)
    {
        var look = agent.Look(id);
        var found = look.Succeeded ? FileNamed(id, look.Value, name) : look.Failure;
        if (!found.Succeeded)
        {
            return found.Failure;
        }

        var guard = await StartAsync(stop);
        return guard.Then(opened => new PageAnswer(new Uri(opened.Address, AddressOf(opened, id, found.Value)).AbsoluteUri));
    }

    /// <inheritdoc/>
    public IReadOnlyList<DownloadJob> All() => [.. queue.All().OrderBy(job => job.State == JobState.Running ? 0 : 1).ThenBy(job => job, JobOrder.Turns)];

    /// <inheritdoc/>
    public Outcome<DownloadJob> Find(long id) => agent.Find(id);

    /// <inheritdoc/>
    public Outcome<JobDetails> Look(long id) => agent.Look(id);

    /// <inheritdoc/>
    public Outcome<DownloadJob> Change(long id, string action) => action switch
    {
        "pause" => agent.Pause(id),
        "resume" => agent.Resume(id),
        "cancel" => agent.Cancel(id),
        "first" or "up" or "down" => agent.Move(id, action),
        _ => Enum.TryParse<JobPriority>(action, ignoreCase: true, out var priority) && Enum.IsDefined(priority)
            ? agent.Prioritize(id, priority)
            : new Failure(FailureKind.Invalid, $"a download cannot be told '{EntryName.Show(action)}'"),
    };

    /// <inheritdoc/>
    public void Clear() => agent.Clear();

    /// <inheritdoc/>
    public string? PreviewOf(long id, JobFile file) =>
        file.State is JobFileState.Running or JobFileState.Done && _guard is { } guard ? AddressOf(guard, id, file) : null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_app is { } app)
        {
            using var brief = new CancellationTokenSource(StopMax, TimeProvider.System);
            await app.StopAsync(brief.Token);
            await app.DisposeAsync();
        }

        _opening.Dispose();
    }

    private static string AddressOf(DownloadsGuard guard, long id, JobFile file) =>
        guard.WatchAddress(id, file.Number, Hash256.TryParse(file.Root, out var root) ? root : default, Path.GetFileName(file.Path));

    private static Outcome<JobFile> FileNamed(long id, JobDetails details, string name)
    {
        var found = details.Files.Where(file => file.State is JobFileState.Running or JobFileState.Done)
            .FirstOrDefault(file => Path.GetFileName(file.Path) == name || file.Number.ToString(CultureInfo.InvariantCulture) == name);
        return found is not null ? found
            : new Failure(FailureKind.NotFound, $"download {id} has no file '{EntryName.Show(name)}' that comes now; 'cete downloads show {id}' lists them");
    }

    private async Task<Outcome<DownloadsGuard>> StartAsync(CancellationToken stop)
    {
        await _opening.WaitAsync(stop);
        try
        {
            if (_guard is { } open)
            {
                return open;
            }

            var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
            builder.Configuration.Sources.Clear();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(options =>
            {
                options.AddServerHeader = false;
                options.Limits.MaxConcurrentConnections = ConnectionsMax;
                options.Limits.MaxRequestBodySize = BodyMax;
                options.Listen(IPAddress.Loopback, 0);
            });
            var app = builder.Build();
            app.Use((context, next) =>
            {
                asked();
                return next(context);
            });
            var guard = new DownloadsGuard(TimeProvider.System);
            DownloadsDoor.Map(app, this, guard, TimeProvider.System);
            app.MapMethods(
                DownloadAddresses.Watch + "/{capability}/{id:long}/{number:int}/{root}/{name}", [HttpMethods.Get, HttpMethods.Head],
                (HttpContext context, string capability, long id, int number, string root, string name, CancellationToken _) =>
                    WatchAsync(context, capability, id, number, root, name));
            await app.StartAsync(stop);
            guard.Port = new Uri(app.Urls.First()).Port;
            (_app, _guard) = (app, guard);
            return guard;
        }
        catch (IOException error)
        {
            return new Failure(FailureKind.Unavailable, $"the page cannot be opened: {error.Message}");
        }
        finally
        {
            _opening.Release();
        }
    }

    private Task WatchAsync(HttpContext context, string capability, long id, int number, string root, string name)
    {
        if (!Hash256.TryParse(root, out var content) || EntryName.Check(name) is not null || !_guard!.MayWatch(capability, id, content))
        {
            return Answers.WriteAsync(context, new Failure(
                FailureKind.Forbidden, "this address is not one that this agent gave; 'cete downloads preview' prints another"));
        }

        var file = (queue.RunOf(id) as GetRun)?.FileOf(number) is { } fetched && fetched.Wanted.Manifest.Root == content ? fetched : null;
        if (file is not null)
        {
            Note(file.Wanted);
        }

        var opened = file?.Read() ?? OpenWhole(content);
        if (opened is null)
        {
            return Answers.WriteAsync(context, new Failure(
                FailureKind.NotFound, $"'{EntryName.Show(name)}' does not come now, or is gone; 'cete downloads resume {id}' goes on with its download"));
        }

        return _previews.ServeAsync(context, opened, name, (first, count) => file?.Urgent.Urge(first, count));
    }

    /// <summary>Remembers where a file will be when it is whole: who looks at it goes on.</summary>
    private void Note(Wanted wanted)
    {
        lock (_gate)
        {
            if (_watched.Count >= WatchedMax && !_watched.ContainsKey(wanted.Manifest.Root))
            {
                _watched.Remove(_watched.Keys.First());
            }

            _watched[wanted.Manifest.Root] = (wanted.Path, wanted.Manifest);
        }
    }

    private IContentFile? OpenWhole(Hash256 root)
    {
        lock (_gate)
        {
            return _watched.TryGetValue(root, out var known) ? Preview.Open(known.Path, known.Manifest) : null;
        }
    }
}
