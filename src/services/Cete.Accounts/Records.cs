using Cete.Core;

namespace Cete.Accounts;

/// <summary>Who may make an account.</summary>
public enum Registration
{
    /// <summary>Anybody.</summary>
    Open,

    /// <summary>Whoever has an invitation.</summary>
    Invited,

    /// <summary>Nobody.</summary>
    Closed,
}

/// <summary>What a session is of.</summary>
public enum SessionKind
{
    /// <summary>Of a browser: its secret is a cookie.</summary>
    Browser,

    /// <summary>Of a terminal: its secret is a file of the user's.</summary>
    Terminal,

    /// <summary>A token for a program, as a rule with few rights.</summary>
    Token,
}

/// <summary>The rules of a community's accounts.</summary>
/// <param name="Community">The community.</param>
/// <param name="Registration">Who may make an account.</param>
/// <param name="Version">Grows by one with each change of a standing or a role.</param>
/// <param name="RolesVersion">The version of the last change of what roles mean.</param>
public sealed record AccountRules(KeyId Community, Registration Registration, long Version, long RolesVersion);

/// <summary>A device to be added to an account.</summary>
/// <param name="SigningKey">Public key on P-256 that its statements are verified with (SubjectPublicKeyInfo in DER, 91 bytes).</param>
/// <param name="ExchangeKey">Public key on P-256 that others seal for (the same form); empty for none.</param>
/// <param name="Certificate">The signing key's signature over the exchange key, see <see cref="DeviceCertificate"/>; 64 bytes.</param>
/// <param name="Label">As its owner calls it; up to <see cref="AccountsLimits.NoteBytesMax"/> bytes.</param>
public sealed record NewDevice(ReadOnlyMemory<byte> SigningKey, ReadOnlyMemory<byte> ExchangeKey, ReadOnlyMemory<byte> Certificate, string Label);

/// <summary>A session that begins with the accounts of a community, for whoever makes it.</summary>
/// <param name="Secret">Made by <see cref="SessionSecret.Create"/>.</param>
/// <param name="Kind">What it is of.</param>
/// <param name="Label">What for.</param>
/// <param name="Life">How long it counts.</param>
public sealed record NewSession(string Secret, SessionKind Kind, string Label, TimeSpan Life);

/// <summary>What the accounts of a community begin with.</summary>
/// <param name="Administrator">The first administrator's account.</param>
/// <param name="Name">Its name; one that is reserved will do.</param>
/// <param name="Device">The administrator's key; exchange key and certificate may be empty.</param>
/// <param name="Registration">Who may register.</param>
public sealed record Beginning(AccountId Administrator, string Name, NewDevice? Device, Registration Registration)
{
    /// <summary>The name that is shown.</summary>
    public string DisplayName { get; init; } = string.Empty;

    /// <summary>A password to log in with; null for none.</summary>
    public string? Password { get; init; }

    /// <summary>Public keys of recovery codes, see <see cref="RecoveryCode"/>.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> RecoveryKeys { get; init; } = [];

    /// <summary>A session to begin with; null for none.</summary>
    public NewSession? Session { get; init; }

    /// <summary>The roles of accounts and what they mean.</summary>
    public IReadOnlyList<RoleDefinition> Roles { get; init; } = RoleDefinition.Defaults;
}

/// <summary>An account to be made.</summary>
/// <param name="Name">As in <see cref="AccountName"/>.</param>
/// <param name="Password">10 to 256 characters.</param>
/// <param name="Device">Its first device; null where the client has no keys.</param>
/// <param name="RecoveryKeys">Public keys of its recovery codes, see <see cref="RecoveryCode"/>; at most <see cref="AccountsLimits.RecoveryKeysMax"/>.</param>
/// <param name="Invitation">The text of an invitation, see <see cref="InvitationText"/>; null for none.</param>
/// <param name="DisplayName">The name that is shown; may be empty.</param>
public sealed record NewAccount(
    string Name, string Password, NewDevice? Device, IReadOnlyList<ReadOnlyMemory<byte>> RecoveryKeys, string? Invitation, string DisplayName)
{
    /// <summary>
    /// The address that it comes from, of which a bounded number of accounts come in a day; null where that is not counted, as with an invitation.
    /// </summary>
    public string? Address { get; init; }
}

/// <summary>Somebody logs in.</summary>
/// <param name="Name">The account's name, as typed.</param>
/// <param name="Password">As typed.</param>
/// <param name="SecondFactor">Six digits; null when none were asked for yet.</param>
/// <param name="Kind">What the session is of.</param>
/// <param name="Label">What it is called in the list of sessions.</param>
/// <param name="Life">How long it counts, at most <see cref="AccountsLimits.SessionLifeMax"/>.</param>
/// <param name="Device">The device that it is on; null for none.</param>
/// <param name="Throttle">The address that it comes from: failures are counted by it.</param>
public sealed record LogIn(
    string Name, string Password, string? SecondFactor, SessionKind Kind, string Label, TimeSpan Life, KeyId? Device, string Throttle);

