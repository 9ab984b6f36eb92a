using Cete.Core;
using Cete.Testing;
using static Cete.Program.Tests.Community;

namespace Cete.Program.Tests;

/// <summary>Networks that fall apart and lose packets, and disks that are full.</summary>
public sealed partial class ReplicationTests
{
    [Fact]
    public async Task WhoIsCutOffWithAMinorityWritesNothingAndServesWhatItHas()
    {
        Assert.SkipUnless(Networks.Missing is null, Networks.Missing ?? string.Empty);
        using var networks = Networks.Make(5);
        await using var community = await StartAsync(networks, 5);
        await using var load = new IndexLoad(community.Apis, 3, (ulong)Seed);
        await load.GoOnAsync(5, "before anything is cut");

        // The root and one more: the other voters are with the three, and elect one of theirs.
        var root = community.Nodes.IndexOf(await community.RootedAsync("index"));
        var group = (await community.Apis[root].GroupAsync("index")).Value;
        var mirrors = group.Replicas.Where(replica => !replica.Votes).ToList();
        var mirror = community.Nodes.FindIndex(node => mirrors.Any(replica => node.Data.EndsWith(replica.Name, StringComparison.Ordinal)));
        int[] minority = [root, mirror], majority = [.. Enumerable.Range(0, 5).Where(node => node != root && node != mirror)];
        await load.StopAsync();
        await load.VerifyAsync(community.Apis);
        networks.Cut(minority, majority);
        await using var beyond = new IndexLoad([.. majority.Select(node => community.Apis[node])], 3, (ulong)Seed, "beyond");
        await beyond.GoOnAsync(5, "with the majority");

        foreach (var node in minority)
        {
            var refused = (await community.Apis[node].MakeFolderAsync($"/cut-off-{node}", $"cut-off-{node}/1")).Failure;
            Assert.Equal(FailureKind.Unavailable, refused?.Kind);
            output.WriteLine($"{(node == root ? "who was the root" : "a mirror beside it")} says: {refused!.Message}");
            Assert.True(node != root || refused.Message.Contains("has no root", StringComparison.Ordinal));
            Assert.Equal(FailureKind.Unavailable, (await community.Apis[node].ListAsync("/load-0")).Failure?.Kind);
            Assert.NotEmpty((await community.Apis[node].ListAsync("/load-0", isLocal: true)).Value);
            Assert.Empty((await community.Apis[node].ListAsync("/beyond-0", isLocal: true)).Value);
        }

        networks.Heal();
        await beyond.GoOnAsync(5, "after the network healed");
        await beyond.StopAsync();
        await community.SettledAsync(1, 5, community.Nodes);
        await beyond.VerifyAsync(community.Apis);
        await load.VerifyAsync(community.Apis);
    }

    [Fact]
    public async Task OfTenPacketsOneIsLostAndWritesGoOn()
    {
        Assert.SkipUnless(Networks.Missing is null, Networks.Missing ?? string.Empty);
        using var networks = Networks.Make(3);
        await using var community = await StartAsync(networks, 3);
        networks.Lose(10);
        await using var load = new IndexLoad(community.Apis, 3, (ulong)Seed);
        await load.GoOnAsync(50, "while packets are lost");
        networks.Heal();
        await load.StopAsync();
        await load.VerifyAsync(community.Apis);
    }

    [Fact]
    public async Task ARootWhoseDiskIsFullIsFollowedByAnotherAndCatchesUp()
    {
        await using var mount = await TemporaryDisk.MountAsync(_folder.At("small"), "40m");
        await using var community = await Replicas.StartAsync(_folder, 2);
        var full = await community.JoinAsync(community.First, _folder.At("small", "n2"));
        await community.SettledAsync(1, 3, community.Nodes);
        var group = (await community.Apis[2].GroupAsync("index")).Value;
        (await AdministerAsync(community.First, "group", "move", "index", group.Replicas.Single(replica => replica.Name == "n2").Node)).Ended(0);
        await Eventually.TrueAsync(async () => await community.RootAsync("index") == full, "the root is on the small disk");

        await using var load = new IndexLoad(community.Apis, 3, (ulong)Seed);
        await load.GoOnAsync(5, "before the disk is full");
        mount.Fill();
        await Eventually.TrueAsync(
            async () => await community.RootAsync("index", community.Nodes[0], community.Nodes[1]) is { } root && root != full, "another is the root",
            TimeSpan.FromMinutes(3));
        await load.GoOnAsync(5, "with a full disk");
        mount.Clear();
        await load.GoOnAsync(5, "with room again");
        await load.StopAsync();
        await community.SettledAsync(1, 3, community.Nodes);
        await load.VerifyAsync(community.Apis);
    }

    /// <summary>Nodes in networks of their own, of which each finds the others by the fabric alone.</summary>
    private Task<Replicas> StartAsync(Networks networks, int count) =>
        Replicas.StartInAsync(networks, _folder, count, "-D", "cete.fabric.preset=lan", "-D", "cete.groups.answer-deadline=3s");
}
