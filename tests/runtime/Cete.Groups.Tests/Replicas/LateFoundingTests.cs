using Cete.Core;
using Cete.Groups.Tests.Support;
using Cete.Testing;

namespace Cete.Groups.Tests.Replicas;

/// <summary>Replicas that were to join a group, and are told that they begin it.</summary>
public sealed class LateFoundingTests : IDisposable
{
    private static readonly GroupId Notes = GroupId.Of("notes");
    private static readonly Lineage Given = new(0x1234, 0x5678);
    private readonly Workspace _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replica_that_waits_begins_the_group_it_is_told_to_and_others_join_it()
    {
        await using var cluster = new Cluster(_folder.Path, 3, _ => Waiting);
        await OpenAsync(cluster);
        Assert.All(cluster.Running, node => Assert.True(node.Group.Status is { IsRoot: false, Members: null, Level: 0, Lineage.IsNone: true }));
        Assert.True((await cluster[1].Group.FoundAsync(Given, Cancel)).Value);
        Assert.Equal(Given, cluster[1].Group.Status.Lineage);
        Assert.Equal("1", await cluster[1].AddAsync("a 0"));
        Assert.Equal(Given.FeedEpoch, (await cluster[1].Group.ReadFeedAsync(0, 1, Cancel)).Value.Epoch);
        await cluster.AddVoterAsync(0);
        await cluster.AddVoterAsync(2);
        Assert.Equal("2", await cluster[2].AddAsync("a 1"));
        await cluster.ConvergeAsync();
        Assert.All(cluster.Running, node => Assert.Equal(Given, node.Group.Status.Lineage));

        // It is a group like any other: who began it may go.
        await cluster.StopAsync(1);
        Assert.Equal("3", await cluster[0].AddAsync("a 2", new RequestId("s", 1)));
        cluster.Start(1);
        await cluster.ConvergeAsync();
    }

    [Fact]
    public async Task What_was_begun_is_there_after_a_restart_and_is_not_begun_again()
    {
        await using var cluster = new Cluster(_folder.Path, 1, _ => Waiting);
        await OpenAsync(cluster);
        Assert.Equal(FailureKind.Invalid, (await cluster[0].Group.FoundAsync(Lineage.None, Cancel)).Failure?.Kind);
        Assert.True((await cluster[0].Group.FoundAsync(Given, Cancel)).Value);
        Assert.Equal("1", await cluster[0].AddAsync("a 0"));
        for (var start = 0; start < 2; start++)
        {
            await OpenAsync(cluster);
            Assert.False((await cluster[0].Group.FoundAsync(Given, Cancel)).Value);
            Assert.Equal(FailureKind.Conflict, (await cluster[0].Group.FoundAsync(Lineage.Draw(), Cancel)).Failure?.Kind);
            Assert.Equal(["a 0"], await cluster[0].NotesAsync());
            Assert.Equal(Given, cluster[0].Group.Status.Lineage);
            await cluster.StopAsync(0);
            cluster.Start(0);
        }
    }

    [Fact]
    public async Task Who_belongs_to_a_group_begins_no_other_one()
    {
        await using var cluster = await Cluster.OfVotersAsync(_folder.Path, 2);
        Assert.Equal("1", await cluster[1].AddAsync("a 0"));
        foreach (var node in cluster.Running)
        {
            Assert.Equal(FailureKind.Conflict, (await node.Group.FoundAsync(Given, Cancel)).Failure?.Kind);
            Assert.False((await node.Group.FoundAsync(cluster[0].Group.Status.Lineage, Cancel)).Value);
        }

        Assert.Equal("2", await cluster[1].AddAsync("a 1"));
        await cluster.ConvergeAsync();
    }

    [Fact]
    public async Task Who_is_said_to_have_had_a_replica_does_not_begin_it_anew()
    {
        await using var cluster = new Cluster(_folder.Path, 1, _ => Waiting with { AwaitsWord = true });
        await OpenAsync(cluster);
        cluster[0].Groups.Remember(Notes, Given, term: 3, index: 17, hasForgotten: false);
        cluster[0].Groups.Vouch();
        var founded = await cluster[0].Group.FoundAsync(Given, Cancel);
        Assert.Equal(FailureKind.Conflict, founded.Failure?.Kind);
        Assert.Contains("others remember", founded.Failure?.Message, StringComparison.Ordinal);
        Assert.True(cluster[0].Group.Status is { IsRoot: false, Members: null });
    }

    [Fact]
    public async Task A_group_has_begun_once_that_is_durable_and_until_then_no_root_takes_the_replica_in()
    {
        FaultyStores? stores = null;
        var parts = Waiting with
        {
            Settings = Cluster.Quick with { AnswerDeadline = TimeSpan.FromMilliseconds(300) },
            Stores = real => stores = new FaultyStores(real),
        };
        await using var cluster = new Cluster(_folder.Path, 2, node => node == 1 ? parts : new NodeParts());
        await OpenAsync(cluster);
        stores!.CheckpointsFail = true;
        Assert.Equal(FailureKind.Unavailable, (await cluster[1].Group.FoundAsync(Given, Cancel)).Failure?.Kind);
        Assert.True(cluster[1].Group.Status is { IsRoot: false, Lineage.IsNone: true });

        // The root of another group of the name speaks to it all the while.
        var root = cluster[0].Group;
        Assert.True((await root.ChangeMembersAsync(root.Status.Members!.WithLearner(Cluster.IdOf(1)), Cancel)).Succeeded);
        var failed = stores.FailedCheckpoints;
        await Eventually.TrueAsync(() => stores.FailedCheckpoints > failed + 3, "it is tried again and again");
        Assert.True(cluster[1].Group.Status is { IsRoot: false, Lineage.IsNone: true });
        stores.CheckpointsFail = false;
        await Eventually.TrueAsync(() => cluster[1].Group.Status is { IsRoot: true, Failure: null }, "it has begun");
        Assert.Equal(Given, cluster[1].Group.Status.Lineage);
        Assert.False((await cluster[1].Group.FoundAsync(Given, Cancel)).Value);
        Assert.Equal("1", await cluster[1].AddAsync("a 0"));
        Assert.Equal("1", await cluster[0].AddAsync("a 0"));
    }

    private static NodeParts Waiting => new() { Founds = [] };

    private static Task OpenAsync(Cluster cluster) =>
        Eventually.TrueAsync(() => cluster.Running.All(node => node.Group.Status.IsOpen), "all replicas are open");
}
