using Cete.Core;
using Cete.Testing;
using static Cete.Program.Tests.Community;

namespace Cete.Program.Tests;

/// <summary>Replicas that come, go, and are made anew.</summary>
public sealed partial class ReplicationTests
{
    [Fact]
    public async Task OneNodeGrowsToThreeVotersWithoutARestart()
    {
        await using var community = await Replicas.StartAsync(_folder, 1);
        await using var load = new IndexLoad(community.Apis, 2, (ulong)Seed);
        await load.GoOnAsync(5, "with one node");
        Assert.Contains("index: not yet fault tolerant", await GroupsAsync(community.First), StringComparison.Ordinal);
        Assert.Contains("not yet fault tolerant", (await community.First.CeteAsync("status")).Ended(0).Out, StringComparison.Ordinal);

        var second = await community.JoinAsync(community.First);
        await Eventually.TrueAsync(async () => await ReplicasAsync(second) is 2, "the second is a mirror", TimeSpan.FromMinutes(3));
        await load.GoOnAsync(5, "with two nodes");
        Assert.Contains("index: not yet fault tolerant", await GroupsAsync(second), StringComparison.Ordinal);
        Assert.Contains("not yet fault tolerant", (await second.CeteAsync("status")).Ended(0).Out, StringComparison.Ordinal);

        await community.JoinAsync(community.First);
        await load.GoOnAsync(5, "with three nodes");
        await load.StopAsync();
        await community.SettledAsync(1, 3, community.Nodes);
        Assert.Contains("index: 1 may fail", await GroupsAsync(second), StringComparison.Ordinal);
        Assert.DoesNotContain("not yet fault tolerant", (await second.CeteAsync("status")).Ended(0).Out, StringComparison.Ordinal);
        Assert.All(community.Nodes, node => Assert.False(node.Process.HasExited));
        await load.VerifyAsync(community.Apis);

        static async Task<string> GroupsAsync(TestNode node) =>
            (await CeteProcess.RunAsync(["group", "list", "--node", node.Address.AbsoluteUri])).Ended(0).Out;
        async Task<int> ReplicasAsync(TestNode node) =>
            await community.ApiOf(node).GroupAsync("index") is { Succeeded: true, Value: { Root: not null, Replicas: var all } } ? all.Count : 0;
    }

    [Fact]
    public async Task ARootIsMovedAndDrainedWhileClientsWrite()
    {
        await using var community = await Replicas.StartAsync(_folder, 4);
        await using var load = new IndexLoad(community.Apis, 4, (ulong)Seed);
        await load.GoOnAsync(5, "before anything is moved");

        var group = (await community.Apis[1].GroupAsync("index")).Value;
        var to = group.Replicas.First(replica => replica is { Votes: true, IsRoot: false });
        var mirror = group.Replicas.Single(replica => !replica.Votes);
        Assert.Contains("'cete group list'", (await MoveAsync("nothing", to.Node)).Error, StringComparison.Ordinal);
        Assert.Contains("32 letters", (await MoveAsync("index", to.Name)).Error, StringComparison.Ordinal);
        Assert.NotEqual(0, (await MoveAsync("index", mirror.Node)).Code);
        (await MoveAsync("index", to.Node)).Ended(0);
        await Eventually.TrueAsync(async () => NameOf(await community.RootAsync("index")) == to.Name, "it is the root", TimeSpan.FromMinutes(1));
        await load.GoOnAsync(5, "after the move");

        var root = await community.RootedAsync("index");
        (await DrainAsync(root)).Ended(0);
        Assert.Equal(3, (await community.Apis[community.Nodes.FindIndex(node => node != root)].GroupAsync("index")).Value.Replicas.Count);
        await load.GoOnAsync(5, "after the drain");
        (await root.EndAsync(CeteProcess.Terminate)).Ended(0);
        await load.GoOnAsync(5, "after the drained node has gone");
        List<TestNode> others = [.. community.Nodes.Where(node => node != root)];
        await load.StopAsync();
        await community.SettledAsync(1, 3, others);
        await load.VerifyAsync([.. others.Select(community.ApiOf)]);

        // It is back without replicas, and gets some when it is told that it may.
        await community.RestartAsync(root);
        await Eventually.TrueAsync(() => AliveAsync(others[0]).Result.Count == 4, "it is back");
        await community.SettledAsync(1, 3, others);
        (await DrainAsync(root, "--undo")).Ended(0);
        await community.SettledAsync(1, 4, community.Nodes);
        await load.VerifyAsync(community.Apis);

        Task<Ran> MoveAsync(string name, string node) => AdministerAsync(community.First, "group", "move", name, node);
        string? NameOf(TestNode? node) => node is null ? null : $"n{community.Nodes.IndexOf(node)}";
        static Task<Ran> DrainAsync(TestNode node, params string[] more) =>
            CeteProcess.RunAsync(["node", "drain", "--data", node.Data, "--node", node.Address.AbsoluteUri, .. more]);
    }

