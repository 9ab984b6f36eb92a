namespace Cete.Hocon.Tests;

/// <summary>The section "Includes", a test a rule.</summary>
public sealed class IncludeTests
{
    private static readonly (string, string)[] Foo = [("foo.conf", "x : 10\ny : ${x}\n")];

    [Theory]
    [InlineData("include \"foo.conf\"", IncludeKind.Any)]
    [InlineData("include\n \"foo.conf\"", IncludeKind.Any)]
    [InlineData("include file(\"foo.conf\")", IncludeKind.File)]
    [InlineData("include classpath( \"foo.conf\" )", IncludeKind.Classpath)]
    [InlineData("include required(\"foo.conf\")", IncludeKind.Any)]
    [InlineData("include required( file( \"foo.conf\" ) )", IncludeKind.File)]
    [InlineData("{ include \"foo.conf\" }", IncludeKind.Any)]
    public void Include_syntax(string text, IncludeKind kind)
    {
        var files = new Files(Foo);
        Assert.Equal("""{"x":10,"y":10}""", HoconDocument.Load(text, "dir/main.conf", new() { Includes = files }).ToString());
        Assert.Equal(new IncludeRequest(kind, "foo.conf", "dir/main.conf"), files.Requests[0]);
    }

    [Theory]
    [InlineData("foo include : 42", "{\"foo include\":42}")]
    [InlineData("\"include\" : 42", "{\"include\":42}")]
    [InlineData("includes : 42", "{includes:42}")]
    [InlineData("include.x : 42", "{\"include\":{x:42}}")]
    [InlineData("a : include", "{a:include}")]
    [InlineData("a : [ include ]", "{a:[include]}")]
    public void Include_syntax_elsewhere_means_nothing(string text, string expected) => Given.Same(expected, text);

    [Theory]
    [InlineData("include : 42")]
    [InlineData("include foo")]
    [InlineData("include ${x}")]
    [InlineData("include \"a\" \"b\"")]
    [InlineData("include file(\"a\"")]
    [InlineData("include file(a)")]
    [InlineData("include required(\"a\"")]
    [InlineData("include")]
    public void Include_syntax_refused(string text) => Given.Errors(text, ("a", "x=1"));

    [Fact]
    public void Include_syntax_url_is_always_refused()
    {
        Given.Refused("url(...) is not supported", "include url(\"http://x/\")");
        Given.Refused("url(...) is not supported", "include required(url(\"x\"))");
    }

    [Fact]
    public void Include_semantics_merging()
    {
        Assert.Equal("""{"x":10,"z":3,"y":10}""", Given.Json("x : 1, z : 3\ninclude \"foo.conf\"", Foo));
        Assert.Equal("""{"x":2,"y":2}""", Given.Json("include \"foo.conf\"\nx : 2", Foo));
        Assert.Equal("""{"a":{"x":10,"y":10,"b":1}}""", Given.Json("a { include \"foo.conf\", b : 1 }", Foo));
        Assert.Equal("""{"o":{"p":1,"q":2}}""", Given.Json("o.p : 1\ninclude \"a.conf\"", ("a.conf", "o.q : 2")));
    }

    [Fact]
    public void Include_semantics_merging_an_array_is_refused()
        => Assert.Equal("a.conf", Assert.Single(Given.Errors("include \"a.conf\"", ("a.conf", "[1]"))).Source);

    [Fact]
    public void Include_semantics_substitution()
    {
        Assert.Equal("""{"a":{"x":10,"y":10}}""", Given.Json("{ a : { include \"foo.conf\" } }", Foo));
        Assert.Equal("""{"a":{"x":42,"y":42}}""", Given.Json("a : { include \"foo.conf\" }\na.x : 42", Foo));
        Assert.Equal("""{"a":{"y":7},"x":7}""", Given.Json("a { include \"b.conf\" }\nx = 7", ("b.conf", "y : ${x}")));
        Assert.Equal("""{"a":{"p":"root!"},"p":"root"}""", Given.Json("a { include \"b.conf\" }\np = root", ("b.conf", "p : ${p}\"!\"")));
        Assert.Equal("""{"a":{"b":{"z":1},"y":1}}""",
            Given.Json("a { include \"b.conf\" }", ("b.conf", "b { include \"c.conf\" }\ny = 1"), ("c.conf", "z = ${y}")));
    }

    [Fact]
    public void Include_semantics_substitution_in_an_array_is_refused()
    {
        Assert.Equal("""{"a":[{"x":1}]}""", Given.Json("a=[{ include \"b.conf\" }]", ("b.conf", "x=1")));
        Given.Errors("a=[{ include \"foo.conf\" }]", Foo);
    }

    [Fact]
    public void Include_semantics_missing_files_and_required_files()
    {
        Assert.Equal("{}", Given.Json("include \"none.conf\"", Foo));
        var error = Assert.Single(Given.Errors("\ninclude required(\"none.conf\")", Foo));
        Assert.Equal(
            "test.conf:2:1: the required include \"none.conf\" was not found; add it, or leave out required(...)", error.ToString());
        Given.Refused("no right", "include \"a.conf\"", ("a.conf", "<denied>"));
    }

    [Fact]
    public void Include_semantics_file_formats_and_extensions()
        => Assert.Equal("""{"a":1,"b":2,"c":2}""",
            Given.Json("include \"foo\"", ("foo.json", """{"a":1,"b":1}"""), ("foo.conf", "b=2\nc=2")));

    [Fact]
    public void Include_errors_name_the_included_text()
    {
        var errors = Given.Errors("include \"a.conf\"\ninclude \"b.conf\"", ("a.conf", "x = 1\ny = ="), ("b.conf", "z = @"));
        Assert.Equal(["a.conf:2:5", "b.conf:1:5"], errors.Select(static error => $"{error.Source}:{error.Line}:{error.Column}"));
    }

    [Fact]
    public void Include_cycles_are_named()
        => Given.Refused(
            "a.conf → b.conf → a.conf", "include \"a.conf\"", ("a.conf", "include \"b.conf\""), ("b.conf", "x { include \"a.conf\" }"));

    [Fact]
    public void Include_count_is_bounded()
    {
        var text = string.Concat(Enumerable.Repeat("include \"a.conf\"\n", 300));
        Given.Refused("more than 256 includes", text, ("a.conf", "x=1"));
    }

    [Fact]
    public void Include_multiplication_is_bounded()
    {
        var files = Enumerable.Range(0, 15)
            .Select(i => ($"{i}.conf", $"include \"{i + 1}.conf\"\nx {{ include \"{i + 1}.conf\" }}")).ToArray();
        Given.Errors("include \"0.conf\"", files);
    }
}
