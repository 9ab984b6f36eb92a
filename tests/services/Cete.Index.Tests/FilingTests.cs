using Cete.Core;
using Cete.Groups;

namespace Cete.Index.Tests;

public sealed class FilingTests : IAsyncDisposable
{
    private readonly IndexWorld _world = IndexWorld.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_folder_is_made_with_those_above_it_and_made_again_without_harm()
    {
        var made = (await _world.MakeAsync("/a/b/c")).Value;
        Assert.Equal("/a/b/c", made.Path);
        Assert.Equal(made.Id, (await _world.MakeAsync("/a/b/c/")).Value.Id);
        Assert.Equal(["/a/", "/a/b/", "/a/b/c/"], await _world.TreeAsync());
        Assert.Equal((1, 0), ((await _world.FolderAsync("/a/b")).Value.Folders, (await _world.FolderAsync("/a/b")).Value.Entries));
        Assert.Equal(FailureKind.NotFound, (await _world.FolderAsync("/a/x")).Kind());
        Assert.Equal("/", (await _world.MakeAsync("/")).Value.Path);
    }

    [Fact]
    public async Task A_batch_is_filed_in_order_with_all_that_was_said()
    {
        var first = IndexWorld.New("/music/one.flac", "1", 100, "the first", "Rock", "live", "rock") with { Modified = new Instant(1_234_567) };
        var filed = (await _world.FileAsync(first, IndexWorld.New("/music/two.flac", "2", 200), IndexWorld.New("/top.txt", "3"))).Value;
        Assert.Equal((3, 0), (filed.Ids.Count, filed.Unchanged));
        var entry = (await _world.EntryAsync("/music/one.flac")).Value;
        Assert.Equal(filed.Ids[0], entry.Id);
        Assert.Equal(("/music/one.flac", 100, "the first", "local", 1), (entry.Path, entry.Length, entry.Description, entry.Owner, entry.Providers));
        Assert.Equal(["rock", "live"], entry.Tags);
        Assert.Equal(1_234_567, entry.Modified!.Value.Microseconds);
        Assert.Equal(IndexWorld.Root("1"), entry.Root);
        Assert.Null((await _world.EntryAsync("/top.txt")).Value.Modified);
    }

    [Fact]
    public async Task The_same_content_at_the_same_path_changes_nothing()
    {
        var first = (await _world.FileAsync("/a/f", "1")).Value;
        var again = (await _world.FileAsync(IndexWorld.New("/a/f", "1"), IndexWorld.New("/a/g", "1"))).Value;
        Assert.Equal((first.Ids[0], 1), (again.Ids[0], again.Unchanged));
        Assert.Equal(2, (await _world.Service.EntriesOfAsync(IndexWorld.Root("1"), TestContext.Current.CancellationToken)).Value.Count);
    }

    [Fact]
    public async Task Another_content_replaces_and_the_old_one_can_be_brought_back()
    {
        var old = (await _world.FileAsync("/f", "1")).Value.Ids[0];
        var replacing = (await _world.FileAsync("/f", "2")).Value.Ids[0];
        Assert.NotEqual(old, replacing);
        Assert.Equal(IndexWorld.Root("2"), (await _world.EntryAsync("/f")).Value.Root);
        Assert.Equal(FailureKind.NotFound, await _world.Service.EntryAsync(old, TestContext.Current.CancellationToken).KindAsync());
        var removal = replacing >> 17;
        Assert.Equal(FailureKind.Conflict, (await _world.RestoreAsync(removal)).Kind());
        Assert.True((await _world.MoveAsync("/f", "/f.new")).Succeeded);
        Assert.Equal(1, (await _world.RestoreAsync(removal)).Value);
        Assert.Equal(old, (await _world.EntryAsync("/f")).Value.Id);
        Assert.Equal(FailureKind.NotFound, (await _world.RestoreAsync(removal)).Kind());
    }

    [Fact]
    public async Task Two_contents_under_one_path_in_one_batch_are_refused_and_the_index_goes_on()
    {
        // Each replacement would carry the number of the same removal: the third broke the uniqueness of names, and the index with it.
        var batch = _world.FileAsync(IndexWorld.New("/f", "1"), IndexWorld.New("/f", "2"), IndexWorld.New("/f", "1"));
        Assert.Equal(FailureKind.Conflict, await batch.KindAsync());
        Assert.Empty(await _world.TreeAsync());
        Assert.Equal(1, (await _world.FileAsync(IndexWorld.New("/f", "1"), IndexWorld.New("/f", "1"))).Value.Unchanged);

        // The same with something there before, and with two spellings of one name.
        Assert.Equal(FailureKind.Conflict, await _world.FileAsync(IndexWorld.New("/f", "2"), IndexWorld.New("/f", "3")).KindAsync());
        Assert.Equal(FailureKind.Conflict, await _world.FileAsync(IndexWorld.New("/\u00e9", "2"), IndexWorld.New("/e\u0301", "3")).KindAsync());
        Assert.Equal(IndexWorld.Root("1"), (await _world.EntryAsync("/f")).Value.Root);
    }

