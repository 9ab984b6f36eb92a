using Cete.Core;
using Cete.Groups.Tests.Support;

namespace Cete.Groups.Tests.Real;

/// <summary>DESIGN.md §5, exactly once for clients.</summary>
public sealed class SessionTests : IDisposable
{
    private readonly Workspace _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_repeated_id_gets_the_first_answer_and_is_carried_out_once_also_across_a_restart()
    {
        Outcome<CommandReply> first;
        await using (var host = GroupHost.Open(_folder.Path))
        {
            first = await host.SendAsync("add", "a one", new RequestId("s", 1));
            Assert.Equal("2", await host.AddAsync("a two", new RequestId("s", 2)));
            await AssertRepeatedAsync(host, first.Value);
        }

        await using var again = GroupHost.Open(_folder.Path);
        await AssertRepeatedAsync(again, first.Value);
        Assert.Equal(["a one", "a two"], await again.NotesAsync());
    }

    [Fact]
    public async Task Repeats_that_overtake_the_first_answer_get_it_too()
    {
        await using var host = GroupHost.Open(_folder.Path);
        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => host.SendAsync("add", "a", new RequestId("s", 1))));
        Assert.All(replies, reply => Assert.Equal(replies[0].Value.Index, reply.Value.Index));
        Assert.All(replies, reply => Assert.Equal("1", GroupHost.Text(reply)));
        Assert.Single(await host.NotesAsync());
        Assert.Single((await host.FeedAsync(0)).Events);
    }

    [Fact]
    public async Task Another_command_under_the_same_id_is_a_conflict()
    {
        await using var host = GroupHost.Open(_folder.Path);
        await host.AddAsync("a one", new RequestId("s", 1));
        Assert.Equal(FailureKind.Conflict, GroupHost.KindOf(await host.SendAsync("add", "a two", new RequestId("s", 1))));
        Assert.Equal(FailureKind.Conflict, GroupHost.KindOf(await host.SendAsync("emit", "a one", new RequestId("s", 1))));
        Assert.Equal(["a one"], await host.NotesAsync());
    }

    [Fact]
    public async Task What_one_account_was_answered_another_one_is_not_told()
    {
        await using var host = GroupHost.Open(_folder.Path);
        await host.AddAsync("a", new RequestId("s", 1));
        var stranger = new ClientCommand("add", "a"u8.ToArray(), new Asker("mallory", []), new RequestId("s", 1));
        var reply = await host.Group.SubmitAsync(stranger, TestContext.Current.CancellationToken);
        Assert.Equal(FailureKind.Conflict, GroupHost.KindOf(reply));
    }

    [Fact]
    public async Task Roles_that_changed_meanwhile_are_no_conflict()
    {
        await using var host = GroupHost.Open(_folder.Path);
        await host.AddAsync("a", new RequestId("s", 1));
        var same = new ClientCommand("add", "a"u8.ToArray(), Asker.Local with { Roles = [] }, new RequestId("s", 1));
        Assert.Equal("1", GroupHost.Text(await host.Group.SubmitAsync(same, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task Only_the_last_1024_are_remembered()
    {
        await using var host = GroupHost.Open(_folder.Path);
        await Task.WhenAll(Enumerable.Range(1, 1_025).Select(i => host.SendAsync("add", $"a {i}", new RequestId("s", i))));
        Assert.Equal(FailureKind.Expired, GroupHost.KindOf(await host.SendAsync("add", "a 1", new RequestId("s", 1))));
        Assert.Equal("2", await host.AddAsync("a 2", new RequestId("s", 2)));
        Assert.Equal("1025", await host.AddAsync("a 1025", new RequestId("s", 1_025)));
        Assert.Equal(1_024, await host.ScalarAsync<long>("SELECT count(*) FROM cete_replies"));
        Assert.Equal(1_025, (await host.NotesAsync()).Count);
    }

    [Fact]
    public async Task A_sequence_that_was_passed_over_is_carried_out_within_the_window_and_expired_behind_it()
    {
        await using var host = GroupHost.Open(_folder.Path);
        await host.AddAsync("a", new RequestId("s", 1));
        await host.AddAsync("b", new RequestId("s", 2_000));
        Assert.Equal("1", await host.AddAsync("c", new RequestId("s", 977)));
        Assert.Equal("1", await host.AddAsync("c", new RequestId("s", 977)));
        Assert.Equal(FailureKind.Expired, GroupHost.KindOf(await host.SendAsync("add", "d", new RequestId("s", 976))));
        Assert.Equal(["a", "b", "c"], await host.NotesAsync());
    }

    [Fact]
    public async Task A_session_that_is_not_known_begins_with_1()
    {
        await using var host = GroupHost.Open(_folder.Path);
        Assert.Equal(FailureKind.Expired, GroupHost.KindOf(await host.SendAsync("add", "a", new RequestId("s", 2))));
        Assert.Empty(await host.NotesAsync());
        Assert.Equal("1", await host.AddAsync("a", new RequestId("s", 1)));
        Assert.Equal("2", await host.AddAsync("a", new RequestId("s", 2)));
    }

    [Fact]
    public async Task A_session_idle_for_7_days_of_stamped_time_is_dropped_and_a_used_one_is_not()
    {
        var clock = new MovedTime();
        await using var host = GroupHost.Open(_folder.Path, new HostParts { Clock = clock });
        await host.AddAsync("a", new RequestId("idle", 1));
        await host.AddAsync("a", new RequestId("used", 1));
        clock.Move(TimeSpan.FromDays(6));
        await host.AddAsync("a", new RequestId("used", 2));
        clock.Move(TimeSpan.FromDays(1.1));

        // Old sessions are looked for once in 1,024 entries.
        await Task.WhenAll(Enumerable.Range(0, 1_024).Select(_ => host.SendAsync("emit", "0")));
        Assert.Equal(FailureKind.Expired, GroupHost.KindOf(await host.SendAsync("add", "a", new RequestId("idle", 2))));
        Assert.Equal("3", await host.AddAsync("a", new RequestId("used", 2)));
        Assert.Equal(1, await host.ScalarAsync<long>("SELECT count(*) FROM cete_sessions"));
        Assert.Equal(2, await host.ScalarAsync<long>("SELECT count(*) FROM cete_replies"));
    }

    [Fact]
    public async Task A_failure_undoes_its_writes_and_events_and_is_remembered()
    {
        await using (var host = GroupHost.Open(_folder.Path))
        {
            Assert.Equal("Forbidden: no a", await host.AddThenFailAsync("a", new RequestId("s", 1)));
            Assert.Equal("Forbidden: no a", await host.AddThenFailAsync("a", new RequestId("s", 1)));
            Assert.Equal("Forbidden: no b", await host.AddThenFailAsync("b", null));
            Assert.Empty(await host.NotesAsync());
            Assert.Empty((await host.FeedAsync(0)).Events);
            Assert.Equal("1", await host.AddAsync("c", new RequestId("s", 2)));
        }

        await using var again = GroupHost.Open(_folder.Path);
        Assert.Equal("Forbidden: no a", await again.AddThenFailAsync("a", new RequestId("s", 1)));
        Assert.Equal(["c"], await again.NotesAsync());
        Assert.Single((await again.FeedAsync(0)).Events);
    }

    private static async Task AssertRepeatedAsync(GroupHost host, CommandReply first)
    {
        var repeated = await host.SendAsync("add", "a one", new RequestId("s", 1));
        Assert.Equal("1", GroupHost.Text(repeated));
        Assert.Equal(first.Index, repeated.Value.Index);
    }
}
