using Cete.Core;

namespace Cete.Index.Tests;

public sealed class SuggestionTests : IAsyncLifetime
{
    private readonly IndexWorld _world = IndexWorld.Start();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _world.FileAsync([.. Enumerable.Range(0, 60).Select(i => IndexWorld.New($"/photos/holiday {i}.jpg", $"{i}"))]);
        await _world.FileAsync(
            IndexWorld.New("/photos/Holland.jpg", "a"),
            IndexWorld.New("/text/holistic caf\u00e9.txt", "b", tags: "calm"),
            IndexWorld.New("/text/gone holm.txt", "c"));
        await _world.RemoveAsync("/text/gone holm.txt");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("hol", "holiday holland holistic")]
    [InlineData("h", "holiday holland holistic")]
    [InlineData("HOLI", "holiday holistic")]
    [InlineData("Caf\u00e9", "cafe")]
    [InlineData("qx", "")]
    [InlineData("", "")]
    [InlineData("hol ", "")]
    [InlineData("-hol", "")]
    [InlineData("tag:ca", "")]
    [InlineData("\"hol", "")]
    [InlineData("12", "")]
    public async Task A_word_is_ended_by_words_that_find_something_the_commonest_first(string typed, string words)
    {
        var found = (await _world.Service.SuggestAsync(typed, 6, 4, Cancel)).Value;
        Assert.Equal(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), found.Words);
    }

    [Fact]
    public async Task Words_in_front_stay_and_must_be_found_too()
    {
        var found = (await _world.Service.SuggestAsync("text ho", 6, 4, Cancel)).Value;
        Assert.Equal(["text holistic"], found.Words);
        Assert.Empty(found.Entries);
    }

    [Fact]
    public async Task Entries_whose_names_begin_so_are_there_too()
    {
        var found = (await _world.Service.SuggestAsync("holiday 1", 6, 4, Cancel)).Value;
        Assert.Equal(["/photos/holiday 1.jpg"], found.Entries.Select(e => e.Path));
        Assert.Equal(4, (await _world.Service.SuggestAsync("holi", 6, 4, Cancel)).Value.Entries.Count);
    }

    [Theory]
    [InlineData("hoilday", "holiday")]
    [InlineData("hollidey", "holiday")]
    [InlineData("photos hoilday", "photos holiday")]
    [InlineData("hollnad", "holland")]
    [InlineData("zzzzzz", null)]
    [InlineData("hx", null)]
    public async Task What_was_meant_is_found_by_its_spelling(string typed, string? meant)
    {
        var ways = (await _world.Service.WaysOnAsync(new EntryQuery { Words = typed, Below = true }, Cancel)).Value;
        Assert.Equal(meant, ways.Spelling);
    }

    [Fact]
    public async Task Nothing_found_is_no_dead_end()
    {
        var query = new EntryQuery
        {
            Words = "holiday holistic",
            Below = true,
            Folder = IndexWorld.At("/text"),
            Filter = new EntryFilter { Kind = "text" },
        };
        var ways = (await _world.Service.WaysOnAsync(query, Cancel)).Value;
        Assert.True(ways.AnyWord);
        Assert.Equal(["holistic"], ways.FewerWords);
        Assert.False(ways.WithoutFilter);
        Assert.False(ways.InAllFolders);
        ways = (await _world.Service.WaysOnAsync(query with { Words = "holiday" }, Cancel)).Value;
        Assert.Equal((false, false, false), (ways.AnyWord, ways.InAllFolders, ways.WithoutFilter));
        ways = (await _world.Service.WaysOnAsync(query with { Words = "holiday", Filter = EntryFilter.None }, Cancel)).Value;
        Assert.True(ways.InAllFolders);
        ways = (await _world.Service.WaysOnAsync(query with { Words = "holiday", Folder = EntryPath.Top }, Cancel)).Value;
        Assert.True(ways.WithoutFilter);
    }

    [Fact]
    public async Task Where_several_things_are_wrong_at_once_any_word_anywhere_is_left()
    {
        var query = new EntryQuery { Words = "hoilday holistic nowhere", Below = true, Filter = new EntryFilter { Kind = "video" } };
        Assert.Equal("holiday holistic nowhere", (await _world.Service.WaysOnAsync(query, Cancel)).Value.Widest);
        Assert.Null((await _world.Service.WaysOnAsync(query with { Words = "zzzz yyyy" }, Cancel)).Value.Widest);
        Assert.Null((await _world.Service.WaysOnAsync(query with { Filter = EntryFilter.None }, Cancel)).Value.Widest);
    }

    [Fact]
    public async Task Whatever_is_typed_is_answered()
    {
        for (ulong seed = 1; seed <= 500; seed++)
        {
            var typed = Words.Random(new Prng(seed), 12);
            Assert.True((await _world.Service.SuggestAsync(typed, 6, 4, Cancel)).Succeeded, $"seed {seed}");
            Assert.True((await _world.Service.WaysOnAsync(new EntryQuery { Words = typed, Below = true }, Cancel)).Succeeded, $"seed {seed}");
        }
    }
}
