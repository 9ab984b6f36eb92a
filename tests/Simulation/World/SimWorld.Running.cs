using Cete.Core;

namespace Cete.Simulation.World;

/// <content>How time goes on.</content>
public sealed partial class SimWorld
{
    private const int ProfiledEvents = 4096;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _eventsAtOnce;
    private long _eventsLeft;
    private SortedDictionary<string, int>? _profile;

    /// <summary>Events so far.</summary>
    public long Events { get; private set; }

    /// <summary>A run of more events than this is taken for one that would never end.</summary>
    public long EventsMost { get; set; } = 500_000_000;

    /// <summary>More events than this at one moment are taken for a loop in which time stands still.</summary>
    public long EventsAtOnceMost { get; set; } = 5_000_000;

    /// <summary>Runs for a span of true time.</summary>
    public void RunFor(TimeSpan span) => RunUntil(Now + span);

    /// <summary>Runs until all that happens at or before a time has happened, and it is that time.</summary>
    public void RunUntil(Instant time) => Run(time, long.MaxValue, null);

    /// <summary>Runs until a condition holds, which is asked after each event; false when it did not within the span.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan within) => condition() || Run(Now + within, long.MaxValue, condition);

    /// <summary>Runs some events, or fewer when fewer are left.</summary>
    public void RunEvents(long count) => Run(new Instant(long.MaxValue), count, null);

    private bool Run(Instant until, long count, Func<bool>? condition)
    {
        Check.That(Environment.CurrentManagedThreadId == _thread, "a world has one thread");
        _eventsLeft = EventsMost;
        while (count-- > 0)
        {
            var before = Now;
            if (!_scheduler.TryTake(until, out var item))
            {
                if (until.Microseconds != long.MaxValue)
                {
                    _scheduler.MoveTo(until);
                }

                return false;
            }

            Events++;
            _eventsAtOnce = Now == before ? _eventsAtOnce + 1 : 0;
            if (_eventsAtOnce > EventsAtOnceMost || --_eventsLeft < 0)
            {
                Profile(item);
            }

            RunOne(item);
            if (condition is not null && condition())
            {
                return true;
            }
        }

        return false;
    }

    private void RunOne(SimEvent item)
    {
        try
        {
            item.Run();
        }
        catch (Exception error) when (error is not SimulationException)
        {
            throw new SimulationException($"{Where(item)}: {error.Message}", error);
        }
    }

    /// <summary>Watches a run that does not end for a little longer, to say who keeps it going.</summary>
    private void Profile(SimEvent item)
    {
        _profile ??= new SortedDictionary<string, int>(StringComparer.Ordinal);
        _profile[item.Name] = _profile.GetValueOrDefault(item.Name) + 1;
        if (_profile.Values.Sum() >= ProfiledEvents)
        {
            var most = _profile.OrderByDescending(pair => pair.Value).Take(5).Select(pair => $"{pair.Value} of {ProfiledEvents}: {pair.Key}");
            throw new SimulationException($"{Where(item)}: this run does not end; what keeps running is {string.Join("; ", most)}", null);
        }
    }

    private string Where(SimEvent item) =>
        FormattableString.Invariant($"seed {Seed}, {Elapsed.TotalSeconds:F6} s, event {Events} ({item.Name})");
}

/// <summary>A run came to a bad end; says which seed, when and in whom.</summary>
public sealed class SimulationException(string message, Exception? cause) : Exception(message, cause);
