using Cete.Core;

namespace Cete.Actors;

internal abstract partial class ActorCell
{
    private Dictionary<string, ActorCell>? _children;
    private HashSet<ActorCell>? _watching;
    private HashSet<ActorCell>? _watchers;

    internal bool HasChildren => _children is { Count: > 0 };

    internal ActorRef<TChild> Spawn<TChild>(string name, Func<Actor<TChild>> factory, ActorOptions? options)
    {
        CheckInTurn();
        ActorSystem.CheckName(name);
        var child = ActorCell<TChild>.Make(System, this, name, factory, options ?? ActorOptions.Default);
        if (!(_children ??= []).TryAdd(name, child))
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
        if (!ReferenceEquals(other, this) && (_watching ??= []).Add(other))
        {
            other.Post(new WatchMessage(this));
        }
    }

    internal void Unwatch(ActorCell other)
    {
        CheckInTurn();
        if (_watching is not null && _watching.Remove(other))
        {
            other.Post(new UnwatchMessage(this));
        }
    }

    internal void OnWatch(ActorCell watcher) => (_watchers ??= []).Add(watcher);

    internal void OnUnwatch(ActorCell watcher) => _watchers?.Remove(watcher);

    internal void OnTerminated(ActorCell stopped)
    {
        if (State == CellState.Running && _watching is not null && _watching.Remove(stopped))
        {
            CallSignal(new Terminated(stopped.Ref));
        }
    }

    internal void OnChildStopped(ActorCell child)
    {
        Check.That(_children is not null && _children.Remove(child.Ref.Name), "a child stops once");
        FinishStopIfAlone();
        FinishRestartIfReady();
    }

    private void StopChildren()
    {
        if (_children is null)
        {
            return;
        }

        foreach (var child in _children.Values)
        {
            child.Post(new StopMessage());
        }
    }

    private void UnwatchAll()
    {
        if (_watching is null)
        {
            return;
        }

        foreach (var other in _watching)
        {
            other.Post(new UnwatchMessage(this));
        }

        _watching = null;
    }

    private void TellWatchers()
    {
        if (_watchers is null)
        {
            return;
        }

        foreach (var watcher in _watchers)
        {
            watcher.Post(new TerminatedMessage(this));
        }

        _watchers = null;
    }
}
