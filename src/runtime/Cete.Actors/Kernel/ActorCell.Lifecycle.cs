namespace Cete.Actors;

internal abstract partial class ActorCell
{
    private bool _instanceStarted;

    internal void OnStart()
    {
        if (State == CellState.Created)
        {
            StartInstance();
        }
    }

    internal void BeginStop()
    {
        if (State is CellState.Stopping or CellState.Stopped)
        {
            return;
        }

        State = CellState.Stopping;
        Mailbox.Close();
        CancelRestart();
        StopChildren();
        FinishStopIfAlone();
    }

    private void StartInstance()
    {
        State = CellState.Running;
        _instanceStarted = false;
        CreateInstance();
        _instanceStarted = true;
        CallStarted();

        // Started may have stopped the actor, or thrown: then nothing is opened.
        if (State == CellState.Running)
        {
            Mailbox.Suspend(false);
        }
    }

    /// <summary>Nothing of an instance outlives it but its mailbox.</summary>
    private void EndInstance()
    {
        ReleaseTimers();
        UnwatchAll();
        if (_instanceStarted)
        {
            _instanceStarted = false;
            try
            {
                CallStopped();
            }
            catch (Exception cause)
            {
                var answer = State == CellState.Restarting ? SupervisionDirective.Restart : SupervisionDirective.Stop;
                System.Report(new ActorFailure(Ref, cause, answer, TimeSpan.Zero));
            }
        }

        // Once more: Stopped may have started or watched something.
        ReleaseTimers();
        UnwatchAll();
        ReleaseInstance();
    }

    private void FinishStopIfAlone()
    {
        if (State != CellState.Stopping || HasChildren)
        {
            return;
        }

        EndInstance();
        if (HasChildren)
        {
            // Stopped has spawned: those go first.
            StopChildren();
            return;
        }

        State = CellState.Stopped;
        Drain();
        for (var rest = Mailbox.Seal(); rest is not null;)
        {
            var next = rest.Next;
            rest.Next = null;
            rest.Refused(this);
            rest = next;
        }

        TellWatchers();
        if (Parent is { } parent)
        {
            parent.Post(new ChildStoppedMessage(this));
        }

        System.Removed(this);
    }

    private protected abstract void ReleaseTimers();
}
