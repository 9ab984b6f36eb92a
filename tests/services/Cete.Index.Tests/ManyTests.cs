
namespace Cete.Index.Tests;

/// <summary>More matches than are ranked and counted.</summary>
public sealed class ManyTests(ManyTests.Filled filled) : IClassFixture<ManyTests.Filled>
{
    private readonly IndexWorld _world = filled.World;

    [Fact]
    public async Task A_count_ends_at_a_thousand_and_says_so()
    {
        foreach (var sort in Enum.GetValues<EntrySort>())
        {
            var many = (await _world.ListAsync(new EntryQuery { Words = "common", Below = true, Sort = sort })).Value;
            Assert.Equal((1_000, true), (many.Total, many.IsMore));
            var thousand = (await _world.ListAsync(new EntryQuery { Words = "thousand", Below = true, Sort = sort })).Value;
            Assert.Equal((1_000, false), (thousand.Total, thousand.IsMore));
        }
    }

    [Fact]
    public async Task The_oldest_is_first_when_its_name_is_what_was_typed()
    {
        var found = (await _world.ListAsync(new EntryQuery { Words = "common", Below = true, Sort = EntrySort.Relevance })).Value;
        Assert.Equal("/common", found.Items[0].Path);
        Assert.Equal(["/old/common common.txt"], found.Items.Skip(1).Take(1).Select(e => e.Path));
    }

    [Fact]
    public async Task A_thousand_are_paged_through_by_relevance_each_once()
    {
        var seen = await AllAsync(new EntryQuery { Words = "common", Below = true, Sort = EntrySort.Relevance, Limit = 90 });
        Assert.Equal(1_000, seen.Count);
        Assert.Equal(1_000, seen.Distinct().Count());
    }

    [Theory]
    [InlineData(EntrySort.Name, false)]
    [InlineData(EntrySort.Name, true)]
    [InlineData(EntrySort.Size, false)]
    [InlineData(EntrySort.Size, true)]
    [InlineData(EntrySort.Added, false)]
    [InlineData(EntrySort.Added, true)]
    public async Task All_are_paged_through_in_order_when_sorted(EntrySort sort, bool descending)
    {
        var query = new EntryQuery { Below = true, Sort = sort, Descending = descending, Limit = 400 };
        var all = await AllAsync(query);
        Assert.Equal(Filled.Count + 2, all.Count);
        Assert.Equal(all, await AllAsync(query with { Words = "common" }));
        var some = all.Where(path => path.Contains("thousand", StringComparison.Ordinal)).ToList();
        Assert.Equal(some, await AllAsync(query with { Words = "thousand" }));

        // Few at one end of the order, many in between that do not match.
        var others = all.Where(path => !path.Contains("other", StringComparison.Ordinal));
        Assert.Equal(others, await AllAsync(query with { Words = "common -other" }));
    }

    [Fact]
    public async Task Hostile_searches_are_answered_among_many()
    {
        string[] typed =
        [
            new string('x', 10_000), string.Join(' ', Enumerable.Range(0, 1_000).Select(i => $"w{i}")), string.Join(' ', Enumerable.Repeat("common", 1_000)),
            "common\0other", "common* OR (other", "\"common", "-", "--", "common -", "%_%", "\u202ecommon", "c\u0301ommon", "\U0001F9A1 common", "=common",
            "<co", "#tag", "@0", "$5", "~video", "name:common", "common AND", "NEAR(common other)", "a", "c", "1",
        ];
        foreach (var words in typed)
        {
            foreach (var sort in Enum.GetValues<EntrySort>())
            {
                Assert.True((await _world.ListAsync(new EntryQuery { Words = words, Below = true, Sort = sort })).Succeeded, words);
            }
        }
    }

    private async Task<List<string>> AllAsync(EntryQuery query)
    {
        List<string> seen = [];
        string? cursor = null;
        do
        {
            var page = (await _world.ListAsync(query with { Cursor = cursor })).Value;
            seen.AddRange(page.Items.Select(e => e.Path));
            cursor = page.Next;
            Assert.True(seen.Count <= Filled.Count + 2);
        }
        while (cursor is not null);

        return seen;
    }

    /// <summary>Three thousand entries with a word, of which a thousand have another.</summary>
    public sealed class Filled : IAsyncLifetime
    {
        public const int Count = 3_000;

        internal IndexWorld World { get; } = IndexWorld.Start();

        public async ValueTask InitializeAsync()
        {
            Assert.True((await World.FileAsync(IndexWorld.New("/common", "exact"), IndexWorld.New("/old/common common.txt", "named"))).Succeeded);
            for (var start = 0; start < Count; start += 1_000)
            {
                Assert.True((await World.FileAsync([.. Enumerable.Range(start, 1_000).Select(One)])).Succeeded);
            }
        }

        public ValueTask DisposeAsync() => World.DisposeAsync();

        // Lengths in a few octaves; the folder alone holds the common word of most.
        private static NewEntry One(int i) => IndexWorld.New(
            $"/common shelf/d{i % 7}/{(i % 3 == 0 ? "thousand" : "other")} file {i * 7_919 % 100_000}.txt", $"{i}", 1_000 + (i * 37 % 9_000));
    }
}
