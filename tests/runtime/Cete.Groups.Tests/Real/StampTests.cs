using Cete.Groups.Tests.Support;
using Cete.Testing;

namespace Cete.Groups.Tests.Real;

/// <summary>DESIGN.md §5: stamp = max(last applied, own clock), and it never goes back.</summary>
public sealed class StampTests : IDisposable
{
    private readonly Workspace _folder = new();
    private readonly MovedTime _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Stamps_do_not_go_back_when_the_clock_does_also_across_a_restart()
    {
        await using (var host = GroupHost.Open(_folder.Path, new HostParts { Clock = _clock }))
        {
            await host.AddAsync("a 1");
            _clock.Move(TimeSpan.FromHours(-3));
            await host.AddAsync("a 2");
        }

        _clock.Move(TimeSpan.FromHours(-3));
        await using var again = GroupHost.Open(_folder.Path, new HostParts { Clock = _clock });
        await again.AddAsync("a 3");
        _clock.Move(TimeSpan.FromHours(7));
        await again.AddAsync("a 4");
        var stamps = await StampsAsync(again);
        Assert.Equal(stamps.Order(), stamps);
        Assert.Equal(stamps[0], stamps[2]);
        Assert.True(stamps[3] - stamps[0] >= TimeSpan.FromMinutes(59).TotalMicroseconds);
        Assert.Equal(stamps, (await again.FeedAsync(0)).Events.Select(e => e.At.Microseconds));
    }

    [Fact]
    public async Task Nor_when_the_store_lags_behind_the_log_at_a_restart()
    {
        var machine = new NotesMachine();
        await using (var host = GroupHost.Open(_folder.Path, new HostParts { Clock = _clock, Machine = machine }))
        {
            await host.AddAsync("a 1");
            _clock.Move(TimeSpan.FromHours(2));

            // In the log, but not applied before the stop.
            machine.FullCommands = int.MaxValue;
            var pending = host.SendAsync("add", "a 2");
            await Eventually.TrueAsync(() => host.Group.Status.Failure is not null, "the store is full");
            await host.StopSystemAsync();
            Assert.False((await pending).Succeeded);
        }

        _clock.Move(TimeSpan.FromHours(-4));
        await using var again = GroupHost.Open(_folder.Path, new HostParts { Clock = _clock });
        await again.AddAsync("a 3");
        Assert.Equal(["a 1", "a 2", "a 3"], await again.NotesAsync());
        var stamps = await StampsAsync(again);
        Assert.Equal(stamps.Order(), stamps);
    }

    private static async Task<List<long>> StampsAsync(GroupHost host) =>
        (await host.Group.ReadAsync(sql => sql.Query("SELECT at FROM notes ORDER BY log_index", row => row.GetInt64(0)))).Value;
}
