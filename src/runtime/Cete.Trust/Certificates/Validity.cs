using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Cete.Core;

namespace Cete.Trust.Certificates;

/// <summary>When a certificate counts, and how one outside of it is told so that people look at the right clock.</summary>
internal readonly record struct Validity(Instant From, Instant Until)
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    public static Validity Of(X509Certificate2 certificate) => new(
        Instant.From(certificate.NotBefore.ToUniversalTime()), Instant.From(certificate.NotAfter.ToUniversalTime()));

    /// <summary>Null when it counts at <paramref name="now"/>.</summary>
    /// <param name="now">This computer's time.</param>
    /// <param name="what">Whose certificate, as a noun.</param>
    public Failure? Check(Instant now, string what)
    {
        if (now > Until)
        {
            var late = now - Until;
            var hint = late >= Year
                ? "years apart: one of the two computers has its clock wrong, or the certificate is long forgotten; set the clock, then renew"
                : "renew it; if it should be valid, compare this computer's clock and the other's";
            return new Failure(FailureKind.Expired, $"{what} expired {Span(late)} ago, on {Moment(Until)}; here it is {Moment(now)}: {hint}");
        }

        if (now < From)
        {
            var early = From - now;
            var hint = early >= Year
                ? "years apart: one of the two computers has its clock wrong, most likely this one; set it and try again"
                : "compare this computer's clock and the other's, one of them is wrong";
            return new Failure(FailureKind.Invalid,
                $"{what} is not valid yet: it begins in {Span(early)}, on {Moment(From)}; here it is {Moment(now)}: {hint}");
        }

        return null;
    }

    public static string Moment(Instant moment)
    {
        var safe = Math.Clamp(moment.Microseconds, Instant.From(DateTimeOffset.MinValue).Microseconds, Instant.From(DateTimeOffset.MaxValue).Microseconds);
        return new Instant(safe).ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }

    private static string Span(TimeSpan span) => span switch
    {
        _ when span >= 2 * Year => Count(span.TotalDays / 365, "year"),
        _ when span >= TimeSpan.FromDays(2) => Count(span.TotalDays, "day"),
        _ when span >= TimeSpan.FromHours(2) => Count(span.TotalHours, "hour"),
        _ when span >= TimeSpan.FromMinutes(2) => Count(span.TotalMinutes, "minute"),
        _ => Count(span.TotalSeconds, "second"),
    };

    private static string Count(double number, string unit)
    {
        var whole = (long)number;
        return string.Create(CultureInfo.InvariantCulture, $"{whole} {unit}{(whole == 1 ? string.Empty : "s")}");
    }
}
