namespace Cete.Actors;

internal abstract partial class ActorCell
{
    internal void OnFailed(Exception cause)
    {
        if (State == CellState.Running)
        {
            Fail(cause);
        }
    }

    internal void OnRestartDue(RestartDueMessage due)
    {
        if (State == CellState.Restarting && _extras?.Restart is { } restart && ReferenceEquals(restart.Due, due))
        {
            restart.Due = null;
            FinishRestartIfReady();
        }
    }

    private void Fail(Exception cause)
    {
        if (State is not (CellState.Running or CellState.Created))
        {
            // The actor was stopped by the very hook that then threw.
            System.Report(new ActorFailure(Ref, cause, SupervisionDirective.Stop, TimeSpan.Zero));
            return;
        }

        var answer = Options.Supervision.Answer(cause);
        var delay = TimeSpan.Zero;
        if (answer == SupervisionDirective.Restart && !TryCountRestart(out delay))
        {
            answer = SupervisionDirective.Stop;
        }

        if (answer == SupervisionDirective.Escalate && Parent is null)
        {
            answer = SupervisionDirective.Stop;
        }

        System.Report(new ActorFailure(Ref, cause, answer, delay));
        switch (answer)
        {
            case SupervisionDirective.Restart:
                BeginRestart(delay);
                break;
            case SupervisionDirective.Escalate:
                // Whatever the parent decides, it stops its children: this one only has to keep still until then.
                State = CellState.Escalated;
                Mailbox.Suspend(true);
                Parent!.Post(new FailedMessage(cause));
                break;
            default:
                BeginStop();
                break;
        }
    }

    private bool TryCountRestart(out TimeSpan delay)
    {
        delay = TimeSpan.Zero;
        var strategy = Options.Supervision;
        var history = (Extra.Restart ??= new RestartState()).History;
        var now = System.Clock.GetTimestamp();
        while (history.TryPeek(out var oldest) && System.Clock.GetElapsedTime(oldest, now) > strategy.Window)
        {
            history.Dequeue();
        }

        if (history.Count >= strategy.RestartsMax)
        {
            return false;
        }

        history.Enqueue(now);
        delay = strategy.DelayOf(history.Count, System.NextChance);
        return true;
    }

    private void BeginRestart(TimeSpan delay)
    {
        State = CellState.Restarting;
        Mailbox.Suspend(true);
        var due = new RestartDueMessage();
        var restart = Extra.Restart!;
        restart.Due = due;
        EndInstance();
        StopChildren();
        System.Metrics.Restarted();
        if (delay > TimeSpan.Zero)
        {
            restart.Timer = System.Clock.CreateTimer(_ => Post(due), null, delay, Timeout.InfiniteTimeSpan);
        }
        else
        {
            Post(due);
        }
    }

    private void FinishRestartIfReady()
    {
        if (State == CellState.Restarting && _extras!.Restart!.Due is null && !HasChildren)
        {
            _extras.Restart.DisposeTimer();
            StartInstance();
        }
    }

    private void CancelRestart() => _extras?.Restart?.DisposeTimer();

    private sealed class RestartState
    {
        internal Queue<long> History { get; } = new();

        internal RestartDueMessage? Due { get; set; }

        internal ITimer? Timer { get; set; }

        internal void DisposeTimer()
        {
            Timer?.Dispose();
            Timer = null;
        }
    }
}
