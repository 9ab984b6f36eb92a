using Cete.Core;
using Cete.Groups.Tests.Support;
using Cete.Storage.State;

namespace Cete.Groups.Tests.Real;

public sealed class SnapshotTests : IDisposable
{
    private readonly Workspace _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_snapshot_tells_the_index_it_stands_at()
    {
        await using var host = GroupHost.Open(_folder.Path);
        await host.AddAsync("a");
        using var stream = new MemoryStream();
        var index = await SnapshotAsync(host, stream);
        Assert.Equal(host.Group.Status.Applied, index.Value);
        Assert.True(stream.Length > 0);
    }

    [Fact]
    public async Task A_stream_that_breaks_harms_whoever_gave_it_and_not_the_group()
    {
        await using var host = GroupHost.Open(_folder.Path);
        await host.AddAsync("a");
        var closed = new MemoryStream();
        closed.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => SnapshotAsync(host, closed));
        Assert.Equal("2", await host.AddAsync("a"));
        Assert.Null(host.Group.Status.Failure);
    }

    [Fact]
    public async Task A_group_without_a_store_has_no_snapshot()
    {
        await using (var newer = GroupHost.Open(_folder.Path, new HostParts { Machine = new NotesMachine(levelMax: 2) }))
        {
            await newer.AddAsync("a");
        }

        await using var older = GroupHost.Open(_folder.Path);
        using var stream = new MemoryStream();
        Assert.Equal(FailureKind.Unavailable, (await SnapshotAsync(older, stream)).Failure?.Kind);
    }

    [Fact]
    public async Task With_the_log_it_belongs_to_a_snapshot_is_gone_on_from_in_another_folder()
    {
        using var snapshot = new MemoryStream();
        await using (var host = GroupHost.Open(_folder.In("here")))
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(i => host.SendAsync("add", $"a {i}", new RequestId($"s{i}", 1))));
            Assert.True((await SnapshotAsync(host, snapshot)).Succeeded);
            await Task.WhenAll(Enumerable.Range(50, 20).Select(i => host.SendAsync("add", $"a {i}")));
        }

        Directory.CreateDirectory(_folder.In("there/log"));
        foreach (var segment in Directory.GetFiles(_folder.In("here/log")))
        {
            File.Copy(segment, Path.Combine(_folder.In("there/log"), Path.GetFileName(segment)));
        }

        Restore(snapshot, "there");
        Assert.Equal(50, CountOf("there"));
        await using var other = GroupHost.Open(_folder.In("there"));
        Assert.Equal(Enumerable.Range(0, 70).Select(i => $"a {i}"), await other.NotesAsync());
        Assert.Equal("1", await other.AddAsync("a 0", new RequestId("s0", 1)));
        Assert.Equal("71", await other.AddAsync("a 70"));
        Assert.Equal(71, (await other.FeedAsync(0)).Events.Count);
    }

    [Fact]
    public async Task Without_the_log_it_belongs_to_a_snapshot_holds_the_state_but_is_not_gone_on_from()
    {
        using var snapshot = new MemoryStream();
        await using (var host = GroupHost.Open(_folder.In("here")))
        {
            await host.AddAsync("a");
            await SnapshotAsync(host, snapshot);
        }

        Restore(snapshot, "there");
        Assert.Equal(1, CountOf("there"));
        await using var other = GroupHost.Open(_folder.In("there"));
        var refused = await other.SendAsync("add", "b");
        Assert.Equal(FailureKind.Damaged, refused.Failure?.Kind);
    }

    private void Restore(MemoryStream snapshot, string folder)
    {
        snapshot.Position = 0;
        Assert.True(new SqliteStateStores(_folder.In(folder + "/groups")).Restore(GroupId.Of("notes"), snapshot).Succeeded);
    }

    private long CountOf(string folder)
    {
        using var store = new SqliteStateStores(_folder.In(folder + "/groups")).Open(GroupId.Of("notes")).Value;
        using var sql = new SqlSession(store.Writer);
        return sql.Scalar<long>("SELECT count(*) FROM notes");
    }

    private static Task<Outcome<long>> SnapshotAsync(GroupHost host, Stream stream) => host.Group.SnapshotAsync(stream);
}
