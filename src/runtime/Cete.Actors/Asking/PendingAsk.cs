namespace Cete.Actors;

/// <summary>An ask of somebody who awaits. What awaits it runs elsewhere, never on the thread that replies.</summary>
internal sealed class PendingAsk<TReply>()
    : TaskCompletionSource<TReply>(TaskCreationOptions.RunContinuationsAsynchronously), IReplySink<TReply>
{
    private ActorRef? _actor;
    private TimeSpan _deadline;
    private ITimer? _timer;
    private CancellationTokenRegistration _registration;

    public bool IsDone => Task.IsCompleted;

    public void Reply(TReply value)
    {
        if (TrySetResult(value))
        {
            Disarm();
        }
    }

    public void Fail(Exception cause)
    {
        if (TrySetException(cause))
        {
            Disarm();
        }
    }

    /// <summary>After the send, so that a reply that is already there costs no timer.</summary>
    internal void Arm(ActorRef actor, TimeSpan deadline, CancellationToken cancellation)
    {
        if (Task.IsCompleted)
        {
            return;
        }

        _actor = actor;
        _deadline = deadline;
        _registration = cancellation.UnsafeRegister(
            static (ask, token) => ((PendingAsk<TReply>)ask!).Cancel(token), this);
        Volatile.Write(ref _timer, actor.Cell.System.Clock.CreateTimer(
            static ask => ((PendingAsk<TReply>)ask!).Expire(), this, deadline, Timeout.InfiniteTimeSpan));

        // The reply may have come while the fields were being set, and have found nothing to disarm.
        if (Task.IsCompleted)
        {
            Disarm();
        }
    }

    private void Expire() => Fail(new AskTimeoutException(_actor!.Path, _deadline));

    private void Cancel(CancellationToken token)
    {
        if (TrySetCanceled(token))
        {
            Disarm();
        }
    }

    private void Disarm()
    {
        Volatile.Read(ref _timer)?.Dispose();
        _registration.Unregister();
    }
}
