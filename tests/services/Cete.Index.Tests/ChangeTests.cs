using Cete.Testing;

namespace Cete.Index.Tests;

/// <summary>What those are told who follow a folder.</summary>
public sealed class ChangeTests : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(2);
    private readonly IndexWorld _world = IndexWorld.Start();
    private readonly IndexChanges _changes;

    public ChangeTests() => _changes = _world.Service.ChangesBy(TimeProvider.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Assert.True((await _world.FolderAsync("/")).Succeeded);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task From_a_cursor_on_everything_is_told_once_in_order()
    {
        await _world.FileAsync("/a/old", "0");
        var cursor = await NowAsync("/a");
        await _world.FileAsync("/a/one", "1");
        await _world.FileAsync("/a/deep/two", "2");
        await _world.FileAsync("/b/other", "3");
        await _world.FileAsync("/a/one", "4");
        Assert.Equal(["Filed /a/one", "Replaced /a/one", "Filed /a/one"], Told(await ReadAsync("/a", cursor, below: false)));
        var all = await ReadAsync("/a", cursor);
        Assert.Equal(["Filed /a/one", "Filed /a/deep/two", "Replaced /a/one", "Filed /a/one"], Told(all));
        Assert.Null(all.Changes[0].Entry);
        Assert.Equal(IndexWorld.Root("4"), all.Changes[3].Entry!.Root);
        Assert.Empty((await ReadAsync("/a", all.Cursor)).Changes);

        // Page by page it is the same.
        List<string> paged = [];
        for (var page = await ReadAsync("/a", cursor, limit: 1); page.Changes.Count > 0; page = await ReadAsync("/a", page.Cursor, limit: 1))
        {
            paged.AddRange(Told(page));
        }

        Assert.Equal(Told(all), paged);
        Assert.Equal(5, (await ReadAsync("/", cursor)).Changes.Count);
    }

    [Fact]
    public async Task Moves_removals_and_what_comes_back_are_told_to_those_inside_and_around()
    {
        var cursor = await NowAsync("/");
        await _world.FileAsync("/a/b/one", "1");
        await _world.MoveAsync("/a/b/one", "/c/uno");
        await _world.MoveAsync("/a", "/z");
        var removal = (await _world.RemoveAsync("/z")).Value.Removal;
        await _world.RestoreAsync(removal);
        var gone = (await _world.RemoveAsync("/c/uno")).Value.Removal;
        await _world.RestoreAsync(gone);
        Assert.Equal(
            [
                "Filed /a/b/one", "Moved /a/b/one > /c/uno", "Moved /a > /z (folder)", "Removed /z (folder)", "Restored /z (folder)", "Removed /c/uno",
                "Restored /c/uno",
            ],
            Told(await ReadAsync("/", cursor)));
        Assert.Equal(["Filed /a/b/one", "Moved /a/b/one > /c/uno", "Moved /a > /z (folder)"], Told(await ReadAsync("/a/b", cursor, below: false)));
        Assert.Equal(["Moved /a/b/one > /c/uno", "Removed /c/uno", "Restored /c/uno"], Told(await ReadAsync("/c", cursor, below: false)));
        Assert.Equal(["Moved /a > /z (folder)", "Removed /z (folder)", "Restored /z (folder)"], Told(await ReadAsync("/z/b", cursor)));
        Assert.Empty((await ReadAsync("/ab", cursor)).Changes);
    }

    [Fact]
    public async Task Whoever_waits_is_woken_by_what_concerns_him_alone()
    {
        var (cursor, quiet) = (await NowAsync("/a"), await NowAsync("/q"));
        var woken = _changes.ReadAsync(Query("/a", cursor), Long, Cancel);
        var deep = _changes.ReadAsync(Query("/a/b/c", cursor), Long, Cancel);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var sleeping = _changes.ReadAsync(Query("/q", quiet), Long, enough.Token);
        await Eventually.TrueAsync(() => _changes.Waiting == 3, "all wait");
        await _world.FileAsync("/a/x/new", "1");
        Assert.Equal(["Filed /a/x/new"], Told((await woken).Value));
        Assert.False(deep.IsCompleted);
        await _world.MoveAsync("/a", "/moved");
        Assert.Equal(["Moved /a > /moved (folder)"], Told((await deep).Value));
        Assert.False(sleeping.IsCompleted);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sleeping);
        await Eventually.TrueAsync(() => _changes.Waiting == 0, "nobody waits");

        // One that waited in vain goes on behind what others did.
        var none = (await _changes.ReadAsync(Query("/q", quiet), TimeSpan.FromMilliseconds(1), Cancel)).Value;
        Assert.Empty(none.Changes);
        Assert.NotEqual(quiet, none.Cursor);
    }

    [Fact]
    public async Task A_thousand_who_wait_are_all_told()
    {
        var cursor = await NowAsync("/");
        var waiting = Enumerable.Range(0, 1_000).Select(i => _changes.ReadAsync(Query($"/{i % 10}", cursor), Long, Cancel)).ToList();
        await Eventually.TrueAsync(() => _changes.Waiting == 1_000, "all wait");
        await _world.FileAsync([.. Enumerable.Range(0, 10).Select(i => IndexWorld.New($"/{i}/new", $"{i}"))]);
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Single(answer.Value.Changes));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("1-2")]
    [InlineData("-")]
    [InlineData("ffffffffffffffff-1")]
    public async Task Of_a_cursor_that_means_nothing_it_is_said_that_one_has_missed_something(string cursor)
    {
        var page = await ReadAsync("/", cursor);
        Assert.True(page.IsMissed);
        Assert.False((await ReadAsync("/", page.Cursor)).IsMissed);
    }

    [Fact]
    public async Task Below_its_level_the_feed_is_as_it_was()
    {
        await using var old = IndexWorld.Start(new IndexMachine(levelMax: 3));
        Assert.True((await old.FolderAsync("/")).Succeeded);
        var changes = old.Service.ChangesBy(TimeProvider.System);
        var cursor = (await changes.ReadAsync(Query("/", null), TimeSpan.Zero, Cancel)).Value.Cursor;
        await old.FileAsync("/a/one", "1");
        await old.MoveAsync("/a/one", "/a/uno");
        await old.RestoreAsync((await old.RemoveAsync("/a")).Value.Removal);
        Assert.Equal(["Filed /a/one", "Removed /a"], Told((await changes.ReadAsync(Query("/", cursor), TimeSpan.Zero, Cancel)).Value));
    }

    private static ChangeQuery Query(string folder, string? after, bool below = true, int limit = 100) => new(IndexWorld.At(folder), below, after, limit);

    private static List<string> Told(ChangePage page) =>
        [.. page.Changes.Select(c => $"{c.Kind} {(c.From.Length > 0 ? c.From + " > " : string.Empty)}{c.Path}{(c.IsFolder ? " (folder)" : string.Empty)}")];

    private async Task<string> NowAsync(string folder) => (await _changes.ReadAsync(Query(folder, null), TimeSpan.Zero, Cancel)).Value.Cursor;

    private async Task<ChangePage> ReadAsync(string folder, string cursor, bool below = true, int limit = 100) =>
        (await _changes.ReadAsync(Query(folder, cursor, below, limit), TimeSpan.Zero, Cancel)).Value;
}
