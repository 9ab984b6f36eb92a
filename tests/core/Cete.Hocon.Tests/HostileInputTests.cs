using System.Text;
using Cete.Core;

namespace Cete.Hocon.Tests;

/// <summary>No input brings out anything but a result or a HoconException, within the bounds, on a small stack.</summary>
public sealed class HostileInputTests
{
    private static readonly string[] Seeds =
    [
        "a = ${a}${a}", "a = x\na = ${a}${a}\na = ${a}${a}", "a=${b}\nb=${c}\nc=${?a}[1]", "a += ${a}\na += ${?a}",
        "a { b = ${a.c}, c = ${a.b} }", "a={b=${?a}}\na=${a}{c=${a.b}}", "a=${b}{x=${c}}\nb=${?c}{y=${a.x}}\nc=${b}{z=[${a}]}",
        "include \"self\"\nx=${y}\ny=${?x}", "{\"a\":[1,2,{\"b\":null}],\"c\":\"\\u00e9\"}",
        "a.b.c = \"\"\"x\"\"\"\"\na.b = ${a.b.c} y // z",
        "p = [1]\np = ${p} [2] ${?q}\nq = ${p}\np += ${q}", "a = 10 s\nb = 1.5 MiB\nc = { 0 : x, 1 : y } [z]", "a=${?L[]}\nb = ${a} ${L[]}",
    ];

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    [InlineData('"')]
    [InlineData('.')]
    [InlineData('$')]
    [InlineData(',')]
    [InlineData('}')]
    public void A_million_of_one_character(char c) => Survives(new string(c, 1_000_000));

    [Theory]
    [InlineData("a{")]
    [InlineData("a=[")]
    [InlineData("[{a:")]
    [InlineData("a.")]
    [InlineData("a=[1,\n")]
    [InlineData("${")]
    [InlineData("a = @\n")]
    [InlineData("a=\"\n")]
    [InlineData("\"\"\"")]
    public void Deep_or_long_repetition(string part) => Survives(string.Concat(Enumerable.Repeat(part, 200_000)));

    [Fact]
    public void Nesting_up_to_the_bound_works_and_beyond_it_is_one_error()
    {
        Given.Load("a = " + new string('[', 99) + new string(']', 99));
        Given.Load(string.Concat(Enumerable.Repeat("a{", 99)) + new string('}', 99));
        Given.Refused("nested deeper than 100", "a = " + new string('[', 101) + new string(']', 101));
        Given.Refused("100", string.Join('.', Enumerable.Repeat("a", 102)) + " = 1");
    }

    [Theory]
    [InlineData("lol", "{0} = ${{{1}}}${{{1}}}")]
    [InlineData("lol", "{0} = [${{{1}}},${{{1}}}]")]
    [InlineData("{ z = lol }", "{0} = {{ l = ${{{1}}}, r = ${{{1}}} }}")]
    [InlineData("[lol]", "{0} = ${{{1}}} ${{{1}}} [x]")]
    [InlineData("{ z = lol }", "{0} = {{ l = ${{{1}}} {{ m = ${{{1}}} }}, r = ${{{1}}} ${{{1}}} }}")]
    public void Billion_laughs_are_refused(string first, string line)
    {
        var text = new StringBuilder("a0 = " + first);
        for (var i = 1; i < 64; i++)
        {
            text.Append('\n').AppendFormat(null, line, "a" + i, "a" + (i - 1));
        }

        var failure = Assert.Throws<HoconException>(() => Given.Load(text.ToString()));
        Given.Mentions("multipl", failure.Message);
    }

    [Fact]
    public void Self_doubling_is_refused()
    {
        Survives("a = x\n" + string.Concat(Enumerable.Repeat("a = ${a}${a}\n", 200)), refused: true);
        Survives("a = [x]\n" + string.Concat(Enumerable.Repeat("a = ${a}${a}\n", 200)), refused: true);
        Survives("a = {x=1}\n" + string.Concat(Enumerable.Repeat("a = ${a}${a}{y=${a}}\n", 200)), refused: true);
    }