/// <summary>A session that was opened. The secret is nowhere else.</summary>
public sealed record OpenedSession(AccountRecord Account, SessionRecord Session, string Secret);

/// <summary>An account as it stands.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name; empty once it is closed.</param>
/// <param name="Roles">Sorted; <c>member</c> is among them.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record AccountRecord(AccountId Id, string Name, IReadOnlyList<string> Roles, Instant CreatedAt)
{
    /// <summary>Since when it is suspended; null when it is not.</summary>
    public Instant? SuspendedAt { get; init; }

    /// <summary>Why it is suspended.</summary>
    public string SuspensionReason { get; init; } = string.Empty;

    /// <summary>When it was closed; null when it was not.</summary>
    public Instant? ClosedAt { get; init; }

    /// <summary>It can be logged in to with a password.</summary>
    public bool HasPassword { get; init; }

    /// <summary>Logging in takes a second factor.</summary>
    public bool HasSecondFactor { get; init; }

    /// <summary>Recovery codes that were not used.</summary>
    public int RecoveryKeysLeft { get; init; }

    /// <summary>The name that is shown; may be empty.</summary>
    public string DisplayName { get; init; } = string.Empty;

    /// <summary>What it says of itself; may be empty.</summary>
    public string About { get; init; } = string.Empty;

    /// <summary>The version of the standings in which it last changed.</summary>
    public long Version { get; init; }
}

/// <summary>A session as it stands.</summary>
/// <param name="Id">16 hexadecimal digits; no secret.</param>
/// <param name="Account">Whose.</param>
/// <param name="Kind">What it is of.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Device">The device that it is on; null for none.</param>
/// <param name="Grants">What it is narrowed to; empty for all that the account may.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
/// <param name="EndedAt">When it was ended; null when it was not.</param>
public sealed record SessionRecord(
    string Id, AccountId Account, SessionKind Kind, string Label, KeyId? Device, IReadOnlyList<Grant> Grants, Instant CreatedAt, Instant ExpiresAt,
    Instant? EndedAt);

/// <summary>What a request with a session's secret is known by.</summary>
/// <param name="Account">Whose it is.</param>
/// <param name="Session">The session's id.</param>
/// <param name="Kind">What it is of.</param>
/// <param name="Grants">What it is narrowed to; empty for all that the account may.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
/// <param name="Device">The device that it is on; null for none.</param>
public sealed record SessionFacts(AccountId Account, string Session, SessionKind Kind, IReadOnlyList<Grant> Grants, Instant ExpiresAt, KeyId? Device);

/// <summary>A device of an account.</summary>
/// <param name="Id">The name of its signing key.</param>
/// <param name="Account">Whose.</param>
/// <param name="SigningKey">In DER.</param>
/// <param name="ExchangeKey">In DER; empty for none.</param>
/// <param name="Certificate">The signing key's signature over the exchange key; may be empty for the first administrator's.</param>
/// <param name="Label">What it is called.</param>
/// <param name="AddedAt">When it was added.</param>
/// <param name="RemovedAt">When it was removed; null when it was not.</param>
/// <param name="Counter">Of the last statement that was taken.</param>
public sealed record DeviceRecord(
    KeyId Id, AccountId Account, ReadOnlyMemory<byte> SigningKey, ReadOnlyMemory<byte> ExchangeKey, ReadOnlyMemory<byte> Certificate, string Label,
    Instant AddedAt, Instant? RemovedAt, long Counter);

/// <summary>A key that one node holds for an account, to sign small payments with.</summary>
/// <param name="Id">The name of the key.</param>
/// <param name="Account">Whose.</param>
/// <param name="Node">The name of the key of the node that holds it.</param>
/// <param name="Cap">Micro-credits that it may spend in all.</param>
/// <param name="AddedAt">When it was added.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
/// <param name="RemovedAt">When it was removed; null when it was not.</param>
public sealed record DelegateRecord(KeyId Id, AccountId Account, KeyId Node, long Cap, Instant AddedAt, Instant ExpiresAt, Instant? RemovedAt)
{
    /// <summary>Whether it counts at a moment.</summary>
    public bool Counts(Instant now) => RemovedAt is null && ExpiresAt > now;
}

/// <summary>A passkey of an account: a WebAuthn credential.</summary>
/// <param name="Id">As the authenticator calls it; up to <see cref="AccountsLimits.PasskeyIdBytesMax"/> bytes.</param>
/// <param name="Account">Whose.</param>
/// <param name="PublicKey">COSE_Key (RFC 9052 §7).</param>
/// <param name="Counter">The last one that it came with; 0 where it counts none.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Transports">How a browser reaches it, as the browser said.</param>
/// <param name="AddedAt">When it was added.</param>
/// <param name="UsedAt">When it was last used; null for never.</param>
public sealed record PasskeyRecord(
    ReadOnlyMemory<byte> Id, AccountId Account, ReadOnlyMemory<byte> PublicKey, long Counter, string Label, IReadOnlyList<string> Transports, Instant AddedAt,
    Instant? UsedAt)
{
    /// <summary>Its id as text: base64url, as browsers write it.</summary>
    public string Name => System.Buffers.Text.Base64Url.EncodeToString(Id.Span);
}

