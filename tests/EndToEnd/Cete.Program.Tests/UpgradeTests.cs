namespace Cete.Program.Tests;

/// <summary>A community that goes on while its nodes are brought to this version one by one, from the one that landed last.</summary>
public sealed class UpgradeTests(ITestOutputHelper output) : IDisposable
{
    private const int Clients = 4;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task NodesOfTwoVersionsLoseNothingWhoeverIsTheRootAndWhicheverIsKilled()
    {
        Assert.SkipWhen(CeteProcess.Previous is null, "the version before is not built; tests/EndToEnd/Previous/build does that");
        string[] first = ["--create", "cooks", "--name", "n0", .. Community.Local];
        await using var community = await Replicas.GrowAsync(
            _folder, await TestNode.StartAsync(_folder.At("n0"), first, program: CeteProcess.Previous), 3);
        await using var load = new IndexLoad(community.Apis, Clients, seed: 7);
        await load.GoOnAsync(10, "all nodes are old");
        foreach (var node in community.Nodes)
        {
            (await node.EndAsync(CeteProcess.Terminate)).Ended(0);
            node.Program = null;
            await community.RestartAsync(node);
            await load.GoOnAsync(10, $"{node.Data} is new");

            // Now an old one, now a new one is killed, and comes back as it was.
            var root = await community.RootedAsync("index");
            output.WriteLine($"{Path.GetFileName(node.Data)} is new; the root, killed now, is {(root.Program is null ? "new" : "old")}");
            await root.EndAsync(CeteProcess.Kill);
            await load.GoOnAsync(10, "the root was killed");
            await community.RestartAsync(root);
        }

        await load.VerifyAsync(community.Apis);
        output.WriteLine($"{load.Acknowledged.Sum()} commands acknowledged");
    }
}
