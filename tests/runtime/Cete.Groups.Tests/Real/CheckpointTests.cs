using Cete.Core;
using Cete.Groups.Tests.Support;
using Cete.Storage.Log;
using Cete.Testing;

namespace Cete.Groups.Tests.Real;

public sealed class CheckpointTests : IDisposable
{
    private readonly Workspace _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_store_without_its_log_is_refused_with_what_to_do()
    {
        await using (var host = GroupHost.Open(_folder.Path))
        {
            await host.AddAsync("a");
        }

        Directory.Delete(Path.Combine(_folder.Path, "log"), recursive: true);
        await using var again = GroupHost.Open(_folder.Path);
        await Eventually.TrueAsync(() => again.Group.Status.Failure is not null, "the group refuses");
        var refused = await again.SendAsync("add", "b");
        Assert.Equal(FailureKind.Damaged, refused.Failure?.Kind);
        Assert.Contains("do not belong together", refused.Failure?.Message, StringComparison.Ordinal);
        Assert.Contains("restore both", refused.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_shrinks_with_the_checkpoints_and_is_replayed_from_them()
    {
        var settings = new GroupSettings { CheckpointBytes = 1024 * 1024 };
        var text = "a " + new string('x', 1_000_000);
        await using (var host = GroupHost.Open(_folder.Path, new HostParts { Settings = settings }))
        {
            for (var i = 0; i < 20; i++)
            {
                await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.SendAsync("add", text)));
            }

            await Eventually.TrueAsync(() => Segments() <= SegmentLog.SegmentsMax, "old segments are removed");
        }

        Assert.InRange(Segments(), 1, SegmentLog.SegmentsMax);
        await using var again = GroupHost.Open(_folder.Path, new HostParts { Settings = settings });
        Assert.Equal(160, (await again.NotesAsync()).Count);
        Assert.Equal("161", await again.AddAsync("a"));
    }

    [Fact]
    public async Task A_log_that_has_grown_long_asks_an_idle_group_for_its_checkpoint()
    {
        // The checkpoints of its own that "quiet" makes are too rare to let go of the log.
        await using var host = GroupHost.Open(_folder.Path, new HostParts { Settings = new GroupSettings { CheckpointBytes = 1L << 40 } });
        var quiet = host.Groups.Start(GroupId.Of("aa-quiet"), new NotesMachine());
        Assert.True((await quiet.SubmitAsync(new ClientCommand("add", "q"u8.ToArray(), Asker.Local), TestContext.Current.CancellationToken)).Succeeded);
        var text = "a " + new string('x', 1_000_000);
        for (var i = 0; i < 15; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.SendAsync("add", text)));
        }

        await Eventually.TrueAsync(() => Segments() <= SegmentLog.SegmentsMax + 1, "old segments are removed");
        Assert.Equal(120, (await host.NotesAsync()).Count);
    }

    [Fact]
    public async Task A_store_whose_pages_are_found_rotten_after_it_was_opened_is_not_read_from_any_more()
    {
        await using (var host = GroupHost.Open(_folder.Path))
        {
            await host.AddAsync("a");
        }

        await using var again = GroupHost.Open(_folder.Path, new HostParts
        {
            Stores = real => new FaultyStores(real) { Rot = new Failure(FailureKind.Damaged, "a page has rotted") },
        });
        await Eventually.TrueAsync(() => again.Group.Status.Failure?.Kind == FailureKind.Damaged, "the group refuses");
        Assert.Contains("rotted", (await again.SendAsync("add", "b")).Failure?.Message, StringComparison.Ordinal);
        var read = await again.Group.ReadAsync(sql => 1, ReadLevel.Local, TestContext.Current.CancellationToken);
        Assert.Equal(FailureKind.Unavailable, read.Failure?.Kind);
    }

    [Fact]
    public async Task A_checkpoint_that_fails_stops_nobody()
    {
        FaultyStores? stores = null;
        await using var host = GroupHost.Open(_folder.Path, new HostParts
        {
            Stores = real => stores = new FaultyStores(real),
            Settings = new GroupSettings { CheckpointBytes = 1, RetryDelay = TimeSpan.FromMilliseconds(1) },
        });
        await Eventually.TrueAsync(() => host.Group.Status.IsRoot, "it has begun");
        stores!.CheckpointsFail = true;
        for (var i = 1; i <= 200; i++)
        {
            Assert.Equal($"{2 * i}", await AddTwoAsync(host));
        }

        Assert.True(stores.FailedCheckpoints > 0);
        stores.CheckpointsFail = false;
        await host.AddAsync("a");
        Assert.Empty(host.Failures);
        Assert.Equal(401, (await host.NotesAsync()).Count);
    }

    private static async Task<string> AddTwoAsync(GroupHost host)
    {
        var first = host.SendAsync("add", "a");
        var second = host.SendAsync("add", "a");
        GroupHost.Text(await first);
        return GroupHost.Text(await second);
    }

    private int Segments() => Directory.GetFiles(Path.Combine(_folder.Path, "log"), "*.seg").Length;
}
