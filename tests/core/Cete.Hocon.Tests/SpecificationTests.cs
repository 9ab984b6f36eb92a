using System.Globalization;

namespace Cete.Hocon.Tests;

/// <summary>The examples of the specification's text as they are written there, in its order, each test named after its section.</summary>
public sealed class SpecificationTests
{
    private static readonly (string, string)[] Foo = [("foo.conf", "{ x : 10, y : ${x} }")];

    [Fact]
    public void Key_value_separator() => Given.Same("""{ "foo" : {} }""", """ "foo" {} """);

    [Fact]
    public void Commas()
    {
        Assert.All(["[1,2,3,]", "[1\n2\n3]"], text => Given.Same("[1,2,3]", text));
        Assert.All(["[1,2,3,,]", "[,1,2,3]", "[1,,2,3]"], text => Given.Errors(text));
        Assert.All(["{a:1,b:2,}", "{a:1\nb:2}"], text => Given.Same("{a:1,b:2}", text));
        Assert.All(["{a:1,,}", "{,a:1}", "{a:1,,b:2}"], text => Given.Errors(text));
    }

    /// <summary>Every UTF-16 unit: it ends a key if and only if it is in the section's list, or is the byte order mark.</summary>
    [Fact]
    public void Whitespace()
    {
        const string Listed = "\t\n\v\f\r\u001C\u001D\u001E\u001F\uFEFF";
        for (var c = '\0'; c < '\uFFFF'; c++)
        {
            var isSpace = Listed.Contains(c) || CharUnicodeInfo.GetUnicodeCategory(c)
                is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            var endsKey = !"$\"{}[]:=,+#`^?!@*&\\.".Contains(c) && Given.Load($"a{c}= 1").ContainsKey("a");
            Assert.True(isSpace == endsKey, $"U+{(int)c:X4}");
        }
    }

    [Fact]
    public void Duplicate_keys_and_object_merging()
    {
        Given.Same("""{ "foo" : { "a" : 42, "b" : 43 } }""", """{ "foo" : { "a" : 42 }, "foo" : { "b" : 43 } }""");
        Given.Same("""{ "foo" : { "b" : 43 } }""", """{ "foo" : { "a" : 42 }, "foo" : null, "foo" : { "b" : 43 } }""");
    }

    [Fact]
    public void Unquoted_strings()
        => Given.Same("""["truefoo", "footrue", "10.0bar", "bar10.0"]""", "[truefoo, footrue, 10.0bar, bar10.0]");

    [Fact]
    public void Multi_line_strings() => Given.Same("""{"a":"foo\""}""", "a = \"\"\"foo\"\"\"\"");

    [Fact]
    public void String_value_concatenation()
    {
        Given.Same("""{a:"foo bar baz"}""", "a =  foo bar baz ");
        Given.Same("""{a:"1e5 true null"}""", "a = 1e5 true null");
        Given.Same("""[true, "true foo"]""", "[ true, true foo ]");
    }

    [Theory]
    [InlineData("{ b : 1, c : 2 }", "// one object\na : { b : 1, c : 2 }")]
    [InlineData("{ b : 1, c : 2 }", "// two objects that are merged via concatenation rules\na : { b : 1 } { c : 2 }")]
    [InlineData("{ b : 1, c : 2 }", "// two fields that are merged\na : { b : 1 }\na : { c : 2 }")]
    [InlineData("[ 1, 2, 3, 4 ]", "// one array\na : [ 1, 2, 3, 4 ]")]
    [InlineData("[ 1, 2, 3, 4 ]", "// two arrays that are concatenated\na : [ 1, 2 ] [ 3, 4 ]")]
    [InlineData("[ 1, 2, 3, 4 ]", "// a later definition referring to an earlier\na : [ 1, 2 ]\na : ${a} [ 3, 4 ]")]
    public void Array_and_object_concatenation(string value, string text) => Given.Same("a : " + value, text);

    [Fact]
    public void Array_and_object_concatenation_inheritance_and_paths()
    {
        Given.Same("data-center-generic { cluster-size : 6 }, data-center-east { cluster-size : 6, name : east }",
            "data-center-generic = { cluster-size = 6 }\ndata-center-east = ${data-center-generic} { name = \"east\" }");
        Given.Same("path = [ /bin, /usr/bin ]", "path = [ /bin ]\npath = ${path} [ /usr/bin ]");
    }

