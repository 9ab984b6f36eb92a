using System.Globalization;
using Cete.Core;

namespace Cete.Transfer.Limits;

/// <summary>A time of the day on some days of the week; one that ends before it begins goes on over midnight.</summary>
/// <param name="Days">A bit for each day, Sunday the lowest: the day on which it begins.</param>
/// <param name="From">Minute of the day at which it begins.</param>
/// <param name="To">Minute of the day at which it ends; 1,440 for midnight.</param>
public readonly record struct WeekTime(int Days, int From, int To)
{
    private const int DayMinutes = 24 * 60;
    private const int EveryDay = 0b111_1111;
    private const int TextMax = 64;

    /// <summary>In the order in which people write them.</summary>
    private static readonly string[] Names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    private static Failure Malformed(string text) => new(
        FailureKind.Invalid,
        $"'{EntryName.Show(text.Length > TextMax ? text[..TextMax] + "..." : text)}' is no time of the week; write it as 'mon-fri 08:00-18:00', "
        + "'sat,sun 00:00-24:00', or '22:00-06:00' for every night");

    /// <summary>Reads <c>mon-fri 08:00-18:00</c>; without days it is every day.</summary>
    public static Outcome<WeekTime> Parse(string text)
    {
        var parts = text.Length <= TextMax ? text.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        var days = parts.Length switch
        {
            1 => EveryDay,
            2 => ParseDays(parts[0]),
            _ => 0,
        };
        if (days == 0 || parts[^1].Split('-') is not [var from, var to] || ParseMinute(from) is not { } first || ParseMinute(to) is not { } end)
        {
            return Malformed(text);
        }

        return first == DayMinutes ? new Failure(FailureKind.Invalid, "a day begins at 00:00; 24:00 is its end alone")
            : first == end ? new Failure(FailureKind.Invalid, "it ends when it begins; a whole day is 00:00-24:00")
            : new WeekTime(days, first, end);
    }

    /// <summary>Whether a time of day on a day belongs to it.</summary>
    public bool Holds(DateTime local)
    {
        var minute = (local.Hour * 60) + local.Minute;
        return From < To
            ? IsOn(local.DayOfWeek) && minute >= From && minute < To
            : (IsOn(local.DayOfWeek) && minute >= From) || (IsOn(local.AddDays(-1).DayOfWeek) && minute < To);
    }

    /// <summary>As it can be read again.</summary>
    public override string ToString()
    {
        var time = $"{Text(From)}-{Text(To)}";
        if (Days == EveryDay)
        {
            return time;
        }

        List<string> runs = [];
        for (var first = 0; first < Names.Length; first++)
        {
            var last = first;
            while (IsOn(last) && last + 1 < Names.Length && IsOn(last + 1))
            {
                last++;
            }

            if (IsOn(first))
            {
                runs.Add(first == last ? Names[first] : $"{Names[first]}-{Names[last]}");
                first = last;
            }
        }

        return $"{string.Join(',', runs)} {time}";
    }

    private static string Text(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    private static int ParseDays(string text)
    {
        var days = 0;
        foreach (var run in text.Split(','))
        {
            var ends = run.Split('-');
            var (first, last) = (Array.IndexOf(Names, ends[0]), Array.IndexOf(Names, ends[^1]));
            if (ends.Length > 2 || first < 0 || last < 0)
            {
                return 0;
            }

            // From Friday to Monday goes over the end of the week.
            for (var day = first; ; day = (day + 1) % Names.Length)
            {
                days |= BitOf(day);
                if (day == last)
                {
                    break;
                }
            }
        }

        return days;
    }

    private static int? ParseMinute(string text) =>
        text.Split(':') is [{ Length: 1 or 2 } hours, { Length: 2 } minutes]
        && int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out var hour)
        && int.TryParse(minutes, NumberStyles.None, CultureInfo.InvariantCulture, out var minute)
        && minute < 60 && (hour * 60) + minute <= DayMinutes ? (hour * 60) + minute : null;

    private static int BitOf(int fromMonday) => 1 << ((fromMonday + 1) % 7);

    private bool IsOn(int fromMonday) => (Days & BitOf(fromMonday)) != 0;

    private bool IsOn(DayOfWeek day) => (Days & (1 << (int)day)) != 0;
}
