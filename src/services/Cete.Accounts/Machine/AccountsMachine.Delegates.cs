using Cete.Accounts.Feed;
using Cete.Accounts.Proto;
using Cete.Core;
using Google.Protobuf;

namespace Cete.Accounts;

/// <summary>Keys that a node holds for an account, to sign small payments with. They stand in a table of their own, so they sign nothing here.</summary>
public sealed partial class AccountsMachine
{
    private static Outcome<ReadOnlyMemory<byte>> Apply(AddDelegate command, AccountRules rules, Change change)
    {
        var account = Present(command.Account, change);
        if (!account.Succeeded)
        {
            return account.Failure;
        }

        if (change.Statements.NeedsDevice(change.Devices.HasUsable(account.Value.Id)))
        {
            return new Failure(FailureKind.Forbidden, "the account has a device; what pays for it is approved by that one");
        }

        var added = AddDelegate(
            new NewDelegate(
                account.Value.Id, command.SigningKey.Memory, new KeyId(command.Node.Span), new Instant(command.ExpiresAt), command.Cap,
                command.Certificate.Memory),
            rules.Community, KeyApproved.Unsigned(KeyOrigin.Password), change);
        return added is not null ? added : Done();
    }

    private static Failure? AddDelegate(DeviceAct.AddDelegate act, AccountId account, KeyId community, KeyApproved approved, Change change) =>
        KeyId.TryParse(act.Node, out var node)
            ? (Checks.Moment("a delegate's end", act.ExpiresAt) ?? Checks.Cap(act.Cap)) is { } failure
                ? failure
                : AddDelegate(
                    new NewDelegate(account, act.SigningKey, node, new Instant(act.ExpiresAt), act.Cap, act.Certificate), community, approved, change)
            : new Failure(FailureKind.Invalid, $"'{Checks.Short(act.Node)}' is no name of a node's key");

    private static Failure? AddDelegate(NewDelegate added, KeyId community, KeyApproved approved, Change change)
    {
        if (added.ExpiresAt <= change.At || added.ExpiresAt > change.At + AccountsLimits.DelegateLifeMax + AccountsLimits.ClockSlack)
        {
            return new Failure(
                FailureKind.Invalid,
                $"the node's leave would end at {Show(added.ExpiresAt)}; it ends within {AccountsLimits.DelegateLifeMax.Days} days from now");
        }

        if (!DelegateCertificate.IsRight(added.Certificate, added.SigningKey, community, added.Account, added.Node))
        {
            return new Failure(FailureKind.Forbidden, "the delegate's certificate was not made with its key for this account, node and community");
        }

        var id = KeyId.Of(added.SigningKey.Span);
        if (change.Delegates.Find(id) is not null || change.Devices.Find(id) is not null || change.History.Has(id))
        {
            return new Failure(FailureKind.Conflict, $"the key {id} was added already; make a new one");
        }

        if (change.Delegates.Of(added.Account).Count(row => row.Record.Counts(change.At)) >= AccountsLimits.DelegatesMax)
        {
            return new Failure(FailureKind.TooLarge, $"{AccountsLimits.DelegatesMax} nodes may pay for the account, which is the most; remove one");
        }

        var row = new DelegateRow(
            new DelegateRecord(id, added.Account, added.Node, added.Cap, change.At, added.ExpiresAt, null), added.SigningKey.ToArray(), approved);
        change.Delegates.Add(row);
        change.Emit("delegate-added", DelegateEventOf(row));
        return null;
    }

    private static Outcome<ReadOnlyMemory<byte>> Apply(RemoveDelegate command, Change change)
    {
        var removed = RemoveDelegate(new KeyId(command.Delegate.Span).ToString(), new AccountId(command.Account.Span), KeyApproved.Unsigned(default), change);
        return removed is not null ? removed : Done();
    }

    private static Failure? RemoveDelegate(string text, AccountId account, KeyApproved approved, Change change)
    {
        if (!KeyId.TryParse(text, out var id) || change.Delegates.Find(id) is not { } row || row.Record.Account != account)
        {
            return new Failure(FailureKind.NotFound, $"the account has no delegate '{Checks.Short(text)}'");
        }

        if (row.Record.RemovedAt is not null)
        {
            return new Failure(FailureKind.Conflict, $"the delegate {id} was removed already");
        }

        RemoveDelegate(row, approved, change);
        return null;
    }

    private static void RemoveDelegates(AccountId account, Change change)
    {
        foreach (var row in change.Delegates.Of(account).Where(row => row.Record.RemovedAt is null))
        {
            RemoveDelegate(row, KeyApproved.Unsigned(default), change);
        }
    }

    private static void RemoveDelegate(DelegateRow row, KeyApproved approved, Change change)
    {
        change.Delegates.Remove(row.Record, change.At);
        change.Emit("delegate-removed", new DelegateEvent
        {
            Account = Bytes(row.Record.Account),
            Delegate = Bytes(row.Record.Id),
            Approver = ByteString.CopyFrom(approved.ApproverBytes),
            Statement = ByteString.CopyFrom(approved.Statement.Span),
            At = change.At.Microseconds,
        });
    }

    private static DelegateEvent DelegateEventOf(DelegateRow row) => new()
    {
        Account = Bytes(row.Record.Account),
        Delegate = Bytes(row.Record.Id),
        SigningKey = ByteString.CopyFrom(row.SigningKey),
        Node = Bytes(row.Record.Node),
        ExpiresAt = row.Record.ExpiresAt.Microseconds,
        Cap = row.Record.Cap,
        Origin = row.Approved.Origin,
        Approver = ByteString.CopyFrom(row.Approved.ApproverBytes),
        Statement = ByteString.CopyFrom(row.Approved.Statement.Span),
        At = row.Record.AddedAt.Microseconds,
    };

    private sealed record NewDelegate(
        AccountId Account, ReadOnlyMemory<byte> SigningKey, KeyId Node, Instant ExpiresAt, long Cap, ReadOnlyMemory<byte> Certificate);
}
