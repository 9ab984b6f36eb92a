using Cete.Core;

namespace Cete.Actors;

internal abstract partial class ActorCell
{
    private Extras? _extras;

    internal bool HasChildren => _extras?.Children is { Count: > 0 };

    internal ActorRef<TChild> Spawn<TChild>(string name, Func<Actor<TChild>> factory, ActorOptions? options)
    {
        CheckInTurn();
        ActorSystem.CheckName(name);
        var child = ActorCell<TChild>.Make(System, this, name, factory, options ?? ActorOptions.Default);
        if (!(Extra.Children ??= []).TryAdd(name, child))
        {
            throw new ArgumentException($"{Ref.Path} already has a child named '{name}'", nameof(name));
        }

        System.Added();
        child.Start();
        return child.Self;
    }

    internal void Watch(ActorCell other)
    {
        CheckInTurn();
        if (!ReferenceEquals(other, this) && (Extra.Watching ??= []).Add(other))
        {
            other.Post(new WatchMessage(this));
        }
    }

    internal void Unwatch(ActorCell other)
    {
        CheckInTurn();
        if (_extras?.Watching?.Remove(other) == true)
        {
            other.Post(new UnwatchMessage(this));
        }
    }

    internal void OnWatch(ActorCell watcher) => (Extra.Watchers ??= []).Add(watcher);

    internal void OnUnwatch(ActorCell watcher) => _extras?.Watchers?.Remove(watcher);

    internal void OnTerminated(ActorCell stopped)
    {
        if (State == CellState.Running && _extras?.Watching?.Remove(stopped) == true)
        {
            CallSignal(new Terminated(stopped.Ref));
        }
    }

    internal void OnChildStopped(ActorCell child)
    {
        Check.That(_extras?.Children?.Remove(child.Ref.Name) == true, "a child stops once");
        FinishStopIfAlone();
        FinishRestartIfReady();
    }

    private Extras Extra => _extras ??= new Extras();

    private void StopChildren()
    {
        if (_extras?.Children is not { } children)
        {
            return;
        }

        foreach (var child in children.Values)
        {
            child.PostStop();
        }
    }

    private void UnwatchAll()
    {
        if (_extras?.Watching is not { } watching)
        {
            return;
        }

        foreach (var other in watching)
        {
            other.Post(new UnwatchMessage(this));
        }

        _extras.Watching = null;
    }

    private void TellWatchers()
    {
        if (_extras?.Watchers is not { } watchers)
        {
            return;
        }

        foreach (var watcher in watchers)
        {
            watcher.Post(new TerminatedMessage(this));
        }

        _extras.Watchers = null;
    }

    /// <summary>Most actors have none of it. The sets are walked in the order of their making, which is the same in each run.</summary>
    private sealed class Extras
    {
        internal Dictionary<string, ActorCell>? Children { get; set; }

        internal HashSet<ActorCell>? Watching { get; set; }

        internal HashSet<ActorCell>? Watchers { get; set; }

        internal RestartState? Restart { get; set; }
    }
}
