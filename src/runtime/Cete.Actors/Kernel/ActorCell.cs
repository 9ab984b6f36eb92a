using System.Diagnostics.CodeAnalysis;
using Cete.Core;

namespace Cete.Actors;

internal enum CellState : byte
{
    /// <summary>Not started yet.</summary>
    Created,

    /// <summary>Handles messages.</summary>
    Running,

    /// <summary>Between two instances: waits for children to stop and for the delay to pass.</summary>
    Restarting,

    /// <summary>Waits for the parent, which fails in its place.</summary>
    Escalated,

    /// <summary>Waits for children to stop.</summary>
    Stopping,

    /// <summary>Gone.</summary>
    Stopped,
}

/// <summary>What a turn may still do, and what it has done.</summary>
internal struct Turn
{
    internal int Left;
    internal int Handled;
}

/// <summary>
/// What runs one actor, whatever its messages: turns, life cycle, supervision, children and watches. Its fields belong to the turn;
/// other threads reach it only through the mailbox. What few actors need is made when first needed.
/// </summary>
internal abstract partial class ActorCell : IRunnable, IThreadPoolWorkItem
{
    /// <summary>
    /// Written with each message, so it has its place in the middle of the object: the fields around it are hardly ever written, and
    /// the neighbours in memory belong to the senders.
    /// </summary>
    internal ReadPosition Position;

    private int _turnThread;

    /// <summary>There may be system messages: a look at this does not touch the cache lines of the senders.</summary>
    private bool _systemPosted;

    private bool _stopPosted;

    private protected ActorCell(ActorSystem system, ActorCell? parent, ActorOptions options)
    {
        System = system;
        Parent = parent;
        Options = options;
    }

    internal ActorSystem System { get; }

    internal ActorCell? Parent { get; }

    internal abstract Mailbox Mailbox { get; }

    internal ActorOptions Options { get; }

    internal IDispatcher Dispatcher => Options.Dispatcher ?? System.Default;

    internal abstract ActorRef Ref { get; }

    internal abstract int MailboxCount { get; }

    internal CellState State { get; private set; }

    public bool Run(int messagesMax)
    {
        var turn = new Turn { Left = messagesMax };
        System.Metrics.TurnBegins(this);
        while (true)
        {
            // Written anew on each round: the moment TryIdle succeeds, the next turn may begin on another thread.
            Volatile.Write(ref _turnThread, Environment.CurrentManagedThreadId);
            try
            {
                Work(ref turn);
            }
            catch (Exception cause)
            {
                Fail(cause);
            }

            Volatile.Write(ref _turnThread, 0);
            var idle = Mailbox.TryIdle(HasInHand);
            if (idle || turn.Left <= 0)
            {
                System.Metrics.Handled(turn.Handled);
                return !idle;
            }
        }
    }

    void IThreadPoolWorkItem.Execute() => ((PoolDispatcher)Dispatcher).Turn(this);

    internal void Start() => Post(new StartMessage());

    internal void Post(SystemMessage message)
    {
        if (!Mailbox.PostSystem(message, out var wake))
        {
            message.Refused(this);
        }
        else
        {
            Volatile.Write(ref _systemPosted, true);
            if (wake)
            {
                Dispatcher.Schedule(this);
            }
        }
    }

    /// <summary>Once is enough, so that however often an actor is stopped while it blocks, its queue does not grow.</summary>
    internal void PostStop()
    {
        if (!Interlocked.Exchange(ref _stopPosted, true))
        {
            Post(new StopMessage());
        }
    }

    /// <summary>Guards what only the actor itself may do: an await in Receive would go on outside of its turn.</summary>
    internal void CheckInTurn() => Check.That(
        _turnThread == Environment.CurrentManagedThreadId, "an actor's context is used outside of its turn");

    private protected bool TryTakeSystem([NotNullWhen(true)] out SystemMessage? message)
    {
        message = null;
        if (!Volatile.Read(ref _systemPosted))
        {
            return false;
        }

        // Lowered before the look: a post in between raises it again.
        Volatile.Write(ref _systemPosted, false);
        message = Mailbox.TakeSystem(out var more);
        if (more)
        {
            Volatile.Write(ref _systemPosted, true);
        }

        return message is not null;
    }

    /// <summary>The cell holds messages that the mailbox does not count.</summary>
    private protected abstract bool HasInHand { get; }

    /// <summary>Handles system messages, then messages, until the turn is used up or nothing is left.</summary>
    private protected abstract void Work(ref Turn turn);

    private protected abstract void CreateInstance();

    private protected abstract void ReleaseInstance();

    private protected abstract void CallStarted();

    private protected abstract void CallStopped();

    private protected abstract void CallSignal(Signal signal);

    /// <summary>What is left goes to the dead letters.</summary>
    private protected abstract void Drain();
}