    [Fact]
    public void Note_Concatenation_with_whitespace_and_substitutions()
    {
        Given.Same("foo=x, bar=y, c=\"x y\"", "foo=x, bar=y, c=${foo} ${bar}");
        Given.Same("foo=[1], bar=[2], c=[1,2]", "foo=[1], bar=[2], c=${foo} ${bar}");
        Given.Same("foo={a:1}, bar={b:2}, c={a:1,b:2}", "foo={a:1}, bar={b:2}, c=${foo} ${bar}");
        Given.Errors("foo=[1], bar=[2], c=${foo}\" \"${bar}");
    }

    [Theory]
    [InlineData("""["1 2 3 4"]""", "[ 1 2 3 4 ]")]
    [InlineData("[1,2,3,4]", "[ 1\n  2\n  3\n  4 ]")]
    [InlineData("[[1,2,3,4]]", "[ [ 1, 2 ] [ 3, 4 ] ]")]
    [InlineData("[[1,2],[3,4]]", "[ [ 1, 2 ]\n  [ 3, 4 ] ]")]
    public void Note_Arrays_without_commas_or_newlines(string json, string text) => Assert.Equal(json, Given.Json(text));

    [Fact]
    public void Note_Arrays_without_commas_or_newlines_with_substitutions()
    {
        Given.Same("name=Ann, world=all, l=[\"This is an unquoted string my name is Ann\", \"Hello all\"]",
            "name=Ann, world=all, l=[ This is an unquoted string my name is ${name}, Hello ${world} ]");
        Given.Same("a=1, b=2, x=[3], y=[4], l=[\"1 2\", [3,4]]", "a=1, b=2, x=[3], y=[4], l=[ ${a} ${b}, ${x} ${y} ]");
    }

    [Theory]
    [InlineData("foo.bar.\"hello.world\"", "foo|bar|hello.world")]
    [InlineData("10.0foo", "10|0foo")]
    [InlineData("foo10.0", "foo10|0")]
    [InlineData("foo\"10.0\"", "foo10.0")]
    [InlineData("1.2.3", "1|2|3")]
    [InlineData("true", "true")]
    [InlineData("a.\"\".b", "a||b")]
    public void Path_expressions(string written, string keys)
    {
        Assert.Equal(keys, string.Join('|', HoconPath.Parse(written).Elements));
        Given.Same(string.Concat(keys.Split('|').Select(key => $"{{\"{key}\":")) + "1" + new string('}', keys.Count(c => c == '|') + 1),
            $"{written} : 1");
    }

    [Theory]
    [InlineData("foo.bar : 42", "foo { bar : 42 }")]
    [InlineData("foo.bar.baz : 42", "foo { bar { baz : 42 } }")]
    [InlineData("a.x : 42, a.y : 43", "a { x : 42, y : 43 }")]
    [InlineData("a b c : 42", "\"a b c\" : 42")]
    [InlineData("true : 42", "\"true\" : 42")]
    [InlineData("3 : 42", "\"3\" : 42")]
    [InlineData("3.14 : 42", "\"3\" : { \"14\" : 42 }")]
    public void Paths_as_keys(string text, string equivalent) => Given.Same(equivalent, text);

    [Fact]
    public void Substitutions()
    {
        Given.Same("animal.favorite = dog, key = \"dog is my favorite animal\"",
            "animal.favorite = dog, key : ${animal.favorite} is my favorite animal");
        Given.Same("animal.favorite = dog, key = \"dog is my favorite animal\"",
            "animal.favorite = dog, key : ${animal.favorite}\" is my favorite animal\"");
        Assert.Equal("""{"HOME":null,"a":null}""", Given.Json("{ \"HOME\" : null, a : ${HOME} }", _ => "/root"));
        Given.Same("{}", "foo : ${?bar}");
        Given.Same("{}", "foo : ${?bar}${?baz}");
        Given.Same("foo = 1, l = [1], s = xy", "foo : 1\nfoo : ${?bar}\nl = [1, ${?bar}]\ns = x${?bar}y");
    }

