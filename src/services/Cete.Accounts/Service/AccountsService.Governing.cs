using Cete.Accounts.Proto;
using Cete.Core;
using Cete.Groups;
using Cete.Ports;
using Google.Protobuf;

namespace Cete.Accounts;

/// <summary>Rights, invitations, and what is read.</summary>
public sealed partial class AccountsService
{
    private static readonly Failure NoName = new(FailureKind.NotFound, "there is no account of that name");

    /// <summary>Has an act of governing carried out: a <see cref="GovernAct"/> that a device of whoever governs signed.</summary>
    /// <param name="statement">The statement on the wire.</param>
    /// <param name="id">Makes it happen once; without one a repeated statement is a conflict.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<bool>> SubmitGovernAsync(ReadOnlyMemory<byte> statement, RequestId? id, CancellationToken cancellation)
    {
        var answer = await SubmitAsync(new Govern { Statement = Bytes(statement) }, Guest, id, cancellation);
        if (!answer.Succeeded)
        {
            return answer.Failure;
        }

        var governed = ProtobufBytes.Read(Governed.Parser, answer.Value.Span);
        return governed.Failure.Length == 0
            ? governed.Changed
            : new Failure(Enum.TryParse<FailureKind>(governed.FailureKind, out var kind) ? kind : FailureKind.Forbidden, governed.Failure);
    }

