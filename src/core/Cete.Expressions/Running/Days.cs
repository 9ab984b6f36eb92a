namespace Cete.Expressions.Running;

/// <summary>The Gregorian calendar for days counted from 1970-01-01, before and after the years that DateTime knows too.</summary>
internal static class Days
{
    public const long Microseconds = 86_400_000_000;

    private const long EraDays = 146_097;

    /// <summary>Days further away have no year: a hundred million years, so that nothing below overflows.</summary>
    private const long Max = 36_500_000_000;

    public static long FloorDivide(long a, long b) => (a / b) - (a % b < 0 ? 1 : 0);

    /// <summary>The part of the day that the moment is in.</summary>
    public static long WithinDay(long microseconds) => microseconds - (FloorDivide(microseconds, Microseconds) * Microseconds);

    /// <summary>Year, month and day of the month, both from 1; by eras of 400 years that begin in March.</summary>
    public static (long Year, int Month, int Day)? ToCalendar(long days)
    {
        if (days is < -Max or > Max)
        {
            return null;
        }

        var fromMarch = days + 719_468;
        var era = FloorDivide(fromMarch, EraDays);
        var dayOfEra = fromMarch - (era * EraDays);
        var yearOfEra = (dayOfEra - (dayOfEra / 1_460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var fifth = ((5 * dayOfYear) + 2) / 153;
        var month = (int)(fifth < 10 ? fifth + 3 : fifth - 9);
        return (yearOfEra + (era * 400) + (month <= 2 ? 1 : 0), month, (int)(dayOfYear - (((153 * fifth) + 2) / 5) + 1));
    }

    /// <summary>From 0, which is Sunday.</summary>
    public static long? DayOfWeek(long days) => days is < -Max or > Max ? null : (((days + 4) % 7) + 7) % 7;
}