    [Theory]
    [InlineData("foo : ${foo}")]
    [InlineData("foo : ${foo}\nfoo : { a : 1 }")]
    [InlineData("a : ${a}")]
    [InlineData("a : ${a}bc")]
    [InlineData("path : ${path} [ /usr/bin ]")]
    [InlineData("a : { b : ${a} }")]
    [InlineData("a : [${a}]")]
    [InlineData("a : [1]\na : [${a}]")]
    [InlineData("bar : ${foo}\nfoo : ${bar}")]
    [InlineData("a : ${b}\nb : ${c}\nc : ${a}")]
    public void Self_Referential_Substitutions_that_are_errors(string text) => Assert.Single(Given.Errors(text));

    [Theory]
    [InlineData("path = \"a:b:c:d\"", "path : \"a:b:c\"\npath : ${path}\":d\"")]
    [InlineData("foo = { a : 1 }", "foo : { a : 1 }\nfoo : ${foo}")]
    [InlineData("{}", "foo : ${?foo} // this field just disappears silently")]
    [InlineData("foo = 42", "foo : ${does-not-exist}\nfoo : 42")]
    [InlineData("foo = 42", "foo : ${foo}, foo : 42")]
    [InlineData("foo = { a : 2, c : 1 }", "foo : { a : { c : 1 } }\nfoo : ${foo.a}\nfoo : { a : 2 }")]
    [InlineData("bar = { foo : 42, baz : 42 }", "bar : { foo : 42,\n  baz : ${bar.foo}\n}")]
    [InlineData("bar = { foo : 43, baz : 43 }", "bar : { foo : 42,\n  baz : ${bar.foo}\n}\nbar : { foo : 43 }")]
    [InlineData("bar = { a : 4, b : 3 }, foo = { c : 3, d : 4 }",
        "bar : { a : ${foo.d}, b : 1 }\nbar.b = 3\nfoo : { c : ${bar.b}, d : 2 }\nfoo.d = 4")]
    [InlineData("a = foo", "a = ${?a}foo")]
    [InlineData("a = { x : 42, y : 42 }", "a={ x : 42, y : ${a.x} }")]
    public void Examples_of_Self_Referential_Substitutions(string expected, string text) => Given.Same(expected, text);

    /// <summary>The section leaves the value open, but not that both are equal.</summary>
    [Fact]
    public void Examples_of_Self_Referential_Substitutions_in_both_directions()
    {
        var value = Given.Load("a : 1\nb : 2\na : ${b}\nb : ${a}");
        Assert.Equal(value.GetInt32("a"), value.GetInt32("b"));
    }

    [Fact]
    public void The_plus_equals_field_separator()
    {
        Given.Same("a = [b]", "a += b");
        Given.Same("a = [x, b]", "a = [x]\na += b");
        Given.Same("a = [x, [x]]", "a = [x]\na += ${a}");
        Assert.Single(Given.Errors("a = x\na += b"));
    }

    [Fact]
    public void List_values_from_environment_variables()
    {
        string? Environment(string name) => name switch { "MY_LIST_0" => "1", "MY_LIST_1" => "", "MY_LIST_2" => "3", _ => null };
        Assert.Equal("""{"my-list":["1","","3"]}""", Given.Json("my-list = ${MY_LIST[]}", Environment));
        Assert.Equal("{}", Given.Json("my-list = ${?OTHER[]}", Environment));
        Assert.Throws<HoconException>(() => Given.Json("my-list = ${OTHER[]}", Environment));
    }

    [Theory]
    [InlineData("{ foo include : 42 }", """{ "foo include" : 42 }""")]
    [InlineData("{ foo : include }", """{ "foo" : "include" }""")]
    [InlineData("[ include ]", """[ "include" ]""")]
    [InlineData("{ \"include\" : 42 }", """{ "include" : 42 }""")]
    public void Include_syntax(string text, string expected) => Given.Same(expected, text);

    [Fact]
    public void Include_semantics_substitution()
    {
        Assert.Equal("""{"a":{"x":10,"y":10}}""", Given.Json("{ a : { include \"foo.conf\" } }", Foo));
        Assert.Equal("""{"a":{"x":42,"y":42}}""", Given.Json("{\n  a : { include \"foo.conf\" }\n  a : { x : 42 }\n}", Foo));
    }

