using Cete.Accounts.Proto;
using Cete.Core;
using Google.Protobuf;

namespace Cete.Accounts;

/// <summary>Passkeys: what a node verified once, and the counters that show a copy.</summary>
public sealed partial class AccountsMachine
{
    private static Outcome<ReadOnlyMemory<byte>> Apply(AddPasskey command, Change change)
    {
        var account = Present(command.Account, change);
        if (!account.Succeeded)
        {
            return account.Failure;
        }

        if (change.Passkeys.Find(command.Passkey.ToByteArray()) is { } known)
        {
            return known.Account == account.Value.Id && known.PublicKey.Span.SequenceEqual(command.PublicKey.Span)
                ? Done(changed: false)
                : new Failure(FailureKind.Conflict, "there is another passkey of that id already; make a new one");
        }

        if (change.Passkeys.Count(account.Value.Id) >= AccountsLimits.PasskeysMax)
        {
            return new Failure(FailureKind.TooLarge, $"the account has {AccountsLimits.PasskeysMax} passkeys, which is the most; remove one");
        }

        change.Passkeys.Add(command, change.At);
        EmitAccount("passkey-added", account.Value.Id, 0, change);
        return Done();
    }

    private static Outcome<ReadOnlyMemory<byte>> Apply(RenamePasskey command, Change change)
    {
        var passkey = OwnPasskey(command.Account, command.Passkey, change);
        if (!passkey.Succeeded)
        {
            return passkey.Failure;
        }

        change.Passkeys.Rename(passkey.Value.Id.ToArray(), command.Label);
        return Done(passkey.Value.Label != command.Label);
    }

    private static Outcome<ReadOnlyMemory<byte>> Apply(RemovePasskey command, Change change)
    {
        var passkey = OwnPasskey(command.Account, command.Passkey, change);
        if (!passkey.Succeeded)
        {
            return passkey.Failure;
        }

        change.Passkeys.Remove(passkey.Value.Id.ToArray());
        EmitAccount("passkey-removed", passkey.Value.Account, 0, change);
        return Done();
    }

    private static Outcome<PasskeyRecord> OwnPasskey(ByteString account, ByteString id, Change change) =>
        change.Passkeys.Find(id.ToByteArray()) is { } found && found.Account == new AccountId(account.Span)
            ? found
            : AccountsQueries.NoPasskey;

    /// <summary>A passkey opens a session. A counter that does not grow is a copy's (WebAuthn level 2 §7.2 step 21); those that have none say 0.</summary>
    private static Failure? UsePasskey(OpenSession command, AccountRow account, Change change)
    {
        var passkey = OwnPasskey(Bytes(account.Id), command.Passkey, change);
        if (!passkey.Succeeded)
        {
            return passkey.Failure;
        }

        if ((command.PasskeyCounter > 0 || passkey.Value.Counter > 0) && command.PasskeyCounter <= passkey.Value.Counter)
        {
            return AccountsQueries.CopiedPasskey;
        }

        change.Passkeys.Use(passkey.Value.Id.ToArray(), command.PasskeyCounter, change.At);
        return null;
    }
}
