using Cete.Core;

namespace Cete.Index.Tests;

public sealed class SearchTests : IAsyncDisposable
{
    private readonly IndexWorld _world = IndexWorld.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("holi", "/Photos/MyHoliday2026.jpg")]
    [InlineData("holiday", "/Photos/MyHoliday2026.jpg")]
    [InlineData("2026", "/Photos/MyHoliday2026.jpg")]
    [InlineData("MYHOLIDAY2026", "/Photos/MyHoliday2026.jpg")]
    [InlineData("photos jpg", "/Photos/MyHoliday2026.jpg")]
    [InlineData("parser", "/code/HTMLParser.cs")]
    [InlineData("htmlparser.cs", "/code/HTMLParser.cs")]
    [InlineData("\"quick brown\"", "/text/fox.txt")]
    [InlineData("\"brown quick\"", "")]
    [InlineData("\"quick bro\"", "")]
    [InlineData("brown quick", "/text/fox.txt")]
    [InlineData("brown -lazy", "/text/cow.txt")]
    [InlineData("brown -laz", "/text/cow.txt")]
    [InlineData("brown -brow", "")]
    [InlineData("bro -brown", "")]
    [InlineData("tag:animal", "/text/cow.txt /text/fox.txt")]
    [InlineData("TAG:Animal -cow", "/text/fox.txt")]
    [InlineData("tag:animal tag:quick", "/text/fox.txt")]
    [InlineData("tag:anim", "")]
    [InlineData("animal", "/text/cow.txt /text/fox.txt")]
    [InlineData("-photos -code -cafe", "/text/cow.txt /text/fox.txt")]
    [InlineData("cafe", "/Caf\u00e9/\u00c9t\u00e9.txt")]
    [InlineData("CAFE\u0301 ete", "/Caf\u00e9/\u00c9t\u00e9.txt")]
    [InlineData("caf\u00e9", "/Caf\u00e9/\u00c9t\u00e9.txt")]
    [InlineData("no-such-thing", "")]
    [InlineData("***", "")]
    [InlineData("\"", "")]
    [InlineData("\"\"", "")]
    [InlineData("\"quick", "/text/fox.txt")]
    public async Task Words_find(string words, string paths)
    {
        await _world.FileAsync(
            IndexWorld.New("/Photos/MyHoliday2026.jpg", "1"),
            IndexWorld.New("/code/HTMLParser.cs", "2"),
            IndexWorld.New("/text/fox.txt", "3", description: "The quick brown fox jumps over the lazy dog", tags: ["animal", "quick"]),
            IndexWorld.New("/text/cow.txt", "4", description: "A brown cow", tags: "animal"),
            IndexWorld.New("/Cafe\u0301/E\u0301te\u0301.txt", "5"));
        Assert.Equal(paths.Split(' ', StringSplitOptions.RemoveEmptyEntries), await _world.FindAsync(words));
    }

    [Fact]
    public async Task The_name_counts_more_than_the_description_and_that_more_than_the_path()
    {
        await _world.FileAsync(
            IndexWorld.New("/whale/a.txt", "1"), IndexWorld.New("/b.txt", "2", description: "whale"), IndexWorld.New("/whale.txt", "3"));
        var found = await _world.ListAsync(new EntryQuery { Below = true, Words = "whale", Sort = EntrySort.Relevance });
        Assert.Equal(["/whale.txt", "/b.txt", "/whale/a.txt"], found.Value.Items.Select(e => e.Path));
        Assert.Equal(3, found.Value.Total);
    }

    [Fact]
    public async Task A_search_in_a_folder_finds_all_there_is_whatever_matches_elsewhere()
    {
        for (var batch = 0; batch < 2; batch++)
        {
            await _world.FileAsync([.. Enumerable.Range(0, 800).Select(i => IndexWorld.New($"/many/report {batch} {i}", $"{batch} {i}"))]);
        }

        await _world.FileAsync(IndexWorld.New("/few/a much longer name that fits less well, with a report in it", "x", tags: "rare"));
        Assert.Single(await _world.FindAsync("report", "/few"));
        Assert.Single(await _world.FindAsync("report tag:rare"));
        await _world.RemoveAsync("/many");
        Assert.Single(await _world.FindAsync("report"));
    }

    [Fact]
    public async Task Nothing_typed_is_an_error()
    {
        await _world.FileAsync(
            IndexWorld.New("/alpha/a1.txt", "1", description: "alpha \u00e9 NEAR rank", tags: "x"), IndexWorld.New("/\u4e2d\u6587.txt", "2"));
        for (ulong seed = 1; seed <= 1_500; seed++)
        {
            var chance = new Prng(seed);
            var query = new EntryQuery
            {
                Words = Words.Random(chance, 24),
                Below = chance.Chance(1, 2),
                Sort = (EntrySort)chance.Next(4),
                Descending = chance.Chance(1, 2),
                Folder = chance.Chance(1, 2) ? EntryPath.Top : IndexWorld.At("/alpha"),
            };
            try
            {
                var found = await _world.ListAsync(query);
                Assert.True(found.Succeeded, found.Failure?.Message);
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}, {query.Words}: {error}");
            }
        }
    }

    [Fact]
    public async Task Searches_of_more_shapes_than_statements_are_kept_do_not_disturb_each_other()
    {
        // A statement that was prepared while another was being read once threw that one away.
        await _world.FileAsync(IndexWorld.New("/a/b/f.txt", "1", tags: ["t0", "t1"]), IndexWorld.New("/a/g.txt", "2", tags: ["t0", "t1"]));
        for (var round = 0; round < 4; round++)
        {
            for (var shape = 0; shape < 15 * 3 * 2 * 2 * 3; shape++)
            {
                var tags = string.Join(' ', Enumerable.Repeat("tag:none", shape % 15));
                await _world.ListAsync(new EntryQuery
                {
                    Words = shape / 15 % 3 == 0 ? tags : $"{tags} f",
                    Sort = (EntrySort)(shape / 45 % 2),
                    Descending = shape / 90 % 2 == 0,
                    Below = shape / 180 > 0,
                    Folder = shape / 180 == 1 ? EntryPath.Top : IndexWorld.At("/a"),
                });
                if (shape % 7 == round)
                {
                    Assert.Equal(2, (await _world.FindAsync("tag:t0 tag:t1")).Count);
                }
            }
        }
    }
}
