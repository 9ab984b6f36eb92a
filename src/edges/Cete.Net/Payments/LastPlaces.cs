using Cete.Core;
using Cete.Ledger.Channels;

namespace Cete.Net.Payments;

/// <summary>The last place of one node: <see cref="LastPlace"/> with a clock, and with those who wait. For several callers at once.</summary>
/// <param name="clock">The time here.</param>
internal sealed class LastPlaces(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly LastPlace _machine = new();
    private readonly Dictionary<long, TaskCompletionSource> _waiting = [];
    private readonly long _began = clock.GetTimestamp();
    private ITimer? _timer;

    private TimeSpan Now => clock.GetElapsedTime(_began);

    /// <summary>Somebody who comes first is served, until what this gives is disposed.</summary>
    public IDisposable Begin()
    {
        lock (_gate)
        {
            _machine.Begin();
        }

        return new Other(this);
    }

    /// <summary>Lets somebody in who pays nothing; or says when he may come back.</summary>
    public Outcome<Place> Enter()
    {
        lock (_gate)
        {
            return _machine.Enter().Then(number => new Place(this, number));
        }
    }

    private Task AskAsync(long place)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _machine.Ask(place);
            _waiting.Add(place, turn);
            Look();
        }

        return turn.Task;
    }

    private void Leave(long place)
    {
        lock (_gate)
        {
            _machine.Leave(place);
            _waiting.Remove(place);
            Look();
        }
    }

    private void Look()
    {
        foreach (var place in _machine.Give(Now))
        {
            if (_waiting.Remove(place, out var turn))
            {
                turn.SetResult();
            }
        }

        if (_machine.LookAt(Now) is { } at)
        {
            _timer ??= clock.CreateTimer(_ => OnTime(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            var wait = at == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((at - Now).TotalMilliseconds)));
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTime()
    {
        lock (_gate)
        {
            Look();
        }
    }

    /// <summary>A request in the last place; to be disposed when it has ended.</summary>
    internal sealed class Place(LastPlaces all, long number) : IDisposable
    {
        /// <summary>Done when the next chunk may be sent.</summary>
        public Task TurnAsync(CancellationToken cancellation) => all.AskAsync(number).WaitAsync(cancellation);

        public void Dispose() => all.Leave(number);
    }

    private sealed class Other(LastPlaces all) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                lock (all._gate)
                {
                    all._machine.End(all.Now);
                    all.Look();
                }
            }
        }
    }
}
