using Cete.Core;

namespace Cete.Simulation.World;

/// <summary>
/// What is to happen, by time and, at one time, in the order in which it was asked for: a heap of four children a node, since
/// the queue of the library gives no order among equals.
/// </summary>
internal sealed class Scheduler(Instant start)
{
    private const int Arity = 4;
    private const int SparseMost = 4096;
    private Slot[] _heap = new Slot[1024];
    private int _count;
    private int _cancelled;
    private long _sequence;

    public Instant Now { get; private set; } = start;

    /// <summary>Events that wait, the cancelled ones among them.</summary>
    public int Count => _count;

    public void Add(Instant due, SimEvent item)
    {
        Check.That(due >= Now, "nothing happens in the past");
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, _count * 2);
        }

        SiftUp(_count++, new Slot(due.Microseconds, _sequence++, item));
    }

    /// <summary>Counts a cancelled event; when they are most of the queue, it is cleaned of them.</summary>
    public void NoteCancelled()
    {
        if (++_cancelled > SparseMost && _cancelled > _count / 2)
        {
            Sweep();
        }
    }

    /// <summary>Takes the next event that is due at or before a time and moves the time on to it.</summary>
    public bool TryTake(Instant until, out SimEvent item)
    {
        while (_count > 0 && _heap[0].Due <= until.Microseconds)
        {
            var slot = _heap[0];
            RemoveFirst();
            if (slot.Item.IsCancelled)
            {
                _cancelled = Math.Max(0, _cancelled - 1);
                continue;
            }

            if (!slot.Item.IsStale)
            {
                Now = new Instant(slot.Due);
                item = slot.Item;
                return true;
            }
        }

        item = null!;
        return false;
    }

    /// <summary>Lets time pass in which nothing happens.</summary>
    public void MoveTo(Instant time) => Now = Instant.Max(Now, time);

    private void RemoveFirst()
    {
        var last = _heap[--_count];
        _heap[_count] = default;
        if (_count > 0)
        {
            SiftDown(0, last);
        }
    }

    private void Sweep()
    {
        var kept = 0;
        for (var at = 0; at < _count; at++)
        {
            if (!_heap[at].Item.IsCancelled && !_heap[at].Item.IsStale)
            {
                _heap[kept++] = _heap[at];
            }
        }

        Array.Clear(_heap, kept, _count - kept);
        (_count, _cancelled) = (kept, 0);
        for (var at = (kept - 2) / Arity; at >= 0 && kept > 1; at--)
        {
            SiftDown(at, _heap[at]);
        }
    }

    private void SiftUp(int at, in Slot slot)
    {
        while (at > 0)
        {
            var parent = (at - 1) / Arity;
            if (!slot.IsBefore(_heap[parent]))
            {
                break;
            }

            _heap[at] = _heap[parent];
            at = parent;
        }

        _heap[at] = slot;
    }

    private void SiftDown(int at, in Slot slot)
    {
        var moved = slot;
        while (true)
        {
            var first = (at * Arity) + 1;
            if (first >= _count)
            {
                break;
            }

            var least = first;
            for (var child = first + 1; child < Math.Min(first + Arity, _count); child++)
            {
                least = _heap[child].IsBefore(_heap[least]) ? child : least;
            }

            if (!_heap[least].IsBefore(moved))
            {
                break;
            }

            _heap[at] = _heap[least];
            at = least;
        }

        _heap[at] = moved;
    }

    private readonly record struct Slot(long Due, long Sequence, SimEvent Item)
    {
        public bool IsBefore(in Slot other) => Due < other.Due || (Due == other.Due && Sequence < other.Sequence);
    }
}
