using Cete.Core;

namespace Cete.Net.Swarms;

/// <summary>
/// How many parts of contents are sent to peers at a time: fewer at once are there sooner, and can be passed on sooner. Who comes when all are taken waits
/// for a while; the next free one is for the peer that has the fewest, so that one with many connections takes no more than others do. For several callers
/// at once.
/// </summary>
/// <param name="max">Slots.</param>
/// <param name="clock">The time here.</param>
public sealed class UploadSlots(int max, TimeProvider clock) : IDisposable
{
    /// <summary>Who waits longer is told to come again, or to go elsewhere.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(5);

    /// <summary>Those who wait, for each slot.</summary>
    private const int WaitingPerSlot = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<KeyId, int> _taken = [];
    private readonly LinkedList<(KeyId Peer, TaskCompletionSource Turn)> _waiting = new();
    private int _max = max;
    private int _used;

    /// <summary>All that there are.</summary>
    public int Max
    {
        get
        {
            lock (_gate)
            {
                return _max;
            }
        }
    }

    /// <summary>Those that are free; below zero where there were more when they were taken.</summary>
    public int Free
    {
        get
        {
            lock (_gate)
            {
                return _max - _used;
            }
        }
    }

    /// <summary>Somebody is being sent something.</summary>
    public bool IsUsed
    {
        get
        {
            lock (_gate)
            {
                return _used > 0;
            }
        }
    }

    /// <summary>Has more of them, or fewer: those that are taken are kept until they are given back.</summary>
    public void Resize(int slots)
    {
        lock (_gate)
        {
            Check.That(slots > 0);
            _max = slots;
            Hand();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var (_, turn) in _waiting)
            {
                turn.TrySetCanceled();
            }

            _waiting.Clear();
        }
    }

    /// <summary>Gives a slot back.</summary>
    /// <param name="peer">Who had it.</param>
    internal void Leave(KeyId peer)
    {
        lock (_gate)
        {
            _used--;
            if (--_taken[peer] == 0)
            {
                _taken.Remove(peer);
            }

            Hand();
        }
    }

    /// <summary>Takes a slot; false where there was none in time.</summary>
    /// <param name="peer">Who wants it.</param>
    /// <param name="gone">He does no longer.</param>
    internal async Task<bool> EnterAsync(KeyId peer, CancellationToken gone)
    {
        LinkedListNode<(KeyId Peer, TaskCompletionSource Turn)> place;
        lock (_gate)
        {
            if (_used < _max && _waiting.Count == 0)
            {
                Take(peer);
                return true;
            }

            // The places to wait are for others too.
            var all = _max * WaitingPerSlot;
            if (_waiting.Count >= all || _waiting.Count(one => one.Peer == peer) >= Math.Max(1, all / 2))
            {
                return false;
            }

            place = _waiting.AddLast((peer, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        using var late = new CancellationTokenSource(WaitMax, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, late.Token);
        try
        {
            await place.Value.Turn.Task.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                if (place.List is not null)
                {
                    _waiting.Remove(place);
                    return false;
                }
            }

            // It was his in that very moment, or there are none any more.
            return place.Value.Turn.Task.IsCompletedSuccessfully;
        }
    }

    /// <summary>Hands out what is free, to those who have the fewest; among those, to who waits longest.</summary>
    private void Hand()
    {
        while (_used < _max && _waiting.Count > 0)
        {
            var next = _waiting.First!;
            for (var other = next.Next; other is not null; other = other.Next)
            {
                if (TakenBy(other.Value.Peer) < TakenBy(next.Value.Peer))
                {
                    next = other;
                }
            }

            _waiting.Remove(next);
            Take(next.Value.Peer);
            next.Value.Turn.TrySetResult();
        }
    }

    private int TakenBy(KeyId peer) => _taken.GetValueOrDefault(peer);

    private void Take(KeyId peer)
    {
        _used++;
        _taken[peer] = TakenBy(peer) + 1;
    }
}
