namespace Cete.Actors;

/// <summary>
/// The address of an actor, valid for ever: it outlives restarts, and once the actor has stopped it leads to the dead letters.
/// </summary>
public abstract class ActorRef
{
    private protected ActorRef(string name) => Name = name;

    /// <summary>The name, unique among the living children of one parent.</summary>
    public string Name { get; }

    /// <summary>The names from the system down to this actor, joined by '/'. It is put together on each call.</summary>
    public string Path => $"{Cell.Parent?.Ref.Path ?? Cell.System.Name}/{Name}";

    /// <summary>True once the actor has stopped for good; it never becomes false again.</summary>
    public bool IsStopped => Cell.Mailbox.IsSealed;

    internal abstract ActorCell Cell { get; }

    /// <summary>The <see cref="Path"/>.</summary>
    public override string ToString() => Path;
}

/// <summary>The address of an actor that understands <typeparamref name="TMessage"/>. Safe to use from every thread.</summary>
/// <typeparam name="TMessage">What may be sent.</typeparam>
public sealed class ActorRef<TMessage> : ActorRef
{
    private readonly Mailbox<TMessage> _mailbox;

    internal ActorRef(Mailbox<TMessage> mailbox, string name)
        : base(name) => _mailbox = mailbox;

    internal override ActorCell Cell => _mailbox.Cell;

    /// <summary>
    /// Sends a message: it never blocks and never throws. Messages of one sender to one actor arrive in the order sent, each at most once.
    /// </summary>
    /// <param name="message">The message. The sender must not change it afterwards.</param>
    /// <returns>
    /// False if the actor has stopped or is stopping, or if its mailbox is full under <see cref="MailboxOverflow.Reject"/>; the message is
    /// a dead letter then. True says that it was queued (or given to the overflow policy), not that it will be handled.
    /// </returns>
    public bool Tell(TMessage message) => Push(message) is PushResult.Accepted or PushResult.Dropped;

    internal PushResult Push(TMessage message, IAsker? asker = null)
    {
        var note = asker is not null || ActorTrace.Source.HasListeners() || ActorMetrics.MeasuresLatency
            ? _mailbox.Cell.System.Metrics.NoteOf(_mailbox.Next, asker)
            : null;
        var result = _mailbox.Push(message, note, out var wake, out var displaced);
        if (wake)
        {
            _mailbox.Cell.Dispatcher.Schedule(_mailbox.Cell);
        }

        switch (result)
        {
            case PushResult.Full:
                _mailbox.Cell.Lose(message, null, DeadLetterReason.MailboxFull);
                break;
            case PushResult.Stopped:
                _mailbox.Cell.Lose(message, null, DeadLetterReason.Stopped);
                break;
            case PushResult.Dropped:
                _mailbox.Cell.Lose(displaced.Message!, displaced.Note, DeadLetterReason.Dropped);
                break;
        }

        return result;
    }
}
