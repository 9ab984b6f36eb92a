using Cete.Core;

namespace Cete.Actors;

/// <summary>Request and reply over messages, for those who can await. An actor uses <see cref="ActorContext{TMessage}"/> instead.</summary>
public static class Asking
{
    /// <summary>Sends a message that carries where to reply to, and awaits the reply. What awaits it never runs within the actor's turn.</summary>
    /// <param name="actor">Whom to ask.</param>
    /// <param name="message">Makes the message around the <see cref="ReplyTo{TReply}"/>; called once, before this call returns.</param>
    /// <param name="deadline">How long to wait by the clock of the actor's system, above zero.</param>
    /// <param name="cancellation">Ends the wait, not the work.</param>
    /// <returns>
    /// The reply. The task fails with what the actor gave to <see cref="ReplyTo{TReply}.Fail"/>, <see cref="AskTimeoutException"/>,
    /// <see cref="MailboxFullException"/>, <see cref="ActorStoppedException"/> or <see cref="OperationCanceledException"/>.
    /// </returns>
    /// <exception cref="CheckFailedException">The deadline is not positive.</exception>
    public static Task<TReply> AskAsync<TMessage, TReply>(
        this ActorRef<TMessage> actor,
        Func<ReplyTo<TReply>, TMessage> message,
        TimeSpan deadline,
        CancellationToken cancellation = default)
    {
        Check.That(deadline > TimeSpan.Zero);
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<TReply>(cancellation);
        }

        var pending = new PendingAsk<TReply>();
        switch (actor.Push(message(new ReplyTo<TReply>(pending))))
        {
            case PushResult.Accepted:
            case PushResult.Dropped when actor.Cell.Options.Overflow == MailboxOverflow.DropOldest:
                pending.Arm(actor, deadline, cancellation);
                return pending.Task;
            case PushResult.Stopped:
                return Task.FromException<TReply>(new ActorStoppedException(actor.Path));
            default:
                return Task.FromException<TReply>(new MailboxFullException(actor.Path));
        }
    }

    private sealed class PendingAsk<TReply>()
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
}
