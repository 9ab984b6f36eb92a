using Cete.Core;

namespace Cete.Actors;

/// <summary>
/// What an actor can do beyond <see cref="ActorRef{TMessage}.Tell"/>. It belongs to the actor's turns: each member but
/// <see cref="Self"/>, <see cref="Parent"/>, <see cref="System"/> and <see cref="Clock"/> throws <see cref="CheckFailedException"/> outside of them.
/// </summary>
/// <typeparam name="TMessage">What the actor understands.</typeparam>
public sealed class ActorContext<TMessage>
{
    private readonly ActorCell<TMessage> _cell;
    private Timers<TMessage>? _timers;

    internal ActorContext(ActorCell<TMessage> cell) => _cell = cell;

    /// <summary>The actor's own address.</summary>
    public ActorRef<TMessage> Self => _cell.Self;

    /// <summary>The address of the actor that spawned this one; null at the top.</summary>
    public ActorRef? Parent => _cell.Parent?.Ref;

    /// <summary>The system that the actor lives in.</summary>
    public ActorSystem System => _cell.System;

    /// <summary>The only time there is for an actor.</summary>
    public TimeProvider Clock => _cell.System.Clock;

    /// <summary>Messages to itself, later.</summary>
    public Timers<TMessage> Timers
    {
        get
        {
            _cell.CheckInTurn();
            return _timers ??= new Timers<TMessage>(_cell);
        }
    }

    /// <summary>Messages that wait, the one being handled and the stash not counted.</summary>
    public int MailboxCount
    {
        get
        {
            _cell.CheckInTurn();
            return _cell.MailboxCount;
        }
    }

    /// <summary>Messages put aside.</summary>
    public int StashCount
    {
        get
        {
            _cell.CheckInTurn();
            return _cell.StashCount;
        }
    }

    /// <summary>
    /// Makes a child. It stops before this actor stops or restarts. The factory runs in the child's own turn, once per instance.
    /// </summary>
    /// <param name="name">1 to 255 characters without '/', unique among the living children.</param>
    /// <param name="factory">Makes an instance; if it throws, the child has failed.</param>
    /// <param name="options">How to run it; null is the default.</param>
    /// <returns>Its address, to which one can send at once.</returns>
    /// <exception cref="ArgumentException">The name is bad or taken.</exception>
    public ActorRef<TChild> Spawn<TChild>(string name, Func<Actor<TChild>> factory, ActorOptions? options = null) =>
        _cell.Spawn(name, factory, options);

    /// <summary>
    /// Has an actor stop after the message that it is handling. What waits in its mailbox becomes dead letters, its children stop before
    /// it.
    /// </summary>
    /// <param name="actor">Any actor; nothing happens if it has stopped.</param>
    public void Stop(ActorRef actor)
    {
        _cell.CheckInTurn();
        actor.Cell.PostStop();
    }

    /// <summary>Has this actor stop after the current message.</summary>
    public void StopSelf() => Stop(Self);

    /// <summary>
    /// Asks for a <see cref="Terminated"/> signal when another actor stops for good, or at once if it has. A second watch of the same actor
    /// changes nothing; a restart of this actor ends its watches.
    /// </summary>
    /// <param name="actor">Whom to watch; oneself has no effect.</param>
    public void Watch(ActorRef actor) => _cell.Watch(actor.Cell);

    /// <summary>Ends a watch: no signal about it comes from now on.</summary>
    /// <param name="actor">Whom to watch no longer.</param>
    public void Unwatch(ActorRef actor) => _cell.Unwatch(actor.Cell);

    /// <summary>
    /// Puts a message aside until <see cref="UnstashAll"/>. A restart unstashes, too; a stop makes dead letters of it. An ask that came
    /// with the message being handled goes with it: it fails at once if the message is lost.
    /// </summary>
    /// <param name="message">The message, commonly the one being handled.</param>
    /// <returns>False if <see cref="ActorOptions.StashCapacity"/> is reached; the message is a dead letter then.</returns>
    public bool Stash(TMessage message)
    {
        _cell.CheckInTurn();
        return _cell.Stash(message);
    }

    /// <summary>Brings back what was put aside, in that order and before anything in the mailbox.</summary>
    public void UnstashAll()
    {
        _cell.CheckInTurn();
        _cell.Unstash();
    }

    /// <summary>
    /// Asks another actor; reply or failure come back as a message to this one, exactly one of them, if the mailbox takes it. If this actor
    /// restarts meanwhile, its new instance gets it.
    /// </summary>
    /// <param name="actor">Whom to ask.</param>
    /// <param name="message">Makes the question around where to reply to; called once, now.</param>
    /// <param name="deadline">How long to wait, above zero and up to 24 days.</param>
    /// <param name="reply">
    /// Makes the message of a reply. It runs outside of this actor's turn, so it must not touch its state; if it throws, this actor
    /// fails.
    /// </param>
    /// <param name="failure">Makes the message of a failure, as for <see cref="Asking.AskAsync"/>. The same rule.</param>
    public void Ask<TOther, TReply>(
        ActorRef<TOther> actor,
        Func<ReplyTo<TReply>, TOther> message,
        TimeSpan deadline,
        Func<TReply, TMessage> reply,
        Func<Exception, TMessage> failure)
    {
        _cell.CheckInTurn();
        Asking.CheckDeadline(deadline);
        new ActorAsk<TMessage, TReply>(Self, reply, failure).Send(actor, message, deadline);
    }

    /// <summary>Turns the end of a task, which edges do their work in, into a message to this actor.</summary>
    /// <param name="task">What was started.</param>
    /// <param name="result">
    /// Makes the message of a result. It runs outside of this actor's turn, so it must not touch its state; if it throws, this actor
    /// fails.
    /// </param>
    /// <param name="failure">Makes the message of what the task threw, cancellation included. The same rule.</param>
    public void PipeTo<TResult>(Task<TResult> task, Func<TResult, TMessage> result, Func<Exception, TMessage> failure)
    {
        _cell.CheckInTurn();
        _ = ActorAsk<TMessage, TResult>.PipeAsync(Self, task, result, failure);
    }

    internal void ReleaseTimers() => _timers?.CancelAllCore();
}
