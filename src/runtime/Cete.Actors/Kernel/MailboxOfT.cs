using System.Diagnostics;
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
/// The messages of one actor: senders append to one array under the lock, the turn swaps it for the other, empty one and then reads
/// without a lock. So a message costs one short lock, a batch costs one more, and two arrays serve for ever. Under
/// <see cref="MailboxOverflow.DropOldest"/> senders may take from the reader's array, so there the reader locks too.
/// </summary>
internal sealed class Mailbox<TMessage>(int capacity, MailboxOverflow overflow) : Mailbox
{
    private const int SlotsMin = 4;

    /// <summary>Arrays up to this length are kept by an idle actor.</summary>
    private const int SlotsKept = 16;

    private Slot[] _tail = [];
    private Slot[] _batch = [];
    private Activity?[]? _tailTraces;
    private Activity?[]? _batchTraces;
    private long _tailStamp;
    private int _tailCount;
    private int _batchCount;
    private int _batchPosition;

    /// <summary>Messages waiting.</summary>
    internal int Count
    {
        get
        {
            lock (this)
            {
                return CountLocked();
            }
        }
    }

    private protected override bool HasMessages => _tailCount > 0 || _batchPosition < _batchCount;

    /// <param name="message">What to queue.</param>
    /// <param name="trace">Who sends it, if anybody listens.</param>
    /// <param name="clock">Null if nobody wants latencies.</param>
    /// <param name="wake">The caller has to schedule the cell.</param>
    /// <param name="displaced">What <see cref="PushResult.Dropped"/> has lost; else default.</param>
    internal PushResult Push(TMessage message, Activity? trace, TimeProvider? clock, out bool wake, out TMessage? displaced)
    {
        displaced = default;
        lock (this)
        {
            var result = PushResult.Accepted;
            if (Closed || _tailCount + _batchCount >= capacity)
            {
                wake = false;
                result = MakeRoom(ref displaced);
                if (result is PushResult.Full or PushResult.Stopped)
                {
                    return result;
                }

                if (result == PushResult.Dropped && overflow == MailboxOverflow.DropNewest)
                {
                    displaced = message;
                    return result;
                }
            }

            var slots = _tail;
            var count = _tailCount;
            if ((uint)count >= (uint)slots.Length)
            {
                slots = Grow();
            }

            slots[count].Message = message;
            _tailCount = count + 1;
            if (trace is not null)
            {
                AddTrace(trace, count);
            }

            if (count == 0)
            {
                _tailStamp = clock?.GetTimestamp() ?? 0;
            }

            wake = WakeLocked();
            return result;
        }
    }

    /// <summary>The next message, within a turn.</summary>
    internal bool TryTake(out TMessage message, out Activity? trace)
    {
        if (overflow == MailboxOverflow.DropOldest)
        {
            lock (this)
            {
                return TryTakeCore(out message, out trace);
            }
        }

        return TryTakeCore(out message, out trace);
    }

    /// <summary>Swaps the arrays when the batch is used up, within a turn.</summary>
    /// <param name="length">Messages in the new batch.</param>
    /// <param name="stamp">When its first message was sent, or 0.</param>
    /// <returns>True if there is a new batch.</returns>
    internal bool TryRefill(out int length, out long stamp)
    {
        lock (this)
        {
            if (_batchPosition < _batchCount || _tailCount == 0)
            {
                length = 0;
                stamp = 0;
                return false;
            }

            length = _tailCount;
            stamp = _tailStamp;
            SwapLocked();
            return true;
        }
    }

    private protected override void OnIdle()
    {
        // Nothing waits (or the actor is suspended, and keeps what waits). A burst must not be paid for by all the idle time after it.
        if (HasMessages)
        {
            return;
        }

        _batchCount = _batchPosition = 0;
        _batch = Shrink(_batch);
        _tail = Shrink(_tail);
        _tailTraces = _batchTraces = null;
    }

    private static Slot[] Shrink(Slot[] slots) => slots.Length > SlotsKept ? [] : slots;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTakeCore(out TMessage message, out Activity? trace)
    {
        var position = _batchPosition;
        if (position >= _batchCount)
        {
            message = default!;
            trace = null;
            return false;
        }

        ref var slot = ref _batch[position];
        message = slot.Message;
        slot = default;
        trace = _batchTraces is { } traces && position < traces.Length ? traces[position] : null;
        Volatile.Write(ref _batchPosition, position + 1);
        return true;
    }

    private int CountLocked() => _tailCount + _batchCount - Volatile.Read(ref _batchPosition);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private PushResult MakeRoom(ref TMessage? displaced)
    {
        if (Closed)
        {
            return PushResult.Stopped;
        }

        if (CountLocked() < capacity)
        {
            return PushResult.Accepted;
        }

        if (overflow == MailboxOverflow.DropOldest)
        {
            if (_batchPosition >= _batchCount)
            {
                SwapLocked();
            }

            TryTakeCore(out var oldest, out _);
            displaced = oldest;
        }

        return overflow == MailboxOverflow.Reject ? PushResult.Full : PushResult.Dropped;
    }

    private void SwapLocked()
    {
        (_tail, _batch) = (_batch, _tail);
        (_tailTraces, _batchTraces) = (null, _tailTraces);
        _batchCount = _tailCount;
        _batchPosition = 0;
        _tailCount = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Slot[] Grow()
    {
        Array.Resize(ref _tail, Math.Max(SlotsMin, _tail.Length * 2));
        return _tail;
    }

    private void AddTrace(Activity trace, int index)
    {
        if (_tailTraces is null || _tailTraces.Length <= index)
        {
            Array.Resize(ref _tailTraces, Math.Max(index + 1, _tail.Length));
        }

        _tailTraces[index] = trace;
    }

    /// <summary>A struct around the message spares the type check that storing into an array of references costs.</summary>
    private struct Slot
    {
        internal TMessage Message;
    }
}
