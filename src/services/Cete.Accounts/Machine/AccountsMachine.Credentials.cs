using Cete.Accounts.Feed;
using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Accounts;

/// <summary>By what accounts are known: passwords, second factors, recovery codes.</summary>
public sealed partial class AccountsMachine
{
    private static Outcome<ReadOnlyMemory<byte>> Set(SetPassword command, Change change)
    {
        var account = Present(command.Account, change);
        if (!account.Succeeded)
        {
            return account.Failure;
        }

        change.Private.SetPassword(account.Value.Id, command.Credential);
        EndAll(account.Value.Id, command.Except, change);
        EmitAccount("password-changed", account.Value.Id, 0, change);
        return Done();
    }

    private static Outcome<ReadOnlyMemory<byte>> Upgrade(UpgradeCredential command, Change change)
    {
        var id = new AccountId(command.Account.Span);

        // Changed since it was looked at: the newer one stays.
        if (change.Private.Password(id) is not { } known || !known.Hash.Span.SequenceEqual(command.HashBefore.Span))
        {
            return Done(changed: false);
        }

        change.Private.SetPassword(id, command.Credential);
        return Done();
    }

    private static Outcome<ReadOnlyMemory<byte>> Restore(Recover command, AccountRules rules, Change change)
    {
        var parsed = SignedStatement.Parse(command.Statement.Span);
        if (!parsed.Succeeded)
        {
            return parsed.Failure;
        }

        var statement = parsed.Value;
        if (change.Private.RecoveryKey(statement.Device) is not var (id, publicKey))
        {
            return AccountsQueries.WrongRecovery;
        }

        if (change.Statements.Unsigned(statement, publicKey, rules.Community, RecoveryAct.Purpose) is { } unsigned)
        {
            return unsigned;
        }

        var act = RecoveryAct.Parse(statement.Payload.Span);
        if (!act.Succeeded)
        {
            return act.Failure;
        }

        change.Private.UseRecoveryKey(statement.Device, change.At);
        change.Private.SetPassword(id, command.Credential);

        // Whoever has lost the device with the second factor has these codes for it.
        change.Private.ForgetFactor(id);
        EndAll(id, ByteString.Empty, change);
        EmitAccount("account-recovered", id, 0, change);
        if (change.TellsAll)
        {
            // Whoever had the password may have let a node of his pay, or made himself a passkey.
            RemoveDelegates(id, change);
            change.Passkeys.ForgetAll(id);
        }

        var approved = new KeyApproved(KeyOrigin.Recovery, statement.Device, command.Statement.Memory);
        var device = act.Value.Device is { } added ? AddDevice(id, added, rules.Community, mayLackCertificate: false, approved, change) : null;
        return device is not null ? device : Answer(new Registered { Account = Bytes(id) });
    }

    private static Outcome<ReadOnlyMemory<byte>> Set(SetRecoveryKeys command, AccountRules rules, Change change)
    {
        var account = Present(command.Account, change);
        if (!account.Succeeded)
        {
            return account.Failure;
        }

        if (SignedByDevice(command, account.Value, rules, change) is { } unsigned)
        {
            return unsigned;
        }

        change.Private.ForgetRecoveryKeys(account.Value.Id);
        if (!change.TellsAll)
        {
            EmitAccount("recovery-keys-replaced", account.Value.Id, 0, change);
        }

        return AddRecoveryKeys(account.Value.Id, command.Keys, command.Statement, change) is { } failure ? failure : Done();
    }

    /// <summary>A recovery key can bring in a device, so it takes one to make others; an account that has none has nothing to be signed with.</summary>
    private static Failure? SignedByDevice(SetRecoveryKeys command, AccountRow account, AccountRules rules, Change change)
    {
        if (!change.Statements.NeedsDevice(change.Devices.HasUsable(account.Id)))
        {
            return command.Statement.IsEmpty ? null : new Failure(FailureKind.Invalid, "the account has no device that could sign");
        }

        var statement = Verified(command.Statement, RecoveryKeysAct.Purpose, rules, change);
        if (!statement.Succeeded)
        {
            return statement.Failure;
        }

        var act = RecoveryKeysAct.Parse(statement.Value.Payload.Span);
        if (!act.Succeeded)
        {
            return act.Failure;
        }

        var isSame = statement.Value.Account == account.Id && act.Value.Keys.Count == command.Keys.Count
            && act.Value.Keys.Zip(command.Keys).All(pair => pair.First.Span.SequenceEqual(pair.Second.Span));
        return isSame ? null : new Failure(FailureKind.Forbidden, "what was signed are other recovery keys");
    }

    private static Outcome<ReadOnlyMemory<byte>> Set(SetSecondFactor command, Change change)
    {
        var account = Present(command.Account, change);
        if (!account.Succeeded)
        {
            return account.Failure;
        }

        if (change.Private.Factor(account.Value.Id) is { IsConfirmed: true })
        {
            return new Failure(FailureKind.Conflict, "the account has a second factor; remove it first");
        }

        change.Private.SetFactor(account.Value.Id, command.Secret.ToByteArray());
        return Done();
    }

    private static Outcome<ReadOnlyMemory<byte>> Confirm(ConfirmSecondFactor command, Change change)
    {
        var id = new AccountId(command.Account.Span);
        if (change.Private.Factor(id) is not { } factor)
        {
            return AccountsQueries.NoSecondFactor;
        }

        if (factor.IsConfirmed)
        {
            return Done(changed: false);
        }

        change.Private.UseStep(id, command.Step);
        EmitAccount("second-factor-set", id, 0, change);
        return Done();
    }

    private static Outcome<ReadOnlyMemory<byte>> Remove(RemoveSecondFactor command, Change change)
    {
        var id = new AccountId(command.Account.Span);
        if (UseStep(id, command.Step, change) is { } failure)
        {
            return failure;
        }

        change.Private.ForgetFactor(id);
        EmitAccount("second-factor-removed", id, 0, change);
        return Done();
    }

    private static Outcome<ReadOnlyMemory<byte>> Use(UseStep command, Change change) =>
        UseStep(new AccountId(command.Account.Span), command.Step, change) is { } failure ? failure : Done();

    /// <summary>A code counts once: whoever read it over a shoulder comes too late.</summary>
    private static Failure? UseStep(AccountId id, long step, Change change)
    {
        if (change.Private.Factor(id) is not { IsConfirmed: true } factor)
        {
            return AccountsQueries.NoSecondFactor;
        }

        if (step <= factor.LastStep)
        {
            return AccountsQueries.WrongCode;
        }

        change.Private.UseStep(id, step);
        return null;
    }
}
