using System.Text;
using Cete.Core;

namespace Cete.Hocon.Tests;

/// <summary>Random values and random documents from a seed.</summary>
internal static class RandomText
{
    private static readonly string[] Keys = ["a", "b", "c", "a.b", "include", "x y", "", "ü", "-", "\"", "0", "1", "long-key", "$", "\n"];
    private static readonly string[] Paths = ["a", "b", "c", "a.b", "a.c", "b.a", "c.a.b", "\"a b\"", "0"];

    public static HoconValue Value(Prng random, int depth) => random.Next(depth <= 0 ? 6 : 9) switch
    {
        0 => HoconValue.Null,
        1 => HoconValue.Of(random.Chance(1, 2)),
        2 => HoconValue.Of((long)random.NextBits()),
        3 => HoconValue.Of(random.Next(1_000_000) / 7.0 * Math.Pow(10, random.Next(40) - 20)),
        4 or 5 => HoconValue.Of(String(random)),
        6 => HoconValue.Of(Enumerable.Range(0, random.Next(11)).Select(_ => Value(random, depth - 1)).ToList()),
        _ => Object(random, depth),
    };

    public static HoconObject Object(Prng random, int depth)
        => HoconObject.Of(Enumerable.Range(0, random.Next(6))
            .Select(_ => KeyValuePair.Create(Key(random), Value(random, depth - 1))).ToList());

    private static string Key(Prng random) => random.Chance(1, 4) ? String(random) : Keys[random.Next(Keys.Length)];

    public static string Path(Prng random) => Paths[random.Next(Paths.Length)];

    /// <summary>A valid document without substitutions or includes, in mixed style, with comments.</summary>
    public static string Document(Prng random)
    {
        var text = new StringBuilder();
        var hasBraces = random.Chance(1, 4);
        text.Append(hasBraces ? "{" : string.Empty);
        Fields(text, random, 3);
        return text.Append(hasBraces ? "}" : string.Empty).ToString();
    }

    private static void Fields(StringBuilder text, Prng random, int depth)
    {
        var count = random.Next(5);
        for (var i = 0; i < count; i++)
        {
            Space(text, random);
            text.Append(Path(random));
            var kind = random.Next(depth <= 0 ? 4 : 6);
            text.Append(kind == 5 ? random.Chance(1, 2) ? " " : "=" : random.Chance(1, 9) && kind == 4 ? "\n : " : " = ");
            switch (kind)
            {
                case < 4:
                    text.Append(random.Chance(1, 3) ? "some words" : HoconWriter.ToJson(Value(random, 1)));
                    break;
                default:
                    text.Append('{');
                    Fields(text, random, depth - 1);
                    text.Append('}');
                    break;
            }

            text.Append(random.Next(6) switch { 0 => ",", 1 => " , # c\n", 2 => "\n,", 3 => " # d\n", 4 => "\n\n", _ => "\n" });
        }
    }

    private static void Space(StringBuilder text, Prng random)
        => text.Append(random.Next(6) switch { 0 => "\n  ", 1 => "# above\n", 2 => "\n// one\n  # two\n  ", 3 => "  ", _ => string.Empty });

    private static string String(Prng random)
    {
        const string Alphabet = "ab \n\t\"\\/$#{}[],:=+\u0001\u007f\u00a0é\u2028\ufeff\ud83d\ude00";
        return string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
    }
}
