using System.Text;
using Cete.Core;

namespace Cete.Accounts.Tests;

/// <summary>Who may change rights, and whose.</summary>
public sealed class GoverningTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Each act by each role, against a member: the whole table.</summary>
    [Fact]
    public async Task Who_may_do_what_is_one_table()
    {
        (string Act, string Roles)[] table =
        [
            ("set-roles", "administrator governor"), ("suspend", "administrator governor moderator"), ("resume", "administrator governor moderator"),
            ("define-role", "administrator governor"), ("remove-role", "administrator governor"), ("set-registration", "administrator governor"),
            ("close-account", "administrator governor"), ("invite", "administrator governor"),
        ];
        foreach (var role in new[] { "member", "moderator", "governor", "administrator" })
        {
            foreach (var (act, roles) in table)
            {
                using var bench = await Bench.BegunAsync();
                await bench.Ada.GovernAsync(new GovernAct.DefineRole("governor", ["accounts.*", "index.*"]));
                await bench.Ada.GovernAsync(new GovernAct.DefineRole("helper", ["index.describe"]));
                var (actor, target) = (await bench.RegisterAsync("actor", role), await bench.RegisterAsync("target"));
                if (act == "resume")
                {
                    await bench.Ada.GovernAsync(new GovernAct.Suspend(target.Id.ToString(), "noise"));
                }

                var outcome = await actor.GovernAsync(Act(act, target, bench.Now));
                Assert.True(outcome.Succeeded == roles.Split(' ').Contains(role), $"{role} {act}: {outcome.Failure}");
                Assert.True(outcome.Succeeded || outcome.Failure.Kind == FailureKind.Forbidden, $"{role} {act}: {outcome.Failure}");
                var last = (await bench.AuditAsync())[0];
                Assert.Equal(outcome.Succeeded, (last.By, last.Action) == (actor.Id, act));
            }
        }
    }

    [Fact]
    public async Task Nobody_gives_what_he_has_not()
    {
        using var bench = await Bench.BegunAsync();
        await bench.Ada.GovernAsync(new GovernAct.DefineRole("governor", [Actions.AccountsGovern, "index.*@/music"]));
        var (gil, bob) = (await bench.RegisterAsync("gil", "governor"), await bench.RegisterAsync("bob"));
        foreach (var role in new[] { RoleDefinition.Administrator, RoleDefinition.Moderator })
        {
            (await gil.GovernAsync(new GovernAct.SetRoles(bob.Id.ToString(), [role]))).Refused(FailureKind.Forbidden, "roles that may do what it may not");
            (await gil.GovernAsync(new GovernAct.SetRoles(gil.Id.ToString(), [role]))).Refused(FailureKind.Forbidden, "roles that may do what it may not");
        }

        foreach (var grant in new[] { "*", "accounts.*", "index.*", "index.move", "index.move@/video", "tracker.govern", "index.move@/musical" })
        {
            (await gil.GovernAsync(new GovernAct.DefineRole("own", [grant]))).Refused(FailureKind.Forbidden, "rights that it has not itself");
            (await gil.GovernAsync(new GovernAct.DefineRole("member", [grant]))).Refused(FailureKind.Forbidden, "rights that it has not itself");
        }

        Assert.True((await gil.GovernAsync(new GovernAct.DefineRole("dj", ["index.move@/music/new", "index.describe:own@/music"]))).Value);
        Assert.True((await gil.GovernAsync(new GovernAct.SetRoles(bob.Id.ToString(), ["dj"]))).Value);
        Assert.True((await bench.StandingAsync(bob)).Standing.May(Actions.IndexMove, new ActionTarget(null, "/music/new/a")));
        var invite = Invite(bench.Now, RoleDefinition.Moderator);
        (await gil.GovernAsync(invite)).Refused(FailureKind.Forbidden, "roles that may do what it may not");
    }

    [Fact]
    public async Task Nobody_takes_or_suspends_what_stands_above_him()
    {
        using var bench = await Bench.BegunAsync();
        await bench.Ada.GovernAsync(new GovernAct.DefineRole("governor", ["accounts.*"]));
        var gil = await bench.RegisterAsync("gil", "governor");
        var (mod, eve) = (await bench.RegisterAsync("mod", RoleDefinition.Moderator), await bench.RegisterAsync("eve", RoleDefinition.Administrator));
        foreach (var actor in new[] { gil, mod })
        {
            (await actor.GovernAsync(new GovernAct.Suspend(eve.Id.ToString(), ""))).Refused(FailureKind.Forbidden, "an account that may do what it may not");
        }

        (await gil.GovernAsync(new GovernAct.CloseAccount(mod.Id.ToString(), ""))).Refused(FailureKind.Forbidden, "an account that may do what it may not");
        (await gil.GovernAsync(new GovernAct.SetRoles(eve.Id.ToString(), []))).Refused(FailureKind.Forbidden, "roles that may do what it may not");
        (await gil.GovernAsync(new GovernAct.DefineRole(RoleDefinition.Moderator, []))).Refused(FailureKind.Forbidden, "rights that it has not itself");
        await bench.Ada.GovernAsync(new GovernAct.Suspend(eve.Id.ToString(), "away"));
        (await gil.GovernAsync(new GovernAct.Resume(eve.Id.ToString()))).Refused(FailureKind.Forbidden, "an account that may do what it may not");
    }

    [Fact]
    public async Task There_is_always_an_administrator()
    {
        using var bench = await Bench.BegunAsync();
        var (ada, self) = (bench.Ada, bench.Ada.Id.ToString());
        const string Last = "is the last administrator";
        (await ada.GovernAsync(new GovernAct.SetRoles(self, []))).Refused(FailureKind.Conflict, Last);
        (await ada.GovernAsync(new GovernAct.Suspend(self, ""))).Refused(FailureKind.Conflict, Last);
        (await ada.GovernAsync(new GovernAct.CloseAccount(self, ""))).Refused(FailureKind.Conflict, Last);
        (await ada.CloseAsync(Bench.Password)).Refused(FailureKind.Conflict, Last);

        // One that is suspended does not count.
        var eve = await bench.RegisterAsync("eve", RoleDefinition.Administrator);
        await ada.GovernAsync(new GovernAct.Suspend(eve.Id.ToString(), ""));
        (await ada.GovernAsync(new GovernAct.SetRoles(self, []))).Refused(FailureKind.Conflict, Last);
        await ada.GovernAsync(new GovernAct.Resume(eve.Id.ToString()));
        Assert.True((await ada.GovernAsync(new GovernAct.SetRoles(self, []))).Value);
        (await ada.GovernAsync(new GovernAct.SetRegistration("closed"))).Refused(FailureKind.Forbidden, "has no right");
        (await eve.CloseAsync(Bench.Password)).Refused(FailureKind.Conflict, Last);
    }

    [Fact]
    public async Task Who_is_suspended_is_a_guest_until_resumed()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob", RoleDefinition.Moderator);
        Assert.True((await bench.Ada.GovernAsync(new GovernAct.Suspend(bob.Id.ToString(), "noise"))).Value);
        Assert.False((await bench.Ada.GovernAsync(new GovernAct.Suspend(bob.Id.ToString(), "more"))).Value);
        var standing = await bench.StandingAsync(bob);
        Assert.True(standing.IsSuspended);
        Assert.Equal([Actions.IndexRead], standing.Grants.Select(grant => grant.Text));
        (await bob.GovernAsync(new GovernAct.Resume(bob.Id.ToString()))).Refused(FailureKind.Forbidden, "has no right");
        (await bench.Service.CreateInvitationAsync(bob.Id, 1, TimeSpan.FromDays(1), "", Cancel)).Refused(FailureKind.Forbidden, "has no right");
        var record = (await bench.Service.AccountAsync(bob.Id, Cancel)).Value;
        Assert.Equal(("noise", bench.Now), (record.SuspensionReason, record.SuspendedAt));
        Assert.True((await bob.LogInAsync()).Succeeded);
        Assert.True((await bench.Ada.GovernAsync(new GovernAct.Resume(bob.Id.ToString()))).Value);
        Assert.True((await bench.StandingAsync(bob)).Standing.May(Actions.IndexMove));
    }

    [Fact]
    public async Task Roles_are_made_changed_and_removed()
    {
        using var bench = await Bench.BegunAsync();
        var (ada, bob) = (bench.Ada, await bench.RegisterAsync("bob"));
        (await ada.GovernAsync(new GovernAct.SetRoles(bob.Id.ToString(), ["dj"]))).Refused(FailureKind.NotFound, "no role 'dj'");
        Assert.True((await ada.GovernAsync(new GovernAct.DefineRole("dj", ["index.move@/music"]))).Value);
        Assert.False((await ada.GovernAsync(new GovernAct.DefineRole("dj", ["index.move@/music"]))).Value);
        Assert.True((await ada.GovernAsync(new GovernAct.SetRoles(bob.Id.ToString(), ["dj"]))).Value);
        Assert.False((await ada.GovernAsync(new GovernAct.SetRoles(bob.Id.ToString(), ["member", "dj", "dj"]))).Value);
        (await ada.GovernAsync(new GovernAct.RemoveRole("dj"))).Refused(FailureKind.Conflict, "take it from them first");
        await ada.GovernAsync(new GovernAct.SetRoles(bob.Id.ToString(), []));
        Assert.True((await ada.GovernAsync(new GovernAct.RemoveRole("dj"))).Value);
        Assert.False((await ada.GovernAsync(new GovernAct.RemoveRole("dj"))).Value);
        foreach (var role in new[] { "guest", "member", "administrator" })
        {
            (await ada.GovernAsync(new GovernAct.RemoveRole(role))).Refused(FailureKind.Conflict, "always there");
        }

        (await ada.GovernAsync(new GovernAct.DefineRole("administrator", []))).Refused(FailureKind.Conflict, "cannot be changed");
        (await ada.GovernAsync(new GovernAct.DefineRole("Big Role", []))).Refused(FailureKind.Invalid, "no name of a role");
        (await ada.GovernAsync(new GovernAct.DefineRole("dj", ["dance"]))).Refused(FailureKind.Invalid, "is no right");
        (await ada.GovernAsync(new GovernAct.DefineRole("dj", ["index.move@/a/"]))).Refused(FailureKind.Invalid, "");
        (await ada.GovernAsync(new GovernAct.DefineRole("dj", ["index.move", "index.move"]))).Refused(FailureKind.Invalid, "twice");
        (await ada.GovernAsync(new GovernAct.SetRoles(bob.Id.ToString(), ["guest"]))).Refused(FailureKind.Invalid, "what everybody is");
        (await ada.GovernAsync(new GovernAct.SetRoles("bob", []))).Refused(FailureKind.Invalid, "no id of an account");
        (await ada.GovernAsync(new GovernAct.SetRoles(Ids.Account(99).ToString(), []))).Refused(FailureKind.NotFound, "there is no account");
    }

    [Fact]
    public async Task What_roles_hold_is_bounded_so_that_every_standing_is()
    {
        using var bench = await Bench.BegunAsync();
        var grants = Enumerable.Range(0, AccountsLimits.RoleGrantsMax + 1).Select(i => $"index.v{i}").ToList();
        (await bench.Ada.GovernAsync(new GovernAct.DefineRole("r", grants))).Refused(FailureKind.TooLarge, "16 is the most");
        List<string> roles = [];
        for (var i = 0; roles.Count < AccountsLimits.AccountRolesMax; i++)
        {
            roles.Add($"r{i}");
            var own = Enumerable.Range(0, AccountsLimits.RoleGrantsMax).Select(j => $"index.v{i}-{j}").ToList();
            Assert.True((await bench.Ada.GovernAsync(new GovernAct.DefineRole($"r{i}", own))).Value);
        }

        await bench.Ada.GovernAsync(new GovernAct.DefineRole("guest", [.. Enumerable.Range(0, 16).Select(j => $"guest.v{j}")]));
        await bench.Ada.GovernAsync(new GovernAct.DefineRole("member", [.. Enumerable.Range(0, 16).Select(j => $"member.v{j}")]));
        var bob = await bench.RegisterAsync("bob");
        (await bench.Ada.GovernAsync(new GovernAct.SetRoles(bob.Id.ToString(), roles))).Refused(FailureKind.TooLarge, "8 roles; 7 is the most");
        Assert.True((await bench.Ada.GovernAsync(new GovernAct.SetRoles(bob.Id.ToString(), roles[1..]))).Value);
        Assert.Equal(Standing.GrantsMax, (await bench.StandingAsync(bob)).Grants.Count);
        for (var i = (await bench.Service.RolesAsync(Cancel)).Value.Count; i < AccountsLimits.RolesMax; i++)
        {
            Assert.True((await bench.Ada.GovernAsync(new GovernAct.DefineRole($"more-{i}", []))).Value);
        }

        (await bench.Ada.GovernAsync(new GovernAct.DefineRole("one-more", []))).Refused(FailureKind.TooLarge, "64 roles, which is the most");
    }

    [Theory]
    [InlineData("*", "*", true)]
    [InlineData("*", "index.*", true)]
    [InlineData("*", "index.move:own@/a", true)]
    [InlineData("index.*", "*", false)]
    [InlineData("index.*", "index.*", true)]
    [InlineData("index.*", "index.move", true)]
    [InlineData("index.*", "indexes.move", false)]
    [InlineData("index.move", "index.*", false)]
    [InlineData("index.move", "index.move-all", false)]
    [InlineData("index.move", "index.move:own", true)]
    [InlineData("index.move:own", "index.move", false)]
    [InlineData("index.move:own", "index.move:own@/a", true)]
    [InlineData("index.move@/a", "index.move", false)]
    [InlineData("index.move@/a", "index.move@/a", true)]
    [InlineData("index.move@/a", "index.move@/a/b", true)]
    [InlineData("index.move@/a", "index.move@/ab", false)]
    [InlineData("index.move@/a/b", "index.move@/a", false)]
    [InlineData("index.*:own@/a", "index.move:own@/a/b", true)]
    [InlineData("index.*:own@/a", "index.move@/a/b", false)]
    [InlineData("*:own", "*", false)]
    [InlineData("*@/a", "*", false)]
    public void A_right_covers_narrower_ones_alone(string own, string other, bool covers) =>
        Assert.Equal(covers, Standings.Covers([Grant.Of("tracker.own-node"), Grant.Of(own)], [Grant.Of("tracker.own-node"), Grant.Of(other)]));

    [Fact]
    public async Task Nothing_of_people_s_words_stands_in_the_audit_but_what_was_said_on_purpose()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        await bench.Ada.GovernAsync(new GovernAct.Suspend(bob.Id.ToString(), "noise at night"));
        var entry = (await bench.AuditAsync())[0];
        Assert.Equal(
            (bench.Ada.Id, "suspend", bob.Id.ToString(), "noise at night", bench.Now), (entry.By, entry.Action, entry.Target, entry.Note, entry.At));
        (await bench.Ada.GovernAsync(new GovernAct.Suspend(bob.Id.ToString(), "line\nline"))).Refused(FailureKind.Invalid, "control");
        (await bench.Ada.GovernAsync(new GovernAct.Suspend(bob.Id.ToString(), new string('x', 201)))).Refused(FailureKind.TooLarge, "200 is the most");
    }

    private static GovernAct Act(string name, Person target, Instant now) => name switch
    {
        "set-roles" => new GovernAct.SetRoles(target.Id.ToString(), ["helper"]),
        "suspend" => new GovernAct.Suspend(target.Id.ToString(), "noise"),
        "resume" => new GovernAct.Resume(target.Id.ToString()),
        "define-role" => new GovernAct.DefineRole("reader", [Actions.IndexRead]),
        "remove-role" => new GovernAct.RemoveRole("helper"),
        "set-registration" => new GovernAct.SetRegistration("closed"),
        "close-account" => new GovernAct.CloseAccount(target.Id.ToString(), "left"),
        _ => Invite(now, "helper"),
    };

    private static GovernAct.Invite Invite(Instant now, string role) =>
        new([1, 2, 3, 4, 5, 6, 7, 8], Hash256.Of(Encoding.UTF8.GetBytes("secret")).ToArray(), [role], 1, (now + TimeSpan.FromDays(1)).Microseconds, "");
}
