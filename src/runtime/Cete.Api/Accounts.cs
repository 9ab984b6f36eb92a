namespace Cete.Api;

/// <summary>An account is to be made.</summary>
/// <param name="Name">2 to 32 letters of one script, digits, '.', '_' and '-'.</param>
/// <param name="Password">10 to 256 characters.</param>
/// <param name="DisplayName">The name that is shown.</param>
/// <param name="Invitation">An invitation's text, where the community wants one.</param>
/// <param name="Device">The key of the device that registers.</param>
/// <param name="RecoveryKeys">Public keys of recovery codes (SubjectPublicKeyInfo, P-256).</param>
public sealed record RegisterRequest(
    string? Name, string? Password, string? DisplayName = null, string? Invitation = null, DeviceRequest? Device = null,
    IReadOnlyList<byte[]>? RecoveryKeys = null);

/// <summary>A device to be added.</summary>
/// <param name="SigningKey">Public key that its statements are verified with (SubjectPublicKeyInfo, P-256).</param>
/// <param name="ExchangeKey">Public key that others seal for, the same form.</param>
/// <param name="Certificate">The signing key's signature over the exchange key.</param>
/// <param name="Label">What its owner calls it.</param>
public sealed record DeviceRequest(byte[]? SigningKey, byte[]? ExchangeKey, byte[]? Certificate, string? Label);

/// <summary>Somebody logs in.</summary>
/// <param name="Name">The account's name.</param>
/// <param name="Password">Its password.</param>
/// <param name="SecondFactor">Six digits, where the account wants them.</param>
/// <param name="Label">What the session is called in lists.</param>
/// <param name="Hours">How long it counts; 720 when absent.</param>
/// <param name="Device">Id of the device's key.</param>
public sealed record LogInRequest(
    string? Name, string? Password, string? SecondFactor = null, string? Label = null, int? Hours = null, string? Device = null);

/// <summary>A session that was opened.</summary>
/// <param name="Secret">Shows who asks, as <c>Authorization: Bearer</c>. It is told this once.</param>
/// <param name="Session">Its id, which is no secret.</param>
/// <param name="Expires">When it ends by itself.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="Community">The community's name.</param>
/// <param name="CommunityId">And id.</param>
public sealed record LogInAnswer(
    string Secret, string Session, DateTimeOffset Expires, AccountInfo Account, string Community, string CommunityId);

/// <summary>An account.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="DisplayName">The name that is shown.</param>
/// <param name="Roles">Its roles.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Suspended">Since when it has a guest's rights alone.</param>
/// <param name="SuspensionReason">Why.</param>
public sealed record AccountInfo(
    string Id, string Name, string? DisplayName, IReadOnlyList<string> Roles, DateTimeOffset Created, DateTimeOffset? Suspended = null,
    string? SuspensionReason = null);

/// <summary>A page of accounts.</summary>
public sealed record AccountList(IReadOnlyList<AccountInfo> Accounts, string? Next);

/// <summary>Who asks.</summary>
/// <param name="Account">Its account; absent for a guest.</param>
/// <param name="Rights">What it may do, as texts.</param>
/// <param name="Session">The session that it asks in.</param>
/// <param name="Expires">When that ends.</param>
/// <param name="HasPassword">It can be logged in to by a password.</param>
/// <param name="HasSecondFactor">That takes a second factor, too.</param>
/// <param name="RecoveryCodesLeft">Recovery codes that were not used.</param>
/// <param name="Community">The community's name.</param>
/// <param name="CommunityId">And id.</param>
public sealed record WhoAmI(
    AccountInfo? Account, IReadOnlyList<string> Rights, string? Session, DateTimeOffset? Expires, bool HasPassword, bool HasSecondFactor,
    int RecoveryCodesLeft, string Community, string CommunityId);

/// <summary>A session, without its secret.</summary>
public sealed record SessionInfo(
    string Id, string Kind, string Label, DateTimeOffset Created, DateTimeOffset Expires, bool IsCurrent, IReadOnlyList<string>? Rights = null);

/// <summary>Sessions of an account.</summary>
public sealed record SessionList(IReadOnlyList<SessionInfo> Sessions);

/// <summary>A password is to be changed; all other sessions end.</summary>
/// <param name="Old">The password; absent where there is none yet.</param>
/// <param name="New">The new one.</param>
public sealed record PasswordRequest(string? Old, string? New);

/// <summary>An account is to be closed.</summary>
/// <param name="Old">Its password; null for one without.</param>
/// <param name="Statement">What a device of it signed (purpose <c>accounts.close</c>); null for an account that has none.</param>
public sealed record CloseRequest(string? Old, byte[]? Statement = null);

/// <summary>A token for a program is to be made.</summary>
/// <param name="Label">What for.</param>
/// <param name="Rights">What it is narrowed to; none for all that the account may.</param>
/// <param name="Hours">How long it counts, 1 to 8760.</param>
public sealed record ApiTokenRequest(string? Label, IReadOnlyList<string>? Rights, int Hours);

/// <summary>A token for a program.</summary>
/// <param name="Secret">Told this once.</param>
/// <param name="Session">By which it is listed and ended.</param>
/// <param name="Expires">When it ends by itself.</param>
public sealed record ApiTokenAnswer(string Secret, string Session, DateTimeOffset Expires);

/// <summary>A statement that is signed by a device's key.</summary>
/// <param name="Statement">Its bytes.</param>
public sealed record StatementRequest(byte[]? Statement);

/// <summary>An invitation is to be made.</summary>
/// <param name="Uses">How many it lets in.</param>
/// <param name="Hours">How long it counts.</param>
/// <param name="Roles">What accounts get beside 'member'.</param>
/// <param name="Note">What for.</param>
public sealed record InvitationRequest(int Uses, int Hours, IReadOnlyList<string>? Roles = null, string? Note = null);

/// <summary>An invitation.</summary>
/// <param name="Id">By which it is listed and revoked.</param>
/// <param name="Text">What lets in; told this once.</param>
/// <param name="Path">Where a browser takes it, at any node.</param>
/// <param name="Expires">When it ends by itself.</param>
public sealed record InvitationAnswer(string Id, string Text, string Path, DateTimeOffset Expires);

/// <summary>An invitation in a list.</summary>
public sealed record InvitationInfo(string Id, IReadOnlyList<string> Roles, int UsesLeft, DateTimeOffset Expires, bool IsRevoked, string Note);

/// <summary>Invitations of an account.</summary>
public sealed record InvitationList(IReadOnlyList<InvitationInfo> Invitations);

/// <summary>A role and what it lets accounts do.</summary>
public sealed record RoleInfo(string Name, IReadOnlyList<string> Rights);

/// <summary>Roles of accounts, and who may register.</summary>
/// <param name="Roles">Roles.</param>
/// <param name="Registration">open, invited or closed.</param>
public sealed record RolesAnswer(IReadOnlyList<RoleInfo> Roles, string Registration);

/// <summary>What a moderator or administrator did.</summary>
public sealed record AuditInfo(long Position, DateTimeOffset At, string By, string Action, string Target, string Note);

/// <summary>A page of it, the newest first.</summary>
public sealed record AuditList(IReadOnlyList<AuditInfo> Acts, string? Next);
