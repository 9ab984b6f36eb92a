using System.Globalization;
using Cete.Core;

namespace Cete.Described;

/// <summary>
/// In which order things of many kinds are told that were found by the same words. From 1 to <see cref="Max"/>, the product of four shares:
/// how well its own texts fit (<see cref="TextMatcher.Points"/>: the same measure in each source, by what the best possible would come to);
/// who has it, of files: half where nobody does, then 0.90 for one and 0.05 more for each doubling, up to 1;
/// how it is rated: 0.85 for the least, 1 for the most, 0.925 where nobody rated; and how fresh it is: from 1 for what is new, 0.875 after a month, to 0.75.
/// </summary>
public static class SearchRank
{
    /// <summary>The best.</summary>
    public const int Max = 1_000_000;

    private const double UsualDays = 30;

    /// <summary>The rank of a record.</summary>
    /// <param name="points">How well it fits.</param>
    /// <param name="rated">Where it stands between the least and the most that somebody can rate, 0 to 1; null where that is not known.</param>
    /// <param name="changed">When it was changed last.</param>
    /// <param name="now">As of when.</param>
    public static int OfRecord(long points, double? rated, Instant changed, Instant now) => Of(points, 1, rated, changed, now);

    /// <summary>The rank of a file.</summary>
    /// <param name="points">How well its name, tags, description and folder fit.</param>
    /// <param name="providers">How many have it.</param>
    /// <param name="added">When it was filed.</param>
    /// <param name="now">As of when.</param>
    public static int OfFile(long points, int providers, Instant added, Instant now) =>
        Of(points, providers == 0 ? 0.5 : Math.Min(1, 0.9 + (0.05 * Math.Log2(providers))), null, added, now);

    private static int Of(long points, double alive, double? rated, Instant at, Instant now)
    {
        // A moment that stands in an address may be any.
        var days = Math.Max(0, ((double)now.Microseconds - at.Microseconds) / TimeSpan.MicrosecondsPerDay);
        var fresh = 0.75 + (0.25 * UsualDays / (UsualDays + days));
        var rating = rated is { } share ? 0.85 + (0.15 * Math.Clamp(share, 0, 1)) : 0.925;
        return Math.Clamp((int)((double)points / TextMatcher.PointsMax * alive * rating * fresh * Max), 1, Max);
    }
}

/// <summary>
/// Where a page ended of what was found in many places. All pages are ranked as of the moment of the first one, and what came after it is left out, so that
/// it shifts nothing.
/// </summary>
/// <param name="Moment">As of when.</param>
/// <param name="Newest">When the newest was made that the first page was chosen of: stamps of others' clocks may be a little ahead of the moment.</param>
/// <param name="Rank">Of the last one; what is worth more was told already.</param>
/// <param name="Key">What tells it from others that are worth as much.</param>
public sealed record SearchPlace(Instant Moment, Instant Newest, int Rank, string Key)
{
    private const int CharsMax = 200;

    /// <summary>Where the first page begins.</summary>
    public static SearchPlace Begin(Instant moment) => new(moment, new Instant(long.MaxValue), int.MaxValue, string.Empty);

    /// <summary>Whether something comes behind it.</summary>
    public bool IsBefore(int rank, string key) => rank < Rank || (rank == Rank && string.CompareOrdinal(key, Key) > 0);

    /// <summary>The key of a record.</summary>
    public static string KeyOf(string service, string kind, long id) => string.Create(CultureInfo.InvariantCulture, $"{service}/{kind}/{id}");

    /// <summary>As it stands in addresses.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Moment.Microseconds}.{Newest.Microseconds}.{Rank}.{Key}");

    /// <summary>Reads one; null for what is none.</summary>
    public static SearchPlace? Read(string? text) =>
        text is { Length: > 0 and <= CharsMax } && text.Split('.', 4) is [var moment, var newest, var rank, var key]
        && long.TryParse(moment, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && long.TryParse(newest, NumberStyles.None, CultureInfo.InvariantCulture, out var last)
        && int.TryParse(rank, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new SearchPlace(new Instant(at), new Instant(last), number, key)
            : null;
}
