using System.Globalization;
using System.Security.Cryptography;
using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Groups;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Accounts;

/// <summary>
/// Accounts for their users: puts what they say into form, hashes what is secret, hands it to the group, and answers questions. Commands that change
/// answer with true, or with false when it was so already. For several callers at once.
/// </summary>
/// <param name="group">The group that keeps the accounts.</param>
/// <param name="hasher">Hashes passwords; not owned.</param>
/// <param name="clock">Tells whether a session is over, and slows down whoever guesses; commands go by the group's stamps.</param>
/// <param name="community">Whose accounts these are.</param>
public sealed partial class AccountsService(IGroup group, PasswordHasher hasher, TimeProvider clock, KeyId community)
{
    /// <summary>The name of the service and its group.</summary>
    public static readonly GroupId Name = GroupId.Of("accounts");

    /// <summary>How the local replica stands.</summary>
    public GroupStatus Status => group.Status;

    /// <summary>Whose accounts these are: statements are signed for it.</summary>
    public KeyId Community => community;

    private readonly RegistrationThrottle _registrations = new(clock);

    private Instant Now => Instant.From(clock.GetUtcNow());

    /// <summary>Completes when the applied index goes beyond <paramref name="index"/>.</summary>
    public Task<long> WaitForAppliedAsync(long index, CancellationToken cancellation) => group.WaitForAppliedAsync(index, cancellation);

    /// <summary>Makes the accounts of the community; the same again is no error, another administrator is a conflict.</summary>
    public async Task<Outcome<bool>> BeginAsync(Beginning beginning, Asker asker, CancellationToken cancellation)
    {
        var name = AccountName.Parse(beginning.Name, mayBeReserved: true);
        if (!name.Succeeded)
        {
            return name.Failure;
        }

        var entry = await EntryAsync(
            beginning.Administrator, name.Value, beginning.Password, beginning.Device, beginning.RecoveryKeys, beginning.DisplayName, cancellation);
        if (!entry.Succeeded)
        {
            return entry.Failure;
        }

        var command = new Begin
        {
            Community = Bytes(community),
            Roles = { beginning.Roles.Select(role => new Role { Name = role.Name, Grants = { role.Grants.Select(grant => grant.Text) } }) },
            Registration = (int)beginning.Registration,
            Account = entry.Value,
        };
        if (beginning.Session is { } session)
        {
            var opened = Opening(beginning.Administrator, session.Secret, session.Kind, session.Label, session.Life, null, []);
            if (!opened.Succeeded)
            {
                return opened.Failure;
            }

            command.Session = opened.Value;
        }

        return await ChangeAsync(command, asker, null, cancellation);
    }

    /// <summary>Makes an account. Repeated with the same request id, name and password it answers with the one that was made.</summary>
    /// <param name="account">What it is to be.</param>
    /// <param name="id">Makes it happen once; its session is drawn at random, since the account's id is made of it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<AccountRecord>> RegisterAsync(NewAccount account, RequestId? id, CancellationToken cancellation)
    {
        var name = AccountName.Parse(account.Name);
        if (!name.Succeeded)
        {
            return name.Failure;
        }

        // Salts and keys are drawn anew each time, so a repeated command would be another one: what tells it is the account's id.
        var own = id is { } request ? IdOf(request, name.Value) : new AccountId(RandomNumberGenerator.GetBytes(AccountId.Size));
        var made = await MakeAsync(own, name.Value, account, cancellation);
        if (made.Succeeded || id is null || made.Failure.Kind is FailureKind.Invalid)
        {
            return made.Succeeded ? await AccountAsync(own, cancellation) : made.Failure;
        }

        var known = await KnownAsync(sql => new AccountTable(sql).Find(own), cancellation);
        var verdict = known is { Succeeded: true, Value.Account: not null }
            ? await hasher.VerifyAsync(PasswordText.Canonical(account.Password), known.Value.Password, cancellation)
            : made.Failure;
        return verdict is { Succeeded: true, Value.IsRight: true } ? await AccountAsync(own, cancellation) : made.Failure;
    }

