using System.Text;

namespace Cete.Core.Tests;

public sealed class EntryPathTests
{
    [Theory]
    [InlineData("", "/")]
    [InlineData("/", "/")]
    [InlineData("//", "/")]
    [InlineData("a", "/a")]
    [InlineData("/a/b", "/a/b")]
    [InlineData("a//b/", "/a/b")]
    [InlineData("/a\\b/c", "/a\\b/c")]
    [InlineData("/.../..x", "/.../..x")]
    public void Surplus_slashes_do_not_matter(string text, string expected)
    {
        var path = EntryPath.Parse(text).Value;
        Assert.Equal(expected, path.ToString());
        Assert.Equal(path, EntryPath.Parse(path.ToString()).Value);
        Assert.Equal(path.GetHashCode(), EntryPath.Parse(path.ToString()).Value.GetHashCode());
        Assert.Equal(expected == "/", path.IsTop);
    }

    [Theory]
    [InlineData("/a/../b")]
    [InlineData("..")]
    [InlineData("./a")]
    [InlineData("/a/.")]
    [InlineData("/a\0b")]
    [InlineData("/a\nb")]
    [InlineData("/\u202Ea")]
    public void Every_name_is_checked(string text) => Assert.Equal(FailureKind.Invalid, EntryPath.Parse(text).Failure?.Kind);

    [Fact]
    public void Depth_is_bounded()
    {
        var deepest = EntryPath.Parse(string.Concat(Enumerable.Repeat("/a", 64))).Value;
        Assert.Equal(64, deepest.Names.Count);
        Assert.Equal(FailureKind.TooLarge, EntryPath.Parse(deepest + "/a").Failure?.Kind);
        Assert.Equal(FailureKind.TooLarge, deepest.Append("a").Failure?.Kind);
    }

    [Fact]
    public void Length_is_bounded_in_bytes_of_the_written_form()
    {
        var name = new string('n', 255);
        var longest = EntryPath.Parse(string.Concat(Enumerable.Repeat("/" + name, 16))).Value;
        Assert.Equal(4096, Encoding.UTF8.GetByteCount(longest.ToString()));
        Assert.Equal(FailureKind.TooLarge, longest.Append("b").Failure?.Kind);
        Assert.Equal(FailureKind.TooLarge, EntryPath.Parse(longest + "/b").Failure?.Kind);
    }

    [Fact]
    public void What_was_read_can_be_written_and_read_again()
    {
        // Without its leading slash the text is one byte shorter than the path that it stands for.
        var text = string.Join('/', Enumerable.Repeat(new string('n', 255), 15)) + "/" + new string('m', 128) + "/" + new string('m', 127);
        Assert.Equal(4096, text.Length);
        var outcome = EntryPath.Parse(text);
        Assert.True(!outcome.Succeeded || EntryPath.Parse(outcome.Value.ToString()).Succeeded);
    }

    [Fact]
    public void Append_checks_the_name()
    {
        var path = EntryPath.Parse("/a").Value;
        Assert.Equal("/a/b", path.Append("b").Value.ToString());
        Assert.Equal("/b", EntryPath.Top.Append("b").Value.ToString());
        Assert.All((string[])["", ".", "..", "b/c", "/", "a\0"], name => Assert.Equal(FailureKind.Invalid, path.Append(name).Failure?.Kind));
    }

    [Fact]
    public void Parent_and_name_take_a_path_apart()
    {
        var path = EntryPath.Parse("/a/b").Value;
        Assert.Equal("b", path.Name);
        Assert.Equal("/a", path.Parent.ToString());
        Assert.Equal(EntryPath.Top, path.Parent.Parent);
        Assert.Same(EntryPath.Top, EntryPath.Top.Parent);
        Assert.Equal(string.Empty, EntryPath.Top.Name);
    }

    [Fact]
    public void Equality_is_by_names_and_minds_case()
    {
        Assert.Equal(EntryPath.Parse("/a/b").Value, EntryPath.Parse("a/b/").Value);
        Assert.NotEqual(EntryPath.Parse("/a").Value, EntryPath.Parse("/A").Value);
        Assert.False(EntryPath.Top.Equals(null));
        Assert.False(EntryPath.Top.Equals("/"));
    }
}
