using System.Text.Json;
using Cete.Accounts.Feed;
using Cete.Core;
using Cete.Groups;
using Cete.Ports;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Bank;

/// <summary>
/// What the bank learns of accounts: who there is, and which keys sign for whom. Chains of keys are verified here, by each replica: a root of the bank,
/// or a node that keeps accounts, can name the first key of an account that nobody has heard of, and none of one that has a key.
/// </summary>
public sealed partial class BankMachine : IFeedImporter
{
    /// <summary>The group that is imported from.</summary>
    public static readonly GroupId Accounts = GroupId.Of("accounts");

    private const string RecoveryKeysPurpose = "accounts.recovery-keys";

    private static readonly GroupId[] Sources = [Accounts];

    /// <inheritdoc/>
    public IReadOnlyList<GroupId> ImportsAt(int level) => Sources;

    /// <inheritdoc/>
    public void BeginImport(GroupId source, ApplyContext context)
    {
        // What is known stays: accounts have credits, and each record of a scan says again what is so, or what came since.
    }

    /// <inheritdoc/>
    public Failure? Import(ImportedEvent imported, ApplyContext context)
    {
        var change = new Change(imported.At, imported.Index, new Asker(string.Empty, []), context, Rules);
        if (change.Cache.Facts(context.Sql) is null)
        {
            return BankQueries.NotBegun;
        }

        var failure = Take(imported.Event.Type, imported.Event.Body.Span, change);
        if (failure is null)
        {
            change.Write();
        }

        return failure;
    }

    private static Failure? Take(string type, ReadOnlySpan<byte> body, Change change) => type switch
    {
        "account-registered" => Register(ProtobufBytes.Read(AccountEvent.Parser, body), change),
        "account-suspended" => Suspend(ProtobufBytes.Read(AccountEvent.Parser, body), true, change),
        "account-resumed" => Suspend(ProtobufBytes.Read(AccountEvent.Parser, body), false, change),
        "account-closed" => Leave(ProtobufBytes.Read(AccountEvent.Parser, body), change),
        "device-added" => AddKey(KeySaid.Of(ProtobufBytes.Read(DeviceEvent.Parser, body)), change),
        "delegate-added" => AddKey(KeySaid.Of(ProtobufBytes.Read(DelegateEvent.Parser, body)), change),
        "device-removed" => RemoveKey(KeySaid.Of(ProtobufBytes.Read(DeviceEvent.Parser, body)), change),
        "delegate-removed" => RemoveKey(KeySaid.Of(ProtobufBytes.Read(DelegateEvent.Parser, body)), change),
        "recovery-keys-replaced" => SetRecovery(ProtobufBytes.Read(RecoveryKeysEvent.Parser, body), change),
        _ => null,
    };

    private static Failure? Register(AccountEvent told, Change change)
    {
        if (told.Account.Length != AccountId.Size)
        {
            return Malformed;
        }

        var account = new AccountId(told.Account.Span);
        if (change.Holders.Find(account) is not null)
        {
            return null;
        }

        // A source of before it told when has told no more than that the account is there.
        var since = told.At > 0 ? Instant.Min(new Instant(told.At), change.At) : change.At;
        change.Holders.Add(account, since);
        change.Day.Joined++;
        foreach (var stage in change.Facts.Policy.Grants)
        {
            var at = change.At + TimeSpan.FromDays(stage.AfterDays);
            if (stage.AfterDays == 0)
            {
                Grant(account, 0, stage.Amount, change);
            }
            else if (stage.Amount > 0)
            {
                change.Due.Add(at, DueKind.Grant, account.ToArray(), stage.Amount);
            }
        }

        return null;
    }

    private static Failure? Suspend(AccountEvent told, bool isSuspended, Change change)
    {
        if (told.Account.Length != AccountId.Size)
        {
            return Malformed;
        }

        change.Holders.Suspend(new AccountId(told.Account.Span), isSuspended);
        return null;
    }

    private static Failure? Leave(AccountEvent told, Change change)
    {
        if (told.Account.Length != AccountId.Size)
        {
            return Malformed;
        }

        var account = new AccountId(told.Account.Span);
        if (change.Holders.Find(account) is { ClosedAt: null })
        {
            change.Holders.Close(account, change.At, HasSigned(told.Statement, account, "accounts.close", change));
            Sweep(account, change);
        }

        return null;
    }

    private static Failure? AddKey(KeySaid? said, Change change)
    {
        if (said is not { } key || !SignedStatement.IsPublicKey(key.SigningKey.Span) || KeyId.Of(key.SigningKey.Span) != key.Key || key.Cap < 0
            || (key.IsDelegate && key.Cap == 0))
        {
            return Malformed;
        }

        if (change.Holders.Find(key.Account) is null)
        {
            return new Failure(FailureKind.Damaged, $"a key of the account {key.Account}, of which nothing was told");
        }

        var known = change.Holders.Keys(key.Account);
        if (known.Exists(one => one.Id == key.Key))
        {
            return null;
        }

        var vouched = key.Origin is KeyOrigin.Device or KeyOrigin.Recovery
            ? IsVouched(key, key.IsDelegate ? KeyApprovalKind.AddDelegate : KeyApprovalKind.Add, known, change)
            : false;
        if (!vouched.Succeeded)
        {
            return vouched.Failure;
        }

        // A key that nobody here can vouch for is passed over.
        if (vouched.Value || change.Rules.Believes(IsOpen(known)))
        {
            change.Holders.Add(new KeyRow(key.Key, key.Account, key.SigningKey, key.Cap, 0, key.ExpiresAt, null), change.At);
        }

        return null;
    }

