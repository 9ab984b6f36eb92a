namespace Cete.Actors;

/// <summary>What the kernel tells a cell. It is its own link of the queue, so an instance is in one queue at most.</summary>
internal abstract class SystemMessage
{
    internal SystemMessage? Next { get; set; }

    /// <summary>Runs within a turn of the cell.</summary>
    internal abstract void Apply(ActorCell cell);

    /// <summary>Runs instead when the cell is gone.</summary>
    internal virtual void Refused(ActorCell cell)
    {
    }
}

internal sealed class StartMessage : SystemMessage
{
    internal override void Apply(ActorCell cell) => cell.OnStart();
}

internal sealed class StopMessage : SystemMessage
{
    internal override void Apply(ActorCell cell) => cell.BeginStop();
}

internal sealed class WatchMessage(ActorCell watcher) : SystemMessage
{
    internal override void Apply(ActorCell cell) => cell.OnWatch(watcher);

    internal override void Refused(ActorCell cell) => watcher.Post(new TerminatedMessage(cell));
}

internal sealed class UnwatchMessage(ActorCell watcher) : SystemMessage
{
    internal override void Apply(ActorCell cell) => cell.OnUnwatch(watcher);
}

internal sealed class TerminatedMessage(ActorCell stopped) : SystemMessage
{
    internal override void Apply(ActorCell cell) => cell.OnTerminated(stopped);
}

internal sealed class ChildStoppedMessage(ActorCell child) : SystemMessage
{
    internal override void Apply(ActorCell cell) => cell.OnChildStopped(child);
}

/// <summary>A failure that this cell answers, though another turn has thrown it.</summary>
internal sealed class FailedMessage(Exception cause) : SystemMessage
{
    internal override void Apply(ActorCell cell) => cell.OnFailed(cause);
}

internal sealed class RestartDueMessage : SystemMessage
{
    internal override void Apply(ActorCell cell) => cell.OnRestartDue(this);
}
