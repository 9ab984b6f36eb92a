using Cete.Core;

namespace Cete.Actors;

/// <summary>Request and reply over messages, for those who can await. An actor uses <see cref="ActorContext{TMessage}"/> instead.</summary>
public static class Asking
{
    /// <summary>What the timers of .NET can do is 49 days; nobody waits for half of it.</summary>
    private static readonly TimeSpan DeadlineMax = TimeSpan.FromDays(24);

    /// <summary>
    /// Sends a message that carries where to reply to, and awaits the reply. What awaits it never runs within the actor's turn.
    /// </summary>
    /// <param name="actor">Whom to ask.</param>
    /// <param name="message">Makes the message around the <see cref="ReplyTo{TReply}"/>; called once, before this call returns.</param>
    /// <param name="deadline">How long to wait by the clock of the actor's system, above zero and up to 24 days.</param>
    /// <param name="cancellation">Ends the wait, not the work.</param>
    /// <returns>
    /// The reply. The task fails with what the actor gave to <see cref="ReplyTo{TReply}.Fail"/>, <see cref="AskTimeoutException"/>,
    /// <see cref="MailboxFullException"/>, <see cref="ActorStoppedException"/> or <see cref="OperationCanceledException"/>. If the actor
    /// fails on the message, the deadline ends the wait: it may have handed on where to reply to before.
    /// </returns>
    /// <exception cref="CheckFailedException">The deadline is out of range.</exception>
    public static Task<TReply> AskAsync<TMessage, TReply>(
        this ActorRef<TMessage> actor,
        Func<ReplyTo<TReply>, TMessage> message,
        TimeSpan deadline,
        CancellationToken cancellation = default)
    {
        CheckDeadline(deadline);
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<TReply>(cancellation);
        }

        var pending = new PendingAsk<TReply>();
        if (TrySend(actor, message(new ReplyTo<TReply>(pending)), pending) is { } refusal)
        {
            return Task.FromException<TReply>(refusal);
        }

        pending.Arm(actor, deadline, cancellation);
        return pending.Task;
    }

    internal static void CheckDeadline(TimeSpan deadline) => Check.That(deadline > TimeSpan.Zero && deadline <= DeadlineMax);

    /// <returns>Why the message will not be handled; null if it was queued.</returns>
    internal static Exception? TrySend<TMessage>(ActorRef<TMessage> actor, TMessage message, IAsker asker) =>
        actor.Push(message, asker) switch
        {
            PushResult.Accepted => null,
            PushResult.Dropped when actor.Cell.Options.Overflow == MailboxOverflow.DropOldest => null,
            PushResult.Stopped => new ActorStoppedException(actor.Path),
            _ => new MailboxFullException(actor.Path),
        };
}
