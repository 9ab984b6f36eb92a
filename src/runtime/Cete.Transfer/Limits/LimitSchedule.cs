using Cete.Ports.Limits;

namespace Cete.Transfer.Limits;

/// <summary>Which limits are in force at a moment.</summary>
public sealed class LimitSchedule
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);

    /// <summary>Rules come again every week; a day more for the hour that a change of daylight saving time takes or gives.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(8);

    private readonly RateLimits _usual;
    private readonly TimeZoneInfo _zone;
    private readonly List<(WeekTime At, LimitRule Rule)> _rules;

    /// <param name="limits">Limits that are sound (<see cref="LimitChanges.CheckAll"/>).</param>
    /// <param name="zone">Where their times of day are meant.</param>
    public LimitSchedule(AgentLimits limits, TimeZoneInfo zone)
    {
        (_usual, _zone) = (new RateLimits(limits.Up, limits.Down), zone);
        _rules = [.. (limits.Rules ?? []).Select(rule => (WeekTime.Parse(rule.At).Value, rule))];
    }

    /// <summary>The limits at a moment: of several rules that hold then, the one that was added last counts for each of the two.</summary>
    public RateLimits At(DateTimeOffset moment)
    {
        var local = TimeZoneInfo.ConvertTime(moment, _zone).DateTime;
        var now = _usual;
        foreach (var (at, rule) in _rules)
        {
            if (at.Holds(local))
            {
                now = new RateLimits(rule.Up ?? now.Up, rule.Down ?? now.Down);
            }
        }

        return now;
    }

    /// <summary>
    /// When they are other ones next; null where they are the same all week. It looks at each minute as a clock on the wall shows it, so an hour that is left
    /// out or comes twice needs no rules of its own; asked for once a change, ten thousand looks cost nothing.
    /// </summary>
    public DateTimeOffset? NextChange(DateTimeOffset moment)
    {
        if (_rules.Count == 0)
        {
            return null;
        }

        var now = At(moment);
        var minute = new DateTimeOffset(moment.UtcTicks - (moment.UtcTicks % Step.Ticks), TimeSpan.Zero);
        for (var next = minute + Step; next - minute <= Ahead; next += Step)
        {
            if (At(next) != now)
            {
                return next;
            }
        }

        return null;
    }
}
