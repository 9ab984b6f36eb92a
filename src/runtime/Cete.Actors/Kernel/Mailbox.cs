namespace Cete.Actors;

/// <summary>
/// What all mailboxes have: the queue of system messages, and whether the cell is scheduled. One lock guards everything. It spins, because
/// it is held for a few instructions, and because it is four bytes where a million actors have one each.
/// </summary>
internal abstract class Mailbox
{
    private SpinLock _gate = new(enableThreadOwnerTracking: false);
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
        using var held = Hold();
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

    internal SystemMessage? TakeSystem(out bool more)
    {
        using var held = Hold();
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

    /// <summary>Ends the cell's being scheduled, unless there is something to do.</summary>
    /// <param name="hasMore">The cell has messages in hand that the mailbox does not know.</param>
    internal bool TryIdle(bool hasMore)
    {
        using var held = Hold();
        if (_systemHead is not null || (!Suspended && (hasMore || HasMessages)))
        {
            return false;
        }

        _scheduled = false;
        OnIdle();
        return true;
    }

    internal void Suspend(bool suspended)
    {
        using var held = Hold();
        Suspended = suspended;
    }

    /// <summary>Refuses messages from now on; what is queued stays to be drained.</summary>
    internal void Close()
    {
        using var held = Hold();
        Suspended = true;
        Closed = true;
    }

    /// <summary>Refuses system messages too. Gives those that were still queued, linked.</summary>
    internal SystemMessage? Seal()
    {
        using var held = Hold();
        Volatile.Write(ref _sealed, true);
        var rest = _systemHead;
        _systemHead = _systemTail = null;
        return rest;
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

    private protected Held Hold() => new(ref _gate);

    /// <summary>The lock, held until disposed.</summary>
    private protected readonly ref struct Held
    {
        private readonly ref SpinLock _gate;

        internal Held(ref SpinLock gate)
        {
            _gate = ref gate;
            var taken = false;
            _gate.Enter(ref taken);
        }

        public void Dispose() => _gate.Exit(useMemoryBarrier: false);
    }
}