    [Theory]
    [InlineData("include required(\"foo.conf\")")]
    [InlineData("include required(file(\"foo.conf\"))")]
    [InlineData("include required(classpath(\"foo.conf\"))")]
    public void Include_semantics_missing_files_and_required_files(string text)
    {
        Assert.Equal("""{"x":10,"y":10}""", Given.Json(text, Foo));
        Given.Refused("was not found", text);
        Given.Refused("url(...) is not supported", "include required(url(\"http://localhost/foo.conf\"))");
    }

    [Fact]
    public void Include_semantics_file_formats_and_extensions()
    {
        (string, string)[] files = [("foo.properties", "a=1\nb=1\nc=1"), ("foo.json", """{"b":2,"c":2}"""), ("foo.conf", "c=3")];
        Assert.Equal("""{"a":"1","b":2,"c":3}""", Given.Json("include \"foo\"", files));
        Assert.Equal("""{"a":"1","b":2,"c":3}""",
            Given.Json("include \"foo.properties\"\ninclude \"foo.json\"\ninclude \"foo.conf\"", files));
    }

    [Fact]
    public void Conversion_of_numerically_indexed_objects_to_arrays()
    {
        Assert.Equal("""["a","b"]""", Given.Load("""x = { "0" : "a", "1" : "b" }""").GetList("x").ToString());
        var included = HoconDocument.Load(
            "include \"p.properties\"", "test.conf", new() { Includes = new Files([("p.properties", "foo.0 = a\nfoo.1 = b\n")]) });
        Assert.Equal("""["a","b"]""", included.GetList("foo").ToString());
    }

    [Theory]
    [InlineData(1, "ns nano nanos nanosecond nanoseconds")]
    [InlineData(1_000, "us micro micros microsecond microseconds")]
    [InlineData(1_000_000, "ms milli millis millisecond milliseconds")]
    [InlineData(1_000_000_000, "s second seconds")]
    [InlineData(60_000_000_000, "m minute minutes")]
    [InlineData(3_600_000_000_000, "h hour hours")]
    [InlineData(86_400_000_000_000, "d day days")]
    public void Duration_format(long nanoseconds, string units)
    {
        foreach (var unit in units.Split(' '))
        {
            Assert.Equal(nanoseconds, Given.Load($"a = 100 {unit}").GetDuration("a").Ticks);
            Assert.Throws<HoconException>(() => Given.Load($"a = 100 {unit.ToUpperInvariant()}").GetDuration("a"));
        }

        Assert.Equal(10, Given.Load("a = 10").GetDuration("a").TotalMilliseconds);
    }

    [Theory]
    [InlineData("d day days", 0, 0, 2)]
    [InlineData("w week weeks", 0, 0, 14)]
    [InlineData("m mo month months", 0, 2, 0)]
    [InlineData("y year years", 2, 0, 0)]
    public void Period_Format(string units, int years, int months, int days) => Assert.All(
        units.Split(' '), unit => Assert.Equal(new HoconPeriod(years, months, days), Given.Load($"a = 2 {unit}").GetPeriod("a")));

    [Theory]
    [InlineData(0, "B b byte bytes", "")]
    [InlineData(1, "K k Ki KiB kibibyte kibibytes", "kB kilobyte kilobytes")]
    [InlineData(2, "M m Mi MiB mebibyte mebibytes", "MB megabyte megabytes")]
    [InlineData(3, "G g Gi GiB gibibyte gibibytes", "GB gigabyte gigabytes")]
    [InlineData(4, "T t Ti TiB tebibyte tebibytes", "TB terabyte terabytes")]
    [InlineData(5, "P p Pi PiB pebibyte pebibytes", "PB petabyte petabytes")]
    [InlineData(6, "E e Ei EiB exbibyte exbibytes", "EB exabyte exabytes")]
    public void Size_in_bytes_format(int power, string binary, string tens)
    {
        static long Bytes(string unit) => Given.Load($"a = 3 {unit}").GetBytes("a");
        Assert.All(binary.Split(' '), unit => Assert.Equal(3L << (10 * power), Bytes(unit)));
        Assert.All(tens.Split(' ', StringSplitOptions.RemoveEmptyEntries), unit => Assert.Equal(3 * (long)Math.Pow(1000, power), Bytes(unit)));
    }

