using Cete.Core;

namespace Cete.Index.Tests;

public sealed class NameTests : IAsyncDisposable
{
    private readonly IndexWorld _world = IndexWorld.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("\u00e9t\u00e9.txt", "e\u0301te\u0301.txt")]
    [InlineData("\uac00.txt", "\u1100\u1161.txt")]
    [InlineData("\u212b.txt", "\u00c5.txt")]
    public async Task A_name_typed_on_two_systems_is_one_name(string one, string other)
    {
        var id = (await _world.FileAsync("/" + one + "/" + one, "1")).Value.Ids[0];
        Assert.Equal(id, (await _world.EntryAsync("/" + other + "/" + other)).Value.Id);
        Assert.Equal(1, (await _world.FileAsync("/" + other + "/" + one, "1")).Value.Unchanged);
        Assert.True((await _world.FolderAsync("/" + other)).Succeeded);
        Assert.Equal(FailureKind.Conflict, (await _world.MakeAsync("/" + one + "/" + other)).Kind());
        Assert.Single(await _world.FindAsync(other[..^4]));
        Assert.Single(await _world.FindAsync(one[..^4]));
    }

    [Fact]
    public async Task Names_differ_by_case_and_accents_but_sort_together()
    {
        string[] names = ["apple", "Apple", "\u00e4pple", "Banana", "banana", "zebra", "\u00e9clair"];
        await _world.FileAsync([.. names.Select(n => IndexWorld.New("/" + n, n))]);
        Assert.Equal(["apple", "Apple", "\u00e4pple", "Banana", "banana", "\u00e9clair", "zebra"], await NamesAsync());
    }

    [Fact]
    public async Task Numbers_in_names_sort_by_value()
    {
        string[] inOrder =
        [
            "file", "file.txt", "file1", "file02", "file2b", "file3", "file10", "file10.txt", "file100", "file99999999999999999999",
            "file100000000000000000000", "files",
        ];
        await _world.FileAsync([.. inOrder.Reverse().Select(n => IndexWorld.New("/" + n, n))]);
        foreach (var name in inOrder)
        {
            await _world.MakeAsync("/folders/" + name);
        }

        Assert.Equal(inOrder, await NamesAsync());
        var folders = await _world.Service.FoldersAsync(IndexWorld.At("/folders"), null, 100, TestContext.Current.CancellationToken);
        Assert.Equal(inOrder.Select(n => "/folders/" + n), folders.Value.Items.Select(f => f.Path));
    }

    [Theory]
    [InlineData("a2", "a10")]
    [InlineData("2", "10")]
    [InlineData("a9b", "a10a")]
    [InlineData("v1.2.10", "v1.10.2")]
    [InlineData("\uff12", "10")]
    [InlineData("\u00c9a", "eb")]
    [InlineData("STRASSE 2", "strasse 10")]
    public void Keys_are_in_the_order_that_people_expect(string first, string second) =>
        Assert.True(string.CompareOrdinal(NameKey.Of(first), NameKey.Of(second)) < 0);

    [Fact]
    public void Any_name_has_a_key_and_words()
    {
        for (ulong seed = 1; seed <= 2_000; seed++)
        {
            var name = Words.Random(new Prng(seed), 30);
            if (EntryName.Check(name) is null)
            {
                Assert.False(NameKey.Of(name).Contains('\0', StringComparison.Ordinal), $"seed {seed}");
                Assert.StartsWith(name, NameKey.WordsOf(name), StringComparison.Ordinal);
            }

            Assert.Equal(NameKey.Normalize(name), NameKey.Normalize(NameKey.Normalize(name)));
            Assert.Equal(Tag.Normalize(name), Tag.Normalize(Tag.Normalize(name)));
        }
    }

    private async Task<List<string>> NamesAsync() =>
        [.. (await _world.ListAsync(new EntryQuery { Limit = 100 })).Value.Items.Select(e => e.Path[1..])];
}
