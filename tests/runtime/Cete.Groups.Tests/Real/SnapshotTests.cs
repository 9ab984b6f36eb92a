using Cete.Core;
using Cete.Groups.Tests.Support;

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

    private static Task<Outcome<long>> SnapshotAsync(GroupHost host, Stream stream) => host.Group.SnapshotAsync(stream);
}
