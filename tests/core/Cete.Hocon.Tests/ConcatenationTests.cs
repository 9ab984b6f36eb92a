namespace Cete.Hocon.Tests;

/// <summary>The sections "Value concatenation" and "Path expressions", a test a subsection.</summary>
public sealed class ConcatenationTests
{
    [Theory]
    [InlineData("foo bar", "foo bar")]
    [InlineData("  foo   bar  # no", "foo   bar")]
    [InlineData("foo\" bar \"baz", "foo bar baz")]
    [InlineData("1 2 true null", "1 2 true null")]
    [InlineData("\"a\" \"b\"", "a b")]
    [InlineData("1.50 x", "1.50 x")]
    [InlineData("\"\"\"a\"\"\"b", "ab")]
    public void String_value_concatenation(string written, string value)
        => Assert.Equal(value, Given.Load("a = " + written).GetString("a"));

    [Fact]
    public void String_value_concatenation_with_substitutions()
        => Given.Same("{x:1.50,y:true,a:\"-1.50-true null\"}", "x=1.50\ny=true\na = -${x}-${y} null");

    [Fact]
    public void String_value_concatenation_of_a_null_and_an_object_is_refused()
    {
        Given.Errors("a = null {b:1}");
        Given.Errors("a = x {b:1}");
        Given.Errors("a = {b:1} [1]");
        Given.Errors("a = [1] \" \" [2]");
        Given.Errors("x = [1]\na = b ${x}");
    }

    [Theory]
    [InlineData("a : { b : 1, c : 2 }")]
    [InlineData("a : { b : 1 } { c : 2 }")]
    [InlineData("a : {}{ b : 1 } { c : 2 }")]
    [InlineData("a : { b : 1 }\na : { c : 2 }")]
    public void Array_and_object_concatenation_objects(string text) => Given.Same("{a:{b:1,c:2}}", text);

    [Theory]
    [InlineData("a : [1,2] [3,4]")]
    [InlineData("a : [1,2][3][4]")]
    [InlineData("x : 0\na : [ 1, 2 ]\na : ${a} [3,4]\nx = ${?none}")]
    public void Array_and_object_concatenation_arrays(string text)
        => Assert.Equal("[1,2,3,4]", Given.Load(text).Get("a").ToString());

    [Fact]
    public void Array_and_object_concatenation_inheritance()
        => Given.Same(
            """{"data-center-generic":{"cluster-size":6},"data-center-east":{"cluster-size":6,"name":"east"}}""",
            "data-center-generic = { cluster-size = 6 }\ndata-center-east = ${data-center-generic} { name = \"east\" }");

    [Fact]
    public void Array_and_object_concatenation_prepending()
        => Given.Same("""{path:[/bin],p:[/usr,/bin,/x]}""", "path = [ /bin ]\np = [/usr] ${path} [/x]");

    [Fact]
    public void Note_concatenation_with_whitespace_and_substitutions()
    {
        Given.Same("{foo:{a:1},bar:{b:2},c:{a:1,b:2}}", "foo={a:1}\nbar={b:2}\nc = ${foo} ${bar}");
        Given.Same("""{"foo":"x","bar":"y","c":"x y"}""", "foo=x\nbar=y\nc = ${foo} ${bar}");
    }

    [Fact]
    public void Note_arrays_without_commas_or_newlines()
    {
        Given.Same("""["1 2 3 4"]""", "[ 1 2 3 4 ]");
        Given.Same("[[3,4,1,2]]", "[ [3,4] [ 1, 2 ] ]");
        Given.Same("[[1,2],[3,4]]", "[ [1,2]\n [ 3, 4 ] ]");
    }

    [Theory]
    [InlineData("a.b.c", "a|b|c")]
    [InlineData("a.\"b.c\".d", "a|b.c|d")]
    [InlineData("10.0foo", "10|0foo")]
    [InlineData("foo10.0", "foo10|0")]
    [InlineData("foo\"10.0\"", "foo10.0")]
    [InlineData("1.2.3", "1|2|3")]
    [InlineData("a b c", "a b c")]
    [InlineData("  a .b ", "a |b")]
    [InlineData("a.\"\".b", "a||b")]
    [InlineData("\"\"\"x\"\"\"", "x")]
    public void Path_expressions(string written, string keys)
        => Assert.Equal(keys, string.Join('|', HoconPath.Parse(written).Elements));

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("a. .b")]
    [InlineData("${a}")]
    [InlineData("a\nb")]
    [InlineData("a:b")]
    public void Path_expressions_refused(string written) => Assert.Throws<HoconException>(() => HoconPath.Parse(written));

    [Theory]
    [InlineData("foo.bar : 42", "{foo:{bar:42}}")]
    [InlineData("foo.bar.baz : 42", "{foo:{bar:{baz:42}}}")]
    [InlineData("a.x : 42, a.y : 43", "{a:{x:42,y:43}}")]
    [InlineData("a b c : 42", "{\"a b c\":42}")]
    [InlineData("true : 42", "{\"true\":42}")]
    [InlineData("3.14 : 42", "{3:{14:42}}")]
    [InlineData("a.b { c : 1 }", "{a:{b:{c:1}}}")]
    public void Paths_as_keys(string text, string expected) => Given.Same(expected, text);

    [Theory]
    [InlineData("${a} : 1")]
    [InlineData("a$b : 1")]
    [InlineData("a\nb : 1")]
    public void Paths_as_keys_refused(string text) => Given.Errors(text);

    [Fact]
    public void Paths_render_so_that_they_parse_back()
    {
        foreach (var key in new[] { "a", "a.b", "", " x ", "include", "includes", "-1", "\"q\"", "a\nb", "ü", "$", "7" })
        {
            var path = HoconPath.Of(key, "in", key);
            Assert.Equal(path, HoconPath.Parse(path.ToString()));
            Assert.Equal(1, Given.Load(path + " = 1").GetInt32(path.ToString()));
        }
    }
}
