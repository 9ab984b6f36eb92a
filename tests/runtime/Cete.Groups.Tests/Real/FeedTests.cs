using System.Text;
using Cete.Core;
using Cete.Groups.Tests.Support;

namespace Cete.Groups.Tests.Real;

public sealed class FeedTests : IDisposable
{
    private readonly Workspace _folder = new();
    private readonly MovedTime _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Events_come_in_order_and_a_cursor_sees_each_once()
    {
        await using var host = GroupHost.Open(_folder.Path);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => host.SendAsync(i % 2 == 0 ? "emit" : "add", i % 2 == 0 ? "3" : $"a {i}")));
        List<FeedEvent> seen = [];
        var cursor = 0L;
        while (true)
        {
            var page = await host.FeedAsync(cursor, countMax: 7);
            if (page.Events.Count == 0)
            {
                break;
            }

            Assert.InRange(page.Events.Count, 1, 7);
            seen.AddRange(page.Events);
            cursor = page.Events[^1].Position;
        }

        Assert.Equal(80, seen.Count);
        Assert.Equal(seen.Select(e => e.Position).Distinct().Order(), seen.Select(e => e.Position));
        Assert.Equal(["counted 0", "counted 1", "counted 2", "added a 1"], seen.Take(4).Select(e => $"{e.Type} {Encoding.UTF8.GetString(e.Body.Span)}"));
    }

    [Fact]
    public async Task A_page_is_bounded_whatever_is_asked_for()
    {
        await using var host = GroupHost.Open(_folder.Path);
        await host.SendAsync("emit", "1000");
        Assert.Equal(500, (await host.FeedAsync(0, int.MaxValue)).Events.Count);
        Assert.Empty((await host.FeedAsync(0, 0)).Events);
        Assert.Empty((await host.FeedAsync(0, -1)).Events);
    }

    [Fact]
    public async Task A_page_is_bounded_in_bytes_and_holds_one_event_at_least()
    {
        await using var host = GroupHost.Open(_folder.Path, new HostParts { Machine = new NotesMachine { EventBytes = Limits.EventBytesMax } });
        for (var i = 0; i < 5; i++)
        {
            await host.AddAsync($"a {i}");
        }

        var page = await host.FeedAsync(0);
        Assert.Equal(2, page.Events.Count);
        Assert.Equal(2, (await host.FeedAsync(page.Events[^1].Position)).Events.Count);
        Assert.Equal(host.Group.Status.Applied, page.Applied);
    }

    [Fact]
    public async Task A_command_with_an_event_that_nobody_could_import_is_refused()
    {
        await using var host = GroupHost.Open(_folder.Path, new HostParts { Machine = new NotesMachine { EventBytes = Limits.EventBytesMax + 1 } });
        Assert.Equal(FailureKind.TooLarge, GroupHost.KindOf(await host.SendAsync("add", "a")));
        Assert.Empty((await host.FeedAsync(0)).Events);
        Assert.True((await host.SendAsync("emit", "0")).Value.Result.Succeeded);
        Assert.Empty(host.Failures);
    }

    [Fact]
    public async Task A_waiting_reader_is_woken_by_what_is_applied()
    {
        await using var host = GroupHost.Open(_folder.Path);
        await host.AddAsync("a");
        var waiting = host.Group.WaitForAppliedAsync(host.Group.Status.Applied, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        await host.AddAsync("b");
        Assert.Equal(host.Group.Status.Applied, await waiting);
        Assert.True(await host.Group.WaitForAppliedAsync(0, TestContext.Current.CancellationToken) > 0);
    }

    [Fact]
    public async Task Events_are_kept_for_7_days_and_a_reader_learns_that_it_missed_some()
    {
        await using var host = GroupHost.Open(_folder.Path, new HostParts { Clock = _clock });
        await host.AddAsync("a");
        await host.AddAsync("b");
        var fresh = await host.FeedAsync(0);
        Assert.Equal(1, fresh.Oldest);
        var (first, second) = (fresh.Events[0].Position, fresh.Events[1].Position);
        _clock.Move(TimeSpan.FromDays(7.5));
        await SweepAsync(host);

        // All events are gone: a reader at the second one has seen everything, one at the first has not.
        var empty = await host.FeedAsync(first);
        Assert.Empty(empty.Events);
        Assert.Equal(second + 1, empty.Oldest);
        Assert.True(empty.IsGone(empty.Epoch, first));
        Assert.False(empty.IsGone(empty.Epoch, second));
        Assert.True(empty.IsGone(empty.Epoch + 1, second));
        await host.AddAsync("c");
        var page = await host.FeedAsync(second);
        Assert.Single(page.Events);
        Assert.Equal(second + 1, page.Oldest);
    }

    [Fact]
    public async Task The_oldest_position_survives_a_restart()
    {
        long second;
        await using (var host = GroupHost.Open(_folder.Path, new HostParts { Clock = _clock }))
        {
            await host.AddAsync("a");
            second = (await host.FeedAsync(0)).Events[0].Position;
            _clock.Move(TimeSpan.FromDays(8));
            await SweepAsync(host);
        }

        await using var again = GroupHost.Open(_folder.Path, new HostParts { Clock = _clock });
        await again.AddAsync("b");
        Assert.Equal(second + 1, (await again.FeedAsync(0)).Oldest);
    }

    /// <summary>Old events are looked for once in 1,024 entries.</summary>
    private static async Task SweepAsync(GroupHost host) => await Task.WhenAll(Enumerable.Range(0, 1_024).Select(_ => host.SendAsync("emit", "0")));
}
