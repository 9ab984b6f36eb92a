using Cete.Core;
using Cete.Groups;

namespace Cete.Accounts.Tests;

/// <summary>What other services learn of accounts, how accounts end, and what is forgotten.</summary>
public sealed class StandingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_changed_behind_a_version_is_told_and_nobody_else()
    {
        using var bench = await Bench.BegunAsync();
        var (bob, carol) = (await bench.RegisterAsync("bob"), await bench.RegisterAsync("carol"));
        var all = (await bench.Service.StandingsAsync(0, Cancel)).Value;
        Assert.Equal([bench.Ada.Id, bob.Id, carol.Id], all.Items.Select(item => item.Account));
        Assert.False(all.IsMore);
        Assert.Empty((await bench.Service.StandingsAsync(all.Version, Cancel)).Value.Items);
        await bob.LogInAsync();
        await bench.Service.SetPersonalAsync(bob.Id, "Robert", "", Cancel);
        Assert.Empty((await bench.Service.StandingsAsync(all.Version, Cancel)).Value.Items);
        await bench.Ada.GovernAsync(new GovernAct.Suspend(bob.Id.ToString(), ""));
        var changed = (await bench.Service.StandingsAsync(all.Version, Cancel)).Value;
        Assert.Equal((bob.Id, "bob", true), (changed.Items.Single().Account, changed.Items[0].Name, changed.Items[0].IsSuspended));
        Assert.Equal((all.Version + 1, all.RolesVersion), (changed.Version, changed.RolesVersion));
        await carol.CloseAsync(Bench.Password);
        var gone = Assert.Single((await bench.Service.StandingsAsync(changed.Version, Cancel)).Value.Items);
        Assert.Equal((carol.Id, "", true, false), (gone.Account, gone.Name, gone.IsClosed, gone.Standing.May(Actions.IndexFile)));
    }

    [Fact]
    public async Task What_roles_mean_is_resolved_and_a_change_of_it_is_told()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob", RoleDefinition.Moderator);
        var before = (await bench.Service.StandingsAsync(0, Cancel)).Value;
        Assert.Equal([Actions.IndexRead], before.Guest.Select(grant => grant.Text));
        string[] expected =
        [
            "index.read", "index.file", "index.make-folder:own", "index.describe:own", "index.move:own", "index.remove:own", "index.lend", "accounts.read",
            "bank.read", "index.*", "accounts.invite", "accounts.suspend", "accounts.audit",
            "services.moderate",
        ];
        Assert.Equal(expected, before.Items.Single(item => item.Account == bob.Id).Grants.Select(grant => grant.Text));
        await bench.Ada.GovernAsync(new GovernAct.DefineRole(RoleDefinition.Guest, []));
        var after = (await bench.Service.StandingsAsync(before.Version, Cancel)).Value;
        Assert.Empty(after.Items);
        Assert.Empty(after.Guest);
        Assert.Equal((before.Version + 1, before.Version + 1), (after.Version, after.RolesVersion));
        await bench.Ada.GovernAsync(new GovernAct.SetRegistration("closed"));
        Assert.Equal(after.Version, (await bench.Service.StandingsAsync(0, Cancel)).Value.Version);
    }

    [Fact]
    public async Task Thousands_come_in_pages_and_none_is_missed()
    {
        using var bench = await Bench.BegunAsync();
        const int Count = 2_500;
        var template = Proto.Register.Parser.ParseFrom((await FirstRegistrationAsync()).Body.Span);
        for (var i = 0; i < Count; i++)
        {
            template.Entry.Account = Google.Protobuf.ByteString.CopyFrom(Ids.Account(100 + i).ToArray());
            (template.Entry.Name.Text, template.Entry.Name.Key, template.Entry.Name.Skeleton) = ($"n{i}", $"n{i}", $"n{i}");
            Assert.True((await bench.SubmitAsync(template, new Asker("", []))).Succeeded);
        }

        HashSet<AccountId> seen = [];
        long since = 0;
        for (var isMore = true; isMore;)
        {
            var page = (await bench.Service.StandingsAsync(since, Cancel)).Value;
            Assert.InRange(page.Items.Count, 1, AccountsLimits.StandingsPerPage);
            Assert.All(page.Items, item => Assert.True(seen.Add(item.Account)));
            (since, isMore) = (page.Version, page.IsMore);
        }

        Assert.Equal(Count + 1, seen.Count);

        async Task<ClientCommand> FirstRegistrationAsync()
        {
            using var other = await Bench.BegunAsync();
            var bob = other.NewPerson("bob");
            await other.Service.RegisterAsync(bob.NewAccount() with { Device = null, RecoveryKeys = [] }, null, Cancel);
            return other.Group.Commands.Single(command => command.Type == "Register");
        }
    }

    [Fact]
    public async Task Of_a_closed_account_nothing_personal_is_left_and_nobody_takes_its_name()
    {
        using var bench = await Bench.BegunAsync();
        var mod = await bench.RegisterAsync("Moritz", RoleDefinition.Moderator);
        var invitation = (await bench.Service.CreateInvitationAsync(mod.Id, 5, TimeSpan.FromDays(1), "", Cancel)).Value;
        await bench.Service.SetPersonalAsync(mod.Id, "Moritz M.", "plays\nthe organ", Cancel);
        var opened = (await mod.LogInAsync()).Value;
        await bench.Service.BeginSecondFactorAsync(mod.Id, "Garden", Cancel);
        var export = (await bench.Service.ExportAsync(mod.Id, Cancel)).Value;
        Assert.Equal(("Moritz M.", "plays\nthe organ"), (export.Account.DisplayName, export.Account.About));
        Assert.Equal((1, 1, 1, 1), (export.Sessions.Count, export.Devices.Count, export.Invitations.Count, export.Acts.Count));
        (await mod.CloseAsync("not the one at all")).Refused(FailureKind.Forbidden, "the password is wrong");
        Assert.True((await mod.CloseAsync(Bench.Password)).Value);

        Assert.False((await bench.Service.SessionAsync(opened.Secret, Cancel)).Succeeded);
        var record = (await bench.Service.AccountAsync(mod.Id, Cancel)).Value;
        Assert.Equal(("", "", false, bench.Now), (record.Name, record.DisplayName, record.HasPassword, record.ClosedAt));
        (await bench.Service.ByNameAsync("moritz", Cancel)).Refused(FailureKind.NotFound, "no account of that name");
        var dump = (await bench.Group.ReadAsync(Testing.Tables.Dump, cancellation: Cancel)).Value;
        Assert.DoesNotContain("moritz", dump, StringComparison.OrdinalIgnoreCase);
        foreach (var table in new[] { "personal", "credentials", "second_factors", "recovery_keys", "devices", "sessions", "account_roles" })
        {
            var rows = await bench.Group.ReadAsync(
                sql => sql.Scalar<long>($"SELECT count(*) FROM {table} WHERE account = @p1", mod.Id.ToArray()), cancellation: Cancel);
            Assert.True(rows.Value == 0, table);
        }

        foreach (var name in new[] { "Moritz", "moritz", "m0ritz" })
        {
            (await bench.NewPerson(name).RegisterAsync()).Refused(FailureKind.Conflict, "taken, or looks like one");
        }

        await bench.Ada.GovernAsync(new GovernAct.SetRegistration("invited"));
        (await bench.NewPerson("bob").RegisterAsync(invitation.Text)).Refused(FailureKind.Forbidden, "no such invitation");
        (await bench.Ada.GovernAsync(new GovernAct.Suspend(mod.Id.ToString(), ""))).Refused(FailureKind.Conflict, "was closed at");
        Assert.DoesNotContain((await bench.Service.AccountsAsync(null, 50, Cancel)).Value.Items, item => item.Id == mod.Id);
    }

    [Fact]
    public async Task What_means_nothing_any_more_is_forgotten_when_its_time_has_come()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        await bob.LogInAsync(days: 1);
        await bob.LogInAsync(days: 30);
        await bench.Service.CreateInvitationAsync(bench.Ada.Id, 1, TimeSpan.FromDays(1), "", Cancel);
        using var phone = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        await bench.Service.AddDeviceAsync(bob.Sign(DeviceAct.Purpose, new DeviceAct.Add(Person.DeviceOf(phone)).ToPayload()).ToArray(), null, Cancel);
        var removed = KeyId.Of(phone.ExportSubjectPublicKeyInfo()).ToString();
        await bench.Service.RemoveDeviceAsync(bob.Sign(DeviceAct.Purpose, new DeviceAct.Remove(removed).ToPayload()).ToArray(), null, Cancel);
        (await bench.Service.PruneAsync(Asker.Of(bob.Id), Cancel)).Refused(FailureKind.Forbidden, "for nodes");
        await ForgotAsync(TimeSpan.FromDays(7), 0, 0, 0, 0);
        await ForgotAsync(TimeSpan.FromDays(1), 1, 0, 0, 0);
        await ForgotAsync(TimeSpan.FromDays(82), 1, 0, 1, 0);
        await ForgotAsync(TimeSpan.FromDays(1), 0, 1, 0, 0);
        await bench.Ada.GovernAsync(new GovernAct.SetRegistration("closed"));
        await ForgotAsync(AccountsLimits.ActKept + TimeSpan.FromDays(-91), 0, 0, 0, 1);
        await ForgotAsync(TimeSpan.FromDays(91), 0, 0, 0, 1);
        Assert.Empty(await bench.AuditAsync());

        async Task ForgotAsync(TimeSpan wait, params int[] counts)
        {
            bench.Wait(wait);
            var forgotten = (await bench.Service.PruneAsync(Bench.Node, Cancel)).Value;
            Assert.Equal(counts, new[] { forgotten.Sessions, forgotten.Invitations, forgotten.Devices, forgotten.Acts });
        }
    }

    [Fact]
    public async Task Of_acts_the_newest_are_kept()
    {
        using var bench = await Bench.BegunAsync();
        for (var i = 0; i < 10; i++)
        {
            Assert.True((await bench.Ada.GovernAsync(new GovernAct.DefineRole($"r{i}", []))).Value);
        }

        var kept = (await bench.Group.ReadAsync(
            sql =>
            {
                var gone = new AuditTable(sql).Forget(new Instant(0), keptMax: 4, countMax: 5) + new AuditTable(sql).Forget(new Instant(0), 4, 5);
                return (gone, new AuditTable(sql).Forget(new Instant(0), 4, 5));
            },
            cancellation: Cancel)).Value;
        Assert.Equal((6, 0), kept);
        Assert.Equal(["r9", "r8", "r7", "r6"], (await bench.AuditAsync()).Select(entry => entry.Target));
        var page = (await bench.Service.AuditAsync(null, 3, Cancel)).Value;
        Assert.Equal(["r6"], (await bench.Service.AuditAsync(page.Next, 3, Cancel)).Value.Items.Select(entry => entry.Target));
    }
}
