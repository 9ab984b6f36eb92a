using Cete.Core;

namespace Cete.Index.Tests;

public sealed class FilterTests : IAsyncLifetime
{
    private readonly IndexWorld _world = IndexWorld.Start();

    public async ValueTask InitializeAsync()
    {
        await _world.FileAsync(
            IndexWorld.New("/films/Winter.mkv", "1", 4_000_000_000, tags: "snow"),
            IndexWorld.New("/films/winter.srt", "2", 60_000),
            IndexWorld.New("/music/winter/Song.flac", "3", 30_000_000),
            IndexWorld.New("/music/winter/cover.JPG", "4", 1_048_576),
            IndexWorld.New("/winter", "5", 0));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("video", null, null, "/films/Winter.mkv")]
    [InlineData("image", null, null, "/music/winter/cover.JPG")]
    [InlineData("file", null, null, "/winter")]
    [InlineData("disk", null, null, "")]
    [InlineData(null, 1_048_576L, null, "/films/Winter.mkv /music/winter/Song.flac /music/winter/cover.JPG")]
    [InlineData(null, 1_048_577L, null, "/films/Winter.mkv /music/winter/Song.flac")]
    [InlineData(null, null, 59_999L, "/winter")]
    [InlineData(null, null, 60_000L, "/films/winter.srt /winter")]
    [InlineData(null, 1L, 1_048_576L, "/films/winter.srt /music/winter/cover.JPG")]
    [InlineData("audio", 1L, 1_048_576L, "")]
    [InlineData(null, 5_000_000_000L, null, "")]
    [InlineData(null, long.MaxValue, null, "")]
    [InlineData(null, null, 0L, "/winter")]
    public async Task Kinds_and_sizes_narrow_down_with_words_and_without(string? kind, long? min, long? max, string paths)
    {
        var filter = new EntryFilter { Kind = kind, LengthMin = min, LengthMax = max };
        string[] expected = paths.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var words in new[] { "", "winter", "winter -summer" })
        {
            foreach (var sort in Enum.GetValues<EntrySort>())
            {
                Assert.Equal(expected, await FindAsync(new EntryQuery { Words = words, Filter = filter, Sort = sort, Below = true }));
            }
        }
    }

    [Fact]
    public async Task A_moved_file_has_the_kind_of_its_new_name()
    {
        await _world.MoveAsync("/winter", "/Winter.iso");
        Assert.Equal(["/Winter.iso"], await FindAsync(new EntryQuery { Filter = new EntryFilter { Kind = "disk" }, Below = true }));
        Assert.Empty(await FindAsync(new EntryQuery { Filter = new EntryFilter { Kind = "file" }, Below = true }));
    }

    [Fact]
    public async Task Age_narrows_down_to_the_moment()
    {
        var first = (await _world.EntryAsync("/winter")).Value.Added;
        await _world.FileAsync("/late/winter.txt", "6");
        var second = (await _world.EntryAsync("/late/winter.txt")).Value.Added;
        Assert.True(second > first);
        Assert.Equal(["/late/winter.txt"], await Aged(new EntryFilter { Since = second }));
        Assert.Equal(6, (await Aged(new EntryFilter { Since = first })).Count);
        Assert.Empty(await Aged(new EntryFilter { Since = second + TimeSpan.FromTicks(10) }));
        Assert.Equal(5, (await Aged(new EntryFilter { Before = second })).Count);
        Assert.Empty(await Aged(new EntryFilter { Before = first }));
        Assert.Equal(5, (await Aged(new EntryFilter { Since = first, Before = second })).Count);

        Task<List<string>> Aged(EntryFilter filter) => FindAsync(new EntryQuery { Words = "winter", Filter = filter, Below = true });
    }

    [Fact]
    public async Task A_folder_is_searched_with_what_is_below_or_by_itself()
    {
        var query = new EntryQuery { Words = "winter", Folder = IndexWorld.At("/music") };
        Assert.Equal(["/music/winter/Song.flac", "/music/winter/cover.JPG"], await FindAsync(query with { Below = true }));
        Assert.Empty(await FindAsync(query));
        Assert.Equal(2, (await FindAsync(query with { Folder = IndexWorld.At("/music/winter") })).Count);
        Assert.Equal(["/winter"], await FindAsync(query with { Folder = EntryPath.Top }));
        await _world.MoveAsync("/music/winter", "/films/winter sounds");
        Assert.Empty(await FindAsync(query with { Below = true }));
        Assert.Equal(4, (await FindAsync(query with { Folder = IndexWorld.At("/films"), Below = true })).Count);
    }

    [Fact]
    public async Task Any_of_the_words_is_enough_when_asked_for()
    {
        var query = new EntryQuery { Words = "song cover nowhere", Below = true };
        Assert.Empty(await FindAsync(query));
        Assert.Equal(["/music/winter/Song.flac", "/music/winter/cover.JPG"], await FindAsync(query with { AnyWord = true }));
        Assert.Equal(["/music/winter/Song.flac"], await FindAsync(query with { AnyWord = true, Words = "song cover -cover" }));
    }

    private async Task<List<string>> FindAsync(EntryQuery query)
    {
        var found = (await _world.ListAsync(query with { Limit = 100 })).Value;
        Assert.Null(found.Next);
        return [.. found.Items.Select(e => e.Path).Order(StringComparer.Ordinal)];
    }
}
