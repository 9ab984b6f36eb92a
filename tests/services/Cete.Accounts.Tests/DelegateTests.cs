using System.Security.Cryptography;
using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Groups;
using Cete.Testing;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Accounts.Tests;

/// <summary>Keys by which nodes sign payments for accounts: how they come and go, and that they sign nothing else.</summary>
public sealed class DelegateTests
{
    private static readonly KeyId Node = KeyId.Of("node"u8);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_device_lets_a_node_pay_and_takes_it_back()
    {
        using var bench = await Bench.BegunAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (bob, eve) = (await bench.RegisterAsync("bob"), await bench.RegisterAsync("eve"));
        var act = Act(bench, bob, key);
        (await bench.Service.AddDelegateAsync(bob.Id, act, Bench.Password, Cancel)).Refused(FailureKind.Forbidden, "approved by that one");
        (await AddAsync(bench, eve, act)).Refused(FailureKind.Forbidden, "certificate");
        (await AddAsync(bench, bob, act with { Node = KeyId.Of("other"u8).ToString() })).Refused(FailureKind.Forbidden, "certificate");
        (await AddAsync(bench, bob, act with { Node = "!" })).Refused(FailureKind.Invalid, "no name of a node's key");
        (await AddAsync(bench, bob, act with { Cap = 0 })).Refused(FailureKind.Invalid, "give a cap");
        (await AddAsync(bench, bob, act with { ExpiresAt = (bench.Now + TimeSpan.FromDays(91)).Microseconds })).Refused(FailureKind.Invalid, "within 90 days");
        (await AddAsync(bench, bob, act with { ExpiresAt = bench.Now.Microseconds })).Refused(FailureKind.Invalid, "within 90 days");
        Assert.True((await AddAsync(bench, bob, act)).Value);
        (await AddAsync(bench, bob, act)).Refused(FailureKind.Conflict, "added already");
        var listed = Assert.Single((await bench.Service.DelegatesAsync(bob.Id, Cancel)).Value);
        Assert.Equal((Node, 5_000_000L, true), (listed.Node, listed.Cap, listed.Counts(bench.Now)));

        var gone = new DeviceAct.RemoveDelegate(listed.Id.ToString()).ToPayload();
        var removal = new ChangeDevice { Statement = ByteString.CopyFrom(eve.Sign(DeviceAct.Purpose, gone).ToArray()) };
        (await bench.SubmitAsync(removal, new Asker("", []))).Refused(FailureKind.NotFound, "no delegate");
        (await bench.Service.RemoveDelegateAsync(eve.Id, listed.Id, Cancel)).Refused(FailureKind.NotFound, "no delegate");
        removal.Statement = ByteString.CopyFrom(bob.Sign(DeviceAct.Purpose, gone).ToArray());
        Assert.True((await bench.SubmitAsync(removal, new Asker("", []))).Succeeded);
        (await bench.Service.RemoveDelegateAsync(bob.Id, listed.Id, Cancel)).Refused(FailureKind.Conflict, "removed already");
        Assert.False((await bench.Service.DelegatesAsync(bob.Id, Cancel)).Value.Single().Counts(bench.Now));
    }

    [Fact]
    public async Task It_signs_nothing_of_the_account()
    {
        using var bench = await Bench.BegunAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var phone = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var ada = bench.Ada;
        Assert.True((await AddAsync(bench, ada, Act(bench, ada, key))).Value);
        byte[] Signed(string purpose, byte[] payload) => SignedStatement.Sign(key, Bench.Community, purpose, ada.Id, 99, payload).ToArray();
        var code = RecoveryCode.Create().PublicKey();
        Outcome<bool>[] answers =
        [
            await bench.Service.SubmitGovernAsync(Signed(GovernAct.Purpose, new GovernAct.SetRegistration("closed").ToPayload()), null, Cancel),
            await bench.Service.AddDeviceAsync(Signed(DeviceAct.Purpose, new DeviceAct.Add(Person.DeviceOf(phone)).ToPayload()), null, Cancel),
            await bench.Service.RemoveDeviceAsync(Signed(DeviceAct.Purpose, new DeviceAct.Remove(ada.Device.ToString()).ToPayload()), null, Cancel),
            await bench.Service.AddDelegateAsync(Signed(DeviceAct.Purpose, Act(bench, ada, phone).ToPayload()), null, Cancel),
            await bench.Service.SetRecoveryKeysAsync(ada.Id, [code], Signed(RecoveryKeysAct.Purpose, new RecoveryKeysAct([code]).ToPayload()), null, Cancel),
            await bench.Service.CloseAsync(ada.Id, Bench.Password, Signed(CloseAct.Purpose, new CloseAct(ada.Id.ToString()).ToPayload()), Cancel),
        ];
        Assert.All(answers, answer => answer.Refused(FailureKind.Forbidden, "has no device"));
        var device = ada.Sign(DeviceAct.Purpose, new DeviceAct.Add(Person.DeviceOf(key)).ToPayload());
        (await bench.Service.AddDeviceAsync(device.ToArray(), null, Cancel)).Refused(FailureKind.Conflict, "added already");
    }

