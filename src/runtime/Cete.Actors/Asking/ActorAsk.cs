namespace Cete.Actors;

/// <summary>
/// An ask of an actor: what comes first becomes a message to it, told by whoever brings it, without a detour over a task.
/// </summary>
internal sealed class ActorAsk<TMessage, TReply>(
    ActorRef<TMessage> asker, Func<TReply, TMessage> reply, Func<Exception, TMessage> failure) : IReplySink<TReply>
{
    private ITimer? _timer;
    private int _done;

    public bool IsDone => Volatile.Read(ref _done) != 0;

    public void Reply(TReply value)
    {
        if (TryEnd())
        {
            TellSafely(asker, reply, value);
        }
    }

    public void Fail(Exception cause)
    {
        if (TryEnd())
        {
            TellSafely(asker, failure, cause);
        }
    }

    internal void Send<TOther>(ActorRef<TOther> actor, Func<ReplyTo<TReply>, TOther> message, TimeSpan deadline)
    {
        if (Asking.TrySend(actor, message(new ReplyTo<TReply>(this)), this) is { } refusal)
        {
            Fail(refusal);
        }
        else if (!IsDone)
        {
            var timer = asker.Cell.System.Clock.CreateTimer(
                _ => Fail(new AskTimeoutException(actor.Path, deadline)), null, deadline, Timeout.InfiniteTimeSpan);
            Volatile.Write(ref _timer, timer);

            // The reply may have come before there was a timer to end.
            if (IsDone)
            {
                timer.Dispose();
            }
        }
    }

    internal static async Task PipeAsync(
        ActorRef<TMessage> asker, Task<TReply> task, Func<TReply, TMessage> result, Func<Exception, TMessage> failure)
    {
        TReply value;
        try
        {
            value = await task;
        }
        catch (Exception cause)
        {
            TellSafely(asker, failure, cause);
            return;
        }

        TellSafely(asker, result, value);
    }

    /// <summary>The asker's bug must not fail whoever replies.</summary>
    private static void TellSafely<T>(ActorRef<TMessage> asker, Func<T, TMessage> make, T value)
    {
        TMessage message;
        try
        {
            message = make(value);
        }
        catch (Exception cause)
        {
            asker.Cell.Post(new FailedMessage(cause));
            return;
        }

        asker.Tell(message);
    }

    private bool TryEnd()
    {
        if (Interlocked.Exchange(ref _done, 1) != 0)
        {
            return false;
        }

        Volatile.Read(ref _timer)?.Dispose();
        return true;
    }
}
