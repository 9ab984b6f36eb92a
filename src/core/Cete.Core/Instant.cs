namespace Cete.Core;

/// <summary>A moment in UTC, in microseconds since 1970-01-01 (Unix time).</summary>
public readonly record struct Instant(long Microseconds) : IComparable<Instant>
{
    public static Instant From(DateTimeOffset moment) => new((moment.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);

    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.UnixEpoch.AddTicks(Microseconds * TimeSpan.TicksPerMicrosecond);

    public static Instant Min(Instant a, Instant b) => a.Microseconds <= b.Microseconds ? a : b;

    public static Instant Max(Instant a, Instant b) => a.Microseconds >= b.Microseconds ? a : b;

    public int CompareTo(Instant other) => Microseconds.CompareTo(other.Microseconds);

    public static Instant operator +(Instant at, TimeSpan span) => new(at.Microseconds + (span.Ticks / TimeSpan.TicksPerMicrosecond));

    public static TimeSpan operator -(Instant later, Instant earlier) => TimeSpan.FromMicroseconds(later.Microseconds - earlier.Microseconds);

    public static bool operator <(Instant a, Instant b) => a.Microseconds < b.Microseconds;

    public static bool operator >(Instant a, Instant b) => a.Microseconds > b.Microseconds;

    public static bool operator <=(Instant a, Instant b) => a.Microseconds <= b.Microseconds;

    public static bool operator >=(Instant a, Instant b) => a.Microseconds >= b.Microseconds;
}
