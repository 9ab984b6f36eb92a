using Cete.Api;
using Cete.Core;
using Cete.Ports.Folders;

namespace Cete.Net;

/// <summary>A community as a subscriber sees it, over its HTTP API. What comes from there is checked here: names, paths and roots.</summary>
/// <param name="node">A node of it; disposed along.</param>
public sealed class NodeFolderNews(NodeClient node) : IFolderNews
{
    /// <summary>How much longer than it was asked to a node may take to answer.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async Task<Outcome<FolderNewsPage>> ChangesAsync(string folder, bool below, string? after, TimeSpan wait, CancellationToken cancellation)
    {
        var seconds = (int)Math.Min(wait.TotalSeconds, Limits.ChangeWaitMax.TotalSeconds);
        var address = $"{Routes.Changes}?folder={Uri.EscapeDataString(folder)}&below={(below ? "true" : "false")}&limit={Limits.PageItemsMax}"
            + (after is null ? string.Empty : $"&after={Uri.EscapeDataString(after)}&wait={seconds}");
        var answer = await PatientlyAsync(TimeSpan.FromSeconds(seconds), stop => node.GetAsync(address, ApiJson.Default.ChangesAnswer, stop), cancellation);
        return !answer.Succeeded ? answer.Failure
            : answer.Value is not { Changes: not null, Cursor: not null } page ? Strange()
            : new FolderNewsPage([.. page.Changes.Where(change => change is not null).Select(Read)], page.Cursor, page.Missed == true);
    }

    /// <inheritdoc/>
    public async Task<Outcome<FolderListPage>> ListAsync(FolderListQuery query, CancellationToken cancellation)
    {
        var address = $"{Routes.Entries}?folder={Uri.EscapeDataString(query.Folder)}&below={(query.Below ? "true" : "false")}&limit={Limits.PageItemsMax}"
            + $"&sort=added&order={(query.IsNewestFirst ? "desc" : "asc")}"
            + (query.Words is { } words ? $"&q={Uri.EscapeDataString(words)}" : string.Empty)
            + (query.Since is { } since ? $"&newer={Uri.EscapeDataString(since.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null))}" : string.Empty)
            + (query.Cursor is { } cursor ? $"&cursor={Uri.EscapeDataString(cursor)}" : string.Empty);
        var answer = await PatientlyAsync(TimeSpan.Zero, stop => node.GetAsync(address, ApiJson.Default.EntryPage, stop), cancellation);
        return !answer.Succeeded ? answer.Failure
            : answer.Value.Entries is null ? Strange()
            : new FolderListPage([.. answer.Value.Entries.Select(ReadEntry).OfType<NewsEntry>()], answer.Value.Next);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => node.DisposeAsync();

    private static FolderChange Read(ChangeInfo change) => new(
        change.Kind switch
        {
            "filed" => NewsKind.Filed,
            "replaced" => NewsKind.Replaced,
            "removed" => NewsKind.Removed,
            "moved" => NewsKind.Moved,
            "restored" => NewsKind.Restored,
            _ => NewsKind.Other,
        },
        change.Id,
        PathOr(change.Path),
        change.From is null ? string.Empty : PathOr(change.From),
        change.Folder == true,
        ReadEntry(change.Entry));

    /// <summary>An entry whose path and root are what they should be; null otherwise.</summary>
    private static NewsEntry? ReadEntry(EntryInfo? entry) =>
        entry is { Path: not null, Length: >= 0 } && EntryPath.Parse(entry.Path) is { Succeeded: true, Value: { IsTop: false } path }
        && Hash256.TryParse(entry.Root, out var root)
            ? new NewsEntry(entry.Id, path.ToString(), root.ToString(), entry.Length, entry.Kind ?? string.Empty, entry.Owner ?? string.Empty)
            : null;

    /// <summary>A path as paths are; nothing is below that of what is none.</summary>
    private static string PathOr(string? text) =>
        EntryPath.Parse(text ?? string.Empty) is { Succeeded: true, Value: var path } ? path.ToString() : string.Empty;

    private async Task<Outcome<T>> PatientlyAsync<T>(TimeSpan asked, Func<CancellationToken, Task<Outcome<T>>> ask, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(asked + Grace, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            return await ask(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new Failure(FailureKind.Unavailable, $"{node.Node} does not answer any more");
        }
    }

    private Failure Strange() => new(FailureKind.Unavailable, $"{node.Node} did not answer as a Cete node does");
}
