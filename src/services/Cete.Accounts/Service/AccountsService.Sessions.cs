using System.Security.Cryptography;
using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Groups;
using Google.Protobuf;

namespace Cete.Accounts;

/// <summary>Logging in and out, and what a secret is worth.</summary>
public sealed partial class AccountsService
{
    /// <summary>The password was right, and the account has a second factor: ask for its code and log in again with both.</summary>
    public static readonly Failure SecondFactorNeeded = new(FailureKind.Unauthenticated, "the code of the second factor is needed");

    private static readonly Failure WrongLogin = new(FailureKind.Unauthenticated, "name or password is wrong");

    internal static readonly Failure NoSession = new(FailureKind.Unauthenticated, "the session is over, or was never there; log in again");

    private readonly LoginThrottle _throttle = new(clock);

    /// <summary>
    /// Opens a session for whoever knows the password, and the second factor where there is one. Unknown name, wrong password, an account without one
    /// and a closed one are told by one text, at one cost. A suspended account may log in; it has the rights of a guest.
    /// </summary>
    /// <param name="login">Who and how.</param>
    /// <param name="node">The node that checks the password; it has the role <c>accounts</c>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<OpenedSession>> LogInAsync(LogIn login, Asker node, CancellationToken cancellation)
    {
        var name = AccountName.Parse(login.Name, mayBeReserved: true);
        var key = name.Succeeded ? name.Value.Key : null;
        if (_throttle.Begin(key, login.Throttle) is { } throttled)
        {
            return throttled;
        }

        var known = await KnownAsync(sql => key is null ? null : new AccountTable(sql).FindName(key), cancellation);
        var verdict = known.Succeeded
            ? await hasher.VerifyAsync(PasswordText.Canonical(login.Password), known.Value.Password, cancellation)
            : known.Failure;
        if (!verdict.Succeeded)
        {
            _throttle.TakeBack(key, login.Throttle);
            return verdict.Failure;
        }

        if (!verdict.Value.IsRight || known.Value.Account is not { } account)
        {
            return WrongLogin;
        }

        var step = 0L;
        if (known.Value.Factor is { IsConfirmed: true } factor)
        {
            if (string.IsNullOrWhiteSpace(login.SecondFactor))
            {
                // Whoever knows the password is asked without it being counted; guessed codes are.
                _throttle.TakeBack(key, login.Throttle);
                return SecondFactorNeeded;
            }

            if (Totp.StepOf(factor.Secret, login.SecondFactor, Now, factor.LastStep) is not { } found)
            {
                return AccountsQueries.WrongCode;
            }

            step = found;
        }

        var opened = await OpenAsync(account.Id, login, command => command.Step = step, node, cancellation);
        if (!opened.Succeeded)
        {
            return opened.Failure;
        }

        _throttle.Succeed(key, login.Throttle);
        if (verdict.Value.Upgrade is { } upgrade)
        {
            // It only keeps up with the times: should it fail, the next login tries again.
            await ChangeAsync(
                new UpgradeCredential { Account = Bytes(account.Id), Credential = Stored(upgrade), HashBefore = Bytes(known.Value.Password!.Hash) }, node, null,
                cancellation);
        }

        return opened;
    }

    /// <summary>Ends the session of a secret; false when it had ended before.</summary>
    public async Task<Outcome<bool>> LogOutAsync(string secret, CancellationToken cancellation)
    {
        var facts = await SessionAsync(secret, cancellation, ReadLevel.Linearizable);
        return facts.Succeeded ? await EndSessionAsync(facts.Value.Account, facts.Value.Session, cancellation) : facts.Failure;
    }

    /// <summary>What a secret is worth now; one failure for unknown, ended and expired ones.</summary>
    public async Task<Outcome<SessionFacts>> SessionAsync(string secret, CancellationToken cancellation, ReadLevel level = ReadLevel.Local)
    {
        return SessionSecret.HashOf(secret) is { } hash ? await SessionOfAsync(hash, cancellation, level) : NoSession;
    }

    /// <summary>As <see cref="SessionAsync"/>, for whoever knows no more than the secret's hash (SHA-256).</summary>
    public async Task<Outcome<SessionFacts>> SessionOfAsync(Hash256 hash, CancellationToken cancellation, ReadLevel level = ReadLevel.Local)
    {
        var now = Now;
        var found = await group.ReadAsync(sql => new SessionTable(sql).FindSecret(hash), level, cancellation);
        return !found.Succeeded ? found.Failure
            : found.Value is { EndedAt: null } session && session.ExpiresAt > now
                ? new SessionFacts(session.Account, session.Id, session.Kind, session.Grants, session.ExpiresAt, session.Device)
                : NoSession;
    }

