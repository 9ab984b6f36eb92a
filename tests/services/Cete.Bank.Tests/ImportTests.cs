using System.Security.Cryptography;
using System.Text.Json;
using Cete.Core;
using Cete.Ledger;
using Cete.Testing;
using Cete.Trust;

namespace Cete.Bank.Tests;

/// <summary>Which keys sign for whom: chains that every replica verifies, whatever a root or the accounts tell.</summary>
public sealed class ImportTests
{
    [Fact]
    public void A_key_counts_by_the_word_of_one_that_counts()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Rich("ada", 10, 1), bench.Register("bob"));
        using var phone = NewKey();
        bench.Import(Added(ada, phone, bob.Key)).Refused(FailureKind.Forbidden, "not signed with the key");
        bench.Import(Added(ada, phone, ada.Key, says: NewKey())).Refused(FailureKind.Forbidden, "does not say that of the key");
        bench.Import(Added(ada, phone, ada.Key, of: bob)).Refused(FailureKind.Forbidden, "keys of another account");
        bench.Import(Added(ada, phone, ada.Key, purpose: KeyApproval.RecoveryPurpose)).Refused(FailureKind.Forbidden, "was signed for");
        Cannot(bench, ada, phone);
        Assert.Null(bench.Import(Added(ada, phone, ada.Key)));
        Assert.Null(bench.Import(Added(ada, phone, ada.Key)));
        Can(bench, ada, phone, bob, 10);

        // Of an account with a device nobody's word is enough, and of an approver that is not known nothing is.
        using var other = NewKey();
        foreach (var origin in new[] { AccountsTell.Unknown, AccountsTell.Registration, AccountsTell.Password, 77 })
        {
            Assert.Null(bench.Import(AccountsTell.DeviceAdded(ada.Id, Public(other), origin)));
        }

        using var stranger = NewKey();
        Assert.Null(bench.Import(AccountsTell.DeviceAdded(
            ada.Id, Public(other), AccountsTell.Device, KeyId.Of(Public(stranger)), Approval(ada, stranger, KeyApproval.DevicePurpose, other))));
        Cannot(bench, ada, other);
    }

    [Fact]
    public void A_key_that_was_removed_never_comes_back()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Rich("ada", 10, 1), bench.Register("bob"));
        using var phone = NewKey();
        Assert.Null(bench.Import(Added(ada, phone, ada.Key)));
        bench.Import(AccountsTell.DeviceRemoved(ada.Id, KeyId.Of(Public(phone)), ada.KeyId, Removal(ada, ada.Key, bob.Key)))
            .Refused(FailureKind.Forbidden, "does not say that of the key");
        Can(bench, ada, phone, bob, 10);
        Assert.Null(bench.Import(AccountsTell.DeviceRemoved(ada.Id, KeyId.Of(Public(phone)), ada.KeyId, Removal(ada, ada.Key, phone))));
        Cannot(bench, ada, phone);
        Assert.Null(bench.Import(Added(ada, phone, ada.Key)));
        Cannot(bench, ada, phone);
        using var tablet = NewKey();
        Assert.Null(bench.Import(Added(ada, tablet, phone, bySelf: true)));
        Cannot(bench, ada, tablet);
    }

    [Fact]
    public void Nobody_takes_an_account_by_making_up_that_its_device_is_gone()
    {
        using var bench = Bench.Begun();
        var (ada, mallory) = (bench.Rich("ada", 10, 1), bench.Register("mallory"));
        using var taken = NewKey();
        Assert.Null(bench.Import(AccountsTell.DeviceRemoved(ada.Id, ada.KeyId)));
        Assert.Null(bench.Import(AccountsTell.DeviceAdded(ada.Id, Public(taken), AccountsTell.Password)));
        Cannot(bench, ada, taken);
        Assert.Null(bench.Import(AccountsTell.RecoveryKeys(ada.Id, [Public(mallory.Key)])));
        Assert.Null(bench.Import(AccountsTell.RecoveryKeys(ada.Id, [Public(mallory.Key)], RecoveryKeys(ada, mallory.Key, mallory.Key))));
        Assert.Null(bench.Import(AccountsTell.DeviceAdded(
            ada.Id, Public(taken), AccountsTell.Recovery, mallory.KeyId, Approval(null, mallory.Key, KeyApproval.RecoveryPurpose, taken))));
        Cannot(bench, ada, taken);
        Assert.Equal(10, ada.Balance);
    }

    [Fact]
    public void An_account_that_removed_its_last_device_itself_begins_anew()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Rich("ada", 10, 1), bench.Register("bob"));
        using var key = NewKey();
        Assert.Null(bench.Import(AccountsTell.DeviceRemoved(ada.Id, ada.KeyId, ada.KeyId, Removal(ada, ada.Key, ada.Key))));
        Assert.Null(bench.Import(AccountsTell.DeviceAdded(ada.Id, Public(key), AccountsTell.Password)));
        Can(bench, ada, key, bob, 10);
    }

    [Fact]
    public void A_recovery_key_brings_a_device_if_a_device_named_it()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Rich("ada", 10, 1), bench.Register("bob"));
        using var code = new Both(NewKey(), NewKey());
        using var other = NewKey();
        bench.Import(AccountsTell.RecoveryKeys(ada.Id, [Public(code.Second)], RecoveryKeys(ada, ada.Key, code.First)))
            .Refused(FailureKind.Forbidden, "names other recovery keys");
        Assert.Null(bench.Import(AccountsTell.RecoveryKeys(ada.Id, [Public(code.First)], RecoveryKeys(ada, ada.Key, code.First))));
        using var phone = NewKey();
        Assert.Null(bench.Import(AccountsTell.DeviceAdded(
            ada.Id, Public(phone), AccountsTell.Recovery, KeyId.Of(Public(other)), Approval(null, other, KeyApproval.RecoveryPurpose, phone))));
        Cannot(bench, ada, phone);
        Assert.Null(bench.Import(AccountsTell.DeviceAdded(
            ada.Id, Public(phone), AccountsTell.Recovery, KeyId.Of(Public(code.First)), Approval(null, code.First, KeyApproval.RecoveryPurpose, phone))));
        Can(bench, ada, phone, bob, 10);
    }

    [Fact]
    public void A_delegate_spends_to_its_cap_until_it_ends_and_governs_nothing()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Rich("ada", 100, 1), bench.Register("bob"));
        using var key = NewKey();
        var (node, ends) = (KeyId.Of("node"u8), bench.Now + TimeSpan.FromDays(1));
        var approval = Delegation(ada, ada.Key, key, node, ends, 30);
        bench.Import(AccountsTell.DelegateAdded(ada.Id, Public(key), node, ends, 31, AccountsTell.Device, ada.KeyId, approval))
            .Refused(FailureKind.Forbidden, "does not say that");
        bench.Import(AccountsTell.DelegateAdded(ada.Id, Public(key), node, ends, 0, AccountsTell.Device, ada.KeyId, approval)).Refused(FailureKind.Damaged, "");
        Assert.Null(bench.Import(AccountsTell.DelegateAdded(ada.Id, Public(key), node, ends, 30, AccountsTell.Password)));
        Cannot(bench, ada, key);
        Assert.Null(bench.Import(AccountsTell.DelegateAdded(ada.Id, Public(key), node, ends, 30, AccountsTell.Device, ada.KeyId, approval)));
        Can(bench, ada, key, bob, 10);
        var (device, counter) = (ada.Key, 500);
        ada.Key = key;
        ada.Send(++counter, bob, 21).Refused(FailureKind.Forbidden, "may still spend 0.00002 credits");
        var linked = ada.Order(Person.Sending(++counter, bob, 15, linked: true), Person.Sending(++counter, bob, 6)).Value.Results;
        Assert.All(linked, result => Assert.True(result.Failure > 0));
        ada.Channel(ada.Opening(Bench.Id(900), 21)).Refused(FailureKind.Forbidden, "may still spend 0.00002 credits");
        Assert.True(ada.Channel(ada.Opening(Bench.Id(901), 15)).Succeeded);
        ada.Do(ada.Pending(++counter, bob, 6)).Refused(FailureKind.Forbidden, "may still spend 0.000005 credits");
        Assert.True(ada.Send(++counter, bob, 5).Number > 0);
        ada.Decide(BankPolicy.First with { Version = 2 }).Refused(FailureKind.Forbidden, "may not sign that");
        var payOut = Person.Sending(++counter, ada, 1) with { From = "treasury" };
        var result = Proto.Transferred.Parser.ParseFrom(bench.Submit(ada.Signed(payOut), ada.Governing).Value.Span).Results[0];
        result.Refused(FailureKind.Forbidden, "sign with a device");
        bench.Group.Now = ends;
        ada.Order(Person.Sending(++counter, bob, 1)).Refused(FailureKind.Forbidden, "may not sign that any more");
        ada.Key = device;
        using var next = NewKey();
        Assert.Null(bench.Import(Added(ada, next, key, bySelf: true)));
        Cannot(bench, ada, next);
    }

    [Fact]
    public void A_delegate_that_was_removed_spends_nothing()
    {
        using var bench = Bench.Begun();
        var (ada, bob) = (bench.Rich("ada", 100, 1), bench.Register("bob"));
        using var key = NewKey();
        var (node, ends) = (KeyId.Of("node"u8), bench.Now + TimeSpan.FromDays(1));
        var told = AccountsTell.DelegateAdded(
            ada.Id, Public(key), node, ends, 30, AccountsTell.Device, ada.KeyId, Delegation(ada, ada.Key, key, node, ends, 30));
        Assert.Null(bench.Import(told));
        Can(bench, ada, key, bob, 10);
        Assert.Null(bench.Import(AccountsTell.DelegateRemoved(ada.Id, KeyId.Of(Public(key)))));
        Assert.Null(bench.Import(told));
        Cannot(bench, ada, key);
    }

    [Fact]
    public void What_cannot_be_read_of_accounts_is_told()
    {
        using var bench = Bench.Begun();
        var ada = bench.Stranger("ada");
        bench.Import(AccountsTell.DeviceAdded(ada.Id, ada.PublicKey, AccountsTell.Registration)).Refused(FailureKind.Damaged, "of which nothing was told");
        foreach (var type in new[] { "account-registered", "account-suspended", "account-closed", "device-added", "device-removed", "delegate-added",
            "recovery-keys-replaced" })
        {
            Assert.NotNull(bench.Import((type, [])));
            Assert.NotNull(bench.Import((type, [0xFF])));
        }

        Assert.Null(bench.Import(("session-opened", [0xFF])));
        Assert.Null(bench.Import(AccountsTell.Account("registered", ada.Id)));
        bench.Import(AccountsTell.DeviceAdded(ada.Id, new byte[91], AccountsTell.Registration)).Refused(FailureKind.Damaged, "cannot be read");
        bench.Import(AccountsTell.RecoveryKeys(ada.Id, Enumerable.Repeat(ada.PublicKey, 65))).Refused(FailureKind.Damaged, "cannot be read");
        using var empty = Bench.Empty();
        empty.Import(AccountsTell.Account("registered", ada.Id)).Refused(FailureKind.Unavailable, "has not begun yet");
    }

    internal static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static byte[] Public(ECDsa key) => key.ExportSubjectPublicKeyInfo();

    private static (string Type, byte[] Body) Added(
        Person person, ECDsa key, ECDsa by, ECDsa? says = null, Person? of = null, string purpose = KeyApproval.DevicePurpose, bool bySelf = false)
    {
        // Who signed in vain says that the account's own device did.
        var approver = by == person.Key || bySelf ? KeyId.Of(Public(by)) : person.KeyId;
        return AccountsTell.DeviceAdded(person.Id, Public(key), AccountsTell.Device, approver, Approval(of ?? person, by, purpose, says ?? key));
    }

    private static byte[] Approval(Person? person, ECDsa by, string purpose, ECDsa key) => SignedStatement.Sign(by, Bench.Community, purpose,
        person?.Id ?? default, 1,
        JsonSerializer.SerializeToUtf8Bytes(new { act = "add", device = new { signingKey = Public(key) } })).ToArray();

    private static byte[] Removal(Person person, ECDsa by, ECDsa key) => SignedStatement.Sign(by, Bench.Community, KeyApproval.DevicePurpose, person.Id, 2,
        JsonSerializer.SerializeToUtf8Bytes(new { act = "remove", device = KeyId.Of(Public(key)).ToString() })).ToArray();

    private static byte[] RecoveryKeys(Person person, ECDsa by, ECDsa key) => SignedStatement.Sign(
        by, Bench.Community, "accounts.recovery-keys", person.Id, 3, JsonSerializer.SerializeToUtf8Bytes(new { keys = new[] { Public(key) } })).ToArray();

    private static byte[] Delegation(Person person, ECDsa by, ECDsa key, KeyId node, Instant ends, long cap) => SignedStatement.Sign(
        by, Bench.Community, KeyApproval.DevicePurpose, person.Id, 4, JsonSerializer.SerializeToUtf8Bytes(
            new { act = "add-delegate", signingKey = Public(key), node = node.ToString(), expiresAt = ends.Microseconds, cap })).ToArray();

    private static void Can(Bench bench, Person person, ECDsa key, Person to, long amount)
    {
        var statement = person.Sign(TransferAct.Purpose, new TransferAct([Order(key, to, amount)]).ToPayload(), key: key);
        var result = bench.Submit(new Proto.Transfer { Statement = Person.Bytes(statement) });
        Assert.True(result.Succeeded, result.Failure?.Message);
        Assert.True(result.Changed<Proto.Transferred>(done => done.Results[0].Number > 0));
    }

    private static void Cannot(Bench bench, Person person, ECDsa key)
    {
        var statement = person.Sign(TransferAct.Purpose, new TransferAct([Order(key, person, 1)]).ToPayload(), key: key);
        bench.Submit(new Proto.Transfer { Statement = Person.Bytes(statement) }).Refused(FailureKind.Forbidden, string.Empty);
    }

    private static TransferOrder Order(ECDsa key, Person to, long amount) => Person.Sending(0, to, amount) with
    {
        Id = TransferId.Of("test", [.. Public(key)], amount).ToString(),
    };

    private sealed record Both(ECDsa First, ECDsa Second) : IDisposable
    {
        public void Dispose()
        {
            First.Dispose();
            Second.Dispose();
        }
    }
}
