namespace Cete.Actors;

/// <summary>
/// What all mailboxes have: the queue of system messages, and whether the cell is scheduled. One lock, held for a few instructions,
/// guards everything; it is the object itself because a million idle actors would pay for a million lock objects.
/// </summary>
internal abstract class Mailbox
{
    private SystemMessage? _systemHead;
    private SystemMessage? _systemTail;
    private bool _scheduled;
    private bool _sealed;

    /// <summary>No turn may handle messages: the cell has not started, or is between two instances. Guarded by the lock.</summary>
    private protected bool Suspended { get; private set; } = true;

    /// <summary>Messages are refused. Guarded by the lock.</summary>
    private protected bool Closed { get; private set; }

    /// <summary>The cell has stopped for good.</summary>
    internal bool IsSealed => Volatile.Read(ref _sealed);

    /// <returns>False if the mailbox is sealed.</returns>
    internal bool PostSystem(SystemMessage message, out bool wake)
    {
        lock (this)
        {
            if (_sealed)
            {
                wake = false;
                return false;
            }

            if (_systemTail is null)
            {
                _systemHead = message;
            }
            else
            {
                _systemTail.Next = message;
            }

            _systemTail = message;
            wake = !_scheduled;
            _scheduled = true;
            return true;
        }
    }

    internal SystemMessage? TakeSystem(out bool more)
    {
        lock (this)
        {
            more = false;
            if (_systemHead is not { } message)
            {
                return null;
            }

            _systemHead = message.Next;
            if (_systemHead is null)
            {
                _systemTail = null;
            }

            more = _systemHead is not null;

            message.Next = null;
            return message;
        }
    }

    /// <summary>Ends the cell's being scheduled, unless there is something to do.</summary>
    /// <param name="hasMore">The cell has messages in hand that the mailbox does not know.</param>
    internal bool TryIdle(bool hasMore)
    {
        lock (this)
        {
            if (_systemHead is not null || (!Suspended && (hasMore || HasMessages)))
            {
                return false;
            }

            _scheduled = false;
            OnIdle();
            return true;
        }
    }

    internal void Suspend(bool suspended)
    {
        lock (this)
        {
            Suspended = suspended;
        }
    }

    /// <summary>Refuses messages from now on; what is queued stays to be drained.</summary>
    internal void Close()
    {
        lock (this)
        {
            Suspended = true;
            Closed = true;
        }
    }

    /// <summary>Refuses system messages too. Gives those that were still queued, linked.</summary>
    internal SystemMessage? Seal()
    {
        lock (this)
        {
            Volatile.Write(ref _sealed, true);
            var rest = _systemHead;
            _systemHead = _systemTail = null;
            return rest;
        }
    }

    private protected abstract bool HasMessages { get; }

    private protected abstract void OnIdle();

    /// <summary>For a message that was just queued, lock held: whether its sender has to schedule the cell.</summary>
    private protected bool WakeLocked()
    {
        if (_scheduled || Suspended)
        {
            return false;
        }

        _scheduled = true;
        return true;
    }
}