    /// <summary>Closes an account: what is personal is erased, the name is taken by nobody else.</summary>
    /// <param name="account">Which.</param>
    /// <param name="password">Its password, for whoever found a browser open; null for an account without one.</param>
    /// <param name="statement">A <see cref="CloseAct"/> that a device of it signed; empty for an account that has none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<bool>> CloseAsync(
        AccountId account, string? password, ReadOnlyMemory<byte> statement, CancellationToken cancellation) =>
        await ProveAsync(account, password, cancellation) is { } failure
            ? failure
            : await ChangeAsync(new Close { Account = Bytes(account), Statement = Bytes(statement) }, Asker.Of(account), null, cancellation);

    /// <summary>Says how an account is shown, and what it says of itself.</summary>
    public async Task<Outcome<bool>> SetPersonalAsync(AccountId account, string displayName, string about, CancellationToken cancellation)
    {
        var personal = PersonalOf(displayName, about);
        if (!personal.Succeeded)
        {
            return personal.Failure;
        }

        var key = await group.ReadAsync(sql => new PrivateTables(sql).Personal(account)?.Key, cancellation: cancellation);
        return !key.Succeeded ? key.Failure
            : key.Value is null ? AccountsQueries.NoAccount(account)
            : await ChangeAsync(
                new SetPersonal { Account = Bytes(account), Text = PersonalText.Seal(account, personal.Value, key.Value).Text }, Asker.Of(account), null,
                cancellation);
    }

    /// <summary>Forgets what means nothing any more, a bounded number of each.</summary>
    public async Task<Outcome<Forgotten>> PruneAsync(Asker asker, CancellationToken cancellation)
    {
        var answer = await SubmitAsync(new Prune(), asker, null, cancellation);
        return answer.Then(bytes => ProtobufBytes.Read(Pruned.Parser, bytes.Span))
            .Then(pruned => new Forgotten(pruned.Sessions, pruned.Invitations, pruned.Devices, pruned.Acts, pruned.Delegates));
    }

    private static Asker Guest => new(string.Empty, []);

    private static ByteString Bytes(AccountId id) => ByteString.CopyFrom(id.ToArray());

    private static ByteString Bytes(KeyId id) => ByteString.CopyFrom(id.ToArray());

    private static ByteString Bytes(Hash256 hash) => ByteString.CopyFrom(hash.ToArray());

    private static ByteString Bytes(ReadOnlyMemory<byte> bytes) => ByteString.CopyFrom(bytes.Span);

    private static Credential Stored(PasswordHash hash) => new()
    {
        Algorithm = PasswordHash.Pbkdf2Sha256,
        Iterations = hash.Iterations,
        Salt = Bytes(hash.Salt),
        Hash = Bytes(hash.Hash),
    };

    private static Device ToMessage(NewDevice device) => new()
    {
        SigningKey = Bytes(device.SigningKey),
        ExchangeKey = Bytes(device.ExchangeKey),
        Certificate = Bytes(device.Certificate),
        Label = device.Label,
    };

    private static Outcome<Personal> PersonalOf(string displayName, string about)
    {
        var (name, text) = (displayName.Trim(), about.ReplaceLineEndings("\n").Trim());
        var failure = Checks.Text("name that is shown", name, AccountsLimits.DisplayNameBytesMax, mayBeEmpty: true)
            ?? text.Split('\n').Select(line => Checks.Text("text about the account", line, AccountsLimits.AboutBytesMax, mayBeEmpty: true))
                .FirstOrDefault(wrong => wrong is not null);
        return failure is not null ? failure
            : System.Text.Encoding.UTF8.GetByteCount(text) > AccountsLimits.AboutBytesMax
                ? new Failure(FailureKind.TooLarge, $"the text about the account is longer than {AccountsLimits.AboutBytesMax} bytes")
                : new Personal { DisplayName = name, About = text };
    }

    private AccountId IdOf(RequestId request, AccountName name)
    {
        var text = $"cete-account {community} {request.Session} {request.Sequence.ToString(CultureInfo.InvariantCulture)} {name.Key}";
        return new AccountId(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)).AsSpan(0, AccountId.Size));
    }

    private async Task<Outcome<ReadOnlyMemory<byte>>> MakeAsync(AccountId id, AccountName name, NewAccount account, CancellationToken cancellation)
    {
        var invitation = account.Invitation is null ? null : (Outcome<InvitationText>?)InvitationText.Parse(account.Invitation);
        if (invitation is { Succeeded: false, Failure: var wrong })
        {
            return wrong;
        }

        // What would be refused anyway is refused before a password is hashed for it.
        if (await UnwelcomeAsync(name, invitation?.Value, cancellation) is { } unwelcome)
        {
            return unwelcome;
        }

        var counted = invitation is null ? account.Address : null;
        if (counted is not null && _registrations.Begin(counted) is { } tooMany)
        {
            return tooMany;
        }

        var made = await SubmitAsync(id, name, account, invitation?.Value, cancellation);
        if (counted is not null && !made.Succeeded)
        {
            _registrations.TakeBack(counted);
        }

        return made;
    }

    private async Task<Outcome<ReadOnlyMemory<byte>>> SubmitAsync(
        AccountId id, AccountName name, NewAccount account, InvitationText? invitation, CancellationToken cancellation)
    {
        var entry = await EntryAsync(id, name, account.Password, account.Device, account.RecoveryKeys, account.DisplayName, cancellation);
        if (!entry.Succeeded)
        {
            return entry.Failure;
        }

        var command = new Register { Entry = entry.Value };
        if (invitation is not null && await ShowAsync(command, id, name, invitation, cancellation) is { } failure)
        {
            return failure;
        }

        return await SubmitAsync(command, Guest, null, cancellation);
    }

    /// <summary>Shows that whoever registers has the invitation: by what it is known by, so that nothing is shown that others could use.</summary>
    private async Task<Failure?> ShowAsync(
        Register command, AccountId id, AccountName name, InvitationText invitation, CancellationToken cancellation)
    {
        var hasKey = await group.ReadAsync(
            sql => AccountsQueries.HasLater(sql) && new InvitationTable(sql).KeyOf(invitation.Id.ToArray()) is not null, cancellation: cancellation);
        if (!hasKey.Succeeded)
        {
            return hasKey.Failure;
        }

        command.Invitation = Bytes(invitation.Id);
        if (hasKey.Value)
        {
            command.SecretHash = ByteString.CopyFrom(new byte[Hash256.Size]);
            command.Statement = Bytes(invitation.Sign(community, id, name.Text, Hash256.Of(command.Entry.ToByteArray())).ToArray());
        }
        else
        {
            command.SecretHash = Bytes(invitation.SecretHash);
        }

        return null;
    }

    private async Task<Failure?> UnwelcomeAsync(AccountName name, InvitationText? invitation, CancellationToken cancellation)
    {
        var seen = await group.ReadAsync(
            sql => (Rules: new RulesTable(sql).Find(), IsTaken: new AccountTable(sql).IsTaken(name.Key, name.Skeleton)), cancellation: cancellation);
        return !seen.Succeeded ? seen.Failure
            : seen.Value.Rules is not { } rules ? AccountsQueries.NotBegun
            : rules.Registration == Registration.Closed || (rules.Registration == Registration.Invited && invitation is null)
                ? new Failure(FailureKind.Forbidden, rules.Registration == Registration.Closed
                    ? "this community takes no new accounts"
                    : "an account is made by invitation here; ask a member for one")
            : seen.Value.IsTaken ? new Failure(FailureKind.Conflict, $"the name '{name}' is taken, or looks like one that is; choose another")
            : null;
    }

    private async Task<Outcome<NewEntry>> EntryAsync(
        AccountId id, AccountName name, string? password, NewDevice? device, IReadOnlyList<ReadOnlyMemory<byte>> recoveryKeys, string displayName,
        CancellationToken cancellation)
    {
        var personal = PersonalOf(displayName, string.Empty);
        if (!personal.Succeeded)
        {
            return personal.Failure;
        }

        var entry = new NewEntry
        {
            Account = Bytes(id),
            Name = new Name { Text = name.Text, Key = name.Key, Skeleton = name.Skeleton },
            Device = device is null ? null : ToMessage(device),
            RecoveryKeys = { recoveryKeys.Select(Bytes) },
            Personal = PersonalText.Seal(id, personal.Value),
        };
        if (password is null)
        {
            return entry;
        }

        var hashed = await HashAsync(password, name, cancellation);
        if (!hashed.Succeeded)
        {
            return hashed.Failure;
        }

        entry.Credential = Stored(hashed.Value);
        return entry;
    }

    /// <summary>Hashes a password that somebody chooses.</summary>
    private async Task<Outcome<PasswordHash>> HashAsync(string password, AccountName? name, CancellationToken cancellation)
    {
        var chosen = PasswordText.Choose(password, name);
        return chosen.Succeeded ? await hasher.HashAsync(chosen.Value, cancellation) : chosen.Failure;
    }

    private async Task<Outcome<bool>> ChangeAsync(IMessage command, Asker asker, RequestId? id, CancellationToken cancellation)
    {
        var answer = await SubmitAsync(command, asker, id, cancellation);
        return answer.Then(bytes => ProtobufBytes.Read(Done.Parser, bytes.Span).Changed);
    }

    private async Task<Outcome<ReadOnlyMemory<byte>>> SubmitAsync(IMessage command, Asker asker, RequestId? id, CancellationToken cancellation)
    {
        // What every replica would refuse need not go through the log.
        if (Checks.Of(command) is { } failure)
        {
            return failure;
        }

        var reply = await group.SubmitAsync(new ClientCommand(command.Descriptor.Name, command.ToByteArray(), asker, id), cancellation);
        return reply.Succeeded ? reply.Value.Result : reply.Failure;
    }
}
