using Cete.Consensus;
using Cete.Core;
using Cete.Groups.Tests.Support;
using Cete.Groups.Wire;
using Cete.Ports;
using Cete.Testing;

namespace Cete.Groups.Tests.Replicas;

/// <summary>Who belongs to a group, who is listened to, and what members say beside consensus.</summary>
public sealed class MemberTests : IDisposable
{
    private static readonly GroupId Group = GroupId.Of("notes");
    private readonly Workspace _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_learner_serves_local_reads_and_is_asked_for_no_vote()
    {
        await using var cluster = new Cluster(_folder.Path, 2);
        Assert.Equal("1", await cluster[0].AddAsync("a 1"));
        await cluster.AddLearnerAsync(1);
        Assert.Equal("2", await cluster[1].AddAsync("a 2"));

        // Until its copy has come it refuses to be read.
        await Eventually.TrueAsync(
            async () => cluster[1].Group.Status.Level > 0 && (await cluster[1].NotesAsync(ReadLevel.Local)).Count == 2, "the learner has both");
        await cluster.StopAsync(0);
        Assert.Equal(["a 1", "a 2"], await cluster[1].NotesAsync(ReadLevel.Local));
        Assert.False(cluster[1].Group.Status.IsRoot);
    }

    [Fact]
    public async Task The_root_itself_is_taken_out_the_others_go_on_and_it_finds_them_for_its_users()
    {
        await using var cluster = await Cluster.OfVotersAsync(_folder.Path, 3);
        var old = await cluster.RootAsync();
        await cluster.ChangeAsync(members => members.Without(old.Id));
        var root = await cluster.RootAsync(not: old.Number);
        Assert.Equal("1", await root.AddAsync("a 1"));
        Assert.Equal("2", await old.AddAsync("a 2"));
        Assert.Equal(["a 1", "a 2"], await cluster.Running.Last(node => node != old).NotesAsync());
        Assert.DoesNotContain(old.Id, root.Group.Status.Members!.All);
    }

    [Fact]
    public async Task A_member_that_was_taken_out_while_it_was_away_is_not_listened_to_when_it_is_back()
    {
        await using var cluster = await Cluster.OfVotersAsync(_folder.Path, 4);
        var root = await cluster.RootAsync();
        var gone = cluster.Running.First(node => node != root).Number;
        await cluster.StopAsync(gone);
        await cluster.ChangeAsync(members => members.Without(Cluster.IdOf(gone)));
        Assert.Equal("1", await (await cluster.RootAsync()).AddAsync("a 1"));
        root = await cluster.RootAsync();
        var term = root.Group.Status.Term;
        var back = cluster.Start(gone);
        await Eventually.TrueAsync(() => back.Group.Status.IsOpen, "it is back");

        // It asks for votes for as long as it likes: several times the time after which it does.
        var until = TimeProvider.System.GetTimestamp();
        await Eventually.TrueAsync(() => TimeProvider.System.GetElapsedTime(until) > 4 * Cluster.Quick.Raft.ElectionTimeout, "time goes by");
        Assert.False(back.Group.Status.IsRoot);
        Assert.True((await cluster.RootAsync(not: gone)).Group.Status.Term - term <= 1, "it brings no new terms");
        Assert.Equal("2", await (await cluster.RootAsync(not: gone)).AddAsync("a 2"));
    }

