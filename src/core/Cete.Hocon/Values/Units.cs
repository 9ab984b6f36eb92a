namespace Cete.Hocon;

/// <summary>The units of "Duration format" and "Size in bytes format". Their case matters.</summary>
internal static class Units
{
    private const string Prefixes = "KMGTPEZY";

    private static readonly string[] DecimalNames = ["kilo", "mega", "giga", "tera", "peta", "exa", "zetta", "yotta"];
    private static readonly string[] BinaryNames = ["kibi", "mebi", "gibi", "tebi", "pebi", "exbi", "zebi", "yobi"];

    /// <summary>Ticks of 100 ns in a unit of time; without a unit, milliseconds.</summary>
    public static decimal? TicksOf(string unit) => unit switch
    {
        "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => 1m / TimeSpan.NanosecondsPerTick,
        "us" or "micro" or "micros" or "microsecond" or "microseconds" => TimeSpan.TicksPerMicrosecond,
        "" or "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.TicksPerMillisecond,
        "s" or "second" or "seconds" => TimeSpan.TicksPerSecond,
        "m" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
        "h" or "hour" or "hours" => TimeSpan.TicksPerHour,
        "d" or "day" or "days" => TimeSpan.TicksPerDay,
        _ => null,
    };

    /// <summary>Bytes in a unit of size; without a unit, bytes.</summary>
    public static decimal? BytesOf(string unit)
    {
        if (unit is "" or "B" or "b" or "byte" or "bytes")
        {
            return 1;
        }

        for (var i = 0; i < Prefixes.Length; i++)
        {
            var letter = Prefixes[i];
            var upper = letter.ToString();
            // Powers of ten: kB is the one with a small letter.
            if (unit == (i == 0 ? "kB" : upper + "B") || IsWord(unit, DecimalNames[i]))
            {
                return Power(1000, i + 1);
            }

            if (unit == upper || unit == char.ToLowerInvariant(letter).ToString() || unit == upper + "i" || unit == upper + "iB"
                || IsWord(unit, BinaryNames[i]))
            {
                return Power(1024, i + 1);
            }
        }

        return null;
    }

    private static bool IsWord(string unit, string prefix)
        => unit.StartsWith(prefix, StringComparison.Ordinal) && unit[prefix.Length..] is "byte" or "bytes";

    private static decimal Power(decimal number, int exponent)
    {
        var power = 1m;
        for (var i = 0; i < exponent; i++)
        {
            power *= number;
        }

        return power;
    }
}
