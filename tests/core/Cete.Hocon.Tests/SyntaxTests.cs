namespace Cete.Hocon.Tests;

/// <summary>The section "Syntax" up to "Multi-line strings", a test a subsection.</summary>
public sealed class SyntaxTests
{
    [Theory]
    [InlineData("""{"a":1,"b":[true,false,null,-1.5e+10,"x"],"c":{}}""")]
    [InlineData("""["\"","\\","/","\b\f\n\r\t"]""")]
    [InlineData("""{"":{"a.b":"\u0001"}}""")]
    public void Unchanged_from_JSON(string json)
        => Given.Same(Given.Json(json), json);

    [Fact]
    public void Unchanged_from_JSON_is_written_the_same()
        => Assert.Equal("""{"a":[1,null,"\n\u0008"]}""", Given.Json("""{"a":[1,null,"\n\b"]}"""));

    [Fact]
    public void Unchanged_from_JSON_escapes()
        => Assert.Equal("/ é 😀 \t", Given.Load("""a = "\/ \u00e9 \uD83D\uDE00 \t" """).GetString("a"));

    [Theory]
    [InlineData("a = \"x", 1, 5)]
    [InlineData("a = \"x\ny\"", 1, 5)]
    [InlineData("a = \"\\q\"", 1, 6)]
    [InlineData("a = \"\\u12\"", 1, 6)]
    [InlineData("a = \"\t\"", 1, 6)]
    [InlineData("a = \"\"\"x\"\"", 1, 5)]
    public void Unchanged_from_JSON_bad_strings(string text, int line, int column)
    {
        var error = Given.Errors(text)[0];
        Assert.Equal(("test.conf", line, column), (error.Source, error.Line, error.Column));
    }

    [Theory]
    [InlineData("# first\na = 1 // last\n//x\n#y\nb = 2 # z")]
    [InlineData("a = 1# close\nb = 2")]
    [InlineData("{a : // here\n 1 # and here\n, b # even here\n : 2 // .\n} // after")]
    public void Comments(string text) => Given.Same("{a:1,b:2}", text);

    [Fact]
    public void Comments_are_no_comments_in_strings()
        => Given.Same("""{"a":"# x","b":"http://x"}""", "a = \"# x\"\nb = \"http://x\"");

    [Theory]
    [InlineData("", "{}")]
    [InlineData("  \n # nothing\n", "{}")]
    [InlineData("a : 1", """{"a":1}""")]
    [InlineData("{ a : 1 }", """{"a":1}""")]
    [InlineData("[1]", "[1]")]
    [InlineData("\uFEFFa : 1", """{"a":1}""")]
    public void Omit_root_braces(string text, string json) => Assert.Equal(json, Given.Json(text));

    [Theory]
    [InlineData("a : 1 }")]
    [InlineData("{ a : 1")]
    [InlineData("{ a : 1 } }")]
    [InlineData("{ a : 1 } b : 2")]
    [InlineData("just a string")]
    [InlineData("[1] [2]")]
    [InlineData("}")]
    public void Omit_root_braces_refuses(string text) => Given.Errors(text);

    [Theory]
    [InlineData("a = 1")]
    [InlineData("a:1")]
    [InlineData("a\n:\n\n1")]
    public void Key_value_separator(string text) => Given.Same("{\"a\" : 1}", text);

    [Theory]
    [InlineData("a {b:1}")]
    [InlineData("a{b:1}")]
    [InlineData("a : {b:1}")]
    [InlineData("a\n{b:1}")]
    public void Key_value_separator_may_be_left_out_before_an_object(string text) => Given.Same("{a:{b:1}}", text);

    [Theory]
    [InlineData("[1,2,3,]")]
    [InlineData("[1\n2\n3]")]
    [InlineData("[1,\n2\n,3\n]")]
    [InlineData("[\n1 # x\n2,3]")]
    public void Commas(string text) => Given.Same("[1,2,3]", text);

    [Theory]
    [InlineData("[1,2,3,,]")]
    [InlineData("[,1,2,3]")]
    [InlineData("[1,,2,3]")]
    [InlineData("{a:1,,b:2}")]
    [InlineData("{,a:1}")]
    [InlineData("{a:1,\n,b:2}")]
    [InlineData("{a:1,b:2,,}")]
    [InlineData("{a:{} b:2}")]
    public void Commas_refused(string text) => Given.Errors(text);

    [Fact]
    public void Commas_between_fields() => Given.Same("{a:1,b:2,c:3}", "a:1,b:2\n\nc:3,");

    [Theory]
    [InlineData("\u00A0a\u2003=\u3000b c\u2007")]
    [InlineData("\r\na = b c\r\n")]
    [InlineData("\u001C\va\f=\u001Fb c")]
    public void Whitespace(string text) => Given.Same("""{"a":"b c"}""", text);

    [Fact]
    public void Whitespace_newline_alone_separates() => Given.Same("""{"a":"b\rc"}""", "a = b\rc");

    [Fact]
    public void Duplicate_keys_and_object_merging_later_wins() => Given.Same("{a:2}", "a:1\na:2");

    [Fact]
    public void Duplicate_keys_and_object_merging_objects_merge()
        => Given.Same("{ foo : { a : 42, b : 43 } }", "{ foo : { a : 42 }, foo : { b : 43 } }");

    [Fact]
    public void Duplicate_keys_and_object_merging_null_between_stops_the_merge()
        => Given.Same("{ foo : { b : 43 } }", "{ foo : { a : 42 }, foo : null, foo : { b : 43 } }");

    [Fact]
    public void Duplicate_keys_and_object_merging_is_deep()
        => Given.Same("{a:{x:{p:1,q:3,r:4},y:2}}", "a:{x:{p:1,q:2},y:2}\na:{x:{q:3,r:4}}");

    [Theory]
    [InlineData("truefoo", "\"truefoo\"")]
    [InlineData("foo.bar-baz_/x", "\"foo.bar-baz_/x\"")]
    [InlineData("true", "true")]
    [InlineData("null", "null")]
    [InlineData("-1.5e+3", "-1.5e+3")]
    [InlineData("10foo", "\"10foo\"")]
    [InlineData("-", "\"-\"")]
    [InlineData("1.", "\"1.\"")]
    [InlineData("007", "\"007\"")]
    [InlineData("a//b", "\"a\"")]
    [InlineData("3 4", "\"3 4\"")]
    public void Unquoted_strings(string written, string json) => Assert.Equal($$"""{"a":{{json}}}""", Given.Json("a = " + written));

    [Theory]
    [InlineData("$")]
    [InlineData("b:c")]
    [InlineData("b=c")]
    [InlineData("+")]
    [InlineData("`")]
    [InlineData("^")]
    [InlineData("?")]
    [InlineData("!")]
    [InlineData("@")]
    [InlineData("*")]
    [InlineData("&")]
    [InlineData("\\")]
    [InlineData("x]")]
    public void Unquoted_strings_reserved(string written) => Given.Errors("a = " + written);

    [Theory]
    [InlineData("\"\"\"a\nb\\n\"\"\"", "a\nb\\n")]
    [InlineData("\"\"\"foo\"\"\"\"", "foo\"")]
    [InlineData("\"\"\"\"x\"\"\"\"\"", "\"x\"\"")]
    [InlineData("\"\"\"\"\"\"", "")]
    public void Multi_line_strings(string written, string value) => Assert.Equal(value, Given.Load("a = " + written).GetString("a"));
}
