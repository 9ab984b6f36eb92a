using Cete.Core;
using Cete.Groups.Tests.Support;

namespace Cete.Groups.Tests.Real;

public sealed class ReadTests : IDisposable
{
    private readonly Workspace _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_linearizable_read_sees_every_answered_command()
    {
        await using var host = GroupHost.Open(_folder.Path);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            for (var i = 1; i <= 50; i++)
            {
                await host.AddAsync($"w{writer} {i}");
                var notes = await host.NotesAsync();
                Assert.Equal(i, notes.Count(note => note.StartsWith($"w{writer} ", StringComparison.Ordinal)));
            }
        }));
    }

    [Fact]
    public async Task A_read_right_after_a_start_sees_what_the_log_holds()
    {
        await using (var host = GroupHost.Open(_folder.Path))
        {
            await Task.WhenAll(Enumerable.Range(0, 500).Select(i => host.SendAsync("add", $"a {i}")));
        }

        // The store starts from nothing, the log replays it.
        Directory.Delete(Path.Combine(_folder.Path, "groups"), recursive: true);
        await using var again = GroupHost.Open(_folder.Path);
        Assert.Equal(500, (await again.NotesAsync()).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_first_read_finds_the_tables_of_the_level(int level)
    {
        await using (var host = GroupHost.Open(_folder.Path))
        {
            Assert.Equal(0, await host.ScalarAsync<long>("SELECT count(*) FROM notes"));
        }

        await using var again = GroupHost.Open(_folder.Path, new HostParts { Machine = new NotesMachine(level) });
        Assert.Equal(0, await again.ScalarAsync<long>(level == 2 ? "SELECT count(loud) FROM notes" : "SELECT count(*) FROM notes"));
    }

    [Fact]
    public async Task A_local_read_does_not_wait_for_the_log()
    {
        FaultyLog? log = null;
        await using var host = GroupHost.Open(_folder.Path, new HostParts { Log = real => log = new FaultyLog(() => real) });
        await host.AddAsync("a");
        log!.Hold();
        var waiting = host.SendAsync("add", "b");
        Assert.Equal(["a"], await host.NotesAsync(ReadLevel.Local));
        log.LetGo();
        await waiting;
    }

    [Fact]
    public async Task A_query_that_throws_tells_its_asker_and_harms_nobody_else()
    {
        await using var host = GroupHost.Open(_folder.Path, new HostParts { Settings = new GroupSettings { Readers = 1 } });
        await host.AddAsync("a");
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync<int>(host, _ => throw new InvalidOperationException("my query")));
        Assert.Equal("my query", thrown.Message);
        var wrong = await ReadAsync(host, sql => sql.Scalar<long>("SELECT nonsense FROM nowhere"));
        Assert.Contains("nowhere", wrong.Failure?.Message, StringComparison.Ordinal);
        Assert.Equal(["a"], await host.NotesAsync());
    }

    [Fact]
    public async Task A_query_cannot_write()
    {
        await using var host = GroupHost.Open(_folder.Path);
        await host.AddAsync("a");
        var written = await ReadAsync(host, sql => sql.Execute("DELETE FROM notes"));
        Assert.NotNull(written.Failure);
        Assert.Equal(["a"], await host.NotesAsync());
        Assert.Null(host.Group.Status.Failure);
    }

    [Fact]
    public async Task A_read_sees_one_moment()
    {
        await using var host = GroupHost.Open(_folder.Path);
        await host.AddAsync("a 1");
        using var between = new ManualResetEventSlim();
        using var written = new ManualResetEventSlim();
        var counts = ReadAsync(host, sql =>
        {
            var before = sql.Scalar<long>("SELECT count(*) FROM notes");
            between.Set();
            written.Wait();
            return (before, sql.Scalar<long>("SELECT count(*) FROM notes"));
        });
        between.Wait(TestContext.Current.CancellationToken);
        await host.AddAsync("a 2");
        written.Set();
        Assert.Equal((1L, 1L), (await counts).Value);
    }

    private static Task<Outcome<T>> ReadAsync<T>(GroupHost host, Func<SqlSession, T> query) => host.Group.ReadAsync(query);
}
