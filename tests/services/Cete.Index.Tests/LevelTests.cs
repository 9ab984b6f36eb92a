using Cete.Groups;
using Microsoft.Data.Sqlite;

namespace Cete.Index.Tests;

/// <summary>What was filed at apply level 1 is there at level 2, found by the same words.</summary>
public sealed class LevelTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_index_of_the_first_level_opens_with_all_that_was_in_it()
    {
        await using var old = IndexWorld.Start(new IndexMachine(levelMax: 1));
        await FillAsync(old);
        Assert.Equal(1, old.Group.Status.Level);
        await using var raised = await IndexWorld.ReopenAsync(old);
        await using var fresh = IndexWorld.Start();
        await FillAsync(fresh);
        Assert.Equal(await fresh.TreeAsync(), await raised.TreeAsync());
        Assert.Equal(IndexMachine.ModerationLevel, raised.Group.Status.Level);
        string[] searches = ["holiday", "holi", "tag:sea", "sour dough", "\"sour dough\"", "caf\u00e9", "gone", "-tag:sea jpg", "photos -2026"];
        foreach (var words in searches)
        {
            Assert.Equal(await fresh.FindAsync(words), await raised.FindAsync(words));
        }

        // What had gone out of sight comes back with its words.
        var removal = (await raised.RemoveAsync("/photos")).Value.Removal;
        Assert.Empty(await raised.FindAsync("holiday"));
        Assert.True((await raised.RestoreAsync(removal)).Succeeded);
        Assert.Single(await raised.FindAsync("holiday"));
        Assert.Equal(["node-1"], (await raised.Service.ProvidersAsync(IndexWorld.Root("1"), Cancel)).Value);
        Assert.Equal(1, (await raised.EntryAsync("/photos/MyHoliday2026.jpg")).Value.Providers);
        Assert.True((await raised.FileAsync("/photos/more.jpg", "1")).Succeeded);
    }

    [Fact]
    public async Task A_log_of_both_levels_replays_to_the_same_tables()
    {
        await using var old = IndexWorld.Start(new IndexMachine(levelMax: 1));
        await FillAsync(old);
        await using var raised = await IndexWorld.ReopenAsync(old);
        await raised.FileAsync(IndexWorld.New("/later/Summer fest.mp4", "later", description: "after the raise", tags: "t"));
        await raised.MoveAsync("/bread", "/food/bread");
        await using var replayed = IndexWorld.Replay(raised);
        Assert.Equal(await raised.TreeAsync(), await replayed.TreeAsync());
        Assert.Equal(Tables.Dump(raised.Database), Tables.Dump(replayed.Database));
    }

    [Fact]
    public async Task Words_are_weighed_alike_on_every_replica_and_roughly_by_how_often_they_come()
    {
        await using var world = IndexWorld.Start();
        for (var batch = 0; batch < 8; batch++)
        {
            var entries = Enumerable.Range(0, 250).Select(i => IndexWorld.New($"/d/often {(i == 0 ? "seldom" : "other")} {batch} {i}", $"{batch} {i}"));
            await world.FileAsync([.. entries]);
        }

        await using var connection = new SqliteConnection($"Data Source={world.Database};Pooling=False");
        await connection.OpenAsync(Cancel);
        using var sql = new SqlSession(connection);
        Assert.InRange(sql.Scalar<long>("SELECT weight FROM words WHERE word = 'often'"), 8, 13);
        Assert.InRange(sql.Scalar<long>("SELECT weight FROM words WHERE word = 'seldom'"), 1, 6);
        await using var other = IndexWorld.Replay(world);
        Assert.True((await other.FolderAsync("/d")).Succeeded);
        Assert.Equal(Tables.Dump(world.Database), Tables.Dump(other.Database));
    }

    private static async Task FillAsync(IndexWorld world)
    {
        await world.FileAsync(
            IndexWorld.New("/photos/MyHoliday2026.jpg", "1", 5_000_000, "The sea at noon", "sea", "sun"),
            IndexWorld.New("/photos/other.jpg", "2"),
            IndexWorld.New("/bread/sour dough.txt", "3", description: "Grandmother's caf\u00e9"),
            IndexWorld.New("/bread/gone.txt", "4"));
        await world.FileAsync("/bread/sour dough.txt", "5");
        await world.RemoveAsync("/bread/gone.txt");
    }
}
