using Cete.Accounts.Feed;
using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Accounts;

/// <summary>The keys that sign for accounts, and what they signed.</summary>
public sealed partial class AccountsMachine
{
    private static NewDevice Read(Device device) =>
        new(device.SigningKey.Memory, device.ExchangeKey.Memory, device.Certificate.Memory, device.Label);

    /// <summary>
    /// A statement that a device of its account signed, and that was not taken before. From then on it is used up, unless the command fails as a whole.
    /// </summary>
    private static Outcome<SignedStatement> Verified(ByteString bytes, string purpose, AccountRules rules, Change change)
    {
        var parsed = SignedStatement.Parse(bytes.Span);
        if (!parsed.Succeeded)
        {
            return parsed.Failure;
        }

        var statement = parsed.Value;
        var device = change.Devices.Find(statement.Device);
        if (device is null || !change.Statements.IsOf(device.Account, statement.Account))
        {
            return new Failure(FailureKind.Forbidden, $"the account {statement.Account} has no device {statement.Device}; add it with one that it has");
        }

        if (device.RemovedAt is { } removed && change.Statements.IsRemoved(removed))
        {
            return new Failure(FailureKind.Forbidden, $"the device {device.Id} was removed at {Show(removed)}; sign with another");
        }

        if (change.Statements.Unsigned(statement, device.SigningKey.Span, rules.Community, purpose) is { } unsigned)
        {
            return unsigned;
        }

        if (!change.Statements.IsNew(statement.Counter, device.Counter))
        {
            return new Failure(FailureKind.Conflict, "a newer statement of this device was taken already; sign again");
        }

        change.Devices.SetCounter(device.Id, statement.Counter);
        return statement;
    }

    private static Outcome<ReadOnlyMemory<byte>> Apply(ChangeDevice command, AccountRules rules, Change change)
    {
        var statement = Verified(command.Statement, DeviceAct.Purpose, rules, change);
        if (!statement.Succeeded)
        {
            return statement.Failure;
        }

        var act = DeviceAct.Parse(statement.Value.Payload.Span);
        if (!act.Succeeded)
        {
            return act.Failure;
        }

        if (act.Value.IsOfDelegates && !change.TellsAll)
        {
            return DeviceAct.Malformed;
        }

        var account = statement.Value.Account;
        var approved = new KeyApproved(KeyOrigin.Device, statement.Value.Device, command.Statement.Memory);
        var failure = act.Value switch
        {
            DeviceAct.Add a => AddDevice(account, a.Device, rules.Community, mayLackCertificate: false, approved, change),
            DeviceAct.AddDelegate a => AddDelegate(a, account, rules.Community, approved, change),
            DeviceAct.RemoveDelegate a => RemoveDelegate(a.Delegate, account, approved, change),
            _ => RemoveDevice(statement.Value, ((DeviceAct.Remove)act.Value).Device, change),
        };
        return failure is not null ? failure : Done();
    }

    private static Outcome<ReadOnlyMemory<byte>> Apply(AddFirstDevice command, AccountRules rules, Change change)
    {
        var account = Present(command.Account, change);
        if (!account.Succeeded)
        {
            return account.Failure;
        }

        if (change.Devices.HasUsable(account.Value.Id))
        {
            return new Failure(FailureKind.Conflict, "the account has a device; have that one approve this one, or take a recovery code");
        }

        var failure = AddDevice(
            account.Value.Id, Read(command.Device), rules.Community, mayLackCertificate: false, KeyApproved.Unsigned(KeyOrigin.Password), change);
        return failure is not null ? failure : Done();
    }

    private static Failure? AddDevice(
        AccountId account, NewDevice device, KeyId community, bool mayLackCertificate, KeyApproved approved, Change change)
    {
        if (Checks.Device(device, community, mayLackCertificate) is { } failure)
        {
            return failure;
        }

        var id = KeyId.Of(device.SigningKey.Span);
        if (change.Devices.Find(id) is { } known)
        {
            return new Failure(FailureKind.Conflict, $"the device {id} was added already{(known.RemovedAt is null ? string.Empty : " and removed; make a new key")}");
        }

        if (change.Devices.Count(account) >= AccountsLimits.DevicesMax)
        {
            return new Failure(FailureKind.TooLarge, $"{AccountsLimits.DevicesMax} devices are listed, removed ones included, which is the most");
        }

        if (change.TellsAll && Record(account, id, device, approved, change) is { } full)
        {
            return full;
        }

        change.Devices.Add(account, device, change.At);
        EmitAdded(account, id, device, approved, change);
        return null;
    }

    private static Failure? Record(AccountId account, KeyId id, NewDevice device, KeyApproved approved, Change change)
    {
        if (change.History.Has(id) || change.Delegates.Find(id) is not null)
        {
            return new Failure(FailureKind.Conflict, $"the device {id} was added already and removed; make a new key");
        }

        if (change.History.Count(account) >= AccountsLimits.KeysKeptMax && !change.History.ForgetOne(account))
        {
            return new Failure(
                FailureKind.TooLarge, $"{AccountsLimits.KeysKeptMax} devices are kept since others came by them, which is the most; approve with an older one");
        }

        change.History.Add(account, id, device.SigningKey, approved, change.Index, change.At);
        return null;
    }

    private static Failure? RemoveDevice(SignedStatement statement, string text, Change change)
    {
        if (!KeyId.TryParse(text, out var id) || change.Devices.Find(id) is not { } device || device.Account != statement.Account)
        {
            return new Failure(FailureKind.NotFound, $"the account has no device '{Checks.Short(text)}'");
        }

        // So one always remains: an account without any could not be given one but by a recovery code.
        if (id == statement.Device)
        {
            return new Failure(FailureKind.Conflict, "a device does not remove itself; sign with another one");
        }

        if (device.RemovedAt is not null)
        {
            return new Failure(FailureKind.Conflict, $"the device {id} was removed already");
        }

        change.Devices.Remove(id, change.At);
        if (change.TellsAll)
        {
            change.History.Remove(id, statement.Device, statement.ToArray(), change.At);
        }

        foreach (var session in change.Sessions.Of(statement.Account).Where(session => session.EndedAt is null && session.Device == id))
        {
            EndOne(session, change);
        }

        EmitRemoved(statement.Account, id, statement.Device, statement.ToArray(), change);
        return null;
    }
}