    [Fact]
    public async Task Files_and_folders_cannot_have_one_name()
    {
        await _world.FileAsync("/a/f");
        Assert.Equal(FailureKind.Conflict, (await _world.MakeAsync("/a/f")).Kind());
        Assert.Equal(FailureKind.Conflict, (await _world.MakeAsync("/a/f/x")).Kind());
        Assert.Equal(FailureKind.Conflict, (await _world.FileAsync("/a")).Kind());
        Assert.Equal(FailureKind.Conflict, (await _world.FileAsync("/a/f/g")).Kind());
        Assert.Equal(FailureKind.Invalid, (await _world.FileAsync("/")).Kind());
        Assert.Equal(["/a/", $"/a/f={IndexWorld.Root("content").ToString()[..8]}"], await _world.TreeAsync());
    }

    [Fact]
    public async Task A_batch_with_one_bad_entry_files_nothing()
    {
        await _world.FileAsync("/taken");
        Assert.Equal(FailureKind.Conflict, await _world.FileAsync(IndexWorld.New("/new/one"), IndexWorld.New("/taken/two")).KindAsync());
        Assert.Single(await _world.TreeAsync());
        var many = Enumerable.Range(0, Limits.EntriesPerCommandMax + 1).Select(i => IndexWorld.New($"/many/{i}")).ToArray();
        Assert.Equal(FailureKind.TooLarge, await _world.FileAsync(many).KindAsync());
        Assert.Equal(Limits.EntriesPerCommandMax, (await _world.FileAsync(many[1..])).Value.Ids.Count);
    }

    [Fact]
    public async Task Descriptions_and_tags_are_bounded_and_changed_one_by_one()
    {
        var id = (await _world.FileAsync(IndexWorld.New("/f", tags: "a"))).Value.Ids[0];
        Assert.Equal("said", (await _world.DescribeAsync(id, "said", null)).Value.Description);
        Assert.Equal(["a"], (await _world.EntryAsync("/f")).Value.Tags);
        Assert.Equal(["b", "c"], (await _world.DescribeAsync(id, null, "B", "c", "b")).Value.Tags);
        Assert.Equal("said", (await _world.EntryAsync("/f")).Value.Description);
        Assert.Equal(["/f"], await _world.FindAsync("said tag:b"));
        Assert.Equal(FailureKind.NotFound, (await _world.DescribeAsync(id + 1, "x")).Kind());
        Assert.Equal(FailureKind.TooLarge, (await _world.DescribeAsync(id, new string('x', Limits.DescriptionBytesMax + 1))).Kind());
        Assert.Equal(FailureKind.Invalid, (await _world.DescribeAsync(id, "a\0b")).Kind());
        Assert.Equal(FailureKind.Invalid, (await _world.DescribeAsync(id, null, "two words")).Kind());
        Assert.Equal(FailureKind.Invalid, (await _world.DescribeAsync(id, null, "half \ud800")).Kind());
        Assert.Equal(FailureKind.TooLarge, (await _world.DescribeAsync(id, null, [.. Enumerable.Range(0, 33).Select(i => $"t{i}")])).Kind());
        Assert.Equal(["\u0939\u093f\u0928\u094d\u0926\u0940"], (await _world.DescribeAsync(id, "", "\u0939\u093f\u0928\u094d\u0926\u0940")).Value.Tags);
    }

    [Fact]
    public async Task A_repeated_command_happens_once_and_gets_the_same_answer()
    {
        var cancel = TestContext.Current.CancellationToken;
        var id = new RequestId("session", 1);
        NewEntry[] entries = [IndexWorld.New("/f", "1")];
        var first = (await _world.Service.FileAsync(entries, "node-1", Asker.Local, id, cancel)).Value;
        await _world.RemoveAsync("/f");
        var again = (await _world.Service.FileAsync(entries, "node-1", Asker.Local, id, cancel)).Value;
        Assert.Equal((first.Ids[0], first.Unchanged), (again.Ids[0], again.Unchanged));
        Assert.Empty(await _world.TreeAsync());
        entries = [IndexWorld.New("/f", "2")];
        Assert.Equal(FailureKind.Conflict, await _world.Service.FileAsync(entries, "node-1", Asker.Local, id, cancel).KindAsync());
    }

    [Fact]
    public async Task Providers_and_beginnings_are_known()
    {
        var cancel = TestContext.Current.CancellationToken;
        await _world.FileAsync("/f", "1");
        await _world.Service.FileAsync([IndexWorld.New("/g", "1")], "node-2", Asker.Local, null, cancel);
        Assert.Equal(["node-1", "node-2"], (await _world.Service.ProvidersAsync(IndexWorld.Root("1"), cancel)).Value.Order());
        Assert.True((await _world.Service.MayKnowAsync(1, IndexWorld.Root("1"), cancel)).Value);
        Assert.False((await _world.Service.MayKnowAsync(2, IndexWorld.Root("1"), cancel)).Value);
        Assert.Equal(2, (await _world.EntryAsync("/f")).Value.Providers);
    }
}
