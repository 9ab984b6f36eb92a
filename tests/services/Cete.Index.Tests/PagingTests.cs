using System.Text;
using Cete.Core;

namespace Cete.Index.Tests;

public sealed class PagingTests : IAsyncDisposable
{
    private readonly IndexWorld _world = IndexWorld.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    public static TheoryData<EntrySort, bool, string, bool, string> Lists()
    {
        var lists = new TheoryData<EntrySort, bool, string, bool, string>();
        foreach (var sort in Enum.GetValues<EntrySort>())
        {
            foreach (var descending in new[] { false, true })
            {
                lists.Add(sort, descending, "/", true, "");
                lists.Add(sort, descending, "/in", false, "");
                lists.Add(sort, descending, "/in", true, "");
                lists.Add(sort, descending, "/", true, "same");
                lists.Add(sort, descending, "/in", true, "same -other");
                lists.Add(sort, descending, "/in", true, "tag:t");
            }
        }

        return lists;
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Every_list_is_paged_through_exactly_once(EntrySort sort, bool descending, string folder, bool below, string words)
    {
        // Names with equal keys, equal lengths, folders of the same shape.
        string[] names = ["same 1", "Same 1", "SAME 01", "s\u00e4me 1", "same 2", "same 10", "same 3", "same 03", "same 003", "other same", "same"];
        var all = names.SelectMany((n, i) =>
            new[] { "/in/", "/in/x/", "/in/y/", "/out/" }.Select(f => IndexWorld.New(f + n, f + n, i % 3, tags: "t"))).ToArray();
        var filed = (await _world.FileAsync(all)).Value.Ids;
        var query = new EntryQuery { Sort = sort, Descending = descending, Folder = IndexWorld.At(folder), Below = below, Words = words, Limit = 3 };
        var expected = (await _world.ListAsync(query with { Limit = 500 })).Value;
        Assert.Null(expected.Next);
        Assert.True(expected.Items.Count >= 9);

        // Meanwhile others file entries before, between and behind.
        List<EntryRecord> seen = [];
        string? cursor = null;
        for (var page = 0; page == 0 || cursor is not null; page++)
        {
            var found = (await _world.ListAsync(query with { Cursor = cursor })).Value;
            Assert.True(found.Items.Count == 3 || found.Next is null);
            seen.AddRange(found.Items);
            cursor = found.Next;
            if (page >= 8)
            {
                continue;
            }

            await _world.FileAsync(
                IndexWorld.New($"/in/same 1 {page}", $"a{page}", 1), IndexWorld.New($"/in/x/aaa same {page}", $"b{page}", 0),
                    IndexWorld.New($"/zzz/same {page}", $"c{page}", 9));
            Assert.True(page < 100, "the pages end");
        }

        Assert.Equal(seen.Count, seen.Select(e => e.Id).Distinct().Count());
        Assert.Equal(expected.Items.Select(e => e.Id), seen.Select(e => e.Id).Where(filed.Contains));
    }

    [Fact]
    public async Task Folders_are_paged_through_exactly_once()
    {
        for (var i = 0; i < 23; i++)
        {
            await _world.MakeAsync($"/f/{(i % 2 == 0 ? "A" : "\u00e0")}{new string('0', i / 2)}1");
        }

        var whole = (await _world.Service.FoldersAsync(IndexWorld.At("/f"), null, 500, TestContext.Current.CancellationToken)).Value;
        List<string> seen = [];
        string? cursor = null;
        do
        {
            var page = (await _world.Service.FoldersAsync(IndexWorld.At("/f"), cursor, 4, TestContext.Current.CancellationToken)).Value;
            seen.AddRange(page.Items.Select(f => f.Path));
            cursor = page.Next;
            await _world.MakeAsync($"/f/A1 {seen.Count}");
            Assert.True(seen.Count < 100);
        }
        while (cursor is not null);
        Assert.Equal(whole.Items.Select(f => f.Path), seen.Where(p => !p.Contains(' ', StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Names_with_the_longest_keys_are_paged_through_too()
    {
        // U+FDFA grows elevenfold in its key: the cursor was once longer than what was read back, and paging began anew for ever.
        var name = new string('\ufdfa', 84);
        await _world.FileAsync([.. Enumerable.Range(0, 5).Select(i => IndexWorld.New($"/{name}{i}", $"{i}"))]);
        List<string> seen = [];
        for (string? cursor = null; seen.Count == 0 || cursor is not null;)
        {
            var page = (await _world.ListAsync(new EntryQuery { Limit = 1, Cursor = cursor })).Value;
            seen.AddRange(page.Items.Select(e => e.Path[^1..]));
            cursor = page.Next;
            Assert.True(seen.Count <= 5);
        }

        Assert.Equal(["0", "1", "2", "3", "4"], seen);
    }

    [Fact]
    public async Task A_cursor_that_makes_no_sense_begins_at_the_start()
    {
        await _world.FileAsync([.. Enumerable.Range(0, 9).Select(i => IndexWorld.New($"/in/same{i}", $"{i}", i, tags: "t"))]);
        List<EntryQuery> lists = [];
        foreach (var sort in Enum.GetValues<EntrySort>())
        {
            foreach (var words in new[] { "", "same" })
            {
                lists.Add(new EntryQuery { Sort = sort, Below = true, Words = words, Limit = 2 });
                lists.Add(new EntryQuery { Sort = sort, Below = true, Words = words, Limit = 2, Descending = true });
            }
        }

        List<string> cursors =
        [
            "x", "====", "%%%", "\0", "\ud800", new string('A', 5_000), new string('A', 2_000), Encode("n"), Encode("n "), Encode("n1"), Encode("n-1 a"),
                Encode("s1 a"),
            Encode("s1 99999999999999999999"), Encode("a x"), Encode("r99999999999 5"), Encode("r1 99999999999999999999"), Encode("q1 1"),
                Encode("n1 \0"), Encode("r1 -5"), "a b",
        ];
        foreach (var list in lists)
        {
            cursors.Add((await _world.ListAsync(list)).Value.Next!);
        }

        foreach (var list in lists)
        {
            var start = (await _world.ListAsync(list)).Value.Items.Select(e => e.Id).ToList();
            foreach (var cursor in cursors)
            {
                var found = (await _world.ListAsync(list with { Cursor = cursor })).Value;
                var means = list.Sort switch { EntrySort.Size => 's', EntrySort.Added => 'a', _ => 'n' };
                if (!Decode(cursor).StartsWith(means) && !Decode(cursor).StartsWith('r'))
                {
                    Assert.Equal(start, found.Items.Select(e => e.Id));
                }
            }
        }

        for (ulong seed = 1; seed <= 500; seed++)
        {
            var chance = new Prng(seed);
            var text = Encoding.UTF8.GetBytes(Words.Random(chance, 6));
            var cursor = chance.Chance(1, 3) ? Words.Random(chance, 6) : Convert.ToBase64String([(byte)"nsarf"[chance.Next(5)], .. text]);
            var list = lists[chance.Next(lists.Count)];
            Assert.True((await _world.ListAsync(list with { Cursor = cursor })).Succeeded, $"seed {seed}");
            Assert.True((await _world.Service.FoldersAsync(EntryPath.Top, cursor, 5, TestContext.Current.CancellationToken)).Succeeded, $"seed {seed}");
        }
    }

    [Fact]
    public async Task A_page_has_at_least_one_item_and_at_most_the_bound()
    {
        await _world.FileAsync([.. Enumerable.Range(0, 600).Select(i => IndexWorld.New($"/{i}", $"{i}"))]);
        Assert.Equal(Limits.PageItemsMax, (await _world.ListAsync(new EntryQuery { Limit = int.MaxValue })).Value.Items.Count);
        Assert.Single((await _world.ListAsync(new EntryQuery { Limit = 0 })).Value.Items);
        Assert.Single((await _world.ListAsync(new EntryQuery { Limit = int.MinValue })).Value.Items);
        Assert.Equal(FailureKind.NotFound, (await _world.ListAsync(new EntryQuery { Folder = IndexWorld.At("/none") })).Kind());
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static string Decode(string cursor)
    {
        var text = cursor.Replace('-', '+').Replace('_', '/');
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var count) ? Encoding.UTF8.GetString(bytes, 0, count) : "";
    }
}
