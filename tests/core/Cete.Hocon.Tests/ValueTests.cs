namespace Cete.Hocon.Tests;

/// <summary>The section "API recommendations": conversions, units, access by path.</summary>
public sealed class ValueTests
{
    private static HoconObject One(string written) => Given.Load("a = " + written);

    [Fact]
    public void Automatic_type_conversions_to_strings()
    {
        Assert.Equal("1.50", One("1.50").GetString("a"));
        Assert.Equal("true", One("true").GetString("a"));
        Assert.Throws<HoconException>(() => One("null").GetString("a"));
        Assert.Throws<HoconException>(() => One("[1]").GetString("a"));
        Assert.Throws<HoconException>(() => One("{}").GetString("a"));
    }

    [Theory]
    [InlineData("5", 5)]
    [InlineData("\"5\"", 5)]
    [InlineData("5.0", 5)]
    [InlineData("1e3", 1000)]
    [InlineData("-2147483648", int.MinValue)]
    public void Automatic_type_conversions_to_whole_numbers(string written, int value)
    {
        Assert.Equal(value, One(written).GetInt32("a"));
        Assert.Equal(value, One(written).GetInt64("a"));
        Assert.Equal(value, One(written).GetDouble("a"));
    }

    [Theory]
    [InlineData("5.5")]
    [InlineData("2147483648")]
    [InlineData("true")]
    [InlineData("x")]
    [InlineData("\"\"")]
    [InlineData("[5]")]
    [InlineData("1e400")]
    public void Automatic_type_conversions_to_whole_numbers_refused(string written)
    {
        var error = Assert.Single(Assert.Throws<HoconException>(() => One(written).GetInt32("a")).Errors);
        Assert.Equal(("test.conf", 1, 5), (error.Source, error.Line, error.Column));
        Assert.StartsWith("a: expected a whole number from", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Automatic_type_conversions_keep_64_bits()
    {
        Assert.Equal(long.MaxValue, One("9223372036854775807").GetInt64("a"));
        Assert.Throws<HoconException>(() => One("9223372036854775808").GetInt64("a"));
        Assert.Throws<HoconException>(() => One("1e999").GetDouble("a"));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("yes", true)]
    [InlineData("on", true)]
    [InlineData("\"false\"", false)]
    [InlineData("no", false)]
    [InlineData("off", false)]
    public void Automatic_type_conversions_to_booleans(string written, bool value) => Assert.Equal(value, One(written).GetBoolean("a"));

    [Theory]
    [InlineData("1")]
    [InlineData("True")]
    [InlineData("null")]
    public void Automatic_type_conversions_to_booleans_refused(string written)
        => Assert.Throws<HoconException>(() => One(written).GetBoolean("a"));

    [Theory]
    [InlineData("10", 10_0000L)]
    [InlineData("\" 10 \"", 10_0000L)]
    [InlineData("1500 us", 1_5000L)]
    [InlineData("1500nanoseconds", 15L)]
    [InlineData("0.5s", 500_0000L)]
    [InlineData("2 minutes", 120_000_0000L)]
    [InlineData("1h", 36_000_000_000L)]
    [InlineData("7 days", 6_048_000_000_000L)]
    [InlineData("-1 s", -1000_0000L)]
    public void Duration_format(string written, long ticks) => Assert.Equal(ticks, One(written).GetDuration("a").Ticks);

    [Theory]
    [InlineData("10 S")]
    [InlineData("s")]
    [InlineData("1 fortnight")]
    [InlineData("99999999999999 d")]
    [InlineData("79228162514264337593543950335 d")]
    [InlineData("1 s 2 ms")]
    [InlineData("true")]
    public void Duration_format_refused(string written) => Assert.Throws<HoconException>(() => One(written).GetDuration("a"));

    [Theory]
    [InlineData("3", 0, 0, 3)]
    [InlineData("3 days", 0, 0, 3)]
    [InlineData("2w", 0, 0, 14)]
    [InlineData("5m", 0, 5, 0)]
    [InlineData("5 mo", 0, 5, 0)]
    [InlineData("1 year", 1, 0, 0)]
    public void Period_format(string written, int years, int months, int days)
        => Assert.Equal(new HoconPeriod(years, months, days), One(written).GetPeriod("a"));

    [Theory]
    [InlineData("1.5 d")]
    [InlineData("3000000000 d")]
    [InlineData("1 s")]
    public void Period_format_refused(string written) => Assert.Throws<HoconException>(() => One(written).GetPeriod("a"));

    [Theory]
    [InlineData("512", 512)]
    [InlineData("10 B", 10)]
    [InlineData("1 kB", 1000)]
    [InlineData("1 K", 1024)]
    [InlineData("1k", 1024)]
    [InlineData("64 KiB", 65536)]
    [InlineData("1 kilobyte", 1000)]
    [InlineData("2 kibibytes", 2048)]
    [InlineData("1MB", 1_000_000)]
    [InlineData("1m", 1_048_576)]
    [InlineData("1.5 GiB", 1_610_612_736)]
    [InlineData("3 terabytes", 3_000_000_000_000)]
    [InlineData("7E", 7L << 60)]
    public void Size_in_bytes_format(string written, long bytes) => Assert.Equal(bytes, One(written).GetBytes("a"));

    [Theory]
    [InlineData("8E")]
    [InlineData("1 YB")]
    [InlineData("-1")]
    [InlineData("1 KB")]
    [InlineData("1 parsec")]
    public void Size_in_bytes_format_refused(string written) => Assert.Throws<HoconException>(() => One(written).GetBytes("a"));

    [Fact]
    public void Conversion_of_numerically_indexed_objects_to_arrays()
    {
        Assert.Equal("""["a","c"]""", One("{ 0 : a, 2 : c, foo : x }").GetList("a").ToString());
        Assert.Equal("""["b","a"]""", One("{ 10 : a, 9 : b }").GetList("a").ToString());
        Assert.Equal("[1,2,3]", Given.Load("o : { 1 : 2, 2 : 3 }\na : [1] ${o}").Get("a").ToString());
        Assert.Equal("[1,2]", Given.Load("a : { 0 : 1 }\na += 2").Get("a").ToString());
        Assert.Throws<HoconException>(() => One("{}").GetList("a"));
        Assert.Throws<HoconException>(() => One("{ x : 1 }").GetList("a"));
    }

    [Fact]
    public void Access_by_path()
    {
        var value = Given.Load("a { b = 1, \"c.d\" = 2, n = null }");
        Assert.Equal(1, value.GetInt32("a.b"));
        Assert.Equal(2, value.GetInt32("a.\"c.d\""));
        Assert.Equal(3, value.GetObject("a").Count);
        Assert.False(value.TryGetInt32("a.x", out _));
        Assert.False(value.TryGetInt32("a.b.c", out _));
        Assert.False(value.TryGetString("a.n", out _));
        Assert.True(value.TryGet("a.n", out var none) && none.Kind == HoconKind.Null);
        Assert.True(value.TryGetString("a.b", out var text) && text == "1");
        Assert.Throws<HoconException>(() => value.TryGetBoolean("a.b", out _));
        Assert.Equal("a.x is missing; add it", Assert.Single(Assert.Throws<HoconException>(() => value.GetInt32("a.x")).Errors).Message);
    }

    [Fact]
    public void Leaves_lists_all_paths_in_order()
        => Assert.Equal("a.b=1 a.\"c.d\"=[2] e=null",
            string.Join(' ', Given.Load("a { b = 1, \"c.d\" = [2], x {} }\ne = null").Leaves()
                .Select(static leaf => $"{leaf.Key}={leaf.Value}")));

    [Fact]
    public void Origins_name_file_line_and_column()
    {
        var value = Given.Load("a = 1\nb {\n  c = [\n    x ]\n}");
        Assert.Equal("test.conf:1:5", value.Get("a").Origin.ToString());
        Assert.Equal("test.conf:3:7", value.Get("b.c").Origin.ToString());
        Assert.Equal("test.conf:4:5", value.GetList("b.c")[0].Origin.ToString());
    }

    [Fact]
    public void Config_object_merging_of_documents_happens_before_resolution()
    {
        var defaults = HoconDocument.Parse("port = 80\nurl = \"http://x:\"${port}\nlist = [1]\no { a = 1, b = 2 }", "defaults");
        var user = HoconDocument.Parse("port = 8080\nlist += 2\no { b = 3 }\nold = ${o.a}", "user");
        Assert.Equal("""{"port":8080,"url":"http://x:8080","list":[1,2],"o":{"a":1,"b":3},"old":1}""",
            user.WithFallback(defaults).Resolve().ToString());
    }

    [Fact]
    public void Config_object_merging_is_associative_over_what_hides()
    {
        var a = HoconDocument.Parse("x { p = 1 }", "a");
        var b = HoconDocument.Parse("x = 5", "b");
        var c = HoconDocument.Parse("x { q = 1 }", "c");
        Assert.Equal("""{"x":{"p":1}}""", a.WithFallback(b).WithFallback(c).Resolve().ToString());
        Assert.Equal("""{"x":{"p":1}}""", a.WithFallback(b.WithFallback(c)).Resolve().ToString());
    }

    [Fact]
    public void Config_object_merging_of_resolved_objects()
        => Given.Equal(
            Given.Load("a { x = 1, y = 2 }, b = 3"),
            Given.Load("a { x = 1 }, b = 3").WithFallback(Given.Load("a { x = 0, y = 2 }")).WithFallback(Given.Load("b { c = 1 }"))
                .WithFallback(HoconObject.Empty));

    [Fact]
    public void A_root_array_is_no_configuration()
        => Given.Mentions("the root is an array", Assert.Throws<HoconException>(() => Given.Load("[1]")).Message);

    [Fact]
    public void Equality_ignores_order_and_origin()
    {
        Given.Equal(Given.Load("a=1\nb=[x]"), Given.Load("b:[\"x\"],a:1"));
        Assert.Equal(Given.Load("a=1\nb=[x]").GetHashCode(), Given.Load("b:[\"x\"],a:1").GetHashCode());
        Assert.False(Given.Load("a=1").Equals(Given.Load("a=\"1\"")));
    }
}
