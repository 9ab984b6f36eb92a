using Cete.Accounts.Proto;
using Cete.Core;
using Google.Protobuf;

namespace Cete.Accounts;

/// <summary>How sessions begin and end.</summary>
public sealed partial class AccountsMachine
{
    private static Outcome<ReadOnlyMemory<byte>> Open(OpenSession command, Change change)
    {
        var account = Present(command.Account, change);
        if (!account.Succeeded)
        {
            return account.Failure;
        }

        var id = command.Session.ToByteArray();
        if (change.Sessions.Find(id) is { } known)
        {
            return known.Account == account.Value.Id && command.SecretHash.Span.SequenceEqual(change.Sessions.SecretHashOf(id))
                ? Done(changed: false)
                : new Failure(FailureKind.Conflict, $"there is another session {known.Id} already");
        }

        if (Fits(command, account.Value, change) is { } failure)
        {
            return failure;
        }

        change.Sessions.Add(command, change.At);
        change.Emit("session-opened", new SessionEvent { Account = command.Account, Session = command.Session });
        return Done();
    }

    private static Failure? Fits(OpenSession command, AccountRow account, Change change)
    {
        var isToken = command.Kind == (int)SessionKind.Token;
        var (end, lifeMax) = (new Instant(command.ExpiresAt), isToken ? AccountsLimits.TokenLifeMax : AccountsLimits.SessionLifeMax);
        if (end <= change.At || end > change.At + lifeMax + AccountsLimits.ClockSlack)
        {
            return new Failure(FailureKind.Invalid, $"the session would end at {Show(end)}; it ends within {lifeMax.Days} days from now");
        }

        var device = command.Device.IsEmpty ? null : change.Devices.Find(new KeyId(command.Device.Span));
        if (!command.Device.IsEmpty && (device is not { RemovedAt: null } || device.Account != account.Id))
        {
            return new Failure(FailureKind.NotFound, "the account has no such device, or it was removed");
        }

        if (change.Sessions.FindSecret(new Hash256(command.SecretHash.Span)) is not null)
        {
            return new Failure(FailureKind.Conflict, "another session has this secret; draw it at random");
        }

        if (change.TellsAll && !command.Passkey.IsEmpty && UsePasskey(command, account, change) is { } copied)
        {
            return copied;
        }

        if (command.Step > 0 && UseStep(account.Id, command.Step, change) is { } used)
        {
            return used;
        }

        return MakeRoom(account, isToken, change);
    }

    /// <summary>The oldest session of a browser or terminal makes room for a new one; programs that have tokens are not shut out by surprise.</summary>
    private static Failure? MakeRoom(AccountRow account, bool isToken, Change change)
    {
        var live = change.Sessions.Of(account.Id).Where(session => session.EndedAt is null && session.ExpiresAt > change.At).ToList();
        if (live.Count < AccountsLimits.SessionsMax)
        {
            return null;
        }

        var oldest = live.Find(session => session.Kind != SessionKind.Token);
        if (isToken || oldest is null)
        {
            return new Failure(FailureKind.TooLarge, $"the account has {live.Count} sessions and tokens, which is the most; end some");
        }

        EndOne(oldest, change);
        return null;
    }

    private static Outcome<ReadOnlyMemory<byte>> End(EndSession command, Change change)
    {
        var session = change.Sessions.Find(command.Session.ToByteArray());
        if (session is null || session.Account != new AccountId(command.Account.Span))
        {
            return new Failure(FailureKind.NotFound, "the account has no such session; look for it in the list of sessions");
        }

        if (session.EndedAt is not null)
        {
            return Done(changed: false);
        }

        EndOne(session, change);
        return Done();
    }

    private static Outcome<ReadOnlyMemory<byte>> End(EndSessions command, Change change) =>
        Done(EndAll(new AccountId(command.Account.Span), command.Except, change));

    /// <summary>Whether there was one to end.</summary>
    private static bool EndAll(AccountId account, ByteString except, Change change)
    {
        var kept = except.IsEmpty ? string.Empty : SessionTable.Show(except.Span);
        var ended = change.Sessions.Of(account).Where(session => session.EndedAt is null && session.Id != kept).ToList();
        foreach (var session in ended)
        {
            EndOne(session, change);
        }

        return ended.Count > 0;
    }

    private static void EndOne(SessionRecord session, Change change)
    {
        change.Sessions.End(session, change.At);
        change.Emit(
            "session-ended", new SessionEvent { Account = Bytes(session.Account), Session = ByteString.CopyFrom(Convert.FromHexString(session.Id)) });
    }
}
