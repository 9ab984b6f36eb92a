using Cete.Core;
using Cete.Groups.Proto;
using Cete.Groups.Tests.Support;
using Cete.Ports;
using Cete.Storage;
using Cete.Storage.Log;
using Cete.Storage.State;
using Cete.Testing;
using Google.Protobuf;

namespace Cete.Groups.Tests.Replicas;

/// <summary>Two groups of one name: neither takes the other one for itself.</summary>
public sealed class LineageTests : IDisposable
{
    private static readonly GroupId Notes = GroupId.Of("notes");
    private readonly Workspace _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_replica_that_goes_on_by_itself_and_those_it_left_behind_are_two_groups()
    {
        await using var cluster = await Cluster.OfVotersAsync(_folder.Path, 3);
        Assert.Equal("1", await cluster[0].AddAsync("a 0"));
        var left = cluster[0].Group.Status.IsRoot ? 2 : 0;
        var epoch = (await cluster[left].Group.ReadFeedAsync(0, 1, TestContext.Current.CancellationToken)).Value.Epoch;
        await cluster.ConvergeAsync();
        await cluster.StopAsync(left);
        MakeSole(left);
        var alone = cluster.Start(left);
        await Eventually.TrueAsync(() => alone.Group.Status.IsRoot, "it goes on by itself");
        var root = await cluster.RootAsync(not: left);
        Assert.NotEqual(root.Group.Status.Lineage, alone.Group.Status.Lineage);
        Assert.NotEqual(epoch, (await alone.Group.ReadFeedAsync(0, 1, TestContext.Current.CancellationToken)).Value.Epoch);

        // Its term is newer than that of the others, who speak to it all the time: neither deposes the other.
        for (var i = 1; i <= 20; i++)
        {
            Assert.Equal($"{i + 1}", await root.AddAsync($"a {i}"));
            Assert.Equal($"{i}", await alone.AddAsync($"b {i}"));
        }

        Assert.Equal(21, (await alone.NotesAsync()).Count);
        Assert.DoesNotContain("a 1", await alone.NotesAsync());
        Assert.DoesNotContain("b 1", await root.NotesAsync());
        Assert.True(alone.Group.Status is { IsRoot: true, Failure: null, Members.Voters.Count: 1 });

        // Both are what they were after a restart.
        var lineage = alone.Group.Status.Lineage;
        await cluster.StopAsync(left);
        alone = cluster.Start(left);
        Assert.Equal("21", await alone.AddAsync("b 21"));
        Assert.Equal(lineage, alone.Group.Status.Lineage);
    }

    [Fact]
    public async Task Who_is_new_belongs_to_the_group_whose_root_speaks_to_it_first_and_remembers_that()
    {
        await using var cluster = await Cluster.OfVotersAsync(_folder.Path, 2);
        var lineage = cluster[0].Group.Status.Lineage;
        Assert.False(lineage.IsNone);
        Assert.Equal(lineage, cluster[1].Group.Status.Lineage);
        await cluster.StopAsync(1);
        var back = cluster.Start(1);
        await Eventually.TrueAsync(() => back.Group.Status.IsOpen, "it is open again");
        Assert.Equal(lineage, back.Group.Status.Lineage);
        Assert.Equal("1", await back.AddAsync("a 0"));
        await cluster.ConvergeAsync();
    }

    [Fact]
    public async Task Replicas_of_a_group_that_began_before_lineages_were_kept_are_one_group()
    {
        await using var cluster = await Cluster.OfVotersAsync(_folder.Path, 3, _ => new NodeParts { DrawLineage = () => Lineage.None });
        Assert.Equal("1", await cluster[1].AddAsync("a 0"));
        await cluster.StopAsync(2);
        var back = cluster.Start(2);
        Assert.Equal("2", await back.AddAsync("a 1"));
        Assert.All(cluster.Running, node => Assert.True(node.Group.Status.Lineage.IsNone));
        await cluster.ConvergeAsync();
    }

    [Fact]
    public async Task What_is_asked_of_another_group_is_not_answered()
    {
        await using var cluster = new Cluster(_folder.Path, 1);
        await cluster.RootAsync();
        var own = await AskAsync(cluster[0].Group.Status.Lineage.ToArray());
        Assert.True(own.Succeeded, own.Failure?.Message);
        Assert.Equal(FailureKind.NotFound, (await AskAsync(Lineage.Draw().ToArray())).Failure?.Kind);
        Assert.Equal(FailureKind.NotFound, (await AskAsync([])).Failure?.Kind);
        Assert.Equal(FailureKind.NotFound, (await AskAsync([1, 2, 3])).Failure?.Kind);

        async Task<Outcome<ReadOnlyMemory<byte>>> AskAsync(byte[] lineage)
        {
            var asked = new GroupRequest { Group = "notes", ReadIndex = new ReadIndex(), Lineage = ByteString.CopyFrom(lineage) };
            var peer = new FabricPeer(Cluster.IdOf(7), RoleSet.From(["notes"]).Value);
            return await cluster[0].Groups.AnswerAsync(new FabricRequest(peer, asked.ToByteArray()), TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_snapshot_of_another_group_is_refused()
    {
        await using var cluster = new Cluster(_folder.Path, 1);
        Assert.Equal("1", await cluster[0].AddAsync("a 0"));
        using var snapshot = new MemoryStream();
        var index = (await cluster[0].Group.SnapshotAsync(snapshot, TestContext.Current.CancellationToken)).Value;
        Assert.Equal(FailureKind.Conflict, Restore("other", Lineage.Draw()).Failure?.Kind);
        Assert.True(Restore("own", cluster[0].Group.Status.Lineage).Succeeded);

        Outcome<bool> Restore(string folder, Lineage lineage)
        {
            snapshot.Position = 0;
            return new SqliteStateStores(_folder.In(folder)).Restore(
                Notes, snapshot, connection => Store.ReplicaStore.Inspect(connection, index, 0, lineage, new NotesMachine()));
        }
    }

    private void MakeSole(int node)
    {
        var folder = _folder.In($"{node}");
        using var log = SegmentLog.Open(new PhysicalFiles(), Path.Combine(folder, "log")).Value;
        var made = GroupRecovery.MakeSoleVoter(log, new SqliteStateStores(Path.Combine(folder, "groups")), Notes, Cluster.IdOf(node));
        Assert.True(made.Succeeded && made.Value, made.Failure?.Message);
    }
}
