using Cete.Accounts;
using Cete.Core;

namespace Cete.Web.Pages.Accounts;

// Razor makes its components public, and with them what they are given.

/// <summary>Who has an account.</summary>
/// <param name="Beginning">With what the names begin that are looked for; empty for all.</param>
/// <param name="Accounts">By name.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
/// <param name="IsFirst">It is the first page.</param>
/// <param name="SeesAudit">Whoever asks may see what was done.</param>
public sealed record AccountsModel(string Beginning, IReadOnlyList<AccountRecord> Accounts, string? Next, bool IsFirst, bool SeesAudit);

/// <summary>Somebody's account, as others see it.</summary>
/// <param name="Account">The account.</param>
/// <param name="Roles">All roles that there are, beside those that every account has.</param>
/// <param name="Governing">What whoever asks may do to it; null for nothing.</param>
/// <param name="Notice">What came of a form; null for nothing.</param>
public sealed record OneAccountModel(AccountRecord Account, IReadOnlyList<string> Roles, Governing? Governing, Notice? Notice);

/// <summary>The roles of accounts, and who may register.</summary>
/// <param name="Roles">By name.</param>
/// <param name="Registration">Who may register.</param>
/// <param name="Governing">What whoever asks may change; null for nothing.</param>
/// <param name="Notice">What came of a form; null for nothing.</param>
public sealed record RolesModel(IReadOnlyList<RoleDefinition> Roles, Registration Registration, Governing? Governing, Notice? Notice);

/// <summary>Somebody who keeps order, in his session.</summary>
/// <param name="Token">Of his forms.</param>
/// <param name="Signer">His account and its devices.</param>
/// <param name="MaySuspend">He may suspend.</param>
/// <param name="MayGovern">He may give roles, say what they mean, and close accounts.</param>
public sealed record Governing(string Token, SignerFacts Signer, bool MaySuspend, bool MayGovern);

/// <summary>What moderators and administrators did.</summary>
/// <param name="Acts">The newest first.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
/// <param name="IsFirst">It is the first page.</param>
public sealed record AuditModel(IReadOnlyList<AuditRow> Acts, string? Next, bool IsFirst);

/// <summary>An act, with what people call those that it is of.</summary>
/// <param name="Act">The act.</param>
/// <param name="By">The name of who did it; null for one that is not known any more.</param>
/// <param name="Target">The name of the account that it was done to; null where that is none, or not known any more.</param>
public sealed record AuditRow(AuditEntry Act, string? By, string? Target);
