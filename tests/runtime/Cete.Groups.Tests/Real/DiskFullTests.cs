using Cete.Core;
using Cete.Groups.Tests.Support;
using Cete.Testing;

namespace Cete.Groups.Tests.Real;

public sealed class DiskFullTests : IDisposable
{
    private static readonly GroupSettings Quick = new() { RetryDelay = TimeSpan.FromMilliseconds(10) };
    private readonly Workspace _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task While_the_log_is_full_commands_are_refused_and_the_group_goes_on_by_itself()
    {
        FaultyLog? log = null;
        await using (var host = GroupHost.Open(_folder.Path, new HostParts { Log = real => log = new FaultyLog(() => real) }))
        {
            await host.AddAsync("a 1");
            log!.Failure = FaultyLog.Full;
            for (var i = 0; i < 5; i++)
            {
                Assert.Equal(FailureKind.Full, (await host.SendAsync("add", "a refused")).Failure?.Kind);
            }

            Assert.Equal(["a 1"], await host.NotesAsync());
            log.Failure = null;
            Assert.Equal("2", await host.AddAsync("a 2"));
        }

        await using var again = GroupHost.Open(_folder.Path);
        Assert.Equal(["a 1", "a 2"], await again.NotesAsync());
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task With_many_under_way_the_refused_are_not_there_and_the_accepted_are(int seed)
    {
        // Each batch fails by chance; those that were handed in behind a failed one must not slip in after it.
        var chance = new Prng((ulong)seed);
        FaultyLog? log = null;
        List<string> accepted = [];
        await using (var host = GroupHost.Open(_folder.Path, new HostParts { Log = real => log = new FaultyLog(() => real) }))
        {
            await host.AddAsync("w0 0");
            accepted.Add("w0 0");
            log!.Refuses = _ => chance.Chance(1, 3);
            var answered = await Task.WhenAll(Enumerable.Range(1, 16).Select(writer => WriteAsync(host, writer)));
            log.Refuses = null;
            accepted.AddRange(answered.SelectMany(notes => notes));
            Assert.True(log.Failures > 10, $"seed {seed}: {log.Failures} failures");
            Assert.Equal(accepted.Order(StringComparer.Ordinal), (await host.NotesAsync()).Order(StringComparer.Ordinal));
            Assert.Empty(host.Failures);
        }

        await using var again = GroupHost.Open(_folder.Path);
        Assert.Equal(accepted.Order(StringComparer.Ordinal), (await again.NotesAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_group_that_starts_on_a_full_disk_comes_up_when_there_is_room()
    {
        FaultyLog? log = null;
        await using var host = GroupHost.Open(_folder.Path, new HostParts
        {
            Settings = Quick,
            Log = real => log = new FaultyLog(() => real) { Failure = FaultyLog.Full },
        });
        await Eventually.TrueAsync(() => log!.Failures > 3, "it tries again");
        Assert.Equal(FailureKind.Full, (await host.SendAsync("add", "refused")).Failure?.Kind);
        log!.Failure = null;
        await Eventually.TrueAsync(() => host.Group.Status.IsRoot, "it is root");
        Assert.Equal("1", await host.AddAsync("a"));
        Assert.Null(host.Group.Status.Failure);
    }

    [Fact]
    public async Task A_log_that_is_dead_stops_the_group()
    {
        FaultyLog? log = null;
        await using var host = GroupHost.Open(_folder.Path, new HostParts { Log = real => log = new FaultyLog(() => real) });
        await host.AddAsync("a");
        log!.Failure = new Failure(FailureKind.Damaged, "the log could not be synced");
        Assert.Equal(FailureKind.Damaged, (await host.SendAsync("add", "b")).Failure?.Kind);
        log.Failure = null;
        Assert.Equal(FailureKind.Damaged, (await host.SendAsync("add", "c")).Failure?.Kind);
        Assert.Equal(["a"], await host.NotesAsync(ReadLevel.Local));
    }

    [Fact]
    public async Task A_bug_that_ends_the_log_is_told_to_those_who_wait()
    {
        FaultyLog? log = null;
        await using var host = GroupHost.Open(_folder.Path, new HostParts { Log = real => log = new FaultyLog(() => real) });
        await host.AddAsync("a");
        log!.Refuses = _ => throw new InvalidOperationException("a bug of the log");
        Assert.Equal(FailureKind.Unavailable, (await host.SendAsync("add", "b")).Failure?.Kind);
        Assert.Equal(FailureKind.Unavailable, (await host.SendAsync("add", "c")).Failure?.Kind);
        Assert.NotNull(host.Group.Status.Failure);
    }

    [Fact]
    public async Task While_the_store_is_full_what_is_committed_waits_and_nothing_is_lost()
    {
        var machine = new NotesMachine();
        await using (var host = GroupHost.Open(_folder.Path, new HostParts { Machine = machine, Settings = Quick }))
        {
            await host.AddAsync("a 1");
            machine.FullCommands = 5;
            var waiting = Enumerable.Range(2, 20).Select(i => host.SendAsync("add", $"a {i}")).ToList();
            var replies = await Task.WhenAll(waiting);
            var taken = replies.Count(reply => reply.Succeeded);
            Assert.All(replies.Where(reply => !reply.Succeeded), reply => Assert.Equal(FailureKind.Full, reply.Failure?.Kind));
            Assert.True(taken > 0);
            Assert.Null(host.Group.Status.Failure);
            Assert.Equal(1 + taken, (await host.NotesAsync()).Count);
            Assert.Equal($"{2 + taken}", await host.AddAsync("a last"));
        }
    }

    [Fact]
    public async Task A_batch_in_which_sqlite_itself_finds_no_room_leaves_nothing_behind()
    {
        await using var host = GroupHost.Open(_folder.Path, new HostParts { Settings = Quick with { AnswerDeadline = TimeSpan.FromSeconds(2) } });
        await host.AddAsync("a 1");
        var stuck = host.SendAsync("fill", string.Empty);
        await Eventually.TrueAsync(() => host.Group.Status.Failure is not null, "the store is full");
        Assert.Equal(FailureKind.Full, host.Group.Status.Failure?.Kind);
        Assert.Equal(FailureKind.Full, (await host.SendAsync("add", "a 2")).Failure?.Kind);
        Assert.Equal(["a 1"], await host.NotesAsync(ReadLevel.Local));
        Assert.Equal(FailureKind.Unavailable, (await stuck).Failure?.Kind);
    }

    private static async Task<List<string>> WriteAsync(GroupHost host, int writer)
    {
        List<string> accepted = [];
        for (var i = 0; i < 40; i++)
        {
            var reply = await host.SendAsync("add", $"w{writer} {i}");
            if (reply.Succeeded)
            {
                accepted.Add($"w{writer} {i}");
                Assert.Equal($"{accepted.Count}", GroupHost.Text(reply));
            }
            else
            {
                Assert.Equal(FailureKind.Full, reply.Failure.Kind);
            }
        }

        return accepted;
    }
}
