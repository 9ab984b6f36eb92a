using System.Security.Cryptography;
using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Groups;
using Cete.Trust;
using Google.Protobuf;

namespace Cete.Accounts;

/// <summary>Passwords, second factors, recovery codes and devices.</summary>
public sealed partial class AccountsService
{
    /// <summary>Sets another password; all other sessions and tokens of the account end.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="old">The one that it has.</param>
    /// <param name="new">The one that it gets.</param>
    /// <param name="session">The session that stays; null for none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<bool>> ChangePasswordAsync(AccountId account, string old, string @new, string? session, CancellationToken cancellation)
    {
        if (await ProveAsync(account, old, cancellation) is { } failure)
        {
            return failure;
        }

        var record = await AccountAsync(account, cancellation);
        if (!record.Succeeded)
        {
            return record.Failure;
        }

        var name = AccountName.Parse(record.Value.Name, mayBeReserved: true);
        var hashed = await HashAsync(@new, name.Succeeded ? name.Value : null, cancellation);
        return hashed.Succeeded
            ? await ChangeAsync(
                new SetPassword { Account = Bytes(account), Credential = Stored(hashed.Value), Except = ShortId(session) ?? ByteString.Empty },
                Asker.Of(account), null, cancellation)
            : hashed.Failure;
    }

