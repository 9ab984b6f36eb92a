using Cete.Core;
using Cete.Net.Agent;
using Cete.Net.Rates;
using Cete.Net.Swarms;
using Cete.Ports.Limits;
using Cete.Transfer.Limits;

namespace Cete.App.Agent;

/// <summary>Keeps an agent to its user's limits: sets those that are in force, at once when they change and in time when the clock says so.</summary>
internal sealed class AgentLimiter : IAgentLimits, IAsyncDisposable
{
    /// <summary>Short, so that a clock that was set, or a machine that slept, does not hold it up; also how long rates are measured.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _changing = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly AgentPlace _place;
    private readonly TimeProvider _clock;
    private AgentLimits _limits;
    private LimitSchedule _schedule;
    private DateTimeOffset? _next;
    private RateLimits _now;
    private (long Sent, long Fetched, long At) _seen;
    private Task _looking = Task.CompletedTask;

    public AgentLimiter(AgentPlace place, AgentLimits limits, TimeProvider clock)
    {
        (_place, _limits, _clock, _schedule) = (place, limits, clock, new LimitSchedule(limits, clock.LocalTimeZone));
        (Up, Down, Slots) = (new Pacer(clock), new Pacer(clock), new UploadSlots(limits.Slots, clock));
        _seen = (0, 0, clock.GetTimestamp());
        Apply(isNew: true);
    }

    /// <summary>Everything that is sent to peers passes it.</summary>
    public Pacer Up { get; }

    /// <summary>Everything that downloads fetch passes it.</summary>
    public Pacer Down { get; }

    /// <summary>Parts that are sent at a time.</summary>
    public UploadSlots Slots { get; }

    /// <summary>What is downloaded is given back.</summary>
    public bool Share
    {
        get
        {
            lock (_gate)
            {
                return _limits.Share;
            }
        }
    }

    /// <summary>Told when what is downloaded is given back from now on, or is no longer.</summary>
    public Func<bool, Task>? Shared { get; set; }

    /// <inheritdoc/>
    public LimitsAnswer Current
    {
        get
        {
            lock (_gate)
            {
                return new LimitsAnswer(_limits, _now.Up, _now.Down, _next, IsRunning: true);
            }
        }
    }

    /// <summary>Bytes a second that were sent and fetched lately.</summary>
    public RateLimits Measured { get; private set; }

    /// <summary>Begins to look at the clock.</summary>
    /// <param name="fetched">Bytes that were fetched since the agent began.</param>
    public void Start(Func<long> fetched) => _looking = LookAsync(fetched, _stop.Token);

    /// <inheritdoc/>
    public async Task<Outcome<LimitsAnswer>> ChangeAsync(LimitsChange change)
    {
        await _changing.WaitAsync(_stop.Token);
        try
        {
            var (before, changed) = (_limits, AgentSettings.Change(_limits, change));
            if (!changed.Succeeded)
            {
                return changed.Failure;
            }

            if (AgentSettings.Keep(_place, changed.Value) is { } unkept)
            {
                return unkept;
            }

            lock (_gate)
            {
                _limits = changed.Value;
                TimeZoneInfo.ClearCachedData();
                _schedule = new LimitSchedule(_limits, _clock.LocalTimeZone);
                Apply(isNew: true);
            }

            Slots.Resize(changed.Value.Slots);
            if (before.Share != changed.Value.Share && Shared is { } shared)
            {
                await shared(changed.Value.Share);
            }

            return Current;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        Up.Dispose();
        Down.Dispose();
        Slots.Dispose();
        _changing.Dispose();
        _stop.Dispose();
    }

    private async Task LookAsync(Func<long> fetched, CancellationToken stop)
    {
        try
        {
            using var timer = new PeriodicTimer(LookInterval, _clock);
            while (await timer.WaitForNextTickAsync(stop))
            {
                Measure(PeerHost.Sent, fetched());
                lock (_gate)
                {
                    Apply(isNew: false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The agent ends.
        }
    }

    private void Measure(long sent, long fetched)
    {
        var now = _clock.GetTimestamp();
        var seconds = _clock.GetElapsedTime(_seen.At, now).TotalSeconds;

        // Downloads that were forgotten take with them what they fetched.
        Measured = new RateLimits((long)(Math.Max(0, sent - _seen.Sent) / seconds), (long)(Math.Max(0, fetched - _seen.Fetched) / seconds));
        _seen = (sent, fetched, now);
    }

    private void Apply(bool isNew)
    {
        var now = _clock.GetUtcNow();
        var limits = _schedule.At(now);
        if (isNew || _next <= now || limits != _now)
        {
            _next = _schedule.NextChange(now);
        }

        _now = limits;
        Up.Limit(limits.Up);
        Down.Limit(limits.Down);
    }
}
