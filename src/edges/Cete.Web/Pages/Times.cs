using System.Globalization;
using Cete.Core;

namespace Cete.Web.Pages;

/// <summary>Moments as people read them: in English, in UTC.</summary>
internal static class Times
{
    /// <summary>How long ago, as long as that says more than the date does.</summary>
    public static string Ago(Instant moment, Instant now)
    {
        if (ToDate(moment) is not { } date)
        {
            return "at an unknown time";
        }

        // A clock that runs ahead elsewhere is no news from the future.
        var span = now - moment;
        return span.TotalDays >= 30 ? date.ToString("d MMM yyyy", CultureInfo.InvariantCulture)
            : span.TotalDays >= 1 ? Sizes.Count((long)span.TotalDays, "day", "days") + " ago"
            : span.TotalHours >= 1 ? Sizes.Count((long)span.TotalHours, "hour", "hours") + " ago"
            : span.TotalMinutes >= 1 ? Sizes.Count((long)span.TotalMinutes, "minute", "minutes") + " ago"
            : "just now";
    }

    /// <summary>"3 days", "12 minutes"; a clock that runs ahead elsewhere counts as no time.</summary>
    public static string Span(TimeSpan span) =>
        span.TotalDays >= 1 ? Sizes.Count((long)span.TotalDays, "day", "days")
            : span.TotalHours >= 1 ? Sizes.Count((long)span.TotalHours, "hour", "hours")
            : Sizes.Count((long)Math.Max(0, span.TotalMinutes), "minute", "minutes");

    /// <summary>"2026-07-12".</summary>
    public static string Day(Instant moment) => ToDate(moment)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "unknown";

    /// <summary>"2026-07-12 14:05:09 UTC".</summary>
    public static string Exact(Instant moment) =>
        ToDate(moment)?.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) ?? "unknown";

    /// <summary>For the <c>datetime</c> of a <c>time</c>; null when there is no such date.</summary>
    public static string? Machine(Instant moment) => ToDate(moment)?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Null for what no calendar holds: the number came from elsewhere.</summary>
    private static DateTimeOffset? ToDate(Instant moment) =>
        moment >= Instant.From(DateTimeOffset.MinValue) && moment <= Instant.From(DateTimeOffset.MaxValue) ? moment.ToDateTimeOffset() : null;
}
