namespace Cete.Transfer.Payments;

/// <summary>Lets one in at a time, in the order in which they came.</summary>
internal sealed class Turns
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
    private bool _isTaken;

    /// <summary>Done when it is the caller's turn; what it gives ends the turn.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        LinkedListNode<TaskCompletionSource>? place = null;
        lock (_gate)
        {
            if (_isTaken)
            {
                place = _waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            _isTaken = true;
        }

        if (place is not null)
        {
            await using var giveUp = cancellation.Register(() => GiveUp(place, cancellation));
            await place.Value.Task;
        }

        return new Turn(this);
    }

    private void GiveUp(LinkedListNode<TaskCompletionSource> place, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (place.List is null)
            {
                return;
            }

            _waiting.Remove(place);
        }

        place.Value.SetCanceled(cancellation);
    }

    private void Leave()
    {
        TaskCompletionSource? next = null;
        lock (_gate)
        {
            if (_waiting.First is { } first)
            {
                _waiting.RemoveFirst();
                next = first.Value;
            }
            else
            {
                _isTaken = false;
            }
        }

        next?.SetResult();
    }

    private sealed class Turn(Turns turns) : IDisposable
    {
        private Turns? _turns = turns;

        public void Dispose() => Interlocked.Exchange(ref _turns, null)?.Leave();
    }
}
