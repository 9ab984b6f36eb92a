using Cete.Core;

namespace Cete.Actors;

/// <summary>
/// Messages that an actor sends itself later, each under a key. A timer that was cancelled or replaced never delivers again, even if it
/// had fired already; a restart or stop cancels all. What fires overtakes the mailbox. Only within a turn.
/// </summary>
/// <typeparam name="TMessage">What the actor understands.</typeparam>
public sealed class Timers<TMessage>
{
    private static readonly TimeSpan DelayMax = TimeSpan.FromDays(24);

    private readonly ActorCell<TMessage> _cell;
    private readonly Dictionary<object, Entry> _entries = [];

    internal Timers(ActorCell<TMessage> cell) => _cell = cell;

    /// <summary>Sends one message after a delay.</summary>
    /// <param name="key">Whose earlier timer, if any, this one replaces.</param>
    /// <param name="message">What to send.</param>
    /// <param name="delay">Zero (as soon as possible) to 24 days.</param>
    /// <exception cref="CheckFailedException">The delay is out of range, or it is not this actor's turn.</exception>
    public void StartSingle(object key, TMessage message, TimeSpan delay)
    {
        Check.That(delay >= TimeSpan.Zero && delay <= DelayMax);
        Start(key, new Entry(this, key, message, false), delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Sends a message after each period. It fires at most once per message handled: an actor that is late gets one message, not all it
    /// missed.
    /// </summary>
    /// <param name="key">Whose earlier timer, if any, this one replaces.</param>
    /// <param name="message">What to send, each time the same.</param>
    /// <param name="period">Above zero and up to 24 days; the first message comes after one period.</param>
    /// <exception cref="CheckFailedException">The period is out of range, or it is not this actor's turn.</exception>
    public void StartPeriodic(object key, TMessage message, TimeSpan period)
    {
        Check.That(period > TimeSpan.Zero && period <= DelayMax);
        Start(key, new Entry(this, key, message, true), period, period);
    }

    /// <summary>Ends a timer.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>False if there was none.</returns>
    public bool Cancel(object key)
    {
        _cell.CheckInTurn();
        if (!_entries.Remove(key, out var entry))
        {
            return false;
        }

        entry.Dispose();
        return true;
    }

    /// <summary>Ends all timers.</summary>
    public void CancelAll()
    {
        _cell.CheckInTurn();
        CancelAllCore();
    }

    /// <summary>True between the start of a timer and its last message or its end.</summary>
    /// <param name="key">Its key.</param>
    public bool IsActive(object key)
    {
        _cell.CheckInTurn();
        return _entries.ContainsKey(key);
    }

    internal void CancelAllCore()
    {
        foreach (var entry in _entries.Values)
        {
            entry.Dispose();
        }

        _entries.Clear();
    }

    private void Start(object key, Entry entry, TimeSpan delay, TimeSpan period)
    {
        Cancel(key);
        _entries[key] = entry;
        entry.Arm(_cell.System.Clock, delay, period);
    }

    /// <summary>A timer is its own system message, so that firing allocates nothing and a late actor's queue holds it once.</summary>
    private sealed class Entry(Timers<TMessage> owner, object key, TMessage message, bool periodic) : SystemMessage, IDisposable
    {
        private ITimer? _timer;
        private int _queued;

        public void Dispose() => _timer?.Dispose();

        internal void Arm(TimeProvider clock, TimeSpan delay, TimeSpan period) =>
            _timer = clock.CreateTimer(static entry => ((Entry)entry!).Fire(), this, delay, period);

        internal override void Apply(ActorCell cell)
        {
            Volatile.Write(ref _queued, 0);
            if (cell.State != CellState.Running || !owner._entries.TryGetValue(key, out var current) || !ReferenceEquals(current, this))
            {
                return;
            }

            if (!periodic)
            {
                owner._entries.Remove(key);
                Dispose();
            }

            owner._cell.ReceiveNow(message);
        }

        private void Fire()
        {
            if (Interlocked.Exchange(ref _queued, 1) == 0)
            {
                owner._cell.Post(this);
            }
        }
    }
}
