using Cete.Core;
using Cete.Groups.Tests.Support;
using Cete.Testing;

namespace Cete.Groups.Tests.Real;

public sealed class LevelTests : IDisposable
{
    private readonly Workspace _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_newer_program_raises_the_level_and_what_was_there_stays()
    {
        await using (var host = GroupHost.Open(_folder.Path))
        {
            await host.AddAsync("a 1");
            Assert.Equal(1, host.Group.Status.Level);
        }

        await using var newer = GroupHost.Open(_folder.Path, new HostParts { Machine = new NotesMachine(levelMax: 2) });
        await newer.AddAsync("a 2");
        Assert.Equal(2, newer.Group.Status.Level);
        Assert.Equal(["a 1", "a 2"], await newer.NotesAsync());
        Assert.Equal(1, await newer.ScalarAsync<long>("SELECT sum(loud) FROM notes"));
    }

    [Fact]
    public async Task A_replay_from_the_start_raises_where_it_was_raised()
    {
        await using (var host = GroupHost.Open(_folder.Path))
        {
            await host.AddAsync("a 1");
        }

        await using (var host = GroupHost.Open(_folder.Path, new HostParts { Machine = new NotesMachine(levelMax: 2) }))
        {
            await host.AddAsync("a 2");
        }

        Directory.Delete(Path.Combine(_folder.Path, "groups"), recursive: true);
        await using var again = GroupHost.Open(_folder.Path, new HostParts { Machine = new NotesMachine(levelMax: 2) });
        Assert.Equal(2, (await again.NotesAsync()).Count);
        Assert.Equal(1, await again.ScalarAsync<long>("SELECT sum(loud) FROM notes"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_older_program_refuses_what_a_newer_one_wrote(bool storeIsKept)
    {
        await using (var host = GroupHost.Open(_folder.Path, new HostParts { Machine = new NotesMachine(levelMax: 3) }))
        {
            await host.AddAsync("a");
        }

        if (!storeIsKept)
        {
            // The newer level stands in the log alone.
            Directory.Delete(Path.Combine(_folder.Path, "groups"), recursive: true);
        }

        await using var older = GroupHost.Open(_folder.Path, new HostParts { Machine = new NotesMachine(levelMax: 2) });
        await Eventually.TrueAsync(() => older.Group.Status.Failure is not null, "the group refuses");
        var refused = await older.SendAsync("add", "b");
        Assert.Equal(FailureKind.Conflict, refused.Failure?.Kind);
        Assert.Contains("newer version", refused.Failure?.Message, StringComparison.Ordinal);
        Assert.Empty(older.Failures);
    }

    [Fact]
    public async Task The_level_is_raised_although_the_disk_was_full_when_it_was_to_be()
    {
        var refusals = 1;
        FaultyLog Faulty(Cete.Ports.INodeLog real) => new(() => real)
        {
            // The opening entry passes, the one behind it (which raises the level) does not.
            Refuses = batch => batch.Any(entry => !entry.Data.IsEmpty) && refusals-- > 0,
        };
        var settings = new GroupSettings { RetryDelay = TimeSpan.FromMilliseconds(20) };
        await using var host = GroupHost.Open(_folder.Path, new HostParts { Log = Faulty, Settings = settings });
        await Eventually.TrueAsync(() => host.Group.Status.Level == 1, "the level is 1");
        Assert.Equal("1", await host.AddAsync("a"));
    }
}
