using System.Globalization;

namespace Cete.Web.Pages.Services;

/// <summary>How much of a calendar is shown.</summary>
public enum CalendarSpan
{
    /// <summary>A month.</summary>
    Month,

    /// <summary>A week, from Monday on.</summary>
    Week,

    /// <summary>What comes next.</summary>
    Agenda,
}

/// <summary>Spans of a calendar in addresses: <c>2026-11</c>, <c>week-2026-11-23</c>, <c>agenda-2026-11-23</c>.</summary>
internal static class Calendars
{
    private const string Days = "yyyy-MM-dd";
    private const int DaysAWeek = 7;
    private const int DaysOfAgenda = 60;

    /// <summary>The calendar itself ends somewhere.</summary>
    private const int YearMin = 2;

    private const int YearMax = 9_998;

    /// <summary>What an address asks for, with the first day of it; this month where it makes no sense.</summary>
    public static (CalendarSpan Span, DateOnly First) Read(string? text, DateOnly today)
    {
        var span = text?.StartsWith("week-", StringComparison.Ordinal) == true ? CalendarSpan.Week
            : text?.StartsWith("agenda-", StringComparison.Ordinal) == true ? CalendarSpan.Agenda
            : CalendarSpan.Month;
        var day = span == CalendarSpan.Month ? text + "-01" : text![(text!.IndexOf('-', StringComparison.Ordinal) + 1)..];
        var known = DateOnly.TryParseExact(day, Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var asked) ? asked : today;
        known = known.Year is >= YearMin and <= YearMax ? known : new DateOnly(Math.Clamp(known.Year, YearMin, YearMax), known.Month, 1);
        return (span, span switch
        {
            CalendarSpan.Month => new DateOnly(known.Year, known.Month, 1),
            CalendarSpan.Week => MondayOf(known),
            _ => known,
        });
    }

    /// <summary>The day before it that is a Monday, or itself.</summary>
    public static DateOnly MondayOf(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % DaysAWeek));

    /// <summary>How many days a span has.</summary>
    public static int DaysOf(CalendarSpan span, DateOnly first) => span switch
    {
        CalendarSpan.Month => DateTime.DaysInMonth(first.Year, first.Month),
        CalendarSpan.Week => DaysAWeek,
        _ => DaysOfAgenda,
    };

    /// <summary>A span as an address has it.</summary>
    public static string AddressOf(CalendarSpan span, DateOnly day) => span switch
    {
        CalendarSpan.Month => ViewAddress.Of(day),
        CalendarSpan.Week => "week-" + day.ToString(Days, CultureInfo.InvariantCulture),
        _ => "agenda-" + day.ToString(Days, CultureInfo.InvariantCulture),
    };
}
