namespace Cete.Api;

/// <summary>Tells moderators that something is wrong with a content.</summary>
/// <param name="Root">The content, 64 hexadecimal digits.</param>
/// <param name="Kind">fake, illegal, malware or other.</param>
/// <param name="Text">What is wrong; may be absent.</param>
public sealed record ReportRequest(string? Root, string? Kind, string? Text = null);

/// <summary>Takes a content down, puts it back, dismisses its reports or appeals: what it is about, and why.</summary>
/// <param name="Root">The content, 64 hexadecimal digits.</param>
/// <param name="Reason">Why; others will read it.</param>
public sealed record ModerationRequest(string? Root, string? Reason);

/// <summary>Decides an appeal.</summary>
/// <param name="Appeal">Its number.</param>
/// <param name="Upheld">True puts the content back; false leaves it as it is.</param>
/// <param name="Reason">Why; others will read it.</param>
public sealed record DecisionRequest(long? Appeal, bool? Upheld, string? Reason);

/// <summary>It was done, and is written down.</summary>
/// <param name="Act">Its number in the log, which is that of a report or an appeal too.</param>
public sealed record ModerationAnswer(long Act);

/// <summary>Contents that are taken down, the last first.</summary>
public sealed record TakenDownList(IReadOnlyList<TakenDownInfo> Contents, string? Next);

/// <summary>A content that is taken down.</summary>
/// <param name="Root">The content.</param>
/// <param name="Path">Where the oldest of its entries stands; absent where it has none.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">The account that did it.</param>
/// <param name="At">When.</param>
public sealed record TakenDownInfo(string Root, string? Path, string Reason, string By, DateTimeOffset At);

/// <summary>Reports that nobody has acted on, the newest first.</summary>
public sealed record ReportList(IReadOnlyList<ReportInfo> Reports, string? Next);

/// <summary>What somebody reported.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Root">The content.</param>
/// <param name="Path">Where the oldest of its entries stands; absent where it has none.</param>
/// <param name="Kind">fake, illegal, malware or other.</param>
/// <param name="Text">What was said, possibly nothing.</param>
/// <param name="By">Who reported it.</param>
/// <param name="At">When.</param>
public sealed record ReportInfo(long Id, string Root, string? Path, string Kind, string Text, string By, DateTimeOffset At);

/// <summary>Appeals that nobody has decided, the newest first.</summary>
public sealed record AppealList(IReadOnlyList<AppealInfo> Appeals, string? Next);

/// <summary>An appeal.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Root">The content.</param>
/// <param name="Path">Where the oldest of its entries stands; absent where it has none.</param>
/// <param name="Reason">Why the content was taken down.</param>
/// <param name="Text">Why that is wrong.</param>
/// <param name="By">Who appealed.</param>
/// <param name="At">When.</param>
public sealed record AppealInfo(long Id, string Root, string? Path, string Reason, string Text, string By, DateTimeOffset At);

/// <summary>The log of moderation, the newest first.</summary>
public sealed record ModerationLog(IReadOnlyList<ModerationActInfo> Acts, string? Next);

/// <summary>A line of the log.</summary>
/// <param name="Id">Its number.</param>
/// <param name="At">When.</param>
/// <param name="Act">report, take-down, put-back, dismiss, appeal, uphold or reject.</param>
/// <param name="Root">The content.</param>
/// <param name="Path">Where the oldest of its entries stands; absent where it has none.</param>
/// <param name="By">Who; absent where whoever asks may not know.</param>
/// <param name="Kind">Of a report; else absent.</param>
/// <param name="Note">Why.</param>
public sealed record ModerationActInfo(long Id, DateTimeOffset At, string Act, string Root, string? Path, string? By, string? Kind, string Note);
