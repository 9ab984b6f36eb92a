using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Cete.Consensus;
using Cete.Core;
using Cete.Groups.Tests.Support;
using Cete.Testing;

namespace Cete.Groups.Tests.Replicas;

/// <summary>Several replicas of a group: who writes where, who reads where, and what happens when the root goes.</summary>
public sealed class ClusterTests : IDisposable
{
    private readonly Workspace _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_written_on_any_node_is_read_on_any_other_at_once()
    {
        await using var cluster = await Cluster.OfVotersAsync(_folder.Path, 3);
        for (var i = 0; i < 12; i++)
        {
            Assert.Equal($"{i + 1}", await cluster[i % 3].AddAsync($"a {i}"));
            Assert.Equal(i + 1, (await cluster[(i + 1) % 3].NotesAsync()).Count);
        }

        await cluster.ConvergeAsync();
    }

    [Fact]
    public async Task When_the_root_stops_the_others_elect_one_and_nothing_answered_is_lost_or_done_twice()
    {
        await using var cluster = await Cluster.OfVotersAsync(_folder.Path, 3);
        var root = await cluster.RootAsync();
        using var enough = new CancellationTokenSource();
        var others = cluster.Running.Where(node => node != root).ToArray();
        ConcurrentDictionary<string, long> answered = new();
        var writers = Enumerable.Range(0, 4).Select(writer => WriteAsync(others[writer % 2], $"w{writer}", answered, enough.Token)).ToArray();
        await Eventually.TrueAsync(() => answered.Values.Sum() > 40, "some are written");
        await cluster.StopAsync(root.Number);
        var before = answered.Values.Sum();
        await Eventually.TrueAsync(() => answered.Values.Sum() > before + 40, "writing goes on");
        enough.Cancel();
        await Task.WhenAll(writers);

        cluster.Start(root.Number);
        await cluster.ConvergeAsync();
        var notes = await cluster[root.Number].NotesAsync();
        Assert.All(answered, writer => Assert.Equal(
            Enumerable.Range(1, (int)writer.Value).Select(i => $"{writer.Key} {i}"),
            notes.Where(note => note.StartsWith(writer.Key + " ", StringComparison.Ordinal))));
        Assert.Equal(answered.Values.Sum(), notes.Count);
    }

    [Fact]
    public async Task A_root_that_is_cut_off_steps_down_and_its_clients_are_answered_by_the_others_after_the_heal()
    {
        await using var cluster = await Cluster.OfVotersAsync(_folder.Path, 3);
        var old = await cluster.RootAsync();
        await old.AddAsync("a 1");
        cluster.Network.CutOff(old.Id);
        var lost = old.SendAsync("a 2", new RequestId("s", 1));
        var root = await cluster.RootAsync(not: old.Number);
        Assert.Equal("2", await root.AddAsync("a b"));
        await Eventually.TrueAsync(() => !old.Group.Status.IsRoot, "it has stepped down");
        var readOld = old.Group.ReadAsync(sql => sql.Scalar<long>("SELECT count(*) FROM notes"), cancellation: TestContext.Current.CancellationToken);
        cluster.Network.Heal();
        Assert.Equal("3", GroupHost.Text(await lost));
        Assert.InRange((await readOld).Value, 2, 3);
        await cluster.ConvergeAsync();
        Assert.Equal(["a 1", "a b", "a 2"], await old.NotesAsync());
    }

    [Fact]
    public async Task A_repeated_id_gets_the_first_answer_on_every_node_and_is_refused_with_another_body()
    {
        await using var cluster = await Cluster.OfVotersAsync(_folder.Path, 3);
        var id = new RequestId("s", 1);
        Assert.Equal("1", await cluster[1].AddAsync("a x", id));
        Assert.Equal("1", await cluster[2].AddAsync("a x", id));
        Assert.Equal(FailureKind.Conflict, GroupHost.KindOf(await cluster[2].SendAsync("a y", id)));
        var root = await cluster.RootAsync();
        await cluster.StopAsync(root.Number);
        var left = cluster.Running.First();
        Assert.Equal("1", await left.AddAsync("a x", id));
        Assert.Equal(FailureKind.Conflict, GroupHost.KindOf(await left.SendAsync("a y", id)));
    }

