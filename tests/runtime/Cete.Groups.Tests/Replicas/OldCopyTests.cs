using Cete.Core;
using Cete.Groups.Tests.Support;
using Cete.Testing;

namespace Cete.Groups.Tests.Replicas;

/// <summary>Data folders that come back older than what their node had acknowledged.</summary>
public sealed class OldCopyTests : IDisposable
{
    private static readonly GroupId Notes = GroupId.Of("notes");
    private readonly Workspace _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_old_copy_is_recognised_by_its_root_and_brought_up_to_date()
    {
        await using var cluster = await Cluster.OfVotersAsync(_folder.In("nodes"), 3);
        Assert.Equal("1", await cluster[0].AddAsync("a 0"));
        var root = await cluster.RootAsync();
        var old = root.Number == 2 ? 1 : 2;
        await cluster.StopAsync(old);
        Copy(FolderOf(old), _folder.In("copy"));
        cluster.Start(old);
        for (var i = 1; i < 20; i++)
        {
            Assert.Equal($"{i + 1}", await root.AddAsync($"a {i}"));
        }

        await cluster.ConvergeAsync();
        await cluster.StopAsync(old);
        Directory.Delete(FolderOf(old), recursive: true);
        Directory.Move(_folder.In("copy"), FolderOf(old));
        var back = cluster.Start(old, new NodeParts { AwaitsWord = true });
        await Eventually.TrueAsync(() => back.Group.Status is { FoundOld: > 0, Forgotten: null, IsVouched: true }, "it was found out and has caught up");
        Assert.Equal(20, (await back.NotesAsync()).Count);
        await cluster.ConvergeAsync();
    }

    [Fact]
    public async Task Who_is_told_that_it_had_more_serves_nothing_and_is_no_root()
    {
        await using var cluster = await Cluster.OfVotersAsync(_folder.In("nodes"), 2);
        Assert.Equal("1", await cluster[0].AddAsync("a 0"));
        var (term, lineage) = (cluster[0].Group.Status.Term, cluster[0].Group.Status.Lineage);
        await cluster.ConvergeAsync();
        await cluster.StopAsync(0);
        await cluster.StopAsync(1);
        var parts = new NodeParts { AwaitsWord = true };
        var node = cluster.Start(0, parts);
        await Eventually.TrueAsync(() => node.Group.Status.IsOpen, "it is open");
        node.Groups.Remember(Notes, Lineage.Draw(), term + 10, 10_000, false);
        node.Groups.Remember(Notes, lineage, term, 10_000, false);
        node.Groups.Vouch();
        await Eventually.TrueAsync(() => node.Group.Status.Forgotten == 10_000, "it knows that it lacks something");
        Assert.True(node.Group.Status is { IsVouched: false, Term: var now } && now < term + 10);
        var read = await node.Group.ReadAsync(sql => 1, ReadLevel.Local, TestContext.Current.CancellationToken);
        Assert.Equal(FailureKind.Unavailable, read.Failure?.Kind);
        Assert.Contains("an old one", read.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replicas_that_nobody_says_more_of_go_on_once_they_are_vouched_for()
    {
        await using var cluster = await Cluster.OfVotersAsync(_folder.In("nodes"), 2);
        Assert.Equal("1", await cluster[0].AddAsync("a 0"));
        await cluster.ConvergeAsync();
        var (term, lineage, applied) = (cluster[0].Group.Status.DurableTerm, cluster[0].Group.Status.Lineage, cluster[0].Group.Status.Applied);
        await cluster.StopAsync(0);
        await cluster.StopAsync(1);
        foreach (var node in new[] { 0, 1 })
        {
            cluster.Start(node, new NodeParts { AwaitsWord = true }).Groups.Remember(Notes, lineage, term, applied, false);
            cluster[node].Groups.Vouch();
        }

        Assert.Equal("2", await cluster[1].AddAsync("a 1"));
        Assert.All(cluster.Running, node => Assert.Null(node.Group.Status.FoundOld));
        await cluster.ConvergeAsync();
    }

    private string FolderOf(int node) => Path.Combine(_folder.In("nodes"), $"{node}");

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
