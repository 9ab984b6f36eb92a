using Cete.Core;

namespace Cete.Accounts;

/// <summary>The bounds of accounts, each with its reason.</summary>
public static class AccountsLimits
{
    /// <summary>Bytes of an account's name, folded or not, and of its skeleton: 32 characters, each of which may become several.</summary>
    public const int NameBytesMax = 256;

    /// <summary>Bytes of a label, a note or a reason: a sentence or two.</summary>
    public const int NoteBytesMax = 200;

    /// <summary>Bytes of the name that is shown: a line of a list.</summary>
    public const int DisplayNameBytesMax = 128;

    /// <summary>Bytes of what an account says of itself.</summary>
    public const int AboutBytesMax = 2_000;

    /// <summary>Bytes of the sealed text of an account: the two above with what encoding and sealing add.</summary>
    public const int SealedBytesMax = DisplayNameBytesMax + AboutBytesMax + 64;

    /// <summary>Roles of a community.</summary>
    public const int RolesMax = 64;

    /// <summary>Rights of one role. With <see cref="AccountRolesMax"/> and the guest's this makes <see cref="Standing.GrantsMax"/>.</summary>
    public const int RoleGrantsMax = 16;

    /// <summary>Roles of one account, <c>member</c> included.</summary>
    public const int AccountRolesMax = (Standing.GrantsMax / RoleGrantsMax) - 1;

    /// <summary>Sessions of an account that have not ended: of a browser or terminal the oldest makes room, a token is refused.</summary>
    public const int SessionsMax = 64;

    /// <summary>Rights that a token is narrowed to.</summary>
    public const int SessionGrantsMax = 32;

    /// <summary>How long a browser or terminal stays logged in at most.</summary>
    public static readonly TimeSpan SessionLifeMax = TimeSpan.FromDays(90);

    /// <summary>How long a token counts at most.</summary>
    public static readonly TimeSpan TokenLifeMax = TimeSpan.FromDays(366);

    /// <summary>For how long a session that ended is listed.</summary>
    public static readonly TimeSpan EndedSessionKept = TimeSpan.FromDays(7);

    /// <summary>Devices of an account, removed ones included as long as they are listed.</summary>
    public const int DevicesMax = 32;

    /// <summary>For how long a removed device is listed.</summary>
    public static readonly TimeSpan RemovedDeviceKept = TimeSpan.FromDays(90);

    /// <summary>
    /// Devices of an account of which is kept how they came and went, so that none comes back: of more, those go first that are not listed any more
    /// and by which no other came. A new device each month, each approved by the one before, takes twenty years.
    /// </summary>
    public const int KeysKeptMax = 256;

    /// <summary>Delegates of an account that have not ended: one for each node that somebody uses without JavaScript.</summary>
    public const int DelegatesMax = 8;

    /// <summary>How long a delegate counts at most.</summary>
    public static readonly TimeSpan DelegateLifeMax = TimeSpan.FromDays(90);

    /// <summary>For how long a delegate that ended is listed.</summary>
    public static readonly TimeSpan EndedDelegateKept = TimeSpan.FromDays(7);

    /// <summary>Passkeys of an account: one for each place that people keep some in, and spare ones.</summary>
    public const int PasskeysMax = 16;

    /// <summary>Bytes of a passkey's id: the most that WebAuthn level 3 §4 allows.</summary>
    public const int PasskeyIdBytesMax = 1_023;

    /// <summary>Bytes of a passkey's public key: RSA of 4096 bits as COSE_Key, with room.</summary>
    public const int PasskeyKeyBytesMax = 1_024;

    /// <summary>Ways by which a browser reaches a passkey: there are six.</summary>
    public const int TransportsMax = 8;

    /// <summary>
    /// Accounts that one address makes in a <see cref="RegistrationWindow"/> without an invitation: a household, or a table of people who try it out.
    /// A school behind one address invites its members.
    /// </summary>
    public const int RegistrationsMax = 20;

    /// <summary>For how long they are counted, from the first on.</summary>
    public static readonly TimeSpan RegistrationWindow = TimeSpan.FromDays(1);

    /// <summary>Recovery codes of an account: what people print on one slip.</summary>
    public const int RecoveryKeysMax = 10;

    /// <summary>Invitations of one account that are usable at one time.</summary>
    public const int InvitationsMax = 32;

    /// <summary>Accounts that one invitation lets in.</summary>
    public const int InvitationUsesMax = 1_000;

    /// <summary>How long an invitation counts at most.</summary>
    public static readonly TimeSpan InvitationLifeMax = TimeSpan.FromDays(90);

    /// <summary>For how long an ended invitation is listed.</summary>
    public static readonly TimeSpan EndedInvitationKept = TimeSpan.FromDays(90);

    /// <summary>Bytes of the salt of a password.</summary>
    public const int SaltBytes = 16;

    /// <summary>Bytes of the hash of a password.</summary>
    public const int PasswordHashBytes = 32;

    /// <summary>Rounds that a stored password may ask for: more would be a way to keep a node busy.</summary>
    public const int IterationsMax = 5_000_000;

    /// <summary>Bytes of the secret of a second factor: the block of a SHA-1 is 64, RFC 4226 asks for 16 at least.</summary>
    public const int FactorSecretBytesMax = 64;

    /// <summary>Acts of moderators and administrators that are kept.</summary>
    public const int ActsMax = 1_000_000;

    /// <summary>For how long an act is kept.</summary>
    public static readonly TimeSpan ActKept = TimeSpan.FromDays(2 * 365);

    /// <summary>Rows of each kind that one command forgets.</summary>
    public const int PrunedMax = 500;

    /// <summary>Time from one look for what is to be forgotten to the next: what is kept is kept for days.</summary>
    public static readonly TimeSpan PruneInterval = TimeSpan.FromDays(1);

    /// <summary>Time until a look that failed is tried again.</summary>
    public static readonly TimeSpan PruneRetry = TimeSpan.FromMinutes(10);

    /// <summary>Standings on one page.</summary>
    public const int StandingsPerPage = 1_000;

    /// <summary>How far the clock of the node that opens a session may be ahead of the group's stamps.</summary>
    public static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(5);
}