    [Fact]
    public async Task An_account_without_a_device_lets_a_node_pay_by_its_password_and_recovery_ends_that()
    {
        using var bench = await Bench.BegunAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var bob = bench.NewPerson("bob");
        bob.Id = (await bench.Service.RegisterAsync(bob.NewAccount() with { Device = null }, null, Cancel)).Value.Id;
        var act = Act(bench, bob, key);
        (await bench.Service.AddDelegateAsync(bob.Id, act, "not the password", Cancel)).Refused(FailureKind.Forbidden, "the password is wrong");
        Assert.True((await bench.Service.AddDelegateAsync(bob.Id, act, Bench.Password, Cancel)).Value);
        Assert.True((await bench.Service.RecoverAsync("bob", bob.Codes[0], Bench.Password, "192.0.2.1", Cancel)).Succeeded);
        Assert.NotNull(Assert.Single((await bench.Service.DelegatesAsync(bob.Id, Cancel)).Value).RemovedAt);
        bench.Wait(AccountsLimits.EndedDelegateKept + TimeSpan.FromMinutes(1));
        Assert.Equal(1, (await bench.Service.PruneAsync(Bench.Node, Cancel)).Value.Delegates);
        Assert.Empty((await bench.Service.DelegatesAsync(bob.Id, Cancel)).Value);
    }

    [Fact]
    public async Task There_are_no_more_at_a_time_than_there_may_be()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        for (var i = 0; i <= AccountsLimits.DelegatesMax; i++)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var added = await AddAsync(bench, bob, Act(bench, bob, key));
            Assert.Equal(i < AccountsLimits.DelegatesMax, added.Succeeded);
        }
    }

    [Fact]
    public async Task Whoever_imports_verifies_them_and_a_scan_tells_the_same()
    {
        await using var world = AccountsWorld.Start();
        using var crew = new Crew(world.Group, world.Clock);
        await crew.BeginAsync();
        var ada = crew.People[0];
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var until = Instant.From(world.Clock.GetUtcNow()) + TimeSpan.FromDays(9);
        foreach (var one in new[] { key, other })
        {
            var act = Act(until, ada, one);
            Assert.True((await crew.Service.AddDelegateAsync(ada.Sign(DeviceAct.Purpose, act.ToPayload()).ToArray(), null, Cancel)).Value);
        }

        await crew.Service.RemoveDelegateAsync(ada.Id, KeyId.Of(other.ExportSubjectPublicKeyInfo()), Cancel);
        var (followed, scanned) = (new FeedBook(), new FeedBook());
        Assert.All((await world.Group.ReadFeedAsync(0, 500, Cancel)).Value.Events, told => Assert.Null(followed.Take(told.Type, told.Body)));
        Assert.All(
            (await world.Group.ReadAsync(sql => new AccountsMachine().Scan(sql, AccountsMachine.FeedLevel).ToList(), cancellation: Cancel)).Value,
            record => Assert.Null(scanned.Take(record.Type, record.Body)));
        Assert.Equal(followed.Lines, scanned.Lines);
        var expected = $"| {KeyId.Of(key.ExportSubjectPublicKeyInfo())} {Node} {until.Microseconds} 5000000";
        Assert.Contains(followed.Lines, line => line.EndsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Below_level_3_nobody_knows_of_them()
    {
        using var group = new DirectGroup(AccountsService.Name, new AccountsMachine(), AccountsMachine.FirstDeviceLevel);
        using var crew = new Crew(group, group);
        await crew.BeginAsync();
        var ada = crew.People[0];
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var act = Act(group.Now + TimeSpan.FromDays(9), ada, key);
        (await crew.Service.AddDelegateAsync(ada.Sign(DeviceAct.Purpose, act.ToPayload()).ToArray(), null, Cancel))
            .Refused(FailureKind.Invalid, "is no change of devices");
        (await crew.Service.AddDelegateAsync(ada.Id, act, Bench.Password, Cancel)).Refused(FailureKind.Unavailable, "bring them up to date");
        Assert.Empty((await crew.Service.DelegatesAsync(ada.Id, Cancel)).Value);
        foreach (var name in new[] { nameof(AddDelegate), nameof(RemoveDelegate), nameof(AddPasskey), nameof(RenamePasskey), nameof(RemovePasskey) })
        {
            var answer = await group.SubmitAsync(new ClientCommand(name, default, Asker.Of(ada.Id)), Cancel);
            answer.Value.Result.Refused(FailureKind.Invalid, "know no command");
        }
    }

    private static DeviceAct.AddDelegate Act(Bench bench, Person person, ECDsa key) => Act(bench.Now + TimeSpan.FromDays(30), person, key);

    private static DeviceAct.AddDelegate Act(Instant until, Person person, ECDsa key) => new(
        key.ExportSubjectPublicKeyInfo(), Node.ToString(), until.Microseconds, 5_000_000,
        DelegateCertificate.Make(key, Bench.Community, person.Id, Node));

    private static Task<Outcome<bool>> AddAsync(Bench bench, Person person, DeviceAct.AddDelegate act) =>
        bench.Service.AddDelegateAsync(person.Sign(DeviceAct.Purpose, act.ToPayload()).ToArray(), null, Cancel);
}