/// <summary>An invitation as it stands.</summary>
/// <param name="Id">16 hexadecimal digits; no secret.</param>
/// <param name="By">Who invites.</param>
/// <param name="Roles">What accounts get by it beside <c>member</c>.</param>
/// <param name="Uses">How many it lets in.</param>
/// <param name="UsesLeft">How many more.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
/// <param name="RevokedAt">When it was taken back; null when it was not.</param>
/// <param name="Note">What for; may be empty.</param>
public sealed record InvitationRecord(
    string Id, AccountId By, IReadOnlyList<string> Roles, int Uses, int UsesLeft, Instant CreatedAt, Instant ExpiresAt, Instant? RevokedAt, string Note);

/// <summary>An act of a moderator or administrator.</summary>
/// <param name="Position">Its place in the group's log: unique, rising.</param>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="Action">What: the name of the act, as in <see cref="GovernAct"/>.</param>
/// <param name="Target">To what: the id of an account, the name of a role.</param>
/// <param name="Note">How, or why.</param>
public sealed record AuditEntry(long Position, Instant At, AccountId By, string Action, string Target, string Note);

/// <summary>What an account may do.</summary>
/// <param name="Account">Its id.</param>
/// <param name="Name">Its name; empty once it is closed.</param>
/// <param name="Roles">Its roles; only <c>guest</c> for one that is suspended or closed.</param>
/// <param name="Grants">What these, and the guest's, let it do.</param>
/// <param name="IsSuspended">It has only the rights of a guest.</param>
/// <param name="IsClosed">It is no more: forget it.</param>
/// <param name="Version">The version in which it last changed.</param>
public sealed record AccountStanding(
    AccountId Account, string Name, IReadOnlyList<string> Roles, IReadOnlyList<Grant> Grants, bool IsSuspended, bool IsClosed, long Version)
{
    /// <summary>As it is asked.</summary>
    public Standing Standing => new(Account.ToString(), Roles, Grants);
}

/// <summary>
/// Accounts whose standing changed behind a version, by version. When <see cref="RolesVersion"/> is not the one of the page before, what was
/// resolved before is stale: begin again behind 0.
/// </summary>
/// <param name="Version">Behind which the next page begins.</param>
/// <param name="RolesVersion">The version of the last change of what roles mean.</param>
/// <param name="Items">At most <see cref="AccountsLimits.StandingsPerPage"/>.</param>
/// <param name="Guest">What everybody may do, with an account or without.</param>
/// <param name="IsMore">There are more behind <see cref="Version"/>.</param>
public sealed record StandingsPage(long Version, long RolesVersion, IReadOnlyList<AccountStanding> Items, IReadOnlyList<Grant> Guest, bool IsMore);

/// <summary>A piece of a list.</summary>
/// <param name="Items">In order.</param>
/// <param name="Next">Where the next one begins; null at the end.</param>
public sealed record AccountsPage<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>All that is an account's, for its owner.</summary>
/// <param name="Account">The account.</param>
/// <param name="Sessions">Its sessions, as far as they are listed.</param>
/// <param name="Devices">Its devices.</param>
/// <param name="Invitations">What it invited by.</param>
/// <param name="Acts">What it did as a moderator or administrator; the newest <see cref="Limits.PageItemsMax"/>.</param>
public sealed record AccountExport(
    AccountRecord Account, IReadOnlyList<SessionRecord> Sessions, IReadOnlyList<DeviceRecord> Devices, IReadOnlyList<InvitationRecord> Invitations,
    IReadOnlyList<AuditEntry> Acts)
{
    /// <summary>Its passkeys.</summary>
    public IReadOnlyList<PasskeyRecord> Passkeys { get; init; } = [];

    /// <summary>Keys that nodes hold for it.</summary>
    public IReadOnlyList<DelegateRecord> Delegates { get; init; } = [];
}

/// <summary>A second factor that is to be confirmed by a first code.</summary>
/// <param name="Secret">In base32, for whoever types it.</param>
/// <param name="Uri">An <c>otpauth</c> URI, for a QR code.</param>
public sealed record SecondFactorSetup(string Secret, string Uri);

/// <summary>What was forgotten at one go.</summary>
public sealed record Forgotten(int Sessions, int Invitations, int Devices, int Acts, int Delegates)
{
    /// <summary>There may be more to forget.</summary>
    public bool IsMore => ((int[])[Sessions, Invitations, Devices, Acts, Delegates]).Max() >= AccountsLimits.PrunedMax;
}
