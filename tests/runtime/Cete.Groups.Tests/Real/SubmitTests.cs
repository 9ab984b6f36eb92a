using Cete.Core;
using Cete.Groups.Tests.Support;

namespace Cete.Groups.Tests.Real;

public sealed class SubmitTests : IDisposable
{
    private readonly Workspace _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_answered_command_is_durable_applied_and_in_order()
    {
        await using (var host = GroupHost.Open(_folder.Path))
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => host.SendAsync("add", $"w {i}")));
            Assert.All(replies, (reply, i) => Assert.Equal($"{i + 1}", GroupHost.Text(reply)));
            Assert.True(replies.Zip(replies.Skip(1)).All(pair => pair.First.Value.Index < pair.Second.Value.Index));
            Assert.Equal(Enumerable.Range(0, 200).Select(i => $"w {i}"), await host.NotesAsync());
            Assert.Empty(host.Failures);
        }

        using (var log = GroupHost.OpenLog(_folder.Path))
        {
            // The opening entry, the one that raises the level, and the commands.
            Assert.Equal(202, log.Bounds(GroupId.Of("notes")).Last);
        }

        await using var again = GroupHost.Open(_folder.Path);
        Assert.Equal("201", await again.AddAsync("w 200"));
        Assert.Equal(201, (await again.NotesAsync()).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task What_is_derived_from_the_tables_is_dropped_with_what_a_failed_command_wrote(int atOnce)
    {
        // Alone in a batch a command has no savepoint; behind others it has one.
        await using var host = GroupHost.Open(_folder.Path);
        Assert.Equal("a", GroupHost.Text(await host.SendAsync("keep", "a")));
        Assert.Equal("a b", GroupHost.Text(await host.SendAsync("keep", "b")));
        var failed = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => host.SendAsync("keep-then-fail", "c")));
        Assert.All(failed, reply => Assert.Equal(FailureKind.Forbidden, GroupHost.KindOf(reply)));
        Assert.Equal("d", GroupHost.Text(await host.SendAsync("keep", "d")));
        Assert.Equal("d e", GroupHost.Text(await host.SendAsync("keep", "e")));
    }

    [Fact]
    public async Task Nothing_is_answered_before_it_is_synced()
    {
        FaultyLog? log = null;
        await using var host = GroupHost.Open(_folder.Path, new HostParts { Log = real => log = new FaultyLog(() => real) });
        await host.AddAsync("a 1");
        log!.Hold();
        var waiting = host.SendAsync("add", "a 2");
        var read = await host.NotesAsync();
        Assert.Equal(["a 1"], read);
        Assert.False(waiting.IsCompleted);
        log.LetGo();
        Assert.Equal("2", GroupHost.Text(await waiting));
    }

    [Fact]
    public async Task A_command_is_bounded()
    {
        await using var host = GroupHost.Open(_folder.Path);
        var tooLarge = await host.SendAsync("add", new string('x', Limits.CommandBytesMax));
        Assert.Equal(FailureKind.TooLarge, tooLarge.Failure?.Kind);
        Assert.Equal("1", await host.AddAsync(new string('x', Limits.CommandBytesMax - 1_000)));
        Assert.Single(await host.NotesAsync());
    }

    [Fact]
    public async Task A_request_id_is_checked()
    {
        await using var host = GroupHost.Open(_folder.Path);
        foreach (var id in new RequestId[] { new("", 1), new("a b", 1), new(new string('s', 65), 1), new("s", 0), new("s", -1) })
        {
            Assert.Equal(FailureKind.Invalid, (await host.SendAsync("add", "x", id)).Failure?.Kind);
        }
    }

    [Fact]
    public async Task More_than_the_bound_of_proposals_is_refused_as_overloaded()
    {
        FaultyLog? log = null;
        await using var host = GroupHost.Open(_folder.Path, new HostParts { Log = real => log = new FaultyLog(() => real) });
        await host.AddAsync("a first");
        log!.Hold();
        var sent = Enumerable.Range(0, Limits.ProposalsMax + 500).Select(i => host.SendAsync("add", $"a {i}")).ToList();

        // Everything was handed in before this, so the answers of those too many are there when its answer is.
        var last = await host.SendAsync("add", "a last");
        Assert.Equal(FailureKind.Unavailable, last.Failure?.Kind);
        log.LetGo();
        var replies = await Task.WhenAll(sent);
        Assert.Equal(Limits.ProposalsMax, replies.Count(reply => reply.Succeeded));
        Assert.All(replies.Skip(Limits.ProposalsMax), reply => Assert.Equal(FailureKind.Unavailable, reply.Failure?.Kind));
        Assert.Equal(Limits.ProposalsMax + 1, (await host.NotesAsync()).Count);
        Assert.Equal($"{Limits.ProposalsMax + 2}", await host.AddAsync("a after"));
    }

    [Fact]
    public async Task Far_more_requests_than_the_mailbox_holds_do_not_stop_the_group()
    {
        await using var host = GroupHost.Open(_folder.Path);
        var senders = Enumerable.Range(0, 4).Select(s => Task.Run(() => SendMany(host, s)));
        var replies = await Task.WhenAll((await Task.WhenAll(senders)).SelectMany(tasks => tasks));
        Assert.All(replies.Where(reply => !reply.Succeeded), reply => Assert.Equal(FailureKind.Unavailable, reply.Failure?.Kind));
        Assert.DoesNotContain(replies, reply => reply.Failure?.Message.Contains("gave no answer", StringComparison.Ordinal) == true);
        Assert.Equal(replies.Count(reply => reply.Succeeded), (await host.NotesAsync()).Count);
        await host.AddAsync("after all");
    }

    [Fact]
    public async Task Stopping_answers_all_that_is_under_way()
    {
        FaultyLog? log = null;
        var host = GroupHost.Open(_folder.Path, new HostParts { Log = real => log = new FaultyLog(() => real) });
        await host.AddAsync("a first");
        log!.Hold();
        var sent = Enumerable.Range(0, 2_000).Select(i => host.SendAsync("add", $"a {i}")).ToList();
        var waiting = host.Group.WaitForAppliedAsync(long.MaxValue - 1, CancellationToken.None);
        var stopping = host.StopSystemAsync();
        sent.AddRange(Enumerable.Range(0, 2_000).Select(i => host.SendAsync("add", $"a {i}")));
        log.LetGo();
        await stopping;
        var replies = await Task.WhenAll(sent).WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.All(replies.Where(reply => !reply.Succeeded), reply => Assert.Equal(FailureKind.Unavailable, reply.Failure?.Kind));
        await Assert.ThrowsAsync<Cete.Actors.ActorStoppedException>(() => waiting);
        Assert.Equal(FailureKind.Unavailable, (await host.SendAsync("add", "late")).Failure?.Kind);
        Assert.False(host.Group.Status.IsRoot);
        await host.DisposeAsync();

        await using var again = GroupHost.Open(_folder.Path);
        var notes = await again.NotesAsync();
        Assert.True(notes.Count > replies.Count(reply => reply.Succeeded));
    }

    [Theory]
    [InlineData("log")]
    [InlineData("notes-reader-0")]
    public async Task Every_group_name_can_be_used(string name)
    {
        await using var host = GroupHost.Open(_folder.Path);
        var other = host.Groups.Start(GroupId.Of(name), new NotesMachine());
        var reply = await other.SubmitAsync(new ClientCommand("add", "x"u8.ToArray(), Asker.Local), TestContext.Current.CancellationToken);
        Assert.Equal("1", GroupHost.Text(reply));
        Assert.Equal("1", await host.AddAsync("x"));
    }

    [Fact]
    public async Task A_bug_of_the_service_stops_its_group_and_no_other()
    {
        await using var host = GroupHost.Open(_folder.Path);
        var other = host.Groups.Start(GroupId.Of("other"), new NotesMachine());
        var bug = await host.SendAsync("bug", "x");
        Assert.Equal(FailureKind.Unavailable, bug.Failure?.Kind);
        Assert.NotNull(host.Group.Status.Failure);
        Assert.Equal(FailureKind.Unavailable, (await host.SendAsync("add", "x")).Failure?.Kind);
        Assert.Single(host.Failures);
        var reply = await other.SubmitAsync(new ClientCommand("add", "x"u8.ToArray(), Asker.Local), TestContext.Current.CancellationToken);
        Assert.Equal("1", GroupHost.Text(reply));
    }

    private static List<Task<Outcome<CommandReply>>> SendMany(GroupHost host, int sender) =>
        [.. Enumerable.Range(0, 60_000).Select(i => host.SendAsync("add", $"{sender} {i}"))];
}
