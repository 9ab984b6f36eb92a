using Cete.Core;
using Cete.Groups;

namespace Cete.Accounts.Tests;

/// <summary>Logging in and out, tokens, and what a secret is worth.</summary>
public sealed class SessionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_lasts_until_it_is_ended_or_its_time_is_over()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        var (one, two) = ((await bob.LogInAsync()).Value, (await bob.LogInAsync(days: 1)).Value);
        Assert.StartsWith("cete_s_", one.Secret, StringComparison.Ordinal);
        Assert.Equal((bob.Id, "bob", "The bob"), (one.Account.Id, one.Account.Name, one.Account.DisplayName));
        Assert.Equal(59, one.Secret.Length);
        var facts = (await bench.Service.SessionAsync(one.Secret, Cancel)).Value;
        Assert.Equal((bob.Id, one.Session.Id, SessionKind.Browser), (facts.Account, facts.Session, facts.Kind));
        Assert.Equal(bench.Now + TimeSpan.FromDays(30), facts.ExpiresAt);
        Assert.True((await bench.Service.LogOutAsync(one.Secret, Cancel)).Value);
        const string Over = "the session is over, or was never there; log in again";
        (await bench.Service.SessionAsync(one.Secret, Cancel)).Refused(FailureKind.Unauthenticated, Over);
        (await bench.Service.LogOutAsync(one.Secret, Cancel)).Refused(FailureKind.Unauthenticated, Over);
        Assert.True((await bench.Service.SessionAsync(two.Secret, Cancel)).Succeeded);
        bench.Wait(TimeSpan.FromDays(1));
        (await bench.Service.SessionAsync(two.Secret, Cancel)).Refused(FailureKind.Unauthenticated, Over);
        foreach (var secret in new[] { "", "x", SessionSecret.Create(SessionKind.Browser), one.Secret + "a", one.Secret[..^1], "cete_x_" + one.Secret[7..] })
        {
            (await bench.Service.SessionAsync(secret, Cancel)).Refused(FailureKind.Unauthenticated, Over);
        }
    }

    [Fact]
    public async Task Unknown_wrong_without_password_and_closed_are_one_failure()
    {
        using var bench = await Bench.BegunAsync();
        var (bob, carol) = (await bench.RegisterAsync("bob"), await bench.RegisterAsync("carol"));
        Assert.True((await carol.CloseAsync(Bench.Password)).Value);
        Failure?[] failures =
        [
            (await bob.LogInAsync("wrong password")).Failure, (await bench.NewPerson("nobody").LogInAsync()).Failure, (await carol.LogInAsync()).Failure,
            (await bench.NewPerson("no/name").LogInAsync()).Failure, (await bob.LogInAsync("\u0000")).Failure, (await bob.LogInAsync("")).Failure,
            (await bob.LogInAsync(new string('x', 100_000))).Failure,
        ];
        Assert.All(failures, failure => Assert.Equal(new Failure(FailureKind.Unauthenticated, "name or password is wrong"), failure));
    }

    [Fact]
    public async Task Names_and_passwords_count_in_whatever_form_they_are_typed()
    {
        using var bench = await Bench.BegunAsync();
        var person = bench.NewPerson("Zoë");
        Assert.True((await bench.Service.RegisterAsync(person.NewAccount(password: "crème brûlée 12"), null, Cancel)).Succeeded);
        var typed = person.LogIn("cre\u0300me\u00A0bru\u0302le\u0301e 12") with { Name = "zoe\u0308", Kind = SessionKind.Terminal };
        Assert.True((await bench.Service.LogInAsync(typed, Bench.Node, Cancel)).Succeeded);
    }

    [Fact]
    public async Task Only_nodes_open_sessions_and_accounts_their_own_tokens()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        foreach (var asker in new[] { Asker.Of(bob.Id), new Asker("", []), new Asker(bench.Ada.Id.ToString(), ["accounts", "administrator"]) })
        {
            (await bench.Service.LogInAsync(bob.LogIn(), asker, Cancel)).Refused(FailureKind.Forbidden, "for nodes");
        }

        (await bob.LogInAsync(kind: SessionKind.Token)).Refused(FailureKind.Invalid, "a token is made by an account");
        var secret = (await bench.Service.CreateTokenAsync(bob.Id, "backup", [Grant.Of(Actions.IndexRead)], TimeSpan.FromDays(300), Cancel)).Value;
        Assert.StartsWith("cete_t_", secret, StringComparison.Ordinal);
        var facts = (await bench.Service.SessionAsync(secret, Cancel)).Value;
        Assert.Equal((SessionKind.Token, Actions.IndexRead), (facts.Kind, Assert.Single(facts.Grants).Text));
        (await bench.Service.CreateTokenAsync(bob.Id, "", [], TimeSpan.FromDays(400), Cancel)).Refused(FailureKind.Invalid, "366 days");
        (await bench.Service.CreateTokenAsync(Ids.Account(9), "", [], TimeSpan.FromDays(4), Cancel)).Refused(FailureKind.NotFound, "no account");
        var command = bench.Group.Commands.Last(c => c.Type == "OpenSession");
        var taken = (await bench.Group.SubmitAsync(command with { Asker = Asker.Of(bench.Ada.Id) }, Cancel)).Value.Result;
        taken.Refused(FailureKind.Forbidden, "for nodes");
    }

    [Fact]
    public async Task Sessions_are_ended_by_their_owner_alone()
    {
        using var bench = await Bench.BegunAsync();
        var (bob, eve) = (await bench.RegisterAsync("bob"), await bench.RegisterAsync("eve"));
        var (one, two) = ((await bob.LogInAsync()).Value, (await bob.LogInAsync()).Value);
        (await bench.Service.EndSessionAsync(eve.Id, one.Session.Id, Cancel)).Refused(FailureKind.NotFound, "no such session");
        (await bench.Service.EndSessionAsync(bob.Id, "zz", Cancel)).Refused(FailureKind.Invalid, "16 hexadecimal");
        var forged = new Proto.EndSession { Account = Bytes(bob.Id), Session = Google.Protobuf.ByteString.CopyFrom(Convert.FromHexString(one.Session.Id)) };
        (await bench.SubmitAsync(forged, Asker.Of(eve.Id))).Refused(FailureKind.Forbidden, "itself may ask");
        Assert.True((await bench.Service.EndSessionsAsync(bob.Id, two.Session.Id, Cancel)).Value);
        Assert.False((await bench.Service.EndSessionsAsync(bob.Id, two.Session.Id, Cancel)).Value);
        Assert.False((await bench.Service.SessionAsync(one.Secret, Cancel)).Succeeded);
        Assert.True((await bench.Service.SessionAsync(two.Secret, Cancel)).Succeeded);
        Assert.Equal([bench.Now, null], (await bench.Service.SessionsAsync(bob.Id, Cancel)).Value.OrderBy(s => s.EndedAt is null).Select(s => s.EndedAt));
    }

    [Fact]
    public async Task The_oldest_session_makes_room_and_tokens_stay()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        var token = (await bench.Service.CreateTokenAsync(bob.Id, "backup", [], TimeSpan.FromDays(300), Cancel)).Value;
        List<OpenedSession> opened = [];
        for (var i = 0; i < AccountsLimits.SessionsMax; i++)
        {
            bench.Wait(TimeSpan.FromSeconds(1));
            opened.Add((await bob.LogInAsync()).Value);
        }

        Assert.False((await bench.Service.SessionAsync(opened[0].Secret, Cancel)).Succeeded);
        Assert.True((await bench.Service.SessionAsync(opened[1].Secret, Cancel)).Succeeded);
        Assert.True((await bench.Service.SessionAsync(token, Cancel)).Succeeded);
        (await bench.Service.CreateTokenAsync(bob.Id, "more", [], TimeSpan.FromDays(3), Cancel)).Refused(FailureKind.TooLarge, "64 sessions and tokens");
    }

    [Fact]
    public async Task Another_password_ends_all_other_sessions()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        var (own, other) = ((await bob.LogInAsync()).Value, (await bob.LogInAsync()).Value);
        var token = (await bench.Service.CreateTokenAsync(bob.Id, "backup", [], TimeSpan.FromDays(300), Cancel)).Value;
        (await bench.Service.ChangePasswordAsync(bob.Id, "not the one at all", "another one entirely", own.Session.Id, Cancel))
            .Refused(FailureKind.Forbidden, "the password is wrong");
        (await bench.Service.ChangePasswordAsync(bob.Id, Bench.Password, "short", own.Session.Id, Cancel)).Refused(FailureKind.Invalid, "10 at least");
        Assert.True((await bench.Service.ChangePasswordAsync(bob.Id, Bench.Password, "another one entirely", own.Session.Id, Cancel)).Value);
        Assert.True((await bench.Service.SessionAsync(own.Secret, Cancel)).Succeeded);
        Assert.False((await bench.Service.SessionAsync(other.Secret, Cancel)).Succeeded);
        Assert.False((await bench.Service.SessionAsync(token, Cancel)).Succeeded);
        Assert.False((await bob.LogInAsync()).Succeeded);
        Assert.True((await bob.LogInAsync("another one entirely")).Succeeded);
    }

    [Fact]
    public async Task A_password_of_former_parameters_is_kept_by_those_of_today_after_a_login()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        using var hasher = new PasswordHasher(iterations: 20);
        var service = new AccountsService(bench.Group, hasher, bench.Group, Bench.Community);
        Assert.True((await service.LogInAsync(bob.LogIn(), Bench.Node, Cancel)).Succeeded);
        Assert.Equal(20, (await bench.Group.ReadAsync(sql => new PrivateTables(sql).Password(bob.Id)!.Iterations, cancellation: Cancel)).Value);
        var upgrades = bench.Group.Commands.Count(command => command.Type == "UpgradeCredential");
        Assert.True((await service.LogInAsync(bob.LogIn(), Bench.Node, Cancel)).Succeeded);
        Assert.Equal((1, 1), (upgrades, bench.Group.Commands.Count(command => command.Type == "UpgradeCredential")));
        Assert.True((await bob.LogInAsync()).Succeeded);
    }

    [Fact]
    public async Task Guessing_is_slowed_down_by_account_and_by_address_and_an_end_is_told()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        for (var i = 0; i < LoginThrottle.AccountFree; i++)
        {
            (await bob.LogInAsync("wrong password")).Refused(FailureKind.Unauthenticated, "name or password is wrong");
        }

        (await bob.LogInAsync()).Refused(FailureKind.Throttled, "try again in 1 s");
        bench.Wait(TimeSpan.FromSeconds(1));
        Assert.True((await bob.LogInAsync()).Succeeded);
        for (var i = 0; i < LoginThrottle.AddressFree; i++)
        {
            await bench.NewPerson($"nobody{i}").LogInAsync();
        }

        (await bob.LogInAsync()).Refused(FailureKind.Throttled, "try again in");
        Assert.True((await bench.Service.LogInAsync(bob.LogIn() with { Throttle = "192.0.2.2" }, Bench.Node, Cancel)).Succeeded);
    }

    [Fact]
    public async Task A_session_is_on_a_device_of_its_account()
    {
        using var bench = await Bench.BegunAsync();
        var (bob, eve) = (await bench.RegisterAsync("bob"), await bench.RegisterAsync("eve"));
        (await bench.Service.LogInAsync(bob.LogIn() with { Device = eve.Device }, Bench.Node, Cancel)).Refused(FailureKind.NotFound, "no such device");
        var opened = (await bench.Service.LogInAsync(bob.LogIn() with { Device = bob.Device }, Bench.Node, Cancel)).Value;
        Assert.Equal(bob.Device, (await bench.Service.SessionAsync(opened.Secret, Cancel)).Value.Device);
    }

    private static Google.Protobuf.ByteString Bytes(AccountId id) => Google.Protobuf.ByteString.CopyFrom(id.ToArray());
}
