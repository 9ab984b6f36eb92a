using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Groups;
using Cete.Testing;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Accounts.Tests;

/// <summary>What a root cannot do by itself from level 3 on: close an account that has a device, and use an invitation that others were given.</summary>
public sealed class SignedLeavingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_with_a_device_is_closed_by_what_that_signed_for_it()
    {
        using var bench = await Bench.BegunAsync();
        var (bob, eve) = (await bench.RegisterAsync("bob"), await bench.RegisterAsync("eve"));
        var bare = new Close { Account = ByteString.CopyFrom(bob.Id.ToArray()) };
        (await bench.SubmitAsync(bare, Asker.Of(bob.Id))).Refused(FailureKind.Forbidden, "closed by what that one signs");
        Close With(SignedStatement statement) => new(bare) { Statement = ByteString.CopyFrom(statement.ToArray()) };
        var payload = new CloseAct(bob.Id.ToString()).ToPayload();
        (await bench.SubmitAsync(With(eve.Sign(CloseAct.Purpose, new CloseAct(eve.Id.ToString()).ToPayload())), Asker.Of(bob.Id)))
            .Refused(FailureKind.Forbidden, "closing of another account");
        (await bench.SubmitAsync(With(eve.Sign(CloseAct.Purpose, payload)), Asker.Of(bob.Id))).Refused(FailureKind.Forbidden, "closing of another account");
        (await bench.SubmitAsync(With(bob.Sign(DeviceAct.Purpose, payload)), Asker.Of(bob.Id))).Refused(FailureKind.Forbidden, "was signed for");
        var signed = bob.Sign(CloseAct.Purpose, payload);
        (await bench.SubmitAsync(With(signed with { Account = eve.Id }), Asker.Of(bob.Id))).Refused(FailureKind.Forbidden, "has no device");
        (await bench.Service.CloseAsync(bob.Id, "not the password", signed.ToArray(), Cancel)).Refused(FailureKind.Forbidden, "the password is wrong");
        Assert.True((await bench.Service.CloseAsync(bob.Id, Bench.Password, signed.ToArray(), Cancel)).Value);
    }

    [Fact]
    public async Task One_without_a_device_is_closed_as_before()
    {
        using var bench = await Bench.BegunAsync();
        var bob = bench.NewPerson("bob");
        bob.Id = (await bench.Service.RegisterAsync(bob.NewAccount() with { Device = null }, null, Cancel)).Value.Id;
        (await bob.CloseAsync(Bench.Password)).Refused(FailureKind.Invalid, "no device that could sign");
        Assert.True((await bench.Service.CloseAsync(bob.Id, Bench.Password, default, Cancel)).Value);
    }

    [Fact]
    public async Task Whoever_reads_the_tables_and_the_command_can_use_an_invitation_for_no_other_account()
    {
        using var bench = await Bench.BegunAsync(Registration.Invited);
        var invitation = (await bench.Service.CreateInvitationAsync(bench.Ada.Id, 5, TimeSpan.FromDays(2), "", Cancel)).Value;
        Assert.True((await bench.NewPerson("bob").RegisterAsync(invitation.Text)).Succeeded);
        var seen = Register.Parser.ParseFrom(bench.Group.Commands.Last(command => command.Type == nameof(Register)).Body.Span);
        var dump = (await bench.Group.ReadAsync(Tables.Dump, cancellation: Cancel)).Value;
        Assert.DoesNotContain(invitation.SecretHash.ToString(), dump, StringComparison.OrdinalIgnoreCase);

        // All that a root or mirror knows: the row, and the command by which bob came.
        var row = await bench.Group.ReadAsync(sql => new InvitationTable(sql).SecretHashOf(invitation.Id.ToArray()), cancellation: Cancel);
        foreach (var forge in Forgeries(seen, row.Value!))
        {
            (await bench.SubmitAsync(forge, new Asker("", []))).Refused(FailureKind.Forbidden, "no such invitation");
        }

        Assert.True((await bench.NewPerson("carol").RegisterAsync(invitation.Text)).Succeeded);
    }

    [Fact]
    public async Task Invitations_of_before_work_until_they_end()
    {
        var group = new DirectGroup(AccountsService.Name, new AccountsMachine(), AccountsMachine.FirstDeviceLevel);
        using var hasher = new PasswordHasher(iterations: 10);
        using var crew = new Crew(group, group);
        await crew.BeginAsync();
        var old = (await crew.Service.CreateInvitationAsync(crew.People[0].Id, 2, TimeSpan.FromDays(2), "", Cancel)).Value;
        await group.ReadAsync(sql => Raise(sql), cancellation: Cancel);
        using var raised = group;
        raised.Level = AccountsMachine.FeedLevel;
        Assert.True((await crew.People[1].RegisterAsync(old.Text)).Succeeded);
        var @new = (await crew.Service.CreateInvitationAsync(crew.People[0].Id, 2, TimeSpan.FromDays(2), "", Cancel)).Value;
        Assert.True((await crew.People[2].RegisterAsync(@new.Text)).Succeeded);
        raised.Now += TimeSpan.FromDays(2);
        (await crew.People[3].RegisterAsync(old.Text)).Refused(FailureKind.Forbidden, "or it is over");
    }

    [Fact]
    public async Task One_that_brings_roles_is_a_key_too()
    {
        using var bench = await Bench.BegunAsync(Registration.Invited);
        var text = InvitationText.Create();
        var expires = (bench.Now + TimeSpan.FromDays(2)).Microseconds;
        var act = new GovernAct.Invite(text.Id.ToArray(), [], ["moderator"], 2, expires, "crew", text.PublicKey());
        (await bench.Ada.GovernAsync(act with { PublicKey = new byte[91] })).Refused(FailureKind.Invalid, "public key on P-256");
        (await bench.Ada.GovernAsync(act with { SecretHash = new byte[32] })).Refused(FailureKind.Invalid, "hash of its secret");
        Assert.True((await bench.Ada.GovernAsync(act)).Value);
        var bob = (await bench.NewPerson("bob").RegisterAsync(text.Text)).Value;
        Assert.Equal(["member", "moderator"], bob.Roles);
    }

    private static bool Raise(SqlSession sql)
    {
        new AccountsMachine().Raise(AccountsMachine.FeedLevel, sql);
        return true;
    }

    private static IEnumerable<Register> Forgeries(Register seen, byte[] row)
    {
        var mallory = new Register(seen);
        mallory.Entry.Account = ByteString.CopyFrom(Ids.Account(77).ToArray());
        mallory.Entry.Name = new Name { Text = "mallory", Key = "mallory", Skeleton = "mallory" };
        mallory.Entry.RecoveryKeys.Clear();
        mallory.Entry.Device = null;
        yield return mallory;
        yield return new Register(mallory) { Statement = ByteString.Empty };
        yield return new Register(mallory) { Statement = ByteString.Empty, SecretHash = ByteString.CopyFrom(row) };
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var entry = Hash256.Of(mallory.Entry.ToByteArray()).ToArray();
        var payload = new RegisterAct(Convert.ToHexStringLower(seen.Invitation.Span), "mallory", entry).ToPayload();
        var own = SignedStatement.Sign(key, Bench.Community, RegisterAct.Purpose, Ids.Account(77), 0, payload);
        yield return new Register(mallory) { Statement = ByteString.CopyFrom(own.ToArray()) };
        var named = SignedStatement.Parse(seen.Statement.Span).Value;
        yield return new Register(mallory) { Statement = ByteString.CopyFrom((named with { Payload = payload, Account = Ids.Account(77) }).ToArray()) };
    }
}
