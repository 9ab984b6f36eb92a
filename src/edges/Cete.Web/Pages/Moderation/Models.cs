using Cete.Index.Moderation;
using Cete.Web.Pages.Accounts;

namespace Cete.Web.Pages.Moderation;

/// <summary>What was taken down and why; for moderators, what there is to decide.</summary>
/// <param name="Acts">The log, the newest first, with the names of those who acted.</param>
/// <param name="Next">Cursor of the next page of it; null on the last.</param>
/// <param name="IsFirst">This is the first page of it.</param>
/// <param name="Work">What moderators have to decide; null for others, and on later pages.</param>
/// <param name="Notice">What came of a form.</param>
public sealed record ModerationModel(
    IReadOnlyList<(ModerationAct Act, string By)> Acts, string? Next, bool IsFirst, ModerationWork? Work, Notice? Notice);

/// <summary>What moderators have to decide.</summary>
/// <param name="Token">Shows that a form is one of this session; empty where there is no session to act in.</param>
/// <param name="Reports">Open ones.</param>
/// <param name="Appeals">Open ones.</param>
public sealed record ModerationWork(
    string Token, IReadOnlyList<(ContentReport Report, string By)> Reports, IReadOnlyList<(OpenAppeal Appeal, string By)> Appeals);

/// <summary>What whoever looks at an entry can say of its content.</summary>
/// <param name="Token">Shows that a form is one of this session; null where nobody is logged in.</param>
/// <param name="IsModerator">May take it down and put it back.</param>
/// <param name="Notice">What came of a form.</param>
public sealed record EntryModeration(string? Token, bool IsModerator, Notice? Notice);