    /// <summary>Invites others as members; the text is shown this once. An invitation that brings roles is a <see cref="GovernAct.Invite"/>.</summary>
    /// <param name="account">Who invites; it has the right to <see cref="Actions.AccountsInvite"/>.</param>
    /// <param name="uses">How many it lets in.</param>
    /// <param name="life">How long it counts, at most <see cref="AccountsLimits.InvitationLifeMax"/>.</param>
    /// <param name="note">What for; may be empty.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<InvitationText>> CreateInvitationAsync(
        AccountId account, int uses, TimeSpan life, string note, CancellationToken cancellation)
    {
        if (life <= TimeSpan.Zero || life > AccountsLimits.InvitationLifeMax)
        {
            return new Failure(FailureKind.Invalid, $"an invitation counts for {AccountsLimits.InvitationLifeMax.Days} days at most");
        }

        var invitation = InvitationText.Create();
        var command = new CreateInvitation
        {
            Account = Bytes(account),
            Invitation = Bytes(invitation.Id),
            SecretHash = Bytes(invitation.SecretHash),
            Uses = uses,
            ExpiresAt = (Now + life).Microseconds,
            Note = note.Trim(),
        };
        if (TooOld is null)
        {
            var key = invitation.PublicKey();
            (command.PublicKey, command.SecretHash) = (ByteString.CopyFrom(key), Bytes(InvitationText.HashFor(key)));
        }

        var made = await ChangeAsync(command, Asker.Of(account), null, cancellation);
        return made.Then(_ => invitation);
    }

    /// <summary>Takes an invitation back: one's own, or any for whoever may govern.</summary>
    /// <param name="account">Who takes it back.</param>
    /// <param name="invitation">16 hexadecimal digits.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Outcome<bool>> RevokeInvitationAsync(AccountId account, string invitation, CancellationToken cancellation) =>
        ShortId(invitation) is { } id
            ? await ChangeAsync(new RevokeInvitation { Account = Bytes(account), Invitation = id }, Asker.Of(account), null, cancellation)
            : new Failure(FailureKind.Invalid, "the id of an invitation has 16 hexadecimal digits");

    /// <summary>The rules of the community's accounts; <see cref="FailureKind.Unavailable"/> where they were not begun.</summary>
    public async Task<Outcome<AccountRules>> RulesAsync(CancellationToken cancellation, ReadLevel level = ReadLevel.Linearizable) =>
        OrMissing(await group.ReadAsync(sql => new RulesTable(sql).Find(), level, cancellation), AccountsQueries.NotBegun);

    /// <summary>Whether there are accounts of this community: those that a backup of another one brought are to be begun here, too.</summary>
    public Task<Outcome<bool>> HasBegunAsync(CancellationToken cancellation, ReadLevel level = ReadLevel.Linearizable) =>
        group.ReadAsync(sql => new RulesTable(sql).Find()?.Community == community, level, cancellation);

    /// <summary>The roles of accounts and what they mean, by name.</summary>
    public Task<Outcome<List<RoleDefinition>>> RolesAsync(CancellationToken cancellation, ReadLevel level = ReadLevel.Linearizable) =>
        group.ReadAsync(sql => new RoleTable(sql).All(), level, cancellation);

    /// <summary>One account, closed or not.</summary>
    public async Task<Outcome<AccountRecord>> AccountAsync(
        AccountId account, CancellationToken cancellation, ReadLevel level = ReadLevel.Linearizable) =>
        OrMissing(await group.ReadAsync(sql => AccountsQueries.Account(sql, account), level, cancellation), AccountsQueries.NoAccount(account));

    /// <summary>The account of a name, as typed.</summary>
    public async Task<Outcome<AccountRecord>> ByNameAsync(string name, CancellationToken cancellation, ReadLevel level = ReadLevel.Linearizable)
    {
        var parsed = AccountName.Parse(name, mayBeReserved: true);
        return parsed.Succeeded
            ? OrMissing(await group.ReadAsync(sql => AccountsQueries.ByName(sql, parsed.Value.Key), level, cancellation), NoName)
            : NoName;
    }

    /// <summary>A page of accounts that are not closed, by id.</summary>
    public Task<Outcome<AccountsPage<AccountRecord>>> AccountsAsync(string? cursor, int limit, CancellationToken cancellation) =>
        group.ReadAsync(sql => AccountsQueries.Accounts(sql, cursor, Bound(limit)), cancellation: cancellation);

    /// <summary>A page of accounts that are not closed whose names begin so, by name.</summary>
    /// <param name="beginning">As typed; empty for all.</param>
    /// <param name="cursor">Where it begins; null for the first page.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Outcome<AccountsPage<AccountRecord>>> AccountsByNameAsync(string beginning, string? cursor, int limit, CancellationToken cancellation)
    {
        var key = AccountName.FoldBeginning(beginning);
        return group.ReadAsync(sql => AccountsQueries.ByBeginning(sql, key, cursor, Bound(limit)), cancellation: cancellation);
    }

    /// <summary>The devices of an account, removed ones included as long as they are listed, the first first.</summary>
    public Task<Outcome<List<DeviceRecord>>> DevicesAsync(AccountId account, CancellationToken cancellation, ReadLevel level = ReadLevel.Linearizable) =>
        group.ReadAsync(sql => new DeviceTable(sql).Of(account), level, cancellation);

    /// <summary>The sessions and tokens of an account, ended ones included as long as they are listed, the first first.</summary>
    public Task<Outcome<List<SessionRecord>>> SessionsAsync(AccountId account, CancellationToken cancellation) =>
        group.ReadAsync(sql => new SessionTable(sql).Of(account), cancellation: cancellation);

    /// <summary>A page of invitations, the newest first: of one account, or of all.</summary>
    public Task<Outcome<AccountsPage<InvitationRecord>>> InvitationsAsync(AccountId? by, string? cursor, int limit, CancellationToken cancellation) =>
        group.ReadAsync(sql => AccountsQueries.Invitations(sql, by, cursor, Bound(limit)), cancellation: cancellation);

    /// <summary>A page of what moderators and administrators did, the newest first.</summary>
    public Task<Outcome<AccountsPage<AuditEntry>>> AuditAsync(string? cursor, int limit, CancellationToken cancellation) =>
        group.ReadAsync(sql => AccountsQueries.Audit(sql, null, cursor, Bound(limit)), cancellation: cancellation);

    /// <summary>All that is an account's, for its owner.</summary>
    public async Task<Outcome<AccountExport>> ExportAsync(AccountId account, CancellationToken cancellation) =>
        OrMissing(await group.ReadAsync(sql => AccountsQueries.Export(sql, account), cancellation: cancellation), AccountsQueries.NoAccount(account));

    /// <summary>What accounts may do whose standing changed behind a version, a page of them.</summary>
    public async Task<Outcome<StandingsPage>> StandingsAsync(long sinceVersion, CancellationToken cancellation, ReadLevel level = ReadLevel.Local) =>
        OrMissing(await group.ReadAsync(sql => AccountsQueries.StandingsSince(sql, sinceVersion), level, cancellation), AccountsQueries.NotBegun);

    private static int Bound(int limit) => Math.Clamp(limit, 1, Limits.PageItemsMax);

    private static Outcome<T> OrMissing<T>(Outcome<T?> found, Failure missing)
        where T : class =>
        found.Succeeded ? found.Value is { } value ? value : missing : found.Failure;
}