    [Fact]
    public async Task A_command_that_is_too_large_is_refused_wherever_it_is_handed_in()
    {
        await using var cluster = await Cluster.OfVotersAsync(_folder.Path, 3);
        var text = new string('x', Limits.CommandBytesMax);
        foreach (var node in cluster.Running)
        {
            Assert.Equal(FailureKind.TooLarge, (await node.SendAsync(text)).Failure?.Kind);
        }

        Assert.Equal("1", await cluster[1].AddAsync("a 1"));
        await cluster.ConvergeAsync();
    }

    [Fact]
    public async Task The_root_hands_over_and_writing_goes_on()
    {
        await using var cluster = await Cluster.OfVotersAsync(_folder.Path, 3);
        var root = await cluster.RootAsync();
        var next = cluster.Running.First(node => node != root);
        Assert.Equal(FailureKind.Invalid, (await root.Group.TransferAsync(Cluster.IdOf(9), TestContext.Current.CancellationToken)).Failure?.Kind);


        // Asked elsewhere, the root is asked; it is the one already.
        Assert.True((await next.Group.TransferAsync(root.Id, TestContext.Current.CancellationToken)).Succeeded);
        await Eventually.TrueAsync(
            async () =>
            {
                if (next.Group.Status.IsRoot)
                {
                    return true;
                }

                await (await cluster.RootAsync()).Group.TransferAsync(next.Id);
                return false;
            },
            "it is the root");
        Assert.Equal("1", await root.AddAsync("a 1"));
        await cluster.ConvergeAsync();
    }

    [Fact]
    public async Task Two_groups_on_the_same_nodes_have_roots_of_their_own()
    {
        await using var cluster = new Cluster(_folder.Path, 2, node => new NodeParts
        {
            Groups = ["notes", "others"],
            Founds = [node == 0 ? "notes" : "others"],
        });
        foreach (var (group, root) in new[] { ("notes", 0), ("others", 1) })
        {
            await Eventually.TrueAsync(() => cluster[root][group].Status.IsRoot, $"{group} begins where it is founded");
            var members = Members.Sole(Cluster.IdOf(root)).WithLearner(Cluster.IdOf(1 - root));
            await Eventually.TrueAsync(async () => (await cluster[root][group].ChangeMembersAsync(members)).Succeeded, "the change is taken up");
            await Eventually.TrueAsync(() => cluster[1 - root][group].Status.Root == Cluster.IdOf(root), "the other node follows");
        }

        foreach (var (group, node) in new[] { ("notes", 1), ("others", 0) })
        {
            var command = new ClientCommand("add", Encoding.UTF8.GetBytes($"{group} x"), Asker.Local);
            var added = await cluster[node][group].SubmitAsync(command, TestContext.Current.CancellationToken);
            Assert.Equal("1", GroupHost.Text(added));
            var read = await cluster[1 - node][group].ReadAsync(
                sql => sql.Scalar<string>("SELECT text FROM notes"), cancellation: TestContext.Current.CancellationToken);
            Assert.Equal($"{group} x", read.Value);
        }

        Assert.True(cluster[0]["notes"].Status.IsRoot && cluster[1]["others"].Status.IsRoot);
    }

    internal static async Task WriteAsync(ClusterNode node, string name, ConcurrentDictionary<string, long> answered, CancellationToken cancellation)
    {
        answered[name] = 0;
        for (var i = 1; !cancellation.IsCancellationRequested; i++)
        {
            string? reply = null;
            while (reply is null)
            {
                var sent = await node.SendAsync(string.Create(CultureInfo.InvariantCulture, $"{name} {i}"), new RequestId(name, i));
                reply = sent.Succeeded ? GroupHost.Text(sent) : null;
            }

            Assert.Equal($"{i}", reply);
            answered[name] = i;
        }
    }
}
