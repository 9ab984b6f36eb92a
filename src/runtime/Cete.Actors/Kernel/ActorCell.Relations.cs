using Cete.Core;

namespace Cete.Actors;

internal abstract partial class ActorCell
{
    private Relations? _relations;

    internal bool HasChildren => _relations?.Children is { Count: > 0 };

    internal ActorRef<TChild> Spawn<TChild>(string name, Func<Actor<TChild>> factory, ActorOptions? options)
    {
        CheckInTurn();
        ActorSystem.CheckName(name);
        var child = ActorCell<TChild>.Make(System, this, name, factory, options ?? ActorOptions.Default);
        if (!(Others.Children ??= []).TryAdd(name, child))
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
        if (!ReferenceEquals(other, this) && (Others.Watching ??= []).Add(other))
        {
            other.Post(new WatchMessage(this));
        }
    }

    internal void Unwatch(ActorCell other)
    {
        CheckInTurn();
        if (_relations?.Watching?.Remove(other) == true)
        {
            other.Post(new UnwatchMessage(this));
        }
    }

    internal void OnWatch(ActorCell watcher) => (Others.Watchers ??= []).Add(watcher);

    internal void OnUnwatch(ActorCell watcher) => _relations?.Watchers?.Remove(watcher);

    internal void OnTerminated(ActorCell stopped)
    {
        if (State == CellState.Running && _relations?.Watching?.Remove(stopped) == true)
        {
            CallSignal(new Terminated(stopped.Ref));
        }
    }

    internal void OnChildStopped(ActorCell child)
    {
        Check.That(_relations?.Children?.Remove(child.Ref.Name) == true, "a child stops once");
        FinishStopIfAlone();
        FinishRestartIfReady();
    }

    private Relations Others => _relations ??= new Relations();

    private void StopChildren()
    {
        if (_relations?.Children is not { } children)
        {
            return;
        }

        foreach (var child in children.Values)
        {
            child.Post(new StopMessage());
        }
    }

    private void UnwatchAll()
    {
        if (_relations?.Watching is not { } watching)
        {
            return;
        }

        foreach (var other in watching)
        {
            other.Post(new UnwatchMessage(this));
        }

        _relations.Watching = null;
    }

    private void TellWatchers()
    {
        if (_relations?.Watchers is not { } watchers)
        {
            return;
        }

        foreach (var watcher in watchers)
        {
            watcher.Post(new TerminatedMessage(this));
        }

        _relations.Watchers = null;
    }

    /// <summary>Most actors have none of it. The sets are walked in the order of their making, which is the same in each run.</summary>
    private sealed class Relations
    {
        internal Dictionary<string, ActorCell>? Children { get; set; }

        internal HashSet<ActorCell>? Watching { get; set; }

        internal HashSet<ActorCell>? Watchers { get; set; }
    }
}
