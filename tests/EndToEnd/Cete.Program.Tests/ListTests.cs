using System.Text.Json;

namespace Cete.Program.Tests;

[Collection(NodeCollection.Name)]
public sealed class ListTests(SharedNode shared) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ListsAndSearches()
    {
        _folder.Write("lists/b-small.txt", 10, 1);
        _folder.Write("lists/a-large.txt", 1_000, 2);
        _folder.Write("lists/deep/er/sour dough bread.txt", 100, 3);
        _folder.Write("lists/deep/dough sour.txt", 99, 4);
        (await shared.Node.CeteAsync("put", _folder.At("lists"), "--tag", "recipe", "--description", "Grandmother's")).Ended(0);

        Assert.Equal(["deep", "a-large.txt", "b-small.txt"], await NamesAsync("ls", "/lists"));
        Assert.Equal(["deep", "b-small.txt", "a-large.txt"], await NamesAsync("ls", "/lists", "--sort", "size"));
        Assert.Equal(
            ["a-large.txt", "sour dough bread.txt", "dough sour.txt", "b-small.txt"],
            await NamesAsync("ls", "-r", "/lists", "--sort", "size", "--reverse"));
        Assert.Equal(["a-large.txt"], await NamesAsync("ls", "/lists/a-large.txt"));
        (await shared.Node.CeteAsync("ls", "/no-such")).Ended(3);
        (await shared.Node.CeteAsync("ls", "-r", "/no-such")).Ended(3);

        Assert.Equal(["dough sour.txt", "sour dough bread.txt"], (await NamesAsync("search", "dough", "sour", "--in", "/lists")).Order(StringComparer.Ordinal));
        Assert.Equal(["sour dough bread.txt"], await NamesAsync("search", "\"sour dough\"", "--in", "/lists"));
        Assert.Equal(["dough sour.txt"], await NamesAsync("search", "--in", "/lists", "--", "dough", "-bread"));
        Assert.Equal(4, (await NamesAsync("search", "tag:recipe", "--in", "/lists")).Count);
        Assert.Equal(2, (await NamesAsync("search", "tag:recipe", "--in", "/lists", "--limit", "2")).Count);
        string[] large = ["search", "large", "--in", "/lists"];
        Assert.Equal(["a-large.txt"], await NamesAsync([.. large, "--kind", "text", "--min-size", "1kB", "--max-size", "1KiB", "--newer", "1h"]));
        Assert.Empty(await NamesAsync("search", "large", "--kind", "video", "--in", "/lists"));
        Assert.Empty(await NamesAsync("search", "large", "--older", "2020-01-01", "--in", "/lists"));
        Assert.Equal(2, (await NamesAsync("search", "--any", "large", "small", "--in", "/lists")).Count);
        var none = (await shared.Node.CeteAsync("search", "zebra", "--in", "/lists")).Ended(0);
        Assert.Empty(none.Out);
        Assert.StartsWith("Nothing found", none.Error, StringComparison.Ordinal);
        foreach (var hostile in new[] { "'", "\" OR 1=1", "*", "a*b", "((", "NEAR(a b)", "\0x"[1..], "tag:", "-", "%_", "\u202Egpj" })
        {
            Assert.InRange((await shared.Node.CeteAsync("search", "--in", "/lists", "--", hostile)).Code, 0, 2);
        }
    }

    [Theory]
    [InlineData("--kind", "music", "'kind'")]
    [InlineData("--min-size", "big", "'min-size'")]
    [InlineData("--max-size", "1XB", "'max-size'")]
    [InlineData("--newer", "soon", "'newer'")]
    [InlineData("--older", "1", "'older'")]
    public async Task AFilterThatMeansNothingEndsWithTwo(string option, string value, string says)
    {
        var ran = (await shared.Node.CeteAsync("search", "x", option, value)).Ended(2);
        Assert.Contains(says, ran.Error, StringComparison.Ordinal);
        Assert.Empty(ran.Out);
    }

    private async Task<IReadOnlyList<string>> NamesAsync(params string[] arguments) =>
        [.. (await shared.Node.CeteAsync([arguments[0], "--json", .. arguments[1..]])).Ended(0).Lines.Select(NameOf)];

    private static string NameOf(JsonElement line)
    {
        var path = line.GetProperty("path").GetString()!;
        return path[(path.LastIndexOf('/') + 1)..];
    }
}
