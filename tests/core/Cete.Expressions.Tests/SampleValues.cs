using Cete.Core;

namespace Cete.Expressions.Tests;

/// <summary>Values that are common, and values that break things.</summary>
internal static class SampleValues
{
    private static readonly string[] Texts =
    [
        "", "a", "b", "ab", "aB", "A", "abc", "\u00E9", "\U0001F600", "a\U0001F600", "\uFFFD", "\uE000", "\uD83D", " a ", "\ta\n", "a'b", "%", "_",
        "x\u001Fy", "\0", "10", "\u212A", "a\u0301", "\\",
    ];

    private static readonly long[] Ints =
    [
        0, 1, -1, 2, 3, 5, 7, 10, 1_000_000, -1_000_000, 500_000, -1_500_000, 9_223_372_036_854, 9_223_372_036_855, -9_223_372_036_855,
        long.MaxValue, long.MinValue, long.MaxValue - 1, long.MinValue + 1, 1L << 62, -(1L << 62), 1L << 32, int.MaxValue, 86_400_000_000, -86_400_000_001,
    ];

    public static string Text(Prng chance) => chance.Next(40) switch
    {
        0 => new string('\u00E9', 30_000),
        < 20 => Texts[chance.Next(6)],
        _ => Texts[chance.Next(Texts.Length)],
    };

    public static long Int(Prng chance) => chance.Chance(3, 4) ? chance.Next(6) - 1 : Ints[chance.Next(Ints.Length)];

    public static Value Of(ExpressionType type, Prng chance)
    {
        if (chance.Chance(1, 7))
        {
            return Value.Null;
        }

        if (type.Record is not null)
        {
            return Value.Of(chance.Next(8));
        }

        return type.Kind switch
        {
            ValueKind.Bool => Value.Of(chance.Chance(1, 2)),
            ValueKind.Text => Value.Of(Text(chance)),
            ValueKind.List => Value.OfList([.. Enumerable.Range(0, chance.Next(4)).Select(_ => Value.Of(Text(chance)))]),
            _ => Value.FromStored(type, Int(chance)),
        };
    }
}