    /// <summary>They are known, and too large for 64 bits unless there is next to nothing of them.</summary>
    [Fact]
    public void Size_in_bytes_format_beyond_64_bits()
    {
        const string Units = "ZB zettabyte zettabytes YB yottabyte yottabytes Z z Zi ZiB zebibyte zebibytes Y y Yi YiB yobibyte yobibytes";
        foreach (var unit in Units.Split(' '))
        {
            Assert.Throws<HoconException>(() => Given.Load($"a = 1 {unit}").GetBytes("a"));
            Assert.Equal(0, Given.Load($"a = 0 {unit}").GetBytes("a"));
        }
    }

    [Theory]
    [InlineData("a { x : 1 }", "a : { x : 1 }", "a : 42", "a : { y : 2 }")]
    [InlineData("a { x : 1, y : 2 }", "a : { x : 1 }", "a : { y : 2 }", "a : 42")]
    public void Config_object_merging_and_file_merging(string expected, string first, string fallback, string another)
    {
        var (a, b, c) = (Parse(first), Parse(fallback), Parse(another));
        Given.Equal(Given.Load(expected), Given.Load($"{another}\n{fallback}\n{first}"));
        Given.Equal(Given.Load(expected), a.WithFallback(b).WithFallback(c).Resolve());
        Given.Equal(Given.Load(expected), a.WithFallback(b.WithFallback(c)).Resolve());
        Given.Equal(Given.Load(expected), a.Resolve().WithFallback(b.Resolve()).WithFallback(c.Resolve()));
        Given.Equal(Given.Load(expected), a.Resolve().WithFallback(b.Resolve().WithFallback(c.Resolve())));

        static HoconDocument Parse(string text) => HoconDocument.Parse(text, "test.conf");
    }

    [Theory]
    [InlineData("a=1\nb = 2\nc: 3\nd 4\ne", """{"a":"1","b":"2","c":"3","d":"4","e":""}""")]
    [InlineData(".=x\na.=y\na..b=z", """{"":{"":"x"},"a":{"":{"b":"z"}}}""")]
    [InlineData("a=hello\na.b=world", """{"a":{"b":"world"}}""")]
    [InlineData("a.b=world\na=hello", """{"a":{"b":"world"}}""")]
    [InlineData("a=1\na=2", """{"a":"2"}""")]
    [InlineData("# c=1\n ! d=2\n\n  a = 1 # 2\r\nb=${x} {\"", """{"a":"1 # 2","b":"${x} {\""}""")]
    [InlineData("a\\=b\\ c\\:=\\u0041\\t\\n\\z\\\\ ", """{"a=b c:":"A\t\nz\\ "}""")]
    [InlineData("a = x, \\\n    y\\\\\nb = \\", """{"a":"x, y\\","b":""}""")]
    [InlineData("", "{}")]
    public void Java_properties_mapping(string text, string json)
    {
        var read = HoconDocument.Load("include \"p.properties\"", "test.conf", new() { Includes = new Files([("p.properties", text)]) });
        Given.Equal(Given.Load(json), read);
    }

    [Fact]
    public void Java_properties_mapping_names_places_and_refuses_what_is_wrong()
    {
        HoconObject Load(string text)
            => HoconDocument.Load("o { include \"p.properties\" }", "test.conf", new() { Includes = new Files([("p.properties", text)]) });
        var value = Load("# first\n\na.b = 7");
        Assert.Equal(7, value.GetInt32("o.a.b"));
        Assert.Equal("p.properties:3:7", value.Get("o.a.b").Origin.ToString());
        var error = Assert.Single(Assert.Throws<HoconException>(() => Load("a = 1\nb = x\\u12")).Errors);
        Assert.Equal("p.properties:2:6: \\u needs four hexadecimal digits behind it", error.ToString());
        Assert.Throws<HoconException>(() => Load(new string('.', 1_000_000)));
    }
}