    /// <summary>Makes a token for a program; the secret is shown this once.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="label">What for.</param>
    /// <param name="grants">What it is narrowed to; empty for all that the account may. Both the account and the token must have a right.</param>
    /// <param name="life">How long it counts, at most <see cref="AccountsLimits.TokenLifeMax"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<string>> CreateTokenAsync(
        AccountId account, string label, IReadOnlyList<Grant> grants, TimeSpan life, CancellationToken cancellation)
    {
        var secret = SessionSecret.Create(SessionKind.Token);
        var command = Opening(account, secret, SessionKind.Token, label, life, null, [.. grants.Select(grant => grant.Text)]);
        if (!command.Succeeded)
        {
            return command.Failure;
        }

        var opened = await ChangeAsync(command.Value, Asker.Of(account), null, cancellation);
        return opened.Then(_ => secret);
    }

    /// <summary>Ends one session or token of an account.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="session">16 hexadecimal digits.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<bool>> EndSessionAsync(AccountId account, string session, CancellationToken cancellation) => ShortId(session) is { } id
        ? await ChangeAsync(new EndSession { Account = Bytes(account), Session = id }, Asker.Of(account), null, cancellation)
        : new Failure(FailureKind.Invalid, "the id of a session has 16 hexadecimal digits");

    /// <summary>Ends all sessions and tokens of an account but one.</summary>
    public Task<Outcome<bool>> EndSessionsAsync(AccountId account, string? except, CancellationToken cancellation) => ChangeAsync(
        new EndSessions { Account = Bytes(account), Except = ShortId(except) ?? ByteString.Empty }, Asker.Of(account), null, cancellation);

    private static ByteString? ShortId(string? text)
    {
        var bytes = new byte[InvitationText.IdSize];
        var isId = text is not null && text.Length == 2 * bytes.Length
            && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        return isId ? ByteString.CopyFrom(bytes) : null;
    }

    private Outcome<OpenSession> Opening(
        AccountId account, string secret, SessionKind kind, string label, TimeSpan life, KeyId? device, IReadOnlyList<string> grants)
    {
        if (SessionSecret.HashOf(secret) is not { } hash)
        {
            return new Failure(FailureKind.Invalid, "the secret of a session is made by the accounts themselves");
        }

        var lifeMax = kind == SessionKind.Token ? AccountsLimits.TokenLifeMax : AccountsLimits.SessionLifeMax;
        return life <= TimeSpan.Zero || life > lifeMax
            ? new Failure(FailureKind.Invalid, $"it counts for {lifeMax.Days} days at most, and for longer than no time")
            : new OpenSession
            {
                Session = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(InvitationText.IdSize)),
                Account = Bytes(account),
                SecretHash = Bytes(hash),
                Kind = (int)kind,
                Label = label.Trim(),
                Device = device is { } key ? Bytes(key) : ByteString.Empty,
                Grants = { grants },
                ExpiresAt = (Now + life).Microseconds,
            };
    }

    private async Task<Outcome<OpenedSession>> OpenAsync(
        AccountId account, LogIn login, Action<OpenSession> by, Asker node, CancellationToken cancellation)
    {
        if (login.Kind == SessionKind.Token)
        {
            return new Failure(FailureKind.Invalid, "a token is made by an account that is logged in");
        }

        var secret = SessionSecret.Create(login.Kind);
        var command = Opening(account, secret, login.Kind, login.Label, login.Life, login.Device, []);
        if (!command.Succeeded)
        {
            return command.Failure;
        }

        by(command.Value);
        var done = await ChangeAsync(command.Value, node, null, cancellation);
        if (!done.Succeeded)
        {
            return done.Failure;
        }

        var id = command.Value.Session.ToByteArray();
        var read = await group.ReadAsync(
            sql => (Account: AccountsQueries.Account(sql, account), Session: new SessionTable(sql).Find(id)), cancellation: cancellation);
        return !read.Succeeded ? read.Failure
            : read.Value is { Account: { } record, Session: { } session } ? new OpenedSession(record, session, secret)
            : NoSession;
    }

    /// <summary>What logging in needs to know of an account; nothing of one that is not there, or was closed.</summary>
    private async Task<Outcome<(AccountRow? Account, PasswordHash? Password, FactorRow? Factor)>> KnownAsync(
        Func<SqlSession, AccountRow?> find, CancellationToken cancellation) => await group.ReadAsync<(AccountRow?, PasswordHash?, FactorRow?)>(
            sql =>
            {
                if (find(sql) is not { ClosedAt: null } account)
                {
                    return (null, null, null);
                }

                var tables = new PrivateTables(sql);
                return (account, tables.Password(account.Id), tables.Factor(account.Id));
            },
            cancellation: cancellation);

    /// <summary>Null where the password of an account was given; it is asked again for what a stolen session should not do.</summary>
    private async Task<Failure?> ProveAsync(AccountId id, string? password, CancellationToken cancellation)
    {
        var throttle = id.ToString();
        if (_throttle.Begin(throttle, throttle) is { } throttled)
        {
            return throttled;
        }

        var known = await KnownAsync(sql => new AccountTable(sql).Find(id), cancellation);
        if (known.Succeeded && known.Value is { Account: not null, Password: null })
        {
            _throttle.Succeed(throttle, throttle);
            return null;
        }

        var verdict = known.Succeeded
            ? await hasher.VerifyAsync(PasswordText.Canonical(password ?? string.Empty), known.Value.Password, cancellation)
            : known.Failure;
        if (!verdict.Succeeded)
        {
            _throttle.TakeBack(throttle, throttle);
            return verdict.Failure;
        }

        if (!verdict.Value.IsRight)
        {
            return new Failure(FailureKind.Forbidden, "the password is wrong");
        }

        _throttle.Succeed(throttle, throttle);
        return null;
    }
}
