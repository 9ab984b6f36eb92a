using System.Runtime.InteropServices;
using Cete.App.Compose;
using Cete.App.Verbs.Get;
using Cete.Core;
using Cete.Net.Agent;
using Cete.Net.Swarms;
using Cete.Ports;
using Cete.Storage;
using Cete.Storage.Local;
using Cete.Transfer.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cete.App.Agent;

/// <summary>
/// A user's agent: the process that carries his downloads out, whatever terminal asked for them, and goes on with them after a restart. One a user; it
/// answers on a socket that he alone can open, and ends by itself when there was nothing to do for a while.
/// </summary>
internal sealed partial class AgentHost : IAgent, IAsyncDisposable
{
    private static readonly TimeSpan IdleMax = TimeSpan.FromMinutes(10);

    /// <summary>While it has something to give back it stays so long after the last time that somebody had some of it, or its user wanted something.</summary>
    private static readonly TimeSpan GivingMax = TimeSpan.FromHours(24);

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);
    private const long LogBytesMax = 1024 * 1024;

    private readonly JobQueue _queue;
    private readonly FileStream _lock;
    private readonly AgentPeers _peers;
    private readonly AgentLimiter _limits;
    private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DateTimeOffset _started = TimeProvider.System.GetUtcNow();
    private readonly AgentFolders _folders;
    private long _asked = TimeProvider.System.GetTimestamp();

    private readonly AgentPage _page;

    private AgentHost(JobQueue queue, AgentFolders folders, FileStream held, AgentPeers peers, AgentLimiter limits)
    {
        (_queue, _folders, _lock, _peers, _limits) = (queue, folders, held, peers, limits);
        _page = new AgentPage(this, queue, Ask);
    }

    /// <inheritdoc/>
    public AgentInfo Info
    {
        get
        {
            var jobs = _queue.All();
            var (running, waiting) = (jobs.Count(job => job.State == JobState.Running), jobs.Count(job => job.State == JobState.Waiting));
            return _folders.Tell(new AgentInfo(NodeHost.Version, Environment.ProcessId, _started, running, waiting)
            {
                Key = _peers.Key.ToString(),
                Address = _peers.Address.ToString(),
                Sent = PeerHost.Sent,
                Given = _peers.Given,
                Up = _limits.Up.PerSecond,
                Down = _limits.Down.PerSecond,
                Slots = _limits.Slots.Max,
                Share = _limits.Share,
                Sending = _limits.Measured.Up,
                Fetching = _limits.Measured.Down,
            });
        }
    }

    /// <summary>Runs until it is told to stop, or has nothing to do. Null, or why it could not start.</summary>
    public static async Task<Failure?> RunAsync(AgentPlace place, CancellationToken stop)
    {
        var held = Hold(place);
        if (!held.Succeeded)
        {
            return held.Failure;
        }

        var settings = AgentSettings.Open(place);
        if (!settings.Succeeded)
        {
            await held.Value.DisposeAsync();
            return settings.Failure;
        }

        Detach(place);
        await using var limits = new AgentLimiter(place, settings.Value.Limits, TimeProvider.System);
        var opened = await AgentPeers.OpenAsync(place, settings.Value, limits);
        if (!opened.Succeeded)
        {
            await held.Value.DisposeAsync();
            return opened.Failure;
        }

        await using var peers = opened.Value;
        var queue = new JobQueue(new JobBook(place.Jobs), new GetRunner(peers), TimeProvider.System);
        await using var agent = new AgentHost(queue, new AgentFolders(place, queue, () => peers.Key), held.Value, peers, limits);
        peers.Offer(agent._folders.Shared);
        limits.Start(() => queue.All().Sum(job => job.FetchedInAll));
        File.Delete(place.Socket);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.ListenUnixSocket(place.Socket);
        });
        await using var app = builder.Build();
        app.Use((context, next) =>
        {
            agent.Ask();
            return next(context);
        });
        AgentServer.Map(app, agent);
        agent._folders.Map(app);
        LimitsServer.Map(app, limits);
        await app.StartAsync(stop);
        await agent.WaitAsync(stop);

        // Who told it to stop is answered first.
        await app.StopAsync(AnswerPatience);
        return null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<DownloadJob> All() => _queue.All();

    /// <inheritdoc/>
    public Outcome<DownloadJob> Find(long id) => _queue.Find(id);

    /// <inheritdoc/>
    public Outcome<DownloadJob> Add(JobRequest request) => _queue.Add(request);

    /// <inheritdoc/>
    public Outcome<DownloadJob> Pause(long id) => _queue.Pause(id);

    /// <inheritdoc/>
    public Outcome<DownloadJob> Resume(long id) => _queue.Resume(id);

    /// <inheritdoc/>
    public Outcome<DownloadJob> Cancel(long id) => _queue.Cancel(id);

    /// <inheritdoc/>
    public Outcome<DownloadJob> Prioritize(long id, JobPriority priority) => _queue.Prioritize(id, priority);

    /// <inheritdoc/>
    public Outcome<DownloadJob> Move(long id, string how) => _queue.Move(id, Enum.Parse<JobMove>(how, ignoreCase: true));

    /// <inheritdoc/>
    public Outcome<JobDetails> Look(long id) => _queue.Find(id).Then(_ => _queue.RunOf(id)?.Details ?? JobDetails.None);

    /// <inheritdoc/>
    public int Clear() => _queue.Clear();

    /// <inheritdoc/>
    public Task<Outcome<PageAnswer>> OpenPageAsync(CancellationToken stop) => _page.OpenAsync(stop);

    /// <inheritdoc/>
    public Task<Outcome<PageAnswer>> PreviewAsync(long id, string name, CancellationToken stop) => _page.PreviewAsync(id, name, stop);

    /// <inheritdoc/>
    public void Stop() => _stopping.TrySetResult();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _page.DisposeAsync();
        await _folders.DisposeAsync();
        await _queue.DisposeAsync();
        await _lock.DisposeAsync();
    }

    /// <summary>Makes sure that it is the only one, until the stream is disposed or the process ends.</summary>
    internal static Outcome<FileStream> Hold(AgentPlace place)
    {
        if (PrivateFile.MakeFolder(place.Folder) is { } failure)
        {
            return failure;
        }

        try
        {
            return new FileStream(place.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return new Failure(FailureKind.Conflict, "an agent of this user runs already; 'cete agent status' tells about it");
        }
        catch (UnauthorizedAccessException error)
        {
            return new Failure(FailureKind.Forbidden, $"{place.Folder} cannot be used: {error.Message}");
        }
    }

    /// <summary>Leaves the terminal that it was started from: what that is sent, Ctrl-C for one, is not meant for it.</summary>
    private static void Detach(AgentPlace place)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(place.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            _ = NewSession();
        }

        var isLarge = File.Exists(place.Log) && new FileInfo(place.Log).Length > LogBytesMax;
        var mode = isLarge ? FileMode.Create : FileMode.Append;
        var log = new StreamWriter(new FileStream(place.Log, mode, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        Console.SetOut(log);
        Console.SetError(log);
        Directory.SetCurrentDirectory(place.Folder);
    }

    /// <summary>Somebody wants something of it: it stays for a while.</summary>
    private void Ask() => Volatile.Write(ref _asked, TimeProvider.System.GetTimestamp());

    private async Task WaitAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(LookInterval);
        var (sent, given) = (0L, TimeProvider.System.GetTimestamp());
        var told = Task.WhenAny(_stopping.Task, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop));
        while (!told.IsCompleted)
        {
            if (PeerHost.Sent != sent)
            {
                (sent, given) = (PeerHost.Sent, TimeProvider.System.GetTimestamp());
            }

            var asked = TimeProvider.System.GetElapsedTime(Math.Max(Volatile.Read(ref _asked), given));
            if (_queue.IsIdle && _folders.IsIdle && !_peers.IsBusy && asked > (_peers.Given > 0 ? GivingMax : IdleMax))
            {
                return;
            }

            await Task.WhenAny(told, timer.WaitForNextTickAsync(CancellationToken.None).AsTask());
        }
    }

    /// <summary>setsid(2).</summary>
    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int NewSession();
}
