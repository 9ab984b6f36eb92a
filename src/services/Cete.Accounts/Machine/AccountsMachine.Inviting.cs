using Cete.Accounts.Proto;
using Cete.Core;

namespace Cete.Accounts;

/// <summary>How others are invited.</summary>
public sealed partial class AccountsMachine
{
    private static Outcome<ReadOnlyMemory<byte>> Invite(CreateInvitation command, Change change)
    {
        var account = Present(command.Account, change);
        if (!account.Succeeded)
        {
            return account.Failure;
        }

        if (!StandingOf(account.Value, change).May(Actions.AccountsInvite))
        {
            return new Failure(FailureKind.Forbidden, $"the account {account.Value.Id} has no right to '{Actions.AccountsInvite}'");
        }

        var added = AddInvitation(
            new NewInvitation(
                command.Invitation.ToByteArray(), account.Value.Id, command.SecretHash.ToByteArray(), [], command.Uses, new Instant(command.ExpiresAt),
                command.Note)
            {
                PublicKey = change.TellsAll && !command.PublicKey.IsEmpty ? command.PublicKey.ToByteArray() : null,
            },
            change);
        if (added is { Succeeded: true, Value: true })
        {
            change.Audit.Add(new AuditEntry(
                change.Index, change.At, account.Value.Id, "create-invitation", Convert.ToHexStringLower(command.Invitation.Span), command.Note));
        }

        return added.Then(changed => Done(changed).Value);
    }

    /// <summary>Whether it was not there yet.</summary>
    private static Outcome<bool> AddInvitation(NewInvitation invitation, Change change)
    {
        if (change.Invitations.Find(invitation.Id) is not null)
        {
            return invitation.SecretHash.AsSpan().SequenceEqual(change.Invitations.SecretHashOf(invitation.Id))
                ? false
                : new Failure(FailureKind.Conflict, "there is another invitation of that id already; make one with a new id");
        }

        if (invitation.ExpiresAt <= change.At || invitation.ExpiresAt > change.At + AccountsLimits.InvitationLifeMax + AccountsLimits.ClockSlack)
        {
            return new Failure(
                FailureKind.Invalid,
                $"the invitation would end at {Show(invitation.ExpiresAt)}; it ends within {AccountsLimits.InvitationLifeMax.Days} days from now");
        }

        if (change.Invitations.CountUsable(invitation.By, change.At) >= AccountsLimits.InvitationsMax)
        {
            return new Failure(FailureKind.TooLarge, $"the account has {AccountsLimits.InvitationsMax} usable invitations, which is the most; take some back");
        }

        change.Invitations.Add(invitation, change.Index, change.At);
        if (invitation.PublicKey is { } key)
        {
            change.Invitations.SetKey(invitation.Id, key);
        }

        change.Emit(
            "invitation-created",
            new InvitationEvent { Invitation = Google.Protobuf.ByteString.CopyFrom(invitation.Id), Account = Bytes(invitation.By) });
        return true;
    }

    private static Outcome<ReadOnlyMemory<byte>> TakeBack(RevokeInvitation command, Change change)
    {
        var account = Present(command.Account, change);
        if (!account.Succeeded)
        {
            return account.Failure;
        }

        var invitation = change.Invitations.Find(command.Invitation.ToByteArray());
        if (invitation is null || (invitation.By != account.Value.Id && !StandingOf(account.Value, change).May(Actions.AccountsGovern)))
        {
            return new Failure(FailureKind.NotFound, "there is no such invitation of this account; look for it in the list of invitations");
        }

        if (invitation.RevokedAt is not null)
        {
            return Done(changed: false);
        }

        change.Invitations.Revoke(invitation, change.At);
        change.Audit.Add(new AuditEntry(change.Index, change.At, account.Value.Id, "revoke-invitation", invitation.Id, string.Empty));
        change.Emit("invitation-revoked", new InvitationEvent { Invitation = command.Invitation, Account = command.Account });
        return Done();
    }

    /// <summary>What an account may do, from these tables: never from what the asker is said to be.</summary>
    private static Standing StandingOf(AccountRow account, Change change) => new Standings(change.Roles.All()).Of(account).Standing;
}
