using Cete.Core;

namespace Cete.Actors;

/// <summary>
/// State that is touched by one message at a time. The four hooks are called in turns, never two at once, on whatever thread the
/// actor's dispatcher picks; what one turn wrote the next one sees. An exception thrown by a hook is a failure that the
/// <see cref="ActorOptions.Supervision"/> of the actor answers.
/// </summary>
/// <typeparam name="TMessage">What the actor understands.</typeparam>
public abstract class Actor<TMessage>
{
    private ActorContext<TMessage>? _context;

    /// <summary>The actor's view of itself and of the system. Usable from <see cref="Started"/> on, and only within a turn.</summary>
    /// <exception cref="CheckFailedException">It is used in the constructor.</exception>
    protected ActorContext<TMessage> Context
    {
        get
        {
            Check.That(_context is not null, "an actor has its context from Started on");
            return _context;
        }
    }

    /// <summary>Called once per instance, before its first message.</summary>
    protected internal virtual void Started()
    {
    }

    /// <summary>
    /// Handles one message. It must not block and must not await (an actor on a blocking dispatcher may block): what takes time is
    /// started here, and its result comes back as a message.
    /// </summary>
    /// <param name="message">The message; it is handed over at most once, also when this call throws.</param>
    protected internal abstract void Receive(TMessage message);

    /// <summary>Handles news of the kernel, such as <see cref="Terminated"/> of a watched actor. The same rules as for messages.</summary>
    /// <param name="signal">The news.</param>
    protected internal virtual void Signal(Signal signal)
    {
    }

    /// <summary>
    /// Called once per instance whose <see cref="Started"/> was called, even if that threw, after its last message: when the actor stops
    /// (its children are gone by then) and when a
    /// restart throws this instance away (its children are still stopping). What it throws is reported and changes nothing.
    /// </summary>
    protected internal virtual void Stopped()
    {
    }

    internal void Attach(ActorContext<TMessage> context) => _context = context;
}
