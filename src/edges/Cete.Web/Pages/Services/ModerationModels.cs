using Cete.Described;
using Cete.Web.Pages.Accounts;

namespace Cete.Web.Pages.Services;

/// <summary>What moderators of records have to decide, what they hid, and what was done.</summary>
/// <param name="Scenes">The services, by name.</param>
/// <param name="Reports">Open ones.</param>
/// <param name="Hidden">Records that are hidden.</param>
/// <param name="Acts">The log.</param>
/// <param name="NameOf">What an account is called.</param>
/// <param name="Notice">What came of a form; null for nothing.</param>
public sealed record RecordModerationModel(
    IReadOnlyDictionary<string, ServiceScene> Scenes, ModerationPage<RecordReport> Reports, ModerationPage<HiddenRecord> Hidden,
    ModerationPage<RecordAct> Acts, Func<string, string> NameOf, Notice? Notice)
{
    /// <summary>An act in the words of pages.</summary>
    public static string WordsOf(string act) => act switch
    {
        RecordActs.Report => "reported",
        RecordActs.Hide => "hidden",
        RecordActs.Show => "shown again",
        RecordActs.Dismiss => "reports closed",
        _ => act,
    };
}