    [Fact]
    public async Task TheLastOfThreeNodesGoesOnAloneWhenItIsTold()
    {
        await using var community = await Replicas.StartAsync(_folder, 3, "-D", "cete.groups.answer-deadline=3s");
        var left = community.First;
        await using (var load = new IndexLoad(community.Apis, 2, (ulong)Seed))
        {
            await load.GoOnAsync(10, "with three nodes");
            await load.VerifyAsync(community.Apis);
        }

        foreach (var gone in community.Nodes.Skip(1))
        {
            await gone.EndAsync(CeteProcess.Kill);
            Directory.Delete(gone.Data, recursive: true);
        }

        var before = (await community.Apis[0].ListAsync("/load-0", isLocal: true)).Value;
        Assert.NotEmpty(before);
        Assert.Equal(FailureKind.Unavailable, (await community.Apis[0].MakeFolderAsync("/alone", "alone/1")).Failure?.Kind);
        Assert.Contains("another process", (await RecoverAsync("--all")).Error, StringComparison.Ordinal);
        (await left.EndAsync(CeteProcess.Terminate)).Ended(0);
        Assert.Contains("name a group", (await RecoverAsync()).Error, StringComparison.Ordinal);
        Assert.Contains("name a group", (await RecoverAsync("index", "--all")).Error, StringComparison.Ordinal);
        Assert.Contains("it has accounts, bank, index, services, tracker", (await RecoverAsync("nothing")).Error, StringComparison.Ordinal);
        Assert.NotEqual(0, (await RecoverAsync("No Such Name!")).Code);
        (await RecoverAsync("index")).Ended(0);
        (await RecoverAsync("--all")).Ended(0);
        await community.RestartAsync(left);

        await community.SettledAsync(0, 1, [left]);
        Assert.Equal(before, (await community.Apis[0].ListAsync("/load-0")).Value);
        await using var alone = new IndexLoad([community.Apis[0]], 2, (ulong)Seed, "alone");
        await alone.GoOnAsync(5, "alone");
        await alone.VerifyAsync([community.Apis[0]]);

        // New nodes take the places of those that are gone.
        community.Forget(1, 2);
        await community.JoinAsync(left);
        await community.JoinAsync(left);
        await community.SettledAsync(1, 3, community.Nodes);
        await alone.VerifyAsync(community.Apis);
        Assert.All(community.Apis, api => Assert.Equal(before, api.ListAsync("/load-0").Result.Value));

        Task<Ran> RecoverAsync(params string[] arguments) => CeteProcess.RunAsync(["group", "recover", "--data", left.Data, .. arguments]);
    }

    [Fact]
    public async Task AFounderThatIsGoneForEverIsReplaced()
    {
        string[] settings = ["-D", "cete.groups.replace-after=10s"];
        var (first, _, _) = await FoundAsync(_folder, "n0", settings);
        await using var community = await Replicas.GrowAsync(_folder, first, 3, settings);
        var (second, third) = (community.Nodes[1], community.Nodes[2]);
        await using var load = new IndexLoad([community.Apis[1], community.Apis[2]], 2, (ulong)Seed);
        await load.GoOnAsync(5, "with the founder");

        // Each voter of the tracker gets an issuing key of its own, and keeps it when it starts again. The administrator's key is kept elsewhere.
        await Eventually.TrueAsync(
            async () => (await AdministerAsync(first, "community", "issuers", "--json")).Ended(0).Lines.Count == 3, "three nodes can let others in");
        File.Copy(KeyOf(first), KeyOf(second));
        await first.EndAsync(CeteProcess.Kill);
        Directory.Delete(first.Data, recursive: true);
        await load.GoOnAsync(5, "without the founder");
        (await second.EndAsync(CeteProcess.Terminate)).Ended(0);
        await community.RestartAsync(second);
        await load.GoOnAsync(5, "with another node that issues");
        var fourth = await community.JoinAsync(second);
        await load.GoOnAsync(5, "with a new node");
        await load.StopAsync();
        await community.SettledAsync(1, 3, [second, third, fourth]);
        NodeApi[] left = [.. community.Apis.Skip(1)];
        await load.VerifyAsync(left);

        // The new one counts: without another one they go on.
        await using var after = new IndexLoad([community.Apis[2], community.Apis[3]], 2, (ulong)Seed, "after");
        await second.EndAsync(CeteProcess.Kill);
        await after.GoOnAsync(5, "with one of the new three gone");
        await community.RestartAsync(second);
        await after.VerifyAsync(left);
        await load.VerifyAsync(left);
    }
}
