using System.Runtime.CompilerServices;

namespace Cete.Actors;

internal enum PushResult : byte
{
    Accepted,
    Full,
    Dropped,
    Stopped,
}

/// <summary>
/// How far the turn has read. It is kept in the cell, away from what senders write: else each would stall the other's cache.
/// </summary>
internal struct ReadPosition
{
    /// <summary>Messages taken, hence the number of the next one. Written by whoever takes, read by senders now and then.</summary>
    internal long Taken;

    /// <summary>Messages known to be there.</summary>
    internal long Seen;
}

/// <summary>
/// The messages of one actor, numbered from 0 on, in rings that are linked: senders fill the last ring under the lock, the turn empties
/// the first one without it, and a full ring is followed by one of twice its size. So a message costs one short lock, and a ring once
/// large enough serves for ever. Under <see cref="MailboxOverflow.DropOldest"/> senders take too, so there the turn takes the lock as well.
/// </summary>
internal sealed class Mailbox<TMessage>(int capacity, MailboxOverflow overflow) : Mailbox
{
    private const int SlotsMin = 2;

    private Ring<TMessage>? _tail;
    private Ring<TMessage>? _head;
    private long _pushed;
    private long _takenSeen;

    /// <summary>Whose mailbox it is.</summary>
    internal ActorCell<TMessage> Cell { get; private set; } = null!;

    /// <summary>Messages waiting.</summary>
    internal int Count
    {
        get
        {
            // In this order, so that a message between the two reads cannot make it negative.
            var taken = Volatile.Read(ref Cell.Position.Taken);
            return (int)(Volatile.Read(ref _pushed) - taken);
        }
    }

    /// <summary>The number of the message that is pushed next: a hint outside of the lock.</summary>
    internal long Next => _pushed;

    private protected override bool HasMessages => _pushed != Cell.Position.Taken;

    internal void Attach(ActorCell<TMessage> cell) => Cell = cell;

    /// <param name="message">What to queue.</param>
    /// <param name="note">What goes with it, commonly nothing.</param>
    /// <param name="wake">The caller has to schedule the cell.</param>
    /// <param name="displaced">What <see cref="PushResult.Dropped"/> has lost; else default.</param>
    internal PushResult Push(TMessage message, Note? note, out bool wake, out (TMessage? Message, Note? Note) displaced)
    {
        displaced = default;
        using var held = Hold();
        var result = PushResult.Accepted;
        if (Closed || _pushed - _takenSeen >= capacity)
        {
            wake = false;
            result = MakeRoom(message, ref displaced);
            if (result is PushResult.Full or PushResult.Stopped || (result == PushResult.Dropped && overflow == MailboxOverflow.DropNewest))
            {
                return result;
            }
        }

        var ring = _tail;
        if (ring is null || IsFull(ring))
        {
            ring = Extend(ring);
        }

        ring.Put(_pushed, message, note);
        Volatile.Write(ref _pushed, _pushed + 1);
        wake = WakeLocked();
        return result;
    }

    /// <summary>The next message, within a turn.</summary>
    internal bool TryTake(ref ReadPosition position, out TMessage message, out Note? note)
    {
        if (overflow != MailboxOverflow.DropOldest)
        {
            return TryTakeCore(ref position, out message, out note);
        }

        using var held = Hold();
        return TryTakeCore(ref position, out message, out note);
    }

    private protected override void OnIdle()
    {
        // A suspended actor gets idle with messages waiting.
        if (!HasMessages && _tail is { } ring && ring.IsSpare(_pushed))
        {
            _tail = _head = null;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTakeCore(ref ReadPosition position, out TMessage message, out Note? note)
    {
        var taken = position.Taken;
        if (taken == position.Seen)
        {
            position.Seen = Volatile.Read(ref _pushed);
            if (taken == position.Seen)
            {
                message = default!;
                note = null;
                return false;
            }
        }

        var ring = _head!;
        if (ring.Next is { } next && taken == next.Begin)
        {
            ring = _head = next;
        }

        message = ring.Take(taken, out note);
        Volatile.Write(ref position.Taken, taken + 1);
        return true;
    }

    private bool IsFull(Ring<TMessage> ring) => _pushed - Math.Max(_takenSeen, ring.Begin) >= ring.Slots.Length;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private PushResult MakeRoom(TMessage message, ref (TMessage? Message, Note? Note) displaced)
    {
        if (Closed)
        {
            return PushResult.Stopped;
        }

        _takenSeen = Volatile.Read(ref Cell.Position.Taken);
        if (_pushed - _takenSeen < capacity)
        {
            return PushResult.Accepted;
        }

        switch (overflow)
        {
            case MailboxOverflow.DropOldest:
                TryTakeCore(ref Cell.Position, out var oldest, out var oldestNote);
                _takenSeen++;
                displaced = (oldest, oldestNote);
                return PushResult.Dropped;
            case MailboxOverflow.DropNewest:
                displaced = (message, null);
                return PushResult.Dropped;
            default:
                return PushResult.Full;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Ring<TMessage> Extend(Ring<TMessage>? ring)
    {
        if (ring is null)
        {
            // The turn does not look for the head before it sees a message.
            return _head = _tail = new Ring<TMessage>(_pushed, SlotsMin);
        }

        _takenSeen = Volatile.Read(ref Cell.Position.Taken);
        if (IsFull(ring))
        {
            ring.Next = new Ring<TMessage>(_pushed, ring.Slots.Length * 2);
            _tail = ring = ring.Next;
        }

        return ring;
    }
}