    [Fact]
    public async Task What_a_node_without_the_role_says_and_what_is_of_another_group_is_ignored()
    {
        await using var cluster = await Cluster.OfVotersAsync(_folder.Path, 3);
        var root = await cluster.RootAsync();
        var term = root.Group.Status.Term;
        var liar = Cluster.IdOf(9);
        foreach (var (roles, group) in new[] { ("others", "notes"), ("notes", "others") })
        {
            var forged = ConsensusCodec.Encode(new ConsensusEnvelope(GroupId.Of(group), new RaftMessage.Heartbeat(term + 5, 0, 1), default, 1));
            root.Groups.Take(new FabricPeer(liar, RoleSet.From([roles]).Value), forged);
        }

        root.Groups.Take(new FabricPeer(liar, RoleSet.From(["notes"]).Value), new byte[] { 1, 2, 3 });
        var snapshot = new Proto.GroupRequest { Group = "notes", Snapshot = new Proto.SnapshotPiece() };
        var body = Google.Protobuf.MessageExtensions.ToByteArray(snapshot);
        var refused = await root.Groups.AnswerAsync(new FabricRequest(new FabricPeer(liar, RoleSet.From(["others"]).Value), body), CancellationToken.None);
        Assert.Equal(FailureKind.Forbidden, refused.Failure?.Kind);
        Assert.Equal("1", await root.AddAsync("a 1"));
        Assert.Equal(term, root.Group.Status.Term);
        Assert.True(root.Group.Status.IsRoot);
    }

    [Fact]
    public void A_clock_that_no_clock_can_show_is_no_message()
    {
        foreach (var clock in new[] { long.MinValue, -1, long.MaxValue })
        {
            Assert.Null(ConsensusCodec.Decode(ConsensusCodec.Encode(new ConsensusEnvelope(Group, new RaftMessage.TimeoutNow(1), new Instant(clock), 1))));
        }
    }

    [Fact]
    public async Task The_level_is_raised_only_when_every_member_knows_it()
    {
        NodeParts Old() => new() { Machine = () => new NotesMachine(1) };
        NodeParts New() => new() { Machine = () => new NotesMachine(2) };
        await using var cluster = await Cluster.OfVotersAsync(_folder.Path, 3, _ => Old());
        foreach (var node in new[] { 0, 1, 2 })
        {
            // A node that has just begun may not have applied anything yet.
            await Eventually.TrueAsync(() => cluster.Running.All(one => one.Group.Status.Level == 1), "all are at level 1");
            await cluster.StopAsync(node);
            cluster.Start(node, New());
            Assert.Equal($"{node + 1}", await cluster[node].AddAsync($"a {node}"));
        }

        await Eventually.TrueAsync(() => cluster.Running.All(node => node.Group.Status.Level == 2), "all are at level 2");
        await cluster.ConvergeAsync();
    }

    [Fact]
    public async Task A_node_whose_clock_is_far_ahead_is_not_voted_for()
    {
        var clock = new MovedTime();
        await using var cluster = await Cluster.OfVotersAsync(_folder.Path, 3, node => new NodeParts { Clock = node == 2 ? clock : TimeProvider.System });
        await Eventually.TrueAsync(
            async () =>
            {
                if (cluster[0].Group.Status.IsRoot)
                {
                    return true;
                }

                await (await cluster.RootAsync()).Group.TransferAsync(cluster[0].Id);
                return false;
            },
            "the first leads");
        clock.Move(TimeSpan.FromMinutes(2));
        await cluster.StopAsync(0);
        Assert.Equal(1, (await cluster.RootAsync()).Number);
    }

    [Fact]
    public async Task A_root_whose_clock_jumps_years_ahead_hands_over_and_stamps_nothing_with_that_time()
    {
        MovedTime[] clocks = [new(), new(), new()];
        await using var cluster = await Cluster.OfVotersAsync(_folder.Path, 3, node => new NodeParts { Clock = clocks[node] });
        var old = await cluster.RootAsync();
        Assert.Equal("1", await old.AddAsync("a 1"));
        clocks[old.Number].Move(TimeSpan.FromDays(3_000));
        var moved = Instant.From(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1));
        Assert.Equal("2", await old.AddAsync("a 2", new RequestId("s", 1)));
        var root = await cluster.RootAsync(not: old.Number);
        Assert.Equal("3", await old.AddAsync("a 3", new RequestId("s", 2)));
        var newest = await root.Group.ReadAsync(sql => sql.Scalar<long>("SELECT max(at) FROM notes"), cancellation: TestContext.Current.CancellationToken);
        Assert.True(newest.Value < moved.Microseconds, "no stamp is of a time that has not come");
        await cluster.ConvergeAsync();
    }
}
