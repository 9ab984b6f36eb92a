namespace Cete.Hocon.Tests;

/// <summary>Edits keep what they do not name, and read back as what was set.</summary>
public sealed class EditingTests
{
    private const string Sample = """
        # The file.

        // The port.
        port = 8080   # trailing
        web {
          # how many
          threads = 4, queue = 10
          tls { cert = a.pem }
        }
        web.name = "x"

        """;

    [Theory]
    [InlineData("port", "port = 8080", "port = 9")]
    [InlineData("web.threads", "threads = 4,", "threads = 9,")]
    [InlineData("web.tls.cert", "cert = a.pem", "cert = 9")]
    [InlineData("web.name", "web.name = \"x\"", "web.name = 9")]
    [InlineData("web.tls", "tls { cert = a.pem }", "tls = 9")]
    [InlineData("web.size", "\n}\nweb.name", "\n  size = 9\n}\nweb.name")]
    [InlineData("web.tls.key", "a.pem }", "a.pem, key = 9 }")]
    [InlineData("a.b", "\"x\"\n", "\"x\"\na.b = 9\n")]
    public void Set_changes_only_what_it_names(string path, string before, string after)
    {
        Assert.Contains(before, Sample, StringComparison.Ordinal);
        var document = HoconDocument.Parse(Sample, "f").Set(path, HoconValue.Of(9));
        Assert.Equal(Sample.Replace(before, after, StringComparison.Ordinal), document.Text);
        Assert.Equal(9, document.Resolve().GetInt32(path));
    }

    [Theory]
    [InlineData("port", "// The port.\nport = 8080   # trailing\n", "")]
    [InlineData("web.threads", "threads = 4, queue", "queue")]
    [InlineData("web.queue", ", queue = 10", "")]
    [InlineData("web.tls.cert", "{ cert = a.pem }", "{  }")]
    [InlineData("web.tls", "  tls { cert = a.pem }\n", "")]
    [InlineData("nothing", "", "")]
    public void Remove_takes_the_line_its_comment_and_its_comma(string path, string before, string after)
    {
        var expected = before.Length == 0 ? Sample : Sample.Replace(before, after, StringComparison.Ordinal);
        Assert.Equal(expected, HoconDocument.Parse(Sample, "f").Remove(path).Text);
    }

    [Fact]
    public void Remove_takes_all_fields_of_a_path()
        => Assert.Equal("# The file.\n\n// The port.\nport = 8080   # trailing\n", HoconDocument.Parse(Sample, "f").Remove("web").Text);

    [Theory]
    [InlineData("a = 1\na = 2", "a = 7")]
    [InlineData("a = 1, a = 2, a = 3", "a = 7")]
    [InlineData("# x\na += 1\n# y\na += 2, a += 4\n, a += 3\n", " a = 7\n")]
    [InlineData("a = [1]\na += 2", "a = 7")]
    [InlineData("a { b = 1 }\na.c = 2", "a.c = 2\na = 7\n")]
    [InlineData("a = 1\ninclude \"x\"", "include \"x\"\na = 7\n")]
    [InlineData("", "a = 7\n")]
    [InlineData("{}", "{ a = 7 }")]
    [InlineData("{\n}", "{\n  a = 7\n}")]
    [InlineData("{ b = 1, }", "{ b = 1,  a = 7 }")]
    [InlineData("b = 1 # c", "b = 1 # c\na = 7\n")]
    public void Set_decides_whatever_else_is_written(string text, string expected)
    {
        var document = HoconDocument.Parse(text, "f").Set("a", HoconValue.Of(7));
        if (!text.Contains("a.c", StringComparison.Ordinal))
        {
            Assert.Equal(expected, document.Text);
        }

        Assert.Equal(7, document.Resolve().GetInt32("a"));
    }

    [Theory]
    [InlineData("a = ${x}\nx.b = 1")]
    [InlineData("a.b = 1\na = 5")]
    [InlineData("a.b = 1\na = ${x}\nx.b = 1")]
    [InlineData("a { b { c = 1 } }\na.b = 2\na { d = 1 }")]
    [InlineData("a { b { c = 1 }\n }\na.b.c = 2")]
    public void Set_below_something_that_is_not_written_out(string text)
        => Assert.Equal(7, HoconDocument.Parse(text, "f").Set("a.b.c", HoconValue.Of(7)).Resolve().GetInt32("a.b.c"));

    [Fact]
    public void Set_writes_any_value()
    {
        var value = Given.Load("s = \"\"\"two\nlines\"\"\"\nl = [{x = 1}, [2]]\no { \"k.k\" = \"\" }");
        var document = HoconDocument.Parse("a {\n  b = 1 # x\n}\n", "f").Set("a.b", value).Set("a.c", value).Set("d", value);
        Given.Equal(value, document.Resolve().GetObject("a.b"));
        Given.Equal(value, document.Resolve().GetObject("a.c"));
        Given.Equal(value, document.Resolve().GetObject("d"));
        Assert.Contains("# x", document.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Comments_of_a_path_are_those_directly_above()
    {
        const string Text = "# no\n\n# one\n  // two\na = 1 # no\n# four\nd = 1, # no\n# five\ne = 1\n\nb { # no\n # three\n c = 2 }";
        var document = HoconDocument.Parse(Text, "f");
        Assert.Equal(["one", "two"], document.GetComments("a"));
        Assert.Equal(["three"], document.GetComments("b.c"));
        Assert.Equal(["four"], document.GetComments("d"));
        Assert.Equal(["five"], document.GetComments("e"));
        Assert.Empty(document.GetComments("b"));
    }

    [Fact]
    public void A_root_array_cannot_be_edited()
        => Assert.Throws<HoconException>(() => HoconDocument.Parse("[1]", "f").Set("a", HoconValue.Null));
}
