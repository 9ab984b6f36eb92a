namespace Cete.Hocon;

/// <summary>A span of the calendar (section "Period format"), whose length in hours depends on where it begins.</summary>
/// <param name="Years">Years.</param>
/// <param name="Months">Months.</param>
/// <param name="Days">Days; weeks are seven of them.</param>
public readonly record struct HoconPeriod(int Years, int Months, int Days);
