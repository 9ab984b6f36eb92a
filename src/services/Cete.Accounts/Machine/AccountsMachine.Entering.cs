using System.Security.Cryptography;
using Cete.Accounts.Feed;
using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Accounts;

/// <summary>How accounts come and go.</summary>
public sealed partial class AccountsMachine
{
    private static readonly Failure WrongInvitation = new(
        FailureKind.Forbidden, "there is no such invitation, or it is over; copy the whole of it again, or ask for another");

    private Outcome<ReadOnlyMemory<byte>> Start(Begin command, Change change)
    {
        var administrator = new AccountId(command.Account.Account.Span);
        if (change.Rules.Find() is { } known)
        {
            if (known.Community != community && new KeyId(command.Community.Span) == community)
            {
                return Adopt(command, change);
            }

            return known.Community == new KeyId(command.Community.Span) && change.Rules.Administrator() == administrator
                ? Done(changed: false)
                : new Failure(FailureKind.Conflict, "the accounts of this community were begun already, with another administrator");
        }

        var begun = new KeyId(command.Community.Span);
        change.Rules.Add(begun, (Registration)command.Registration, administrator);
        foreach (var role in command.Roles)
        {
            change.Roles.Put(role.Name, role.Grants);
        }

        return Add(command, administrator, version: 1, begun, change);
    }

    /// <summary>The first administrator comes in.</summary>
    private static Outcome<ReadOnlyMemory<byte>> Add(Begin command, AccountId administrator, long version, KeyId community, Change change)
    {
        IReadOnlyList<string> roles = [RoleDefinition.Administrator, RoleDefinition.Member];
        var begun = new RulesEvent { Version = version };
        if (change.TellsAll)
        {
            change.Emit("accounts-begun", begun);
        }

        if (Add(command.Account, roles, version, Hash256.Of(command.ToByteArray()), community, mayLackCertificate: true, change) is { } failure)
        {
            return failure;
        }

        if (!change.TellsAll)
        {
            change.Emit("accounts-begun", begun);
            EmitAccount("account-registered", administrator, version, change);
        }

        return command.Session is null ? Done() : Open(command.Session, change);
    }

    /// <summary>
    /// The tables come from a backup of another community: the accounts stay, and this one's administrator comes to them. Sessions were given for
    /// the other one's nodes.
    /// </summary>
    private static Outcome<ReadOnlyMemory<byte>> Adopt(Begin command, Change change)
    {
        var (id, administrator) = (new KeyId(command.Community.Span), new AccountId(command.Account.Account.Span));
        change.Rules.SetCommunity(id, administrator);
        change.Sessions.EndAll(change.At);
        if (change.TellsAll)
        {
            change.History.ForgetStatements();
            change.Delegates.ForgetAll();
            change.Private.ForgetRecoveryStatements();
        }

        return Add(command, administrator, change.Rules.Touch(), id, change);
    }

    private static Outcome<ReadOnlyMemory<byte>> Enter(Register command, AccountRules rules, Change change)
    {
        var id = new AccountId(command.Entry.Account.Span);
        var registration = Hash256.Of(command.ToByteArray());
        if (change.Accounts.RegistrationOf(id) is { } known)
        {
            return registration.ToArray().AsSpan().SequenceEqual(known)
                ? Answer(new Registered { Account = command.Entry.Account })
                : new Failure(FailureKind.Conflict, $"there is another account {id} already");
        }

        if (command.Entry.Credential is null)
        {
            return new Failure(FailureKind.Invalid, "the account has no password");
        }

        var invited = Welcome(command, rules, change);
        if (!invited.Succeeded)
        {
            return invited.Failure;
        }

        var version = change.Rules.Touch();
        if (Add(command.Entry, invited.Value, version, registration, rules.Community, mayLackCertificate: false, change) is { } failure)
        {
            return failure;
        }

        if (!change.TellsAll)
        {
            EmitAccount("account-registered", id, version, change);
        }

        return Answer(new Registered { Account = command.Entry.Account });
    }

