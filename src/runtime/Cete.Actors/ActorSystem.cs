using Cete.Core;

namespace Cete.Actors;

/// <summary>
/// The actors of a process or of a simulated node: makes them, counts what they lose, and ends them in order. Safe from every thread.
/// </summary>
public sealed class ActorSystem : IAsyncDisposable
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string InstrumentationName = "Cete.Actors";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ActorCell> _top = [];
    private readonly ActorSystemOptions _options;
    private readonly Prng _chance;
    private readonly TaskCompletionSource _allStopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BlockingDispatcher? _ownBlocking;
    private bool _stopping;
    private long _deadLetters;

    /// <summary>Makes an empty system.</summary>
    /// <param name="name">The first part of each path; not empty, without '/'.</param>
    /// <param name="options">Clock, dispatchers, callbacks.</param>
    /// <exception cref="ArgumentException">The name is bad.</exception>
    /// <exception cref="CheckFailedException">The phases of the shutdown are bad.</exception>
    public ActorSystem(string name, ActorSystemOptions options)
    {
        CheckName(name);
        Name = name;
        _options = options;
        _chance = new Prng(options.Seed);
        Metrics = new ActorMetrics(name, options.Clock);
        Shutdown = new CoordinatedShutdown(this, options.ShutdownPhases);
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The system's time.</summary>
    public TimeProvider Clock => _options.Clock;

    /// <summary>Where actors run that do not say otherwise.</summary>
    public IDispatcher Default => _options.Default;

    /// <summary>Where actors run that block.</summary>
    public IDispatcher Blocking
    {
        get
        {
            if (_options.Blocking is { } given)
            {
                return given;
            }

            lock (_lock)
            {
                return _ownBlocking ??= new BlockingDispatcher($"{Name}-blocking", _options.BlockingThreads);
            }
        }
    }

    /// <summary>What is to be done when the system stops.</summary>
    public CoordinatedShutdown Shutdown { get; }

    /// <summary>Messages without a reader so far.</summary>
    public long DeadLetterCount => Volatile.Read(ref _deadLetters);

    internal ActorMetrics Metrics { get; }

    /// <summary>Makes an actor without a parent. The factory runs in the actor's own turn, once per instance.</summary>
    /// <param name="name">1 to 255 characters without '/', unique among the living actors without a parent.</param>
    /// <param name="factory">Makes an instance; if it throws, the actor has failed.</param>
    /// <param name="options">How to run it; null is the default.</param>
    /// <returns>Its address, to which one can send at once.</returns>
    /// <exception cref="ArgumentException">The name is bad or taken.</exception>
    /// <exception cref="ActorStoppedException">The system is stopping its actors.</exception>
    public ActorRef<TMessage> Spawn<TMessage>(string name, Func<Actor<TMessage>> factory, ActorOptions? options = null)
    {
        CheckName(name);
        var cell = ActorCell<TMessage>.Make(this, null, name, factory, options ?? ActorOptions.Default);
        lock (_lock)
        {
            if (_stopping)
            {
                throw new ActorStoppedException(Name);
            }

            if (!_top.TryAdd(name, cell))
            {
                throw new ArgumentException($"{Name} already has an actor named '{name}'", nameof(name));
            }
        }

        Added();
        cell.Start();
        return cell.Self;
    }

    /// <summary>As <see cref="ActorContext{TMessage}.Stop"/>, for those who are not actors.</summary>
    /// <param name="actor">An actor of this system; nothing happens if it has stopped.</param>
    /// <exception cref="CheckFailedException">It is another system's.</exception>
    public void Stop(ActorRef actor)
    {
        Check.That(ReferenceEquals(actor.Cell.System, this));
        actor.Cell.PostStop();
    }

    /// <summary>Runs the phases of <see cref="Shutdown"/>, the last of which stops the actors. Further calls give the same task.</summary>
    /// <returns>Done when the last phase is over. It never fails: what fails or is late is reported and passed over.</returns>
    public Task StopAsync() => Shutdown.RunAsync();

    /// <summary>The same as <see cref="StopAsync"/>.</summary>
    public ValueTask DisposeAsync() => new(StopAsync());

    internal static void CheckName(string name)
    {
        if (name is not { Length: >= 1 and <= 255 } || name.Contains('/', StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{name}' is not 1 to 255 characters without '/'", nameof(name));
        }
    }

    internal long NextChance(long bound)
    {
        lock (_lock)
        {
            return _chance.Next(bound);
        }
    }

    internal void Added() => Metrics.Count(1);

    internal void Removed(ActorCell cell)
    {
        Metrics.Count(-1);
        if (cell.Parent is not null)
        {
            return;
        }

        lock (_lock)
        {
            _top.Remove(cell.Ref.Name);
            if (_stopping && _top.Count == 0)
            {
                _allStopped.TrySetResult();
            }
        }
    }

    internal void Lost<TMessage>(ActorRef recipient, TMessage message, DeadLetterReason reason)
    {
        Interlocked.Increment(ref _deadLetters);
        Metrics.Lost();
        if (_options.DeadLetters is { } sink)
        {
            Guard(sink, new DeadLetter(recipient, message, reason));
        }
    }

    internal void Report(ActorFailure failure)
    {
        if (_options.Failures is { } sink)
        {
            Guard(sink, failure);
        }
    }

    /// <summary>The last phase.</summary>
    internal Task StopActorsAsync()
    {
        ActorCell[] cells;
        lock (_lock)
        {
            _stopping = true;
            cells = [.. _top.Values];
            if (cells.Length == 0)
            {
                _allStopped.TrySetResult();
            }
        }

        foreach (var cell in cells)
        {
            cell.PostStop();
        }

        return _allStopped.Task;
    }

    internal void EndOwnDispatcher()
    {
        lock (_lock)
        {
            _ownBlocking?.Dispose();
        }
    }

    private static void Guard<T>(Action<T> callback, T report)
    {
        try
        {
            callback(report);
        }
        catch (Exception)
        {
            // There is nobody left to tell.
        }
    }
}
