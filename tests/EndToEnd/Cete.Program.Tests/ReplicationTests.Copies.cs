using Cete.Testing;

namespace Cete.Program.Tests;

/// <summary>Data folders that are older than what their node had acknowledged, and groups that are not the one they are taken for.</summary>
public sealed partial class ReplicationTests
{
    [Fact]
    public async Task AnOldCopyOfADataFolderIsRecognisedAndCatchesUpBeforeItVotes()
    {
        await using var community = await Replicas.StartAsync(_folder, 3);
        var old = community.Nodes[2];
        await WriteAsync(community, "before");
        (await old.EndAsync(CeteProcess.Terminate)).Ended(0);
        Copy(old.Data, _folder.At("copy"));
        await community.RestartAsync(old);
        await WriteAsync(community, "between");
        await community.SettledAsync(1, 3, community.Nodes);
        (await old.EndAsync(CeteProcess.Terminate)).Ended(0);
        Directory.Delete(old.Data, recursive: true);
        Directory.Move(_folder.At("copy"), old.Data);

        await community.RestartAsync(old);
        await community.SettledAsync(1, 3, community.Nodes);
        await WriteAsync(community, "after");

        // It votes again: without one of the others the two that are left go on, and nothing is missing there.
        await using var load = new IndexLoad([community.Apis[0], community.Apis[2]], 2, (ulong)Seed, "at-last");
        await community.Nodes[1].EndAsync(CeteProcess.Kill);
        await load.GoOnAsync(5, "with the copy and one other");
        await community.RestartAsync(community.Nodes[1]);
        await load.VerifyAsync(community.Apis);
        var ended = (await old.EndAsync(CeteProcess.Terminate)).Ended(0);
        Assert.Contains(" 1037 this node's data folder is an old copy: its replica of 'index' lacks", ended.Error, StringComparison.Ordinal);
        Assert.Contains(" 1038 the old copy of group 'index' has caught up", ended.Error, StringComparison.Ordinal);
        var well = (await community.Nodes[1].EndAsync(CeteProcess.Terminate)).Ended(0);
        Assert.DoesNotContain(" 1037 ", well.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANodeThatWasRecoveredWhileOthersLiveIsToldApartFromThem()
    {
        await using var community = await Replicas.StartAsync(_folder, 3);
        await WriteAsync(community, "together");
        var left = community.Nodes[2];
        (await left.EndAsync(CeteProcess.Terminate)).Ended(0);
        (await CeteProcess.RunAsync(["group", "recover", "index", "--data", left.Data])).Ended(0);
        await community.RestartAsync(left);
        await Eventually.TrueAsync(
            async () => (await ListGroupsAsync(left)).Contains("two groups are called 'index'", StringComparison.Ordinal)
                && (await ListGroupsAsync(community.First)).Contains("two groups are called 'index'", StringComparison.Ordinal),
            "both sides say so",
            TimeSpan.FromMinutes(3));
        Assert.Contains("two groups are called 'index'", (await left.CeteAsync("status")).Ended(0).Out, StringComparison.Ordinal);
        var doctor = await community.First.CeteAsync("doctor");
        Assert.Contains("groups.identity", doctor.Out, StringComparison.Ordinal);
        Assert.NotEqual(0, doctor.Code);

        // Those who were left behind go on, and what the other one writes is not theirs.
        await WriteAsync(community, "the-two", 0, 1);
        var alone = await community.Apis[2].MakeFolderAsync("/alone", "alone/1");
        Assert.True(alone.Succeeded, alone.Failure?.ToString());
        Assert.Contains("alone", (await community.Apis[2].ListAsync("/")).Value);
        Assert.DoesNotContain("alone", (await community.Apis[0].ListAsync("/")).Value);
        var ended = (await left.EndAsync(CeteProcess.Terminate)).Ended(0);
        Assert.Contains(" 1036 two groups are called 'index'", ended.Error, StringComparison.Ordinal);
    }

    private static async Task WriteAsync(Replicas community, string name, params int[] nodes)
    {
        NodeApi[] apis = nodes.Length == 0 ? [.. community.Apis] : [.. nodes.Select(node => community.Apis[node])];
        await using var load = new IndexLoad(apis, 2, (ulong)Seed, name);
        await load.GoOnAsync(10, name);
        await load.VerifyAsync(apis);
    }

    private static async Task<string> ListGroupsAsync(TestNode node) =>
        (await CeteProcess.RunAsync(["group", "list", "--node", node.Address.AbsoluteUri])).Ended(0).Out;

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }
}
