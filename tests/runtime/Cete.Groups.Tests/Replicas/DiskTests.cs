using Cete.Groups.Tests.Support;
using Cete.Testing;

namespace Cete.Groups.Tests.Replicas;

/// <summary>One of several disks is full.</summary>
public sealed class DiskTests : IDisposable
{
    private readonly Workspace _folder = new();
    private readonly FaultyLog?[] _logs = new FaultyLog?[3];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_root_whose_log_takes_nothing_is_followed_by_another_and_its_users_are_served_by_that()
    {
        await using var cluster = await ClusterAsync();
        var old = await cluster.RootAsync();
        Assert.Equal("1", await old.AddAsync("a 1", new RequestId("s", 1)));
        _logs[old.Number]!.Failure = FaultyLog.Full;
        _ = await old.SendAsync("a 2", new RequestId("s", 2));
        var root = await cluster.RootAsync(not: old.Number);
        Assert.Equal("2", await root.AddAsync("a 2", new RequestId("s", 2)));
        Assert.Equal("3", await root.AddAsync("a 3"));
        string? answer = null;
        await Eventually.TrueAsync(
            async () =>
            {
                var sent = await old.SendAsync("a 4", new RequestId("s", 3));
                answer = sent.Succeeded ? GroupHost.Text(sent) : null;
                return answer is not null;
            },
            "users of the node with the full disk are served");
        Assert.Equal("4", answer);
        _logs[old.Number]!.Failure = null;
        await cluster.ConvergeAsync();
        Assert.Equal(["a 1", "a 2", "a 3", "a 4"], await old.NotesAsync());
    }

    [Fact]
    public async Task A_follower_whose_log_takes_nothing_catches_up_when_there_is_room_again()
    {
        await using var cluster = await ClusterAsync();
        var root = await cluster.RootAsync();
        var full = cluster.Running.First(node => node != root);
        _logs[full.Number]!.Failure = FaultyLog.Full;
        for (var i = 1; i <= 20; i++)
        {
            Assert.Equal($"{i}", await root.AddAsync($"a {i}"));
        }

        await Eventually.TrueAsync(() => _logs[full.Number]!.Failures > 0, "it was to write");
        _logs[full.Number]!.Failure = null;
        await cluster.ConvergeAsync();
        Assert.Equal(20, (await full.NotesAsync()).Count);
    }

    [Fact]
    public async Task A_root_whose_store_takes_nothing_hands_over()
    {
        NotesMachine[] machines = [new(), new(), new()];
        await using var cluster = await Cluster.OfVotersAsync(_folder.Path, 3, node => new NodeParts { Machine = () => machines[node] });
        var old = await cluster.RootAsync();
        machines[old.Number].FullCommands = int.MaxValue;
        _ = old.SendAsync("a 1", new RequestId("s", 1));
        var root = await cluster.RootAsync(not: old.Number);
        Assert.Equal("1", await root.AddAsync("a 1", new RequestId("s", 1)));
        machines[old.Number].FullCommands = 0;
        await cluster.ConvergeAsync();
        Assert.Equal(["a 1"], await old.NotesAsync());
    }

    private Task<Cluster> ClusterAsync() =>
        Cluster.OfVotersAsync(_folder.Path, 3, node => new NodeParts { Log = real => _logs[node] = new FaultyLog(() => real) });
}
