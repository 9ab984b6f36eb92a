using Cete.Core;

namespace Cete.Index.Tests;

public sealed class MovingTests : IAsyncDisposable
{
    private readonly IndexWorld _world = IndexWorld.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task An_entry_moves_into_folders_that_are_made_and_is_found_by_its_new_words()
    {
        var id = (await _world.FileAsync("/old/name.txt")).Value.Ids[0];
        Assert.True((await _world.MoveAsync("/old/name.txt", "/fresh/place/title.txt")).Succeeded);
        Assert.Equal(id, (await _world.EntryAsync("/fresh/place/title.txt")).Value.Id);
        Assert.Equal(FailureKind.NotFound, (await _world.EntryAsync("/old/name.txt")).Kind());
        Assert.Empty(await _world.FindAsync("name"));
        Assert.Empty(await _world.FindAsync("old"));
        Assert.Equal(["/fresh/place/title.txt"], await _world.FindAsync("fresh title"));
        Assert.Equal(["/fresh/place/title.txt"], await _world.FindAsync("place", "/fresh"));
    }

    [Fact]
    public async Task A_folder_moves_with_all_below_and_path_words_follow()
    {
        await _world.FileAsync(IndexWorld.New("/winter/alps/one.jpg", "1"), IndexWorld.New("/winter/two.jpg", "2"));
        Assert.True((await _world.MoveAsync("/winter", "/trips/summer")).Succeeded);
        Assert.Equal(["/trips/summer/alps/one.jpg", "/trips/summer/two.jpg"], await _world.FindAsync("summer"));
        Assert.Empty(await _world.FindAsync("winter"));
        Assert.Equal(FailureKind.NotFound, (await _world.FolderAsync("/winter")).Kind());
    }

    [Fact]
    public async Task Moves_that_cannot_be_are_refused_and_leave_nothing_behind()
    {
        await _world.FileAsync(IndexWorld.New("/a/b/f", "1"), IndexWorld.New("/g", "2"));
        var before = await _world.TreeAsync();
        Assert.Equal(FailureKind.Conflict, (await _world.MoveAsync("/a", "/a/b/c")).Kind());
        Assert.Equal(FailureKind.Conflict, (await _world.MoveAsync("/a", "/a/new/deep/c")).Kind());
        Assert.Equal(FailureKind.Conflict, (await _world.MoveAsync("/a", "/a")).Kind());
        Assert.Equal(FailureKind.Conflict, (await _world.MoveAsync("/a", "/g")).Kind());
        Assert.Equal(FailureKind.Conflict, (await _world.MoveAsync("/g", "/a")).Kind());
        Assert.Equal(FailureKind.Conflict, (await _world.MoveAsync("/a", "/g/x")).Kind());
        Assert.Equal(FailureKind.Conflict, (await _world.MoveAsync("/g", "/g/x")).Kind());
        Assert.Equal(FailureKind.NotFound, (await _world.MoveAsync("/none", "/x")).Kind());
        Assert.Equal(FailureKind.Invalid, (await _world.MoveAsync("/", "/x")).Kind());
        Assert.Equal(FailureKind.Invalid, (await _world.MoveAsync("/a", "/")).Kind());
        Assert.Equal(before, await _world.TreeAsync());
    }

    [Fact]
    public async Task Nothing_moves_to_where_its_path_could_not_be_written()
    {
        var deep = string.Concat(Enumerable.Range(0, Limits.FolderDepthMax - 1).Select(_ => "/d"));
        await _world.MakeAsync(deep);
        await _world.FileAsync("/x/f");
        Assert.True((await _world.MakeAsync("/empty")).Succeeded);

        // The folder alone would fit, the entry in it would not.
        Assert.Equal(FailureKind.TooLarge, (await _world.MoveAsync("/x", deep + "/x")).Kind());
        await _world.MakeAsync("/y/z");
        Assert.Equal(FailureKind.TooLarge, (await _world.MoveAsync("/y", deep + "/y")).Kind());
        Assert.True((await _world.MoveAsync("/empty", deep + "/empty")).Succeeded);

        var name = new string('n', 250);
        var wide = string.Concat(Enumerable.Range(0, 9).Select(i => $"/{i}{name}"));
        await _world.FileAsync(wide + "/f");
        await _world.MakeAsync("/w" + wide);
        Assert.Equal(FailureKind.TooLarge, (await _world.MoveAsync("/0" + name, "/w" + wide + "/n" + name)).Kind());
        Assert.True((await _world.EntryAsync(wide + "/f")).Succeeded);
    }

    [Fact]
    public async Task What_was_removed_moves_along_unseen_and_comes_back_there()
    {
        await _world.FileAsync("/spring/meadow.jpg");
        var removal = (await _world.RemoveAsync("/spring/meadow.jpg")).Value.Removal;
        Assert.True((await _world.MoveAsync("/spring", "/autumn")).Succeeded);
        Assert.Equal(1, (await _world.RestoreAsync(removal)).Value);
        Assert.Equal(["/autumn/meadow.jpg"], await _world.FindAsync("autumn"));
        Assert.Empty(await _world.FindAsync("spring"));
    }
}
