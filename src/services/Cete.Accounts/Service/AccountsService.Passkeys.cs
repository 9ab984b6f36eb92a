using Cete.Accounts.Passkeys;
using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Groups;
using Google.Protobuf;

namespace Cete.Accounts;

/// <summary>Passkeys: made by whoever proves again who he is, and used in place of password and second factor.</summary>
public sealed partial class AccountsService
{
    /// <summary>One text for what is unknown, another account's or forged: it must not tell which accounts have passkeys.</summary>
    private static readonly Failure WrongPasskey = new(FailureKind.Unauthenticated, "no account here knows this passkey; log in with the password");

    private readonly PasskeyChallenges _challenges = new(clock);

    /// <summary>What a passkey is to sign that is made in a session.</summary>
    public string PasskeyChallenge(SessionFacts own) => _challenges.Give(own.Session);

    /// <summary>What a passkey is to sign that logs somebody in.</summary>
    public string PasskeyChallenge() => _challenges.Give(string.Empty);

    /// <summary>The passkeys of an account, as they came.</summary>
    public Task<Outcome<IReadOnlyList<PasskeyRecord>>> PasskeysAsync(AccountId account, CancellationToken cancellation) =>
        group.ReadAsync(sql => AccountsQueries.Passkeys(sql, account), cancellation: cancellation);

    /// <summary>The passkeys of a name, for a browser that has to be told which; none for a name that nobody has.</summary>
    public Task<Outcome<IReadOnlyList<PasskeyRecord>>> PasskeysAsync(string name, CancellationToken cancellation)
    {
        var parsed = AccountName.Parse(name, mayBeReserved: true);
        return group.ReadAsync(
            sql => parsed.Succeeded && new AccountTable(sql).FindName(parsed.Value.Key) is { } account ? AccountsQueries.Passkeys(sql, account.Id) : [],
            cancellation: cancellation);
    }

    /// <summary>Adds a passkey that was just made.</summary>
    /// <param name="own">The session: the challenge was given for it.</param>
    /// <param name="party">The community's domain.</param>
    /// <param name="made">What the authenticator said.</param>
    /// <param name="page">The page that had it made.</param>
    /// <param name="label">What it is to be called; may be empty.</param>
    /// <param name="transports">How the browser reaches it.</param>
    /// <param name="proof">A code of the second factor where the account has one, else the password.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<bool>> AddPasskeyAsync(
        SessionFacts own, RelyingParty party, PasskeyMade made, PageHost page, string label, IReadOnlyList<string> transports, string? proof,
        CancellationToken cancellation)
    {
        if (TooOld is { } old)
        {
            return old;
        }

        var verified = party.Verify(made, page);
        if ((verified.Failure ?? _challenges.Take(verified.Value.Client.Challenge, own.Session)) is { } refused)
        {
            return refused;
        }

        var record = await AccountAsync(own.Account, cancellation);
        if (!record.Succeeded)
        {
            return record.Failure;
        }

        var failure = record.Value.HasSecondFactor
            ? (await CheckSecondFactorAsync(own.Account, proof?.Trim() ?? string.Empty, cancellation)).Failure
            : await ProveAsync(own.Account, proof, cancellation);
        if (failure is not null)
        {
            return failure;
        }

        var credential = verified.Value.Data.Credential!;
        return await ChangeAsync(
            new AddPasskey
            {
                Account = Bytes(own.Account),
                Passkey = Bytes(credential.Id),
                PublicKey = Bytes(credential.PublicKey),
                Counter = verified.Value.Data.Counter,
                Label = label.Trim(),
                Transports = { transports },
            },
            Asker.Of(own.Account), null, cancellation);
    }

    /// <summary>Calls a passkey something else.</summary>
    public async Task<Outcome<bool>> RenamePasskeyAsync(AccountId account, string passkey, string label, CancellationToken cancellation) =>
        PasskeyId(passkey) is { } id
            ? await ChangeAsync(
                new RenamePasskey { Account = Bytes(account), Passkey = id, Label = label.Trim() }, Asker.Of(account), null, cancellation)
            : AccountsQueries.NoPasskey;

    /// <summary>Takes a passkey away: nobody logs in with it any more.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="passkey">Its id in base64url.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<bool>> RemovePasskeyAsync(AccountId account, string passkey, CancellationToken cancellation) =>
        PasskeyId(passkey) is { } id
            ? await ChangeAsync(new RemovePasskey { Account = Bytes(account), Passkey = id }, Asker.Of(account), null, cancellation)
            : AccountsQueries.NoPasskey;

    /// <summary>Opens a session for whoever shows a passkey; it stands for password and second factor. Guesses are counted by address.</summary>
    /// <param name="shown">What the authenticator said.</param>
    /// <param name="party">The community's domain.</param>
    /// <param name="page">The page that asked for it.</param>
    /// <param name="login">How the session is to be; name, password and second factor are not looked at.</param>
    /// <param name="node">The node that verifies it; it has the role <c>accounts</c>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<OpenedSession>> LogInAsync(
        PasskeyShown shown, RelyingParty party, PageHost page, LogIn login, Asker node, CancellationToken cancellation)
    {
        if (_throttle.Begin(null, login.Throttle) is { } throttled)
        {
            return throttled;
        }

        var found = shown.Id.Length > AccountsLimits.PasskeyIdBytesMax
            ? Outcome.Of<(PasskeyRecord, AccountRow)?>(null)
            : await group.ReadAsync(
                sql => AccountsQueries.HasLater(sql) && new PasskeyTable(sql).Find(shown.Id.ToArray()) is { } passkey
                    && new AccountTable(sql).Find(passkey.Account) is { ClosedAt: null } account
                        ? ((PasskeyRecord, AccountRow)?)(passkey, account)
                        : null,
                cancellation: cancellation);
        if (!found.Succeeded)
        {
            _throttle.TakeBack(null, login.Throttle);
            return found.Failure;
        }

        if (found.Value is not var (known, owner) || (!shown.User.IsEmpty && !shown.User.Span.SequenceEqual(owner.Id.ToArray())))
        {
            return WrongPasskey;
        }

        var verified = party.Verify(shown, known.PublicKey, page);
        if ((verified.Failure ?? _challenges.Take(verified.Value.Client.Challenge, string.Empty)) is { } refused)
        {
            return refused;
        }

        var opened = await OpenAsync(
            owner.Id, login, command => (command.Passkey, command.PasskeyCounter) = (Bytes(known.Id), verified.Value.Data.Counter), node, cancellation);
        if (opened.Succeeded)
        {
            _throttle.Succeed(null, login.Throttle);
        }

        return opened;
    }

    private static ByteString? PasskeyId(string text)
    {
        var bytes = new byte[AccountsLimits.PasskeyIdBytesMax];
        return text.Length <= 2 * bytes.Length && System.Buffers.Text.Base64Url.IsValid(text)
            && System.Buffers.Text.Base64Url.TryDecodeFromChars(text, bytes, out var length) && length > 0
                ? ByteString.CopyFrom(bytes.AsSpan(0, length))
                : null;
    }

    /// <summary>What level 3 brought is refused below it, with a text that says what to do.</summary>
    private Failure? TooOld => Status.Level is > 0 and < AccountsMachine.FeedLevel
        ? new Failure(
            FailureKind.Unavailable,
            $"not all nodes with the role '{AccountsMachine.AccountsRole}' are of a version that knows how; bring them up to date")
        : null;
}
