using Cete.Core;

namespace Cete.Accounts.Tests;

/// <summary>Invitations, and who comes in by them.</summary>
public sealed class InvitingTests
{
    private const string Wrong = "no such invitation, or it is over";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_lets_in_as_many_as_it_says_while_it_counts()
    {
        using var bench = await Bench.BegunAsync(Registration.Invited);
        var invitation = (await bench.Service.CreateInvitationAsync(bench.Ada.Id, 2, TimeSpan.FromDays(2), "the choir", Cancel)).Value;
        Assert.StartsWith("cete_i_", invitation.Text, StringComparison.Ordinal);
        (await bench.NewPerson("bob").RegisterAsync(InvitationText.Create().Text)).Refused(FailureKind.Forbidden, Wrong);
        (await bench.NewPerson("bob").RegisterAsync("cete_i_short")).Refused(FailureKind.Invalid, "copy it again");
        var forged = invitation.Text[..^4] + (invitation.Text.EndsWith("aaaa", StringComparison.Ordinal) ? "bbbb" : "aaaa");
        (await bench.NewPerson("bob").RegisterAsync(forged)).Refused(FailureKind.Forbidden, Wrong);
        Assert.True((await bench.NewPerson("bob").RegisterAsync(" " + invitation.Text + "\n")).Succeeded);
        Assert.True((await bench.NewPerson("carol").RegisterAsync(invitation.Text)).Succeeded);
        (await bench.NewPerson("dave").RegisterAsync(invitation.Text)).Refused(FailureKind.Forbidden, Wrong);
        var listed = Assert.Single((await bench.Service.InvitationsAsync(null, null, 50, Cancel)).Value.Items);
        Assert.Equal((bench.Ada.Id, 2, 0, "the choir"), (listed.By, listed.Uses, listed.UsesLeft, listed.Note));

        var late = (await bench.Service.CreateInvitationAsync(bench.Ada.Id, 2, TimeSpan.FromDays(2), "", Cancel)).Value;
        bench.Wait(TimeSpan.FromDays(2));
        (await bench.NewPerson("dave").RegisterAsync(late.Text)).Refused(FailureKind.Forbidden, Wrong);
    }

    [Fact]
    public async Task It_is_taken_back_by_who_made_it_or_by_who_governs()
    {
        using var bench = await Bench.BegunAsync(Registration.Open);
        var (mod, other) = (await bench.RegisterAsync("mod", RoleDefinition.Moderator), await bench.RegisterAsync("other", RoleDefinition.Moderator));
        var one = (await bench.Service.CreateInvitationAsync(mod.Id, 2, TimeSpan.FromDays(2), "", Cancel)).Value;
        var two = (await bench.Service.CreateInvitationAsync(mod.Id, 2, TimeSpan.FromDays(2), "", Cancel)).Value;
        (await bench.Service.RevokeInvitationAsync(other.Id, Id(one), Cancel)).Refused(FailureKind.NotFound, "no such invitation");
        Assert.True((await bench.Service.RevokeInvitationAsync(mod.Id, Id(one), Cancel)).Value);
        Assert.False((await bench.Service.RevokeInvitationAsync(mod.Id, Id(one), Cancel)).Value);
        Assert.True((await bench.Service.RevokeInvitationAsync(bench.Ada.Id, Id(two), Cancel)).Value);
        (await bench.NewPerson("bob").RegisterAsync(one.Text)).Refused(FailureKind.Forbidden, Wrong);
        (await bench.Service.RevokeInvitationAsync(mod.Id, "x", Cancel)).Refused(FailureKind.Invalid, "16 hexadecimal");
        Assert.Equal("revoke-invitation", (await bench.AuditAsync())[0].Action);
    }

    [Fact]
    public async Task It_takes_the_right_and_is_bounded()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        (await bench.Service.CreateInvitationAsync(bob.Id, 1, TimeSpan.FromDays(1), "", Cancel)).Refused(FailureKind.Forbidden, "'accounts.invite'");
        (await bench.Service.CreateInvitationAsync(bench.Ada.Id, 0, TimeSpan.FromDays(1), "", Cancel)).Refused(FailureKind.Invalid, "1 to 1000");
        (await bench.Service.CreateInvitationAsync(bench.Ada.Id, 1, TimeSpan.FromDays(91), "", Cancel)).Refused(FailureKind.Invalid, "90 days");
        (await bench.Service.CreateInvitationAsync(bench.Ada.Id, 1, TimeSpan.FromDays(1), "a\nb", Cancel)).Refused(FailureKind.Invalid, "control");
        for (var i = 0; i < AccountsLimits.InvitationsMax; i++)
        {
            Assert.True((await bench.Service.CreateInvitationAsync(bench.Ada.Id, 1, TimeSpan.FromDays(i < 1 ? 1 : 5), "", Cancel)).Succeeded);
        }

        (await bench.Service.CreateInvitationAsync(bench.Ada.Id, 1, TimeSpan.FromDays(1), "", Cancel)).Refused(FailureKind.TooLarge, "32 usable");
        bench.Wait(TimeSpan.FromDays(1));
        Assert.True((await bench.Service.CreateInvitationAsync(bench.Ada.Id, 1, TimeSpan.FromDays(1), "", Cancel)).Succeeded);
    }

    [Fact]
    public async Task One_that_brings_roles_is_signed_and_roles_that_are_gone_are_not_given()
    {
        using var bench = await Bench.BegunAsync(Registration.Invited);
        var text = InvitationText.Create();
        var expires = (bench.Now + TimeSpan.FromDays(1)).Microseconds;
        await bench.Ada.GovernAsync(new GovernAct.DefineRole("dj", ["index.move@/music"]));
        var act = new GovernAct.Invite(text.Id.ToArray(), text.SecretHash.ToArray(), ["dj", "moderator"], 2, expires, "crew");
        Assert.True((await bench.Ada.GovernAsync(act)).Value);
        Assert.False((await bench.Ada.GovernAsync(act)).Value);
        (await bench.Ada.GovernAsync(act with { SecretHash = new byte[32] })).Refused(FailureKind.Conflict, "another invitation");
        (await bench.Ada.GovernAsync(act with { Id = [1] })).Refused(FailureKind.Invalid, "8 bytes");
        var bob = bench.NewPerson("bob");
        Assert.Equal(["dj", "member", "moderator"], (await bob.RegisterAsync(text.Text)).Value.Roles);
        await bench.Ada.GovernAsync(new GovernAct.SetRoles(bob.Id.ToString(), []));
        await bench.Ada.GovernAsync(new GovernAct.RemoveRole("dj"));
        Assert.Equal(["member", "moderator"], (await bench.NewPerson("carol").RegisterAsync(text.Text)).Value.Roles);
    }

    private static string Id(InvitationText invitation) => Convert.ToHexStringLower(invitation.Id.Span);
}
