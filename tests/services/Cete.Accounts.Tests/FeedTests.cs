using System.Security.Cryptography;
using Cete.Accounts.Feed;
using Cete.Core;
using Cete.Groups;
using Cete.Testing;
using Cete.Trust;

namespace Cete.Accounts.Tests;

/// <summary>What other groups import of accounts: it is enough to verify every key, and a scan comes to the same as the feed.</summary>
public sealed class FeedTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    [InlineData(43)]
    public async Task Whoever_follows_the_feed_knows_what_a_scan_tells_and_believes_no_key_unseen(ulong seed)
    {
        await using var world = AccountsWorld.Start();
        using var crew = await ReplicaTests.RunAsync(world, seed, count: 300);
        var (followed, scanned) = (new FeedBook(), new FeedBook());
        foreach (var told in await EventsAsync(world))
        {
            Assert.Null(followed.Take(told.Type, told.Body));
        }

        var records = await world.Group.ReadAsync(sql => new AccountsMachine().Scan(sql, AccountsMachine.FeedLevel).ToList(), cancellation: Cancel);
        foreach (var record in records.Value)
        {
            // Recovery keys that were replaced since are not told of, so a key that one of them approved stands on the accounts' word in a scan.
            var failure = scanned.Take(record.Type, record.Body);
            Assert.True(failure is null or "Recovery by a key that is not known", failure);
        }

        Assert.Equal(followed.Lines, scanned.Lines);
        Assert.True(followed.Origins.ContainsKey(KeyOrigin.Registration) && followed.Origins.ContainsKey(KeyOrigin.Device));
    }

    [Fact]
    public async Task Of_devices_of_before_the_keys_are_told_and_not_on_whose_word_they_came()
    {
        using var group = new DirectGroup(AccountsService.Name, new AccountsMachine(), AccountsMachine.FirstDeviceLevel);
        using var crew = new Crew(group, group);
        await crew.BeginAsync();
        var machine = new AccountsMachine();
        var records = (await group.ReadAsync(
            sql =>
            {
                machine.Raise(AccountsMachine.FeedLevel, sql);
                return machine.Scan(sql, AccountsMachine.FeedLevel).ToList();
            },
            cancellation: Cancel)).Value;
        Assert.Equal(["account-registered", "recovery-keys-replaced", "device-added"], records.Select(record => record.Type));
        var device = DeviceEvent.Parser.ParseFrom(records[^1].Body.Span);
        Assert.Equal(
            (crew.People[0].Device, KeyOrigin.Unknown, 0), (KeyId.Of(device.SigningKey.Span), device.Origin, device.Statement.Length));
        Assert.Equal(AccountsMachine.FeedLevel, ((IFeedSource)machine).ScanLevel);
    }

    [Fact]
    public async Task How_a_device_came_is_kept_when_it_is_not_listed_any_more_and_it_never_comes_back()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        var first = bob.Device;
        await ReplaceAsync(bench, bob);
        var second = bob.Device;
        await ReplaceAsync(bench, bob);
        bench.Wait(AccountsLimits.RemovedDeviceKept + TimeSpan.FromDays(1));
        await bench.Service.PruneAsync(Bench.Node, Cancel);
        Assert.Equal([bob.Device], (await bench.Service.DevicesAsync(bob.Id, Cancel)).Value.Select(device => device.Id));
        Assert.Equal([first, second, bob.Device], await KeptAsync(bench, bob));
        using var phone = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await AddAsync(bench, bob, Person.DeviceOf(phone));
        await RemoveAsync(bench, bob, KeyId.Of(phone.ExportSubjectPublicKeyInfo()));
        bench.Wait(AccountsLimits.RemovedDeviceKept + TimeSpan.FromDays(1));
        await bench.Service.PruneAsync(Bench.Node, Cancel);
        var again = bob.Sign(DeviceAct.Purpose, new DeviceAct.Add(Person.DeviceOf(phone)).ToPayload());
        (await bench.Service.AddDeviceAsync(again.ToArray(), null, Cancel)).Refused(FailureKind.Conflict, "make a new key");
        Assert.True((await bob.CloseAsync(Bench.Password)).Value);
        Assert.Empty(await KeptAsync(bench, bob));
    }

    [Fact]
    public async Task A_statement_that_is_not_the_approver_s_or_not_about_this_account_approves_nothing()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        using var phone = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var payload = new DeviceAct.Add(Person.DeviceOf(phone)).ToPayload();
        var statement = bob.Sign(DeviceAct.Purpose, payload);
        var key = bob.Key.ExportSubjectPublicKeyInfo();
        Outcome<KeyApproval> Verify(SignedStatement said, string purpose = KeyApproval.DevicePurpose) =>
            KeyApproval.Verify(said.ToArray(), key, Bench.Community, bob.Id, purpose);
        var approval = Verify(statement).Value;
        Assert.Equal((KeyApprovalKind.Add, KeyId.Of(phone.ExportSubjectPublicKeyInfo())), (approval.Kind, approval.Key));
        Verify(statement, KeyApproval.RecoveryPurpose).Refused(FailureKind.Forbidden, "was signed for 'accounts.device'");
        Verify(statement with { Payload = new DeviceAct.Remove(bob.Device.ToString()).ToPayload() }).Refused(FailureKind.Forbidden, "was not signed");
        Verify(SignedStatement.Sign(phone, Bench.Community, DeviceAct.Purpose, bob.Id, 1, payload)).Refused(FailureKind.Forbidden, "was not signed");
        Verify(SignedStatement.Sign(bob.Key, Bench.Community, DeviceAct.Purpose, bench.Ada.Id, 1, payload)).Refused(FailureKind.Forbidden, "another account");
        Verify(SignedStatement.Sign(bob.Key, KeyId.Of("other"u8), DeviceAct.Purpose, bob.Id, 1, payload))
            .Refused(FailureKind.Forbidden, "for another community");
        foreach (var said in new[]
        {
            "", "[]", "{}", "{\"act\":1}", "{\"act\":\"add\"}", "{\"act\":\"add\",\"device\":{\"signingKey\":\"AAAA\"}}", "{\"act\":\"burn\"}",
        })
        {
            Verify(bob.Sign(DeviceAct.Purpose, System.Text.Encoding.UTF8.GetBytes(said))).Refused(FailureKind.Invalid, "says nothing of a key");
        }
    }

    private static async Task<List<FeedEvent>> EventsAsync(AccountsWorld world)
    {
        List<FeedEvent> events = [];
        for (var isMore = true; isMore;)
        {
            var page = (await world.Group.ReadFeedAsync(events.Count == 0 ? 0 : events[^1].Position, 500, Cancel)).Value.Events;
            events.AddRange(page);
            isMore = page.Count > 0;
        }

        return events;
    }

    private static async Task<IEnumerable<KeyId>> KeptAsync(Bench bench, Person person) =>
        (await bench.Group.ReadAsync(sql => new KeyHistoryTable(sql).Of(person.Id), cancellation: Cancel)).Value.Select(row => row.Id);

    private static async Task AddAsync(Bench bench, Person person, NewDevice device) => Assert.True(
        (await bench.Service.AddDeviceAsync(person.Sign(DeviceAct.Purpose, new DeviceAct.Add(device).ToPayload()).ToArray(), null, Cancel)).Value);

    /// <summary>Another device takes the place of the one there is.</summary>
    private static async Task ReplaceAsync(Bench bench, Person person)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await AddAsync(bench, person, Person.DeviceOf(key));
        var old = person.Device;
        person.Take(key);
        await RemoveAsync(bench, person, old);
        bench.Wait(TimeSpan.FromDays(1));
    }

    private static async Task RemoveAsync(Bench bench, Person person, KeyId device)
    {
        var gone = person.Sign(DeviceAct.Purpose, new DeviceAct.Remove(device.ToString()).ToPayload());
        Assert.True((await bench.Service.RemoveDeviceAsync(gone.ToArray(), null, Cancel)).Value);
    }

    [Fact]
    public async Task Of_many_that_are_gone_the_first_are_forgotten_and_there_is_room()
    {
        using var bench = await Bench.BegunAsync();
        var bob = await bench.RegisterAsync("bob");
        for (var i = 0; i < AccountsLimits.KeysKeptMax; i++)
        {
            using var phone = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            await AddAsync(bench, bob, Person.DeviceOf(phone));
            await RemoveAsync(bench, bob, KeyId.Of(phone.ExportSubjectPublicKeyInfo()));
            bench.Wait(TimeSpan.FromDays(4));
            await bench.Service.PruneAsync(Bench.Node, Cancel);
        }

        var kept = (await KeptAsync(bench, bob)).ToList();
        Assert.Equal((AccountsLimits.KeysKeptMax, bob.Device), (kept.Count, kept[0]));
    }
}
