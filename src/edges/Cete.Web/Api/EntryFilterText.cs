using System.Globalization;
using Cete.Core;
using Cete.Index;

namespace Cete.Web.Api;

/// <summary>What narrows a list down, as it stands in an address: for API and pages alike.</summary>
/// <param name="Kind">Of <see cref="EntryKind.All"/>.</param>
/// <param name="Size">Least and most in one, "10MB-1GB", either may be missing.</param>
/// <param name="MinSize">Bytes at least.</param>
/// <param name="MaxSize">Bytes at most.</param>
/// <param name="Newer">Filed within so long, or since a date.</param>
/// <param name="Older">Filed before.</param>
internal sealed record EntryFilterText(string? Kind, string? Size, string? MinSize, string? MaxSize, string? Newer, string? Older)
{
    /// <summary>The filter, or what in it cannot be understood.</summary>
    public Outcome<EntryFilter> Parse(Instant now)
    {
        if (!string.IsNullOrEmpty(Kind) && !EntryKind.All.Contains(Kind, StringComparer.Ordinal))
        {
            return new Failure(FailureKind.Invalid, $"'kind' is one of {string.Join(", ", EntryKind.All)}");
        }

        var (least, most) = string.IsNullOrEmpty(Size) ? (MinSize, MaxSize) : Size.IndexOf('-', StringComparison.Ordinal) is var at and >= 0
            ? (Size[..at], Size[(at + 1)..])
            : (Size, null);
        var (min, max) = (ReadSize(least, "min-size"), ReadSize(most, "max-size"));
        var (since, before) = (ReadMoment(Newer, "newer", now), ReadMoment(Older, "older", now));
        var failure = min.Failure ?? max.Failure ?? since.Failure ?? before.Failure;
        if (failure is null && min.Value > max.Value)
        {
            failure = new Failure(FailureKind.Invalid, "'min-size' is above 'max-size'");
        }

        if (failure is null && since.Value > before.Value)
        {
            failure = new Failure(FailureKind.Invalid, "nothing is both 'newer' and 'older' than that");
        }

        return failure is not null ? failure : new EntryFilter
        {
            Kind = string.IsNullOrEmpty(Kind) ? null : Kind,
            LengthMin = min.Value,
            LengthMax = max.Value,
            Since = since.Value,
            Before = before.Value,
        };
    }

    private static Outcome<long?> ReadSize(string? text, string name)
    {
        if (string.IsNullOrEmpty(text))
        {
            return (long?)null;
        }

        var (number, unit) = Split(text);
        var bytes = number * BytesOf(unit) ?? double.NaN;
        return bytes is >= 0 and < 9e18 ? (long?)bytes : new Failure(FailureKind.Invalid, $"'{name}' is a size, such as 500kB, 10MB or 1.5GiB");
    }

    private static Outcome<Instant?> ReadMoment(string? text, string name, Instant now)
    {
        if (string.IsNullOrEmpty(text))
        {
            return (Instant?)null;
        }

        if (DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date))
        {
            return (Instant?)Instant.From(date);
        }

        var (number, unit) = Split(text);
        return number * HoursOf(unit) is <= 2_000_000 and { } hours
            ? (Instant?)(now + -TimeSpan.FromHours(hours))
            : new Failure(FailureKind.Invalid, $"'{name}' is a time, such as 12h, 7d, 2w, 3mo, 1y or 2026-01-31");
    }

    private static (double? Number, string Unit) Split(string text)
    {
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        var isNumber = double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        return (isNumber ? number : null, text[digits..].Trim());
    }

    private static double? BytesOf(string unit) => unit.ToLowerInvariant() switch
    {
        "" or "b" => 1,
        "kb" => 1e3,
        "mb" => 1e6,
        "gb" => 1e9,
        "tb" => 1e12,
        "k" or "kib" => 1L << 10,
        "m" or "mib" => 1L << 20,
        "g" or "gib" => 1L << 30,
        "t" or "tib" => 1L << 40,
        _ => null,
    };

    private static double? HoursOf(string unit) => unit.ToLowerInvariant() switch
    {
        "min" => 1 / 60.0,
        "h" => 1,
        "d" => 24,
        "w" => 24 * 7,
        "mo" => 24 * 30,
        "y" => 24 * 365,
        _ => null,
    };
}
