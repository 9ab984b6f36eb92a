using Cete.Core;
using Cete.Core.Rates;

namespace Cete.Net.Rates;

/// <summary>
/// Keeps what is sent or fetched within a limit, which may change at any time. Peers take turns (<see cref="PacedTurns{TPeer}"/>). Without a limit nobody
/// waits, and nothing is kept. For several callers at once.
/// </summary>
public sealed class Pacer : IDisposable
{
    /// <summary>Parts of a second that are taken at a time, so that several get something each second.</summary>
    private const int TurnsPerSecond = 16;

    /// <summary>The smallest part that is worth its overhead, and the largest that others should have to wait for.</summary>
    private const int TurnMin = 2 * 1024;
    private const int TurnMax = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly long _began;
    private readonly ITimer _alarm;
    private readonly PacedTurns<KeyId> _turns = new();
    private readonly Dictionary<long, TaskCompletionSource> _waiting = [];
    private long _perSecond;

    /// <param name="clock">The time here.</param>
    public Pacer(TimeProvider clock)
    {
        (_clock, _began) = (clock, clock.GetTimestamp());
        _alarm = clock.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Bytes a second; 0 for no limit.</summary>
    public long PerSecond => Volatile.Read(ref _perSecond);

    /// <summary>There is no limit: nobody needs to wait.</summary>
    public bool IsOpen => PerSecond == 0;

    /// <summary>Bytes that are asked for at a time at most.</summary>
    public int Turn => (int)Math.Clamp(PerSecond / TurnsPerSecond, TurnMin, TurnMax);

    private TimeSpan Now => _clock.GetElapsedTime(_began);

    /// <summary>Sets another limit, for those who wait too.</summary>
    /// <param name="perSecond">Bytes a second; 0 for no limit.</param>
    public void Limit(long perSecond)
    {
        lock (_gate)
        {
            if (perSecond == PerSecond)
            {
                return;
            }

            Volatile.Write(ref _perSecond, perSecond);
            _turns.Limit(perSecond, Now);
        }

        Look();
    }

    /// <summary>Waits until bytes may be sent to a peer, or were fetched long enough.</summary>
    /// <param name="peer">Whose turn it is to be; the same for those who do not take turns.</param>
    /// <param name="bytes">How many.</param>
    /// <param name="gone">It is of no use any more.</param>
    public ValueTask WaitAsync(KeyId peer, int bytes, CancellationToken gone) => IsOpen ? ValueTask.CompletedTask : new(WaitItsTurnAsync(peer, bytes, gone));

    /// <inheritdoc/>
    public void Dispose()
    {
        // Who waits still is let go, and finds out by himself that nothing is there any more.
        Limit(0);
        _alarm.Dispose();
    }

    private async Task WaitItsTurnAsync(KeyId peer, int bytes, CancellationToken gone)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        long asked;
        lock (_gate)
        {
            asked = _turns.Ask(peer, bytes);
            _waiting.Add(asked, turn);
        }

        Look();
        if (turn.Task.IsCompleted)
        {
            return;
        }

        await using var end = gone.Register(() =>
        {
            lock (_gate)
            {
                if (_waiting.Remove(asked))
                {
                    _turns.Withdraw(peer, asked);
                }
            }

            turn.TrySetCanceled(gone);
        });
        await turn.Task;
    }

    /// <summary>Lets those go whose turn it is, and sets the alarm for the next one.</summary>
    private void Look()
    {
        lock (_gate)
        {
            var now = Now;
            while (_turns.Next(now) is { } next)
            {
                if (_waiting.Remove(next, out var turn))
                {
                    turn.TrySetResult();
                }
            }

            if (_turns.WaitAt(now) is { } wait)
            {
                _alarm.Change(wait, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