    /// <summary>Whether a key that is known here has signed what is told; a lie is a failure, an approver of whom nothing is known is none.</summary>
    private static Outcome<bool> IsVouched(KeySaid said, KeyApprovalKind kind, List<KeyRow> known, Change change)
    {
        var approver = said.Origin == KeyOrigin.Recovery
            ? change.Holders.RecoveryKey(said.Account, said.Approver)
            : known.Find(one => one.Id == said.Approver && one is { RemovedAt: null, IsDelegate: false })?.PublicKeyBytes;
        if (approver is not { } publicKey)
        {
            return false;
        }

        var purpose = said.Origin == KeyOrigin.Recovery ? KeyApproval.RecoveryPurpose : KeyApproval.DevicePurpose;
        var approval = KeyApproval.Verify(said.Statement.Span, publicKey.Span, change.Facts.Community, said.Account, purpose);
        return !approval.Succeeded ? approval.Failure
            : approval.Value.Kind == kind && approval.Value.Key == said.Key
                && (kind != KeyApprovalKind.AddDelegate || (approval.Value.Cap, approval.Value.ExpiresAt) == (said.Cap, said.ExpiresAt))
                ? true
            : new Failure(FailureKind.Forbidden, $"what was signed does not say that of the key {said.Key}");
    }

    private static Failure? RemoveKey(KeySaid? said, Change change)
    {
        if (said is not { } key)
        {
            return Malformed;
        }

        var known = change.Holders.Keys(key.Account);
        if (!known.Exists(one => one.Id == key.Key && one.RemovedAt is null))
        {
            return null;
        }

        // Any root can withhold a key. It gains nothing by it: whether a device signed that is remembered.
        var vouched = key.Statement.IsEmpty || key.IsDelegate ? false
            : IsVouched(key with { Origin = KeyOrigin.Device }, KeyApprovalKind.Remove, known, change);
        if (!vouched.Succeeded)
        {
            return vouched.Failure;
        }

        change.Holders.Remove(key.Key, change.At, vouched.Value);
        return null;
    }

    /// <summary>
    /// The accounts' word alone counts for an account that never had a device, and for one whose devices all said that they are removed: not for one
    /// of which somebody made that up.
    /// </summary>
    private static bool IsOpen(List<KeyRow> known) => known.TrueForAll(one => one.IsDelegate || one is { RemovedAt: not null, IsRemovalSigned: true });

    /// <summary>Whether a device of the account signed something for a purpose.</summary>
    private static bool HasSigned(ByteString bytes, AccountId account, string purpose, Change change) =>
        SignedStatement.Parse(bytes.Span) is { Succeeded: true, Value: var statement } && statement.Account == account
        && change.Holders.Key(statement.Device) is { RemovedAt: null, IsDelegate: false } key && key.Account == account
        && change.Rules.Unsigned(statement, key.PublicKey, change.Facts.Community, purpose) is null;

    private static Failure? SetRecovery(RecoveryKeysEvent told, Change change)
    {
        if (told.Account.Length != AccountId.Size || told.Keys.Count > 64 || told.Keys.Any(key => !SignedStatement.IsPublicKey(key.Span)))
        {
            return Malformed;
        }

        // Of who signs with a key that is not known here, and of nobody, they rest on the accounts alone, as a first key does.
        var account = new AccountId(told.Account.Span);
        var isSigned = HasSigned(told.Statement, account, RecoveryKeysPurpose, change);
        if (isSigned && !Names(told))
        {
            return new Failure(FailureKind.Forbidden, $"what was signed names other recovery keys of the account {account}");
        }

        if (isSigned || IsOpen(change.Holders.Keys(account)))
        {
            change.Holders.SetRecovery(account, [.. told.Keys.Select(key => key.ToByteArray())]);
        }

        return null;
    }

    /// <summary>Whether the statement holds the keys that are told.</summary>
    private static bool Names(RecoveryKeysEvent told)
    {
        try
        {
            using var document = JsonDocument.Parse(
                SignedStatement.Parse(told.Statement.Span).Value.Payload, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            return document.RootElement.GetProperty("keys").EnumerateArray().Select(key =>
                ByteString.CopyFrom(key.GetBytesFromBase64())).SequenceEqual(told.Keys);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return false;
        }
    }

    private static Failure Malformed => new(FailureKind.Damaged, "what is told of an account cannot be read");

    /// <summary>What is told of a key, be it a device's or a delegate's.</summary>
    private readonly record struct KeySaid(AccountId Account, KeyId Key, ReadOnlyMemory<byte> SigningKey, KeyOrigin Origin, KeyId Approver)
    {
        public ByteString Statement { get; init; } = ByteString.Empty;

        public bool IsDelegate { get; init; }

        public long Cap { get; init; }

        public Instant ExpiresAt { get; init; }

        public static KeySaid? Of(DeviceEvent told) => IsWhole(told.Account, told.Device, told.Approver)
            ? new KeySaid(new AccountId(told.Account.Span), new KeyId(told.Device.Span), told.SigningKey.Memory, told.Origin, Name(told.Approver))
            {
                Statement = told.Statement,
            }
            : null;

        public static KeySaid? Of(DelegateEvent told) => IsWhole(told.Account, told.Delegate, told.Approver)
            ? new KeySaid(new AccountId(told.Account.Span), new KeyId(told.Delegate.Span), told.SigningKey.Memory, told.Origin, Name(told.Approver))
            {
                Statement = told.Statement,
                IsDelegate = true,
                Cap = told.Cap,
                ExpiresAt = new Instant(told.ExpiresAt),
            }
            : null;

        private static bool IsWhole(ByteString account, ByteString key, ByteString approver) =>
            account.Length == AccountId.Size && key.Length == KeyId.Size && approver.Length is 0 or KeyId.Size;

        private static KeyId Name(ByteString key) => key.IsEmpty ? default : new KeyId(key.Span);
    }
}
