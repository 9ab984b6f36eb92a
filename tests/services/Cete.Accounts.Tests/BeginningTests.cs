using Cete.Core;
using Cete.Groups;

namespace Cete.Accounts.Tests;

/// <summary>How the accounts of a community begin, and how people come in.</summary>
public sealed class BeginningTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Before_the_accounts_are_begun_nothing_can_be_done()
    {
        using var bench = Bench.Empty();
        (await bench.NewPerson("bob").RegisterAsync()).Refused(FailureKind.Unavailable, "no accounts were begun");
        (await bench.Service.RulesAsync(Cancel)).Refused(FailureKind.Unavailable, "no accounts were begun");
        (await bench.Service.StandingsAsync(0, Cancel)).Refused(FailureKind.Unavailable, "no accounts were begun");
    }

    [Fact]
    public async Task They_begin_once_with_one_administrator()
    {
        using var bench = await Bench.BegunAsync(Registration.Invited);
        Assert.False((await bench.Service.BeginAsync(Bench.Beginning(bench.Ada), Asker.Local, Cancel)).Value);
        var other = bench.NewPerson("eve");
        other.Id = Ids.Account(2);
        (await bench.Service.BeginAsync(Bench.Beginning(other), Asker.Local, Cancel)).Refused(FailureKind.Conflict, "begun already");
        var rules = (await bench.Service.RulesAsync(Cancel)).Value;
        Assert.Equal((Bench.Community, Registration.Invited, 1L), (rules.Community, rules.Registration, rules.Version));
        Assert.Equal(RoleDefinition.Defaults.Select(role => role.Name).Order(), (await bench.Service.RolesAsync(Cancel)).Value.Select(role => role.Name));
        Assert.True((await bench.StandingAsync(bench.Ada)).Standing.May(Actions.AccountsGovern));
        Assert.True((await bench.Ada.LogInAsync()).Succeeded);
    }

    [Fact]
    public async Task Only_nodes_begin_them_whatever_an_account_s_roles_are_called()
    {
        using var bench = Bench.Empty();
        var ada = bench.NewPerson("administrator");
        ada.Id = Ids.Account(1);
        Asker[] askers =
        [
            new(string.Empty, []), Asker.Of(ada.Id), new(ada.Id.ToString(), [AccountsMachine.AccountsRole, RoleDefinition.Administrator]),
            new(KeyId.Of("node"u8).ToString(), ["index"]), new("local", ["member"]),
        ];
        foreach (var asker in askers)
        {
            (await bench.Service.BeginAsync(Bench.Beginning(ada), asker, Cancel)).Refused(FailureKind.Forbidden, "for nodes");
        }

        Assert.True((await bench.Service.BeginAsync(Bench.Beginning(ada), Bench.Node, Cancel)).Value);
    }

    [Fact]
    public async Task A_session_can_begin_with_them_and_the_administrator_s_key_file_is_enough()
    {
        using var bench = Bench.Empty();
        var ada = bench.NewPerson("ada");
        ada.Id = Ids.Account(1);
        var secret = SessionSecret.Create(SessionKind.Browser);
        var beginning = Bench.Beginning(ada) with
        {
            Device = new NewDevice(ada.Key.ExportSubjectPublicKeyInfo(), default, default, "key file"),
            Password = null,
            Session = new NewSession(secret, SessionKind.Browser, "the first", TimeSpan.FromDays(1)),
        };
        Assert.True((await bench.Service.BeginAsync(beginning, Asker.Local, Cancel)).Value);
        Assert.Equal(ada.Id, (await bench.Service.SessionAsync(secret, Cancel)).Value.Account);
        Assert.True((await ada.GovernAsync(new GovernAct.SetRegistration("closed"))).Value);
        (await ada.LogInAsync(string.Empty)).Refused(FailureKind.Unauthenticated, "name or password is wrong");
    }

    [Fact]
    public async Task Who_may_register_is_said_by_the_community()
    {
        using var bench = await Bench.BegunAsync(Registration.Closed);
        var invitation = (await bench.Service.CreateInvitationAsync(bench.Ada.Id, 5, TimeSpan.FromDays(1), "", Cancel)).Value;
        var bob = bench.NewPerson("bob");
        (await bob.RegisterAsync(invitation.Text)).Refused(FailureKind.Forbidden, "takes no new accounts");
        await bench.Ada.GovernAsync(new GovernAct.SetRegistration("invited"));
        (await bob.RegisterAsync()).Refused(FailureKind.Forbidden, "by invitation");
        Assert.Equal([RoleDefinition.Member], (await bob.RegisterAsync(invitation.Text)).Value.Roles);
        await bench.Ada.GovernAsync(new GovernAct.SetRegistration("open"));
        Assert.True((await bench.NewPerson("carol").RegisterAsync()).Succeeded);
        (await bench.Ada.GovernAsync(new GovernAct.SetRegistration("ajar"))).Refused(FailureKind.Invalid, "'ajar'");
    }

    [Fact]
    public async Task The_machine_itself_refuses_what_the_service_would()
    {
        // A node that leaves the checks out: every replica asks again.
        using var bench = await Bench.BegunAsync(Registration.Invited);
        using var open = await Bench.BegunAsync();
        var commands = open.Group.Commands;
        var made = await open.RegisterAsync("bob");
        var register = commands.Single(command => command.Type == "Register");
        var refused = (await bench.Group.SubmitAsync(register, Cancel)).Value.Result;
        refused.Refused(FailureKind.Forbidden, "by invitation");
        await bench.Ada.GovernAsync(new GovernAct.SetRegistration("open"));
        Assert.True((await bench.Group.SubmitAsync(register, Cancel)).Value.Result.Succeeded);

        // The same again is the same account; another under its id is none.
        var again = (await bench.Group.SubmitAsync(register, Cancel)).Value.Result;
        Assert.Equal(made.Id, new AccountId(Proto.Registered.Parser.ParseFrom(again.Value.Span).Account.Span));
        var other = Proto.Register.Parser.ParseFrom(register.Body.Span);
        other.Entry.Name.Text = "Bob";
        (await bench.SubmitAsync(other, new Asker("", []))).Refused(FailureKind.Conflict, "another account");
        other.Entry.Account = Google.Protobuf.ByteString.CopyFrom(Ids.Account(9).ToArray());
        (await bench.SubmitAsync(other, new Asker("", []))).Refused(FailureKind.Conflict, "taken, or looks like one");
        other.Entry.Credential = null;
        (await bench.SubmitAsync(other, new Asker("", []))).Refused(FailureKind.Invalid, "no password");
    }

    [Fact]
    public async Task Names_that_look_alike_are_taken_once()
    {
        using var bench = await Bench.BegunAsync();
        await bench.RegisterAsync("paypal");
        foreach (var name in new[] { "PayPal", "paypa1", "раураӏ", "paypaI", "ρaypal" })
        {
            var outcome = await bench.NewPerson(name).RegisterAsync();
            Assert.False(outcome.Succeeded, name);
            Assert.True(outcome.Failure.Kind is FailureKind.Conflict or FailureKind.Invalid, outcome.Failure.Message);
        }

        foreach (var reserved in new[] { "administrator", "Adm1n", "r00t", "gue.st", "moderat0r" })
        {
            (await bench.NewPerson(reserved).RegisterAsync()).Refused(FailureKind.Invalid, "nobody may have");
        }
    }

    [Fact]
    public async Task Accounts_that_a_backup_brought_are_taken_over_by_the_new_community_and_by_no_other()
    {
        using var old = await Bench.BegunAsync();
        var bob = await old.RegisterAsync("bob");
        var secret = (await bob.LogInAsync()).Value.Secret;
        var (mine, other) = (KeyId.Of("mine"u8), KeyId.Of("other"u8));
        var restored = old.Group.With(new AccountsMachine(mine));
        var service = new AccountsService(restored, old.Hasher, restored, mine);
        Assert.False((await service.HasBegunAsync(Cancel)).Value);
        var eve = old.NewPerson("eve");
        eve.Id = Ids.Account(7);
        var foreign = new AccountsService(restored, old.Hasher, restored, other);
        Assert.Equal(FailureKind.Conflict, (await foreign.BeginAsync(Bench.Beginning(eve), Bench.Node, Cancel)).Failure?.Kind);
        Assert.True((await service.BeginAsync(Bench.Beginning(eve) with { Device = null }, Bench.Node, Cancel)).Succeeded);
        Assert.True((await service.HasBegunAsync(Cancel)).Value);

        // Everybody is there still, logs in anew, and the new administrator may govern.
        Assert.Equal(FailureKind.Unauthenticated, (await service.SessionAsync(secret, Cancel)).Failure?.Kind);
        Assert.Equal(bob.Id, (await service.ByNameAsync("bob", Cancel)).Value.Id);
        Assert.Contains(RoleDefinition.Administrator, (await service.AccountAsync(eve.Id, Cancel)).Value.Roles);
        Assert.Equal(FailureKind.Conflict, (await foreign.BeginAsync(Bench.Beginning(eve), Bench.Node, Cancel)).Failure?.Kind);
    }
}
