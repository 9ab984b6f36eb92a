using Cete.Core;

namespace Cete.Index.Tests;

public sealed class RemovalTests : IAsyncDisposable
{
    private readonly IndexWorld _world = IndexWorld.Start();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task An_entry_goes_out_of_sight_and_comes_back_the_same()
    {
        var id = (await _world.FileAsync(IndexWorld.New("/a/f", "1", description: "words", tags: "t"))).Value.Ids[0];
        var (removal, entries) = (await _world.RemoveAsync("/a/f")).Value;
        Assert.Equal(1, entries);
        Assert.Equal(FailureKind.NotFound, (await _world.EntryAsync("/a/f")).Kind());
        Assert.Empty(await _world.FindAsync("words"));
        Assert.Empty(await _world.FindAsync("tag:t"));
        Assert.Equal(FailureKind.NotFound, (await _world.DescribeAsync(id, "x")).Kind());
        Assert.Equal(FailureKind.NotFound, (await _world.RemoveAsync("/a/f")).Kind());
        Assert.Equal(1, (await _world.RestoreAsync(removal)).Value);
        Assert.Equal(id, (await _world.EntryAsync("/a/f")).Value.Id);
        Assert.Equal(["/a/f"], await _world.FindAsync("words tag:t"));
    }

    [Fact]
    public async Task A_tree_goes_and_comes_back_whole()
    {
        await _world.FileAsync(IndexWorld.New("/a/b/f", "1"), IndexWorld.New("/a/b/c/g", "2"), IndexWorld.New("/other", "3"));
        await _world.MakeAsync("/a/empty");
        var before = await _world.TreeAsync();
        var (removal, entries) = (await _world.RemoveAsync("/a")).Value;
        Assert.Equal(2, entries);
        Assert.Single(await _world.TreeAsync());
        Assert.Equal(2, (await _world.RestoreAsync(removal)).Value);
        Assert.Equal(before, await _world.TreeAsync());
    }

    [Fact]
    public async Task Nested_removals_come_back_outer_first()
    {
        await _world.FileAsync(IndexWorld.New("/a/b/f", "1"), IndexWorld.New("/a/g", "2"));
        var before = await _world.TreeAsync();
        var inner = (await _world.RemoveAsync("/a/b")).Value.Removal;
        var outer = (await _world.RemoveAsync("/a")).Value.Removal;
        Assert.Equal(FailureKind.Conflict, (await _world.RestoreAsync(inner)).Kind());
        Assert.Equal(1, (await _world.RestoreAsync(outer)).Value);
        Assert.Equal(FailureKind.NotFound, (await _world.FolderAsync("/a/b")).Kind());
        Assert.Equal(1, (await _world.RestoreAsync(inner)).Value);
        Assert.Equal(before, await _world.TreeAsync());
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_name_that_was_given_away_meanwhile_is_never_doubled(bool wasFolder, bool isFolder)
    {
        await Put(wasFolder);
        var removal = (await _world.RemoveAsync("/p/n")).Value.Removal;
        await Put(isFolder);
        Assert.Equal(FailureKind.Conflict, (await _world.RestoreAsync(removal)).Kind());
        Assert.True((await _world.MoveAsync("/p/n", "/p/m")).Succeeded);
        Assert.True((await _world.RestoreAsync(removal)).Succeeded);
        Assert.Equal(wasFolder, (await _world.FolderAsync("/p/n")).Succeeded);
        Assert.Equal(!wasFolder, (await _world.EntryAsync("/p/n")).Succeeded);

        async Task Put(bool folder)
        {
            Assert.True(folder ? (await _world.MakeAsync("/p/n")).Succeeded : (await _world.FileAsync("/p/n")).Succeeded);
        }
    }

    [Fact]
    public async Task Numbers_of_no_removal_are_refused()
    {
        await _world.FileAsync("/f");
        Assert.Equal(FailureKind.Invalid, (await _world.RestoreAsync(0)).Kind());
        Assert.Equal(FailureKind.Invalid, (await _world.RestoreAsync(-1)).Kind());
        Assert.Equal(FailureKind.NotFound, (await _world.RestoreAsync(1)).Kind());
        Assert.Equal(FailureKind.NotFound, (await _world.RestoreAsync(long.MaxValue)).Kind());
        Assert.Equal(FailureKind.Invalid, (await _world.RemoveAsync("/")).Kind());
        Assert.Single(await _world.TreeAsync());
    }
}
