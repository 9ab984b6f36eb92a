using Cete.Core;

namespace Cete.Index.Moderation;

/// <summary>Of what kind a report is.</summary>
public static class ReportKind
{
    /// <summary>It is not what its name promises.</summary>
    public const string Fake = "fake";

    /// <summary>To spread it is against the law.</summary>
    public const string Illegal = "illegal";

    /// <summary>It does harm to whoever opens it.</summary>
    public const string Malware = "malware";

    /// <summary>What the text says.</summary>
    public const string Other = "other";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Fake, Illegal, Malware, Other];
}

/// <summary>What the log of moderation tells of, as it names it.</summary>
public static class ModerationActs
{
    /// <summary>Somebody reported a content.</summary>
    public const string Report = "report";

    /// <summary>A content was taken down.</summary>
    public const string TakeDown = "take-down";

    /// <summary>A content was put back.</summary>
    public const string PutBack = "put-back";

    /// <summary>Reports of a content need nothing to be done.</summary>
    public const string Dismiss = "dismiss";

    /// <summary>Somebody appealed against a take-down.</summary>
    public const string Appeal = "appeal";

    /// <summary>An appeal was upheld: the content is back.</summary>
    public const string Uphold = "uphold";

    /// <summary>An appeal was rejected.</summary>
    public const string Reject = "reject";
}

/// <summary>A content that is taken down.</summary>
/// <param name="Root">The content.</param>
/// <param name="Path">Where the oldest of its entries stands; null where it has none.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">The account that did it.</param>
/// <param name="At">When.</param>
/// <param name="Act">The act's number in the log.</param>
public sealed record TakenDownContent(Hash256 Root, string? Path, string Reason, string By, Instant At, long Act);

/// <summary>What was reported of a content, and nobody has acted on.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Root">The content.</param>
/// <param name="Path">Where the oldest of its entries stands; null where it has none.</param>
/// <param name="Kind">One of <see cref="ReportKind.All"/>.</param>
/// <param name="Text">What was said, possibly nothing.</param>
/// <param name="By">Who reported it.</param>
/// <param name="At">When.</param>
public sealed record ContentReport(long Id, Hash256 Root, string? Path, string Kind, string Text, string By, Instant At);

/// <summary>An appeal that nobody has decided.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Root">The content.</param>
/// <param name="Path">Where the oldest of its entries stands; null where it has none.</param>
/// <param name="Reason">Why the content was taken down.</param>
/// <param name="Text">Why that is wrong.</param>
/// <param name="By">Who appealed.</param>
/// <param name="At">When.</param>
public sealed record OpenAppeal(long Id, Hash256 Root, string? Path, string Reason, string Text, string By, Instant At);

/// <summary>A line of the log.</summary>
/// <param name="Id">Its number.</param>
/// <param name="At">When.</param>
/// <param name="Act">One of <see cref="ModerationActs"/>.</param>
/// <param name="Root">The content.</param>
/// <param name="Path">Where the oldest of its entries stands; null where it has none.</param>
/// <param name="By">Who; empty where whoever asks may not know.</param>
/// <param name="Kind">Of a report; else empty.</param>
/// <param name="Note">Why.</param>
public sealed record ModerationAct(long Id, Instant At, string Act, Hash256 Root, string? Path, string By, string Kind, string Note);

/// <summary>That a content was taken down, or put back, for those who keep a list of what is.</summary>
/// <param name="Act">The act's number in the log.</param>
/// <param name="Root">The content.</param>
/// <param name="Reason">Why it was taken down; null when it was put back.</param>
public sealed record TakenDownChange(long Act, Hash256 Root, string? Reason);

/// <summary>What changed behind an act.</summary>
/// <param name="Changes">In their order.</param>
/// <param name="End">The last act that there is.</param>
/// <param name="IsMore">There is more.</param>
public sealed record TakenDownPage(IReadOnlyList<TakenDownChange> Changes, long End, bool IsMore);