    /// <summary>The roles that a newcomer gets; a failure for one that may not come in. An invitation is used up by it.</summary>
    private static Outcome<IReadOnlyList<string>> Welcome(Register command, AccountRules rules, Change change)
    {
        if (rules.Registration == Registration.Closed)
        {
            return new Failure(FailureKind.Forbidden, "this community takes no new accounts");
        }

        if (command.Invitation.IsEmpty)
        {
            return rules.Registration == Registration.Open
                ? Outcome.Of<IReadOnlyList<string>>([RoleDefinition.Member])
                : new Failure(FailureKind.Forbidden, "an account is made by invitation here; ask a member for one");
        }

        var id = command.Invitation.ToByteArray();
        var invitation = change.Invitations.Find(id);

        // One text for all: it must not tell which ids exist.
        if (invitation is null || !IsShown(command, change.TellsAll ? change.Invitations.KeyOf(id) : null, rules, change)
            || invitation.RevokedAt is not null || invitation.UsesLeft == 0 || invitation.ExpiresAt <= change.At)
        {
            return WrongInvitation;
        }

        change.Invitations.Use(invitation, change.At);
        change.Emit("invitation-used", new InvitationEvent { Invitation = command.Invitation, Account = command.Entry.Account });

        // A role that was removed since is given to nobody.
        var roles = invitation.Roles.Append(RoleDefinition.Member).Where(role => change.Roles.Find(role) is not null);
        return Outcome.Of<IReadOnlyList<string>>([.. roles.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
    }

    /// <summary>
    /// Whether whoever registers has the invitation's secret, as its row shows it: by a signature of its key, or by its hash, as it was before.
    /// </summary>
    private static bool IsShown(Register command, byte[]? key, AccountRules rules, Change change)
    {
        if (key is null)
        {
            return CryptographicOperations.FixedTimeEquals(change.Invitations.SecretHashOf(command.Invitation.ToByteArray()), command.SecretHash.Span);
        }

        var statement = SignedStatement.Parse(command.Statement.Span);
        var act = statement.Succeeded && change.Statements.Unsigned(statement.Value, key, rules.Community, RegisterAct.Purpose) is null
            ? RegisterAct.Parse(statement.Value.Payload.Span)
            : WrongInvitation;
        return act.Succeeded && statement.Value.Account == new AccountId(command.Entry.Account.Span)
            && act.Value.Invitation == Convert.ToHexStringLower(command.Invitation.Span) && act.Value.Name == command.Entry.Name.Text
            && Hash256.Of(command.Entry.ToByteArray()).ToArray().AsSpan().SequenceEqual(act.Value.Entry);
    }

    private static Failure? Add(
        NewEntry entry, IReadOnlyList<string> roles, long version, Hash256 registration, KeyId community, bool mayLackCertificate, Change change)
    {
        if (change.Accounts.IsTaken(entry.Name.Key, entry.Name.Skeleton))
        {
            return new Failure(FailureKind.Conflict, $"the name '{entry.Name.Text}' is taken, or looks like one that is; choose another");
        }

        var id = new AccountId(entry.Account.Span);
        change.Accounts.Add(id, entry.Name, roles, change.At, version, registration.ToArray());
        if (change.TellsAll)
        {
            // Whoever imports has to know the account before its keys.
            EmitAccount("account-registered", id, version, change);
        }

        change.Private.SetPersonal(id, entry.Personal);
        if (entry.Credential is { } credential)
        {
            change.Private.SetPassword(id, credential);
        }

        return AddRecoveryKeys(id, entry.RecoveryKeys, ByteString.Empty, change) ?? (entry.Device is null
            ? null
            : AddDevice(id, Read(entry.Device), community, mayLackCertificate, KeyApproved.Unsigned(KeyOrigin.Registration), change));
    }

    private static Failure? AddRecoveryKeys(AccountId id, IReadOnlyCollection<ByteString> keys, ByteString statement, Change change)
    {
        foreach (var key in keys)
        {
            if (change.Private.HasRecoveryKey(KeyId.Of(key.Span)))
            {
                return new Failure(FailureKind.Conflict, "a recovery code is in use already; make others");
            }

            change.Private.AddRecoveryKey(id, key.ToByteArray());
        }

        if (change.TellsAll)
        {
            change.Private.SetRecoveryStatement(id, statement.ToByteArray(), change.At);
            change.Emit("recovery-keys-replaced", RecoveryEvent(id, keys.Select(key => key.ToByteArray()), statement.Span, change.At));
        }

        return null;
    }

    private static Outcome<ReadOnlyMemory<byte>> Set(SetPersonal command, Change change)
    {
        var account = Present(command.Account, change);
        if (!account.Succeeded)
        {
            return account.Failure;
        }

        change.Private.SetPersonal(account.Value.Id, command.Text.ToByteArray());
        EmitAccount("account-described", account.Value.Id, 0, change);
        return Done();
    }

    private static Outcome<ReadOnlyMemory<byte>> Leave(Close command, AccountRules rules, Change change)
    {
        var id = new AccountId(command.Account.Span);
        if (change.Accounts.Find(id) is { ClosedAt: not null })
        {
            return Done(changed: false);
        }

        var account = Present(id, change);
        return !account.Succeeded ? account.Failure
            : change.TellsAll && Unsigned(command, account.Value, rules, change) is { } unsigned ? unsigned
            : CloseAccount(account.Value, change, command.Statement.Memory) is { } failure ? failure
            : Done();
    }

    /// <summary>Nothing brings a closed account back, so what has a device is closed by a device: a root alone cannot.</summary>
    private static Failure? Unsigned(Close command, AccountRow account, AccountRules rules, Change change)
    {
        if (!change.Statements.NeedsDevice(change.Devices.HasUsable(account.Id)))
        {
            return command.Statement.IsEmpty ? null : new Failure(FailureKind.Invalid, "the account has no device that could sign");
        }

        if (command.Statement.IsEmpty)
        {
            return new Failure(FailureKind.Forbidden, "the account has a device; it is closed by what that one signs");
        }

        var statement = Verified(command.Statement, CloseAct.Purpose, rules, change);
        if (!statement.Succeeded)
        {
            return statement.Failure;
        }

        var act = CloseAct.Parse(statement.Value.Payload.Span);
        return !act.Succeeded ? act.Failure
            : statement.Value.Account == account.Id && act.Value.Account == account.Id.ToString() ? null
            : new Failure(FailureKind.Forbidden, "what was signed is the closing of another account");
    }

    /// <summary>All that is personal goes; what stays is the id, and hashes that keep the name from being taken.</summary>
    private static Failure? CloseAccount(AccountRow account, Change change, ReadOnlyMemory<byte> statement = default)
    {
        if (IsLastAdministrator(account, change))
        {
            return LastAdministrator(account);
        }

        foreach (var invitation in change.Invitations.UsableOf(account.Id, change.At))
        {
            change.Invitations.Revoke(invitation, change.At);
        }

        change.Private.Forget(account.Id);
        if (change.TellsAll)
        {
            change.Private.ForgetRecoveryStatement(account.Id);
            change.History.ForgetAll(account.Id);
            change.Delegates.ForgetAll(account.Id);
            change.Passkeys.ForgetAll(account.Id);
        }

        change.Devices.ForgetAll(account.Id);
        change.Sessions.ForgetAll(account.Id);
        var version = change.Rules.Touch();
        change.Accounts.Close(account, change.At, version);
        EmitAccount("account-closed", account.Id, version, change, change.TellsAll ? statement : default);
        return null;
    }

    private static bool IsLastAdministrator(AccountRow account, Change change) =>
        account.Roles.Contains(RoleDefinition.Administrator) && !change.Accounts.HasOtherActive(account.Id, RoleDefinition.Administrator);

    private static Failure LastAdministrator(AccountRow account) => new(
        FailureKind.Conflict, $"the account {account.Id} is the last administrator; make another one first");
}