    /// <summary>
    /// Sets another password for whoever has a recovery code, and adds a device where the statement names one. The code is used up, a second factor
    /// removed, and all sessions end. A wrong name and a wrong code are told by one text.
    /// </summary>
    /// <param name="name">The account's name.</param>
    /// <param name="statement">Made by <see cref="RecoveryCode.Sign"/> where the code is: the code itself need not be shown to any node.</param>
    /// <param name="password">The new one.</param>
    /// <param name="throttle">The address that it comes from.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<AccountRecord>> RecoverAsync(
        string name, ReadOnlyMemory<byte> statement, string password, string throttle, CancellationToken cancellation)
    {
        var (parsed, account) = (SignedStatement.Parse(statement.Span), AccountName.Parse(name, mayBeReserved: true));
        if (!parsed.Succeeded)
        {
            return parsed.Failure;
        }

        var key = account.Succeeded ? account.Value.Key : null;
        if (_throttle.Begin(key, throttle) is { } throttled)
        {
            return throttled;
        }

        var owner = await group.ReadAsync(
            sql => new PrivateTables(sql).RecoveryKey(parsed.Value.Device) is var (id, _) ? new AccountTable(sql).Find(id) : null,
            cancellation: cancellation);
        if (!owner.Succeeded || owner.Value?.NameKey is not { } known || known != key)
        {
            return owner.Succeeded ? AccountsQueries.WrongRecovery : owner.Failure;
        }

        var hashed = await HashAsync(password, account.Value, cancellation);
        if (!hashed.Succeeded)
        {
            _throttle.TakeBack(key, throttle);
            return hashed.Failure;
        }

        var answer = await SubmitAsync(
            new Recover { Statement = Bytes(statement), Credential = Stored(hashed.Value) }, Guest, null, cancellation);
        if (!answer.Succeeded)
        {
            return answer.Failure;
        }

        _throttle.Succeed(key, throttle);
        return await AccountAsync(owner.Value.Id, cancellation);
    }

    /// <summary>As above, for a client that cannot sign: it shows the code to this node.</summary>
    public Task<Outcome<AccountRecord>> RecoverAsync(
        string name, RecoveryCode code, string password, string throttle, CancellationToken cancellation) =>
        RecoverAsync(name, code, null, password, throttle, cancellation);

    /// <summary>As above, with a device that may sign for the account from now on; null for none.</summary>
    public Task<Outcome<AccountRecord>> RecoverAsync(
        string name, RecoveryCode code, NewDevice? device, string password, string throttle, CancellationToken cancellation) =>
        RecoverAsync(name, code.Sign(community, Now.Microseconds, device).ToArray(), password, throttle, cancellation);

    /// <summary>Replaces the recovery codes of an account.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="keys">Their public keys.</param>
    /// <param name="statement">A <see cref="RecoveryKeysAct"/> with the same keys, signed by a device; empty for an account that has none.</param>
    /// <param name="password">The account's, where nothing is signed.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<bool>> SetRecoveryKeysAsync(
        AccountId account, IReadOnlyList<ReadOnlyMemory<byte>> keys, ReadOnlyMemory<byte> statement, string? password, CancellationToken cancellation) =>
        statement.IsEmpty && await ProveAsync(account, password, cancellation) is { } failure
            ? failure
            : await ChangeAsync(
                new SetRecoveryKeys { Account = Bytes(account), Keys = { keys.Select(Bytes) }, Statement = Bytes(statement) }, Asker.Of(account), null,
                cancellation);

    /// <summary>Adds the first device of an account, which has none that could sign for it.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="device">The device.</param>
    /// <param name="password">The account's, for whoever found a browser open; null for an account without one.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<bool>> AddFirstDeviceAsync(AccountId account, NewDevice device, string? password, CancellationToken cancellation)
    {
        if (Status.Level is > 0 and < AccountsMachine.FirstDeviceLevel)
        {
            return new Failure(
                FailureKind.Unavailable,
                $"not all nodes with the role '{AccountsMachine.AccountsRole}' are of a version that knows how; bring them up to date, or take a recovery code");
        }

        return await ProveAsync(account, password, cancellation) is { } failure
            ? failure
            : await ChangeAsync(new AddFirstDevice { Account = Bytes(account), Device = ToMessage(device) }, Asker.Of(account), null, cancellation);
    }

    /// <summary>Adds a device: a <see cref="DeviceAct.Add"/> that another device of the account signed.</summary>
    public Task<Outcome<bool>> AddDeviceAsync(ReadOnlyMemory<byte> statement, RequestId? id, CancellationToken cancellation) =>
        ChangeDeviceAsync<DeviceAct.Add>(statement, id, cancellation);

    /// <summary>Removes a device: a <see cref="DeviceAct.Remove"/> that another device of the account signed. Its sessions end.</summary>
    public Task<Outcome<bool>> RemoveDeviceAsync(ReadOnlyMemory<byte> statement, RequestId? id, CancellationToken cancellation) =>
        ChangeDeviceAsync<DeviceAct.Remove>(statement, id, cancellation);

    /// <summary>Lets a node sign payments for an account that has no device: with a key that the node holds, up to a cap.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="delegate">The key.</param>
    /// <param name="password">The account's.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<bool>> AddDelegateAsync(
        AccountId account, DeviceAct.AddDelegate @delegate, string? password, CancellationToken cancellation) =>
        !KeyId.TryParse(@delegate.Node, out var node) ? new Failure(FailureKind.Invalid, "a node is named by its key")
        : (TooOld ?? await ProveAsync(account, password, cancellation)) is { } failure ? failure
        : await ChangeAsync(
            new AddDelegate
            {
                Account = Bytes(account),
                SigningKey = Bytes(@delegate.SigningKey),
                Node = Bytes(node),
                ExpiresAt = @delegate.ExpiresAt,
                Cap = @delegate.Cap,
                Certificate = Bytes(@delegate.Certificate),
            },
            Asker.Of(account), null, cancellation);

    /// <summary>Lets a node sign payments: a <see cref="DeviceAct.AddDelegate"/> that a device of the account signed.</summary>
    public Task<Outcome<bool>> AddDelegateAsync(ReadOnlyMemory<byte> statement, RequestId? id, CancellationToken cancellation) =>
        ChangeDeviceAsync<DeviceAct.AddDelegate>(statement, id, cancellation);

    /// <summary>A node may not sign any more; the account itself asks for it.</summary>
    public Task<Outcome<bool>> RemoveDelegateAsync(AccountId account, KeyId @delegate, CancellationToken cancellation) => ChangeAsync(
        new RemoveDelegate { Account = Bytes(account), Delegate = Bytes(@delegate) }, Asker.Of(account), null, cancellation);

    /// <summary>The keys that nodes hold for an account, those that ended of late included.</summary>
    public Task<Outcome<IReadOnlyList<DelegateRecord>>> DelegatesAsync(AccountId account, CancellationToken cancellation) =>
        group.ReadAsync(sql => AccountsQueries.Delegates(sql, account), cancellation: cancellation);

    /// <summary>Makes a second factor, which counts once a first code confirms it.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="issuer">The community's name, as the authenticator is to show it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<SecondFactorSetup>> BeginSecondFactorAsync(AccountId account, string issuer, CancellationToken cancellation)
    {
        var record = await AccountAsync(account, cancellation);
        if (!record.Succeeded)
        {
            return record.Failure;
        }

        var secret = RandomNumberGenerator.GetBytes(Totp.SecretSize);
        var set = await ChangeAsync(
            new SetSecondFactor { Account = Bytes(account), Secret = ByteString.CopyFrom(secret) }, Asker.Of(account), null, cancellation);
        return set.Then(_ => new SecondFactorSetup(
            Base32.Encode(secret).ToUpperInvariant(), Totp.UriOf(secret, issuer, record.Value.Name)));
    }

    /// <summary>Has the second factor count from now on.</summary>
    public async Task<Outcome<bool>> ConfirmSecondFactorAsync(AccountId account, string code, CancellationToken cancellation)
    {
        var step = await StepAsync(account, code, cancellation);
        return step.Succeeded
            ? await ChangeAsync(new ConfirmSecondFactor { Account = Bytes(account), Step = step.Value }, Asker.Of(account), null, cancellation)
            : step.Failure;
    }

    /// <summary>Takes the second factor away; it takes a code of it.</summary>
    public async Task<Outcome<bool>> RemoveSecondFactorAsync(AccountId account, string code, CancellationToken cancellation)
    {
        var step = await StepAsync(account, code, cancellation);
        return step.Succeeded
            ? await ChangeAsync(new RemoveSecondFactor { Account = Bytes(account), Step = step.Value }, Asker.Of(account), null, cancellation)
            : step.Failure;
    }

    /// <summary>Whether a code of the second factor is right; it is used up by that. For what takes more than a session.</summary>
    public async Task<Outcome<bool>> CheckSecondFactorAsync(AccountId account, string code, CancellationToken cancellation)
    {
        var step = await StepAsync(account, code, cancellation);
        return step.Succeeded
            ? await ChangeAsync(new UseStep { Account = Bytes(account), Step = step.Value }, Asker.Of(account), null, cancellation)
            : step.Failure;
    }

    private async Task<Outcome<long>> StepAsync(AccountId account, string code, CancellationToken cancellation)
    {
        var throttle = account.ToString();
        if (_throttle.Begin(throttle, throttle) is { } throttled)
        {
            return throttled;
        }

        var factor = await group.ReadAsync(sql => new PrivateTables(sql).Factor(account), cancellation: cancellation);
        if (!factor.Succeeded || factor.Value is null)
        {
            _throttle.TakeBack(throttle, throttle);
            return factor.Succeeded ? AccountsQueries.NoSecondFactor : factor.Failure;
        }

        if (Totp.StepOf(factor.Value.Secret, code, Now, factor.Value.LastStep) is not { } step)
        {
            return AccountsQueries.WrongCode;
        }

        _throttle.Succeed(throttle, throttle);
        return step;
    }

    private async Task<Outcome<bool>> ChangeDeviceAsync<T>(ReadOnlyMemory<byte> bytes, RequestId? id, CancellationToken cancellation)
        where T : DeviceAct
    {
        var statement = SignedStatement.Parse(bytes.Span);
        var act = statement.Succeeded ? DeviceAct.Parse(statement.Value.Payload.Span) : statement.Failure;
        return !act.Succeeded ? act.Failure
            : act.Value is T ? await ChangeAsync(new ChangeDevice { Statement = Bytes(bytes) }, Guest, id, cancellation)
            : new Failure(FailureKind.Invalid, "the statement says another thing than what is asked for");
    }
}
