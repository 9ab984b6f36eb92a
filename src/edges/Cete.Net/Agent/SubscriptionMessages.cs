using Cete.Ports.Folders;

namespace Cete.Net.Agent;

/// <summary>A subscription as its user sees it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="State">listing, active, waiting or paused.</param>
/// <param name="Folder">What is followed, by now.</param>
/// <param name="To">Where files go.</param>
/// <param name="Words">What they must be found by.</param>
/// <param name="There">Files that came.</param>
/// <param name="Waiting">Files that are to come.</param>
/// <param name="Failed">Files that do not come.</param>
/// <param name="Noted">Files that were only noted.</param>
/// <param name="Gone">Files whose entries are gone.</param>
/// <param name="Added">Since when.</param>
/// <param name="Heard">When the node was heard from last.</param>
/// <param name="Problem">Why it does not go on, or what its user should know.</param>
/// <param name="Request">All that was asked for.</param>
public sealed record SubscriptionInfo(
    long Id, string State, string Folder, string To, string? Words, long There, long Waiting, long Failed, long Noted, long Gone, DateTimeOffset Added,
    DateTimeOffset? Heard, string? Problem, SubscriptionRequest Request);

/// <summary>Subscriptions, the oldest first.</summary>
public sealed record SubscriptionList(IReadOnlyList<SubscriptionInfo> Subscriptions);

/// <summary>Files of one, the newest first.</summary>
public sealed record SubscribedFileList(IReadOnlyList<SubscribedFile> Files);