    [Fact]
    public void Long_chains_are_refused_not_overflowed()
    {
        Survives(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"a{i} = ${{a{i + 1}}}\n")), refused: true);
        Survives(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"a{i} = [${{a{i + 1}}}] []\n")) + "a20000=[]", refused: true);
        Survives("a = x\n" + string.Concat(Enumerable.Repeat("a = ${a}y\n", 20_000)), refused: true);
        Survives("a = {}\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"a = ${{a}} {{ k{i} = 1 }}\n")), refused: true);
        Survives(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"a = ${{b}}\na {{ k = 1 }}\n")) + "b { c = 1 }");
        var nested = Enumerable.Range(0, 5_000).Select(i => $"a{i + 1} = ${{a{i}}} {{ x = {{ y = ${{a{i}.x}} }} }}\n");
        Survives(string.Concat(nested) + "a0 { x {} }", refused: true);
    }

    [Fact]
    public void Chains_within_the_bound_work()
    {
        var text = string.Concat(Enumerable.Range(0, 290).Select(i => $"a{i} = ${{a{i + 1}}}\n")) + "a290 = 1";
        Assert.Equal("1", Given.Load(text).GetString("a0"));
    }

    [Fact]
    public void Input_size_is_bounded()
    {
        var limits = new HoconLimits { InputCharsMax = 10 };
        Given.Mentions("longer than 10", Assert.Throws<HoconException>(() => HoconDocument.Parse("a = 123456789", "x", limits)).Message);
    }

    [Fact]
    public void Lists_from_an_environment_without_end_are_bounded()
    {
        var text = string.Concat(Enumerable.Repeat("a += ${L[]}\n", 1_000));
        var options = new HoconResolveOptions { Environment = _ => "x", Limits = new() { ResolvedNodesMax = 1_000 } };
        Assert.Throws<HoconException>(() => HoconDocument.Load(text, "test.conf", options));
    }

    [Fact]
    public void Errors_are_bounded() => Assert.Equal(20, Given.Errors(string.Concat(Enumerable.Repeat("a = @\n", 1000))).Count);

    [Fact]
    public void Random_characters() => Fuzz(static random =>
    {
        const string Alphabet = "ab01.-+eE \t\n\r\"\"\"\\{}{}[][]:=,,#/$${}?${a}()includ\u00a0\ufeff\ud800é\0";
        return string.Concat(Enumerable.Range(0, random.Next(120))
            .Select(_ => random.Chance(1, 50) ? (char)random.Next(65536) : Alphabet[random.Next(Alphabet.Length)]));
    });

    [Fact]
    public void Random_bytes_as_text() => Fuzz(static random =>
    {
        var bytes = new byte[random.Next(200)];
        random.Fill(bytes);
        return Encoding.UTF8.GetString(bytes);
    });

    [Fact]
    public void Mutations_of_valid_documents() => Fuzz(static random =>
    {
        var text = new StringBuilder(random.Chance(1, 3) ? RandomText.Document(random) : Seeds[random.Next(Seeds.Length)]);
        for (var i = random.Next(6); i >= 0 && text.Length > 0; i--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(4))
            {
                case 0:
                    text.Remove(at, Math.Min(1 + random.Next(4), text.Length - at));
                    break;
                case 1:
                    text.Insert(at, Seeds[random.Next(Seeds.Length)]);
                    break;
                case 2:
                    text.Insert(at, "{}[]\"$,:=\n.+#abc"[random.Next(16)]);
                    break;
                default:
                    text.Insert(at, text.ToString(0, Math.Min(text.Length, 30)));
                    break;
            }
        }

        return text.ToString();
    });

    private static void Fuzz(Func<Prng, string> make)
    {
        for (var seed = 1UL; seed <= 8_000; seed++)
        {
            var text = make(new Prng(seed));
            try
            {
                Exercise(text);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}: {failure.GetType().Name} {failure.Message} for\n{text}", failure);
            }
        }
    }

    // Everything that a text can reach; a HoconException is a fine answer, anything else is not.
    private static bool Exercise(string text)
    {
        var includes = new Files([("self", text), ("x", "y=${?a}\nz=${y}"), ("p.properties", text)]);
        Try(() => HoconDocument.Load("include \"p.properties\"", "main", new() { Includes = includes }));
        try
        {
            var document = HoconDocument.Parse(text, "self");
            document.GetComments("a");
            document.Set("a.b", HoconValue.Of("n")).Remove("a.c");
            var value = document.Resolve(new() { Includes = includes, Environment = static name => name is "L_0" or "HOME" ? name : null });
            Given.Equal(value, Given.Load(HoconWriter.ToHocon(value)));
            foreach (var (_, leaf) in value.Leaves())
            {
                _ = Conversions(leaf).Count(static convert => Try(convert));
            }

            return true;
        }
        catch (HoconException failure)
        {
            Assert.NotEmpty(failure.Errors);
            return false;
        }
    }

    private static Action[] Conversions(HoconValue leaf) =>
    [
        () => leaf.GetString(), () => leaf.GetBoolean(), () => leaf.GetInt32(), () => leaf.GetInt64(), () => leaf.GetDouble(),
        () => leaf.GetDuration(), () => leaf.GetPeriod(), () => leaf.GetBytes(), () => leaf.GetList(), () => leaf.GetObject(),
    ];

    private static bool Try(Action convert)
    {
        try
        {
            convert();
            return true;
        }
        catch (HoconException)
        {
            return false;
        }
    }

    // A quarter of the smallest default stack, so that the bounds on depth are shown to leave room.
    private static void Survives(string text, bool refused = false)
    {
        Exception? failure = null;
        var passed = false;
        var thread = new Thread(
            () =>
            {
                try
                {
                    passed = Exercise(text);
                }
                catch (Exception caught)
                {
                    failure = caught;
                }
            },
            384 * 1024);
        thread.Start();
        thread.Join();
        Assert.True(failure is null, failure?.ToString());
        Assert.False(refused && passed);
    }
}
