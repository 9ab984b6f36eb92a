using Cete.Core;
using Cete.Groups;
using Cete.Ports;
using Cete.Testing;

namespace Cete.Accounts.Tests;

/// <summary>Who asks, as a node knows it that is the root of a group: whatever those say that hand commands in.</summary>
public sealed class StandingBookTests
{
    private static readonly GroupId Index = GroupId.Of("index");
    private static readonly GroupId Tracker = GroupId.Of("tracker");
    private static readonly FabricPeer Peer = new(KeyId.Of("peer"u8), RoleSet.From(["index", "tracker"]).Value);
    private static readonly Asker Everything = Asker.Local with { Account = "anybody" };

    [Fact]
    public async Task Until_the_accounts_were_read_nobody_may_do_anything()
    {
        using var bench = await Bench.BegunAsync();
        var book = new StandingBook(() => true);
        Assert.False(book.IsKnown);
        Assert.Empty(book.Guest.Grants);
        Assert.Equal(FailureKind.Unavailable, book.Stamp(Index, Asker.Of(bench.Ada.Id), null).Failure?.Kind);
        Assert.Equal(FailureKind.Unavailable, book.Stamp(Index, new Asker(string.Empty, []), null).Failure?.Kind);
        await using var read = Reading.Of(bench, book);
        Assert.True(book.Stamp(Index, Asker.Of(bench.Ada.Id), null).Value.Standing.May(Actions.AccountsGovern));
        Assert.Equal([Actions.IndexRead], book.Stamp(Index, new Asker(string.Empty, []), null).Value.Grants.Select(grant => grant.Text));
    }

    [Fact]
    public async Task What_somebody_may_do_is_what_the_accounts_say_whatever_was_handed_in()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        var book = new StandingBook(() => true);
        await using var read = Reading.Of(bench, book);
        foreach (var from in new[] { null, Peer })
        {
            var claimed = Asker.Of(bob.Id) with { Roles = [RoleDefinition.Administrator] };
            var stamped = book.Stamp(Index, claimed, from).Value;
            Assert.Equal([RoleDefinition.Member], stamped.Roles);
            Assert.False(stamped.Standing.May(Actions.IndexMove, new ActionTarget("another", "/")));

            // Rights that are handed in are those of a token: they take away, and never add.
            var token = book.Stamp(Index, claimed with { Grants = [Grant.Of(Actions.IndexRead), Grant.Of("accounts.govern")] }, from).Value;
            Assert.Equal([Actions.IndexRead], token.Grants.Select(grant => grant.Text));
        }

        await bench.Ada.GovernAsync(new GovernAct.Suspend(bob.Id.ToString(), ""));
        read.Again();
        await Eventually.TrueAsync(() => !book.Stamp(Index, Asker.Of(bob.Id), null).Value.Standing.MayAnywhere(Actions.IndexFile), "a suspension counts");
        await bench.Ada.GovernAsync(new GovernAct.Resume(bob.Id.ToString()));
        await bench.Ada.GovernAsync(new GovernAct.DefineRole(RoleDefinition.Member, [Actions.IndexDescribe]));
        read.Again();
        await Eventually.TrueAsync(() => book.Stamp(Index, Asker.Of(bob.Id), null).Value.Standing.May(Actions.IndexDescribe), "a role means what it means now");
        await bob.CloseAsync(Bench.Password);
        read.Again();
        await Eventually.TrueAsync(() => !book.Stamp(Index, Asker.Of(bob.Id), null).Succeeded, "a closed account asks for nothing");
    }

    [Fact]
    public async Task Another_node_asks_in_its_own_name_with_the_roles_it_has_or_for_accounts()
    {
        using var bench = await Bench.BegunAsync();
        var book = new StandingBook(() => true);
        await using var read = Reading.Of(bench, book);
        var own = new Asker(Peer.Id.ToString(), ["index"]) { Grants = [Grant.All] };
        Assert.Equal((own.Account, 0), (book.Stamp(Index, own, Peer).Value.Account, book.Stamp(Index, own, Peer).Value.Grants.Count));
        Assert.Equal(FailureKind.Forbidden, book.Stamp(Index, own with { Roles = ["accounts"] }, Peer).Failure?.Kind);
        Assert.Equal(FailureKind.Forbidden, book.Stamp(Index, own with { Account = KeyId.Of("other"u8).ToString() }, Peer).Failure?.Kind);
        Assert.Equal(FailureKind.Forbidden, book.Stamp(Index, Asker.Local, Peer).Failure?.Kind);
        Assert.Equal(FailureKind.Forbidden, book.Stamp(Index, Everything, Peer).Failure?.Kind);
        Assert.Equal(FailureKind.Forbidden, book.Stamp(Tracker, Everything, Peer).Failure?.Kind);

        // The administrator's proof is checked by the node that keeps the roster, and hands the command in.
        Assert.Equal(Asker.Local, book.Stamp(Tracker, Asker.Local, Peer).Value);
    }

    [Fact]
    public void In_a_community_without_accounts_whoever_is_at_a_node_may_do_everything_there()
    {
        var book = new StandingBook(() => false);
        Assert.Equal(Asker.Local, book.Stamp(Index, Asker.Local, Peer).Value);
        Assert.Equal(Asker.Local, book.Stamp(Index, Asker.Local, null).Value);
    }

    /// <summary>A book that follows; each time it is told to, it reads once more.</summary>
    private sealed class Reading : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private TaskCompletionSource _more = new();
        private Task _following = Task.CompletedTask;

        /// <summary>Tables in memory answer at once, so all of it was read once when this returns.</summary>
        public static Reading Of(Bench bench, StandingBook book)
        {
            var reading = new Reading();
            reading._following = book.FollowAsync(
                (since, stop) => bench.Service.StandingsAsync(since, stop), stop => reading._more.Task.WaitAsync(stop), reading._stop.Token);
            return reading;
        }

        public void Again()
        {
            var now = _more;
            _more = new TaskCompletionSource();
            now.SetResult();
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _following;
            _stop.Dispose();
        }
    }
}
