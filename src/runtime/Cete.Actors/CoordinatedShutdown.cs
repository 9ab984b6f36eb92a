using Cete.Core;

namespace Cete.Actors;

/// <summary>A step of the way down.</summary>
/// <param name="Name">Its name, unique in the list.</param>
/// <param name="Deadline">How long its tasks may take before the next phase begins all the same; above zero, up to 24 days.</param>
public sealed record ShutdownPhase(string Name, TimeSpan Deadline);

/// <summary>
/// Stops a system in named phases, one after the other. The tasks of a phase run side by side; the last phase also stops all actors,
/// children first, once its tasks are done. A task that fails or is late is reported and keeps nobody up.
/// </summary>
public sealed class CoordinatedShutdown
{
    /// <summary>No new requests from outside.</summary>
    public const string Unbind = "service-unbind";

    /// <summary>Requests under way come to their end.</summary>
    public const string RequestsDone = "service-requests-done";

    /// <summary>Services hand over and stop.</summary>
    public const string ServiceStop = "service-stop";

    /// <summary>The node takes leave of the others.</summary>
    public const string ClusterExit = "cluster-exiting";

    /// <summary>The actors stop.</summary>
    public const string ActorSystemTerminate = "actor-system-terminate";

    private static readonly TimeSpan DeadlineMax = TimeSpan.FromDays(24);

    private readonly Lock _lock = new();
    private readonly ActorSystem _system;
    private readonly IReadOnlyList<ShutdownPhase> _phases;
    private readonly List<(string Phase, string Name, Func<CancellationToken, Task> Work)> _tasks = [];
    private Task? _run;

    internal CoordinatedShutdown(ActorSystem system, IReadOnlyList<ShutdownPhase> phases)
    {
        Check.That(phases.Count > 0, "there is no phase to stop the actors in");
        Check.That(phases.DistinctBy(phase => phase.Name).Count() == phases.Count, "two phases have one name");
        Check.That(phases.All(phase => phase.Deadline > TimeSpan.Zero && phase.Deadline <= DeadlineMax), "a phase without a deadline");
        _system = system;
        _phases = phases;
    }

    /// <summary>The five phases above, each with 5 seconds, the last one with 10.</summary>
    public static IReadOnlyList<ShutdownPhase> DefaultPhases { get; } =
    [
        new(Unbind, TimeSpan.FromSeconds(5)),
        new(RequestsDone, TimeSpan.FromSeconds(5)),
        new(ServiceStop, TimeSpan.FromSeconds(5)),
        new(ClusterExit, TimeSpan.FromSeconds(5)),
        new(ActorSystemTerminate, TimeSpan.FromSeconds(10)),
    ];

    /// <summary>Adds a task to a phase.</summary>
    /// <param name="phase">The name of one of the system's phases.</param>
    /// <param name="name">What the task is called in reports.</param>
    /// <param name="task">What to do; its token is cancelled at the deadline of the phase.</param>
    /// <exception cref="ArgumentException">There is no such phase.</exception>
    /// <exception cref="ActorStoppedException">The shutdown has begun.</exception>
    public void Add(string phase, string name, Func<CancellationToken, Task> task)
    {
        if (!_phases.Any(p => p.Name == phase))
        {
            throw new ArgumentException($"there is no phase '{phase}'", nameof(phase));
        }

        lock (_lock)
        {
            if (_run is not null)
            {
                throw new ActorStoppedException(_system.Name);
            }

            _tasks.Add((phase, name, task));
        }
    }

    internal Task RunAsync()
    {
        // The task is published before anything runs, so that a task that asks for the shutdown gets this one.
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_run is not null)
            {
                return _run;
            }

            _run = done.Task;
        }

        _ = RunPhasesAsync(done);
        return done.Task;
    }

    private async Task RunPhasesAsync(TaskCompletionSource done)
    {
        foreach (var phase in _phases)
        {
            using var late = new CancellationTokenSource(phase.Deadline, _system.Clock);
            var work = _tasks.Where(t => t.Phase == phase.Name).Select(t => RunTaskAsync(phase, t.Name, t.Work, late.Token)).ToArray();
            await Task.WhenAll(work);
            if (ReferenceEquals(phase, _phases[^1]))
            {
                await RunTaskAsync(phase, "actors", _ => _system.StopActorsAsync(), late.Token);
            }
        }

        _system.EndOwnDispatcher();
        done.SetResult();
    }

    private async Task RunTaskAsync(ShutdownPhase phase, string name, Func<CancellationToken, Task> work, CancellationToken late)
    {
        try
        {
            await work(late).WaitAsync(late);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            Report(new TimeoutException($"'{name}' of phase {phase.Name} took longer than {phase.Deadline.TotalSeconds} s"));
        }
        catch (Exception cause)
        {
            Report(cause);
        }
    }

    private void Report(Exception cause) => _system.Report(new ActorFailure(null, cause, SupervisionDirective.Stop, TimeSpan.Zero));
}
