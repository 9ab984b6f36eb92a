using Cete.Groups.Tests.Support;
using Cete.Testing;

namespace Cete.Groups.Tests.Replicas;

/// <summary>Groups that would be silent for half an hour, and what brings them back: those who ask, and the word that a node is gone.</summary>
public sealed class QuiescenceTests : IDisposable
{
    private static readonly NodeParts Silent = new()
    {
        Settings = Cluster.Quick with
        {
            Raft = Cluster.Quick.Raft with { QuiesceAfter = TimeSpan.FromMilliseconds(200), QuiescentInterval = TimeSpan.FromMinutes(30) },
        },
    };

    private readonly Workspace _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Whoever_asks_a_quiescent_group_whose_root_is_gone_unnoticed_is_answered()
    {
        await using var cluster = await QuietAsync();
        var old = await cluster.RootAsync();
        cluster.Network.CutOff(old.Id);
        var other = cluster.Running.First(node => node != old);
        Assert.Equal("2", await other.AddAsync("a 2", new RequestId("s", 1)));
        Assert.Equal(["a 1", "a 2"], await other.NotesAsync());
        cluster.Network.Heal();
        await cluster.ConvergeAsync();
    }

    [Fact]
    public async Task A_quiescent_group_that_is_told_that_its_root_is_gone_elects_another()
    {
        await using var cluster = await QuietAsync();
        var old = await cluster.RootAsync();
        cluster.Network.CutOff(old.Id);
        foreach (var other in cluster.Running.Where(node => node != old))
        {
            other.Groups.TakeGone(old.Id);
        }

        var root = await cluster.RootAsync(not: old.Number);
        cluster.Network.Heal();
        Assert.Equal("2", await root.AddAsync("a 2"));
        await cluster.ConvergeAsync();
    }

    [Fact]
    public async Task A_node_that_comes_back_to_a_quiescent_group_finds_its_root()
    {
        await using var cluster = await QuietAsync();
        await cluster.ChangeAsync(members => members.WithLearner(Cluster.IdOf(2)));
        await AwaitQuietAsync(cluster);
        foreach (var number in new[] { 1, 2 })
        {
            await cluster.StopAsync(number);
            var back = cluster.Start(number);
            await Eventually.TrueAsync(() => back.Group.Status.Root is not null, "it knows the root");
            Assert.Equal(["a 1"], await back.NotesAsync());
        }
    }

    private async Task<Cluster> QuietAsync()
    {
        var cluster = await Cluster.OfVotersAsync(_folder.Path, 3, _ => Silent);
        await cluster[0].AddAsync("a 1");
        await AwaitQuietAsync(cluster);
        return cluster;
    }

    private static async Task AwaitQuietAsync(Cluster cluster)
    {
        using var pause = new PeriodicTimer(Silent.Settings.Raft.ElectionTimeout);
        for (var posted = -1L; posted != cluster.Network.Posted;)
        {
            posted = cluster.Network.Posted;
            await pause.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
