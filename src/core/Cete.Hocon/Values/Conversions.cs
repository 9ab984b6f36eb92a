using System.Globalization;

namespace Cete.Hocon;

/// <summary>
/// "Automatic type conversions" and "Units format". Each returns null in place of a value that cannot be converted; the caller says
/// where it is and what would have been right.
/// </summary>
internal static class Conversions
{
    public static string? ToText(HoconValue value) => value is HoconScalar { Kind: not HoconKind.Null } scalar ? scalar.Text : null;

    public static bool? ToBoolean(HoconValue value) => value is HoconScalar { Kind: HoconKind.Boolean or HoconKind.String } scalar
        ? scalar.Text switch
        {
            "true" or "yes" or "on" => true,
            "false" or "no" or "off" => false,
            _ => null,
        }
        : null;

    public static double? ToDouble(HoconValue value)
        => NumberText(value) is { } text
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                ? number
                : null;

    public static long? ToInt64(HoconValue value)
    {
        if (NumberText(value) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }

        // 1e3 and 5.0 are whole as well; 5.5 is not silently cut off.
        return Number(text) is { } number && decimal.Truncate(number) == number && number is >= long.MinValue and <= long.MaxValue
            ? (long)number
            : null;
    }

    public static int? ToInt32(HoconValue value) => ToInt64(value) is { } whole and >= int.MinValue and <= int.MaxValue ? (int)whole : null;

    public static TimeSpan? ToDuration(HoconValue value)
    {
        if (Quantity(value) is not var (number, unit) || Units.TicksOf(unit) is not { } ticks)
        {
            return null;
        }

        return Scale(number, ticks) is { } total ? TimeSpan.FromTicks(total) : null;
    }

    public static HoconPeriod? ToPeriod(HoconValue value)
    {
        if (Quantity(value) is not var (number, unit) || decimal.Truncate(number) != number || Math.Abs(number) > int.MaxValue / 7)
        {
            return null;
        }

        var count = (int)number;
        return unit switch
        {
            "" or "d" or "day" or "days" => new HoconPeriod(0, 0, count),
            "w" or "week" or "weeks" => new HoconPeriod(0, 0, count * 7),
            "m" or "mo" or "month" or "months" => new HoconPeriod(0, count, 0),
            "y" or "year" or "years" => new HoconPeriod(count, 0, 0),
            _ => null,
        };
    }

    public static long? ToBytes(HoconValue value)
        => Quantity(value) is var (number, unit) && number >= 0 && Units.BytesOf(unit) is { } bytes ? Scale(number, bytes) : null;

    public static HoconObject? ToObject(HoconValue value) => value as HoconObject;

    public static HoconArray? ToArray(HoconValue value)
    {
        if (value is not HoconObject fields)
        {
            return value as HoconArray;
        }

        var elements = fields
            .Select(static field => (IsIndex: HoconArray.TryIndex(field.Key, out var index), Index: index, field.Value))
            .Where(static each => each.IsIndex)
            .OrderBy(static each => each.Index)
            .Select(static each => each.Value)
            .ToList();
        return elements.Count == 0 ? null : new HoconArray(elements, value.Origin, value.Size);
    }

    private static string? NumberText(HoconValue value)
        => value is HoconScalar { Kind: HoconKind.Number or HoconKind.String } scalar ? scalar.Text.Trim() : null;

    private static decimal? Number(ReadOnlySpan<char> text)
        => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    // A number, perhaps whitespace, perhaps letters.
    private static (decimal Number, string Unit)? Quantity(HoconValue value)
    {
        if (NumberText(value) is not { } text)
        {
            return null;
        }

        var unit = text.Length;
        while (unit > 0 && char.IsLetter(text[unit - 1]))
        {
            unit--;
        }

        return Number(text.AsSpan(0, unit).Trim()) is { } number ? (number, text[unit..]) : null;
    }

    // What is smaller than the smallest unit is cut off; what does not fit is no value.
    private static long? Scale(decimal number, decimal unit)
    {
        if (Math.Abs(number) > decimal.MaxValue / Math.Max(unit, 1m))
        {
            return null;
        }

        var total = decimal.Truncate(number * unit);
        return total is >= long.MinValue and <= long.MaxValue ? (long)total : null;
    }
}
