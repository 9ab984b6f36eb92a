using Cete.Api;
using Cete.Core;
using Cete.Ports.Folders;
using Cete.Swarm;

namespace Cete.Net;

/// <summary>A community as a sharer sees it, over its HTTP API.</summary>
/// <param name="node">A node of it; disposed along.</param>
public sealed class NodeShareTarget(NodeClient node) : IShareTarget
{
    /// <inheritdoc/>
    public async Task<Failure?> DescribeAsync(Manifest manifest, CancellationToken cancellation)
    {
        var file = new IdFile { Name = manifest.Root.ToString(), Manifest = manifest };
        var taken = await node.PostBytesAsync(
            Routes.ManifestOf(manifest.Root.ToString()), file.Write(), ApiJson.Default.ManifestAnswer, cancellation);
        return taken.Failure;
    }

    /// <inheritdoc/>
    public async Task<Failure?> FileAsync(string provider, IReadOnlyList<SharedEntry> entries, CancellationToken cancellation)
    {
        var request = new FileRequest([.. entries.Select(entry => new FileItem(entry.Path, entry.Root.ToString(), entry.Modified, entry.Description, entry.Tags)
        {
            Length = entry.Length <= PieceLengths.Shortest ? entry.Length : null,
        })])
        {
            Provider = provider,
        };
        return (await node.CommandAsync(
            HttpMethod.Post, Routes.Entries, request, ApiJson.Default.FileRequest, ApiJson.Default.FileAnswer, cancellation)).Failure;
    }

    /// <inheritdoc/>
    public async Task<Failure?> RemoveAsync(string path, Hash256 root, CancellationToken cancellation)
    {
        var entry = await node.GetAsync($"{Routes.EntryByPath}?path={Uri.EscapeDataString(path)}", ApiJson.Default.EntryInfo, cancellation);
        if (!entry.Succeeded || entry.Value.Root != root.ToString())
        {
            // It is gone already, or somebody has put something else there.
            return entry.Failure is { Kind: not FailureKind.NotFound } failure ? failure : null;
        }

        var removed = await node.CommandAsync(
            HttpMethod.Post, Routes.Removals, new RemoveRequest(path), ApiJson.Default.RemoveRequest, ApiJson.Default.RemoveAnswer, cancellation);
        return removed.Failure is { Kind: not FailureKind.NotFound } refused ? refused : null;
    }

    /// <inheritdoc/>
    public async Task<Failure?> WithdrawAsync(string provider, IReadOnlyList<Hash256> roots, CancellationToken cancellation)
    {
        var request = new WithdrawRequest(provider, [.. roots.Select(root => root.ToString())]);
        return (await node.CommandAsync(
            HttpMethod.Post, Routes.Withdrawals, request, ApiJson.Default.WithdrawRequest, ApiJson.Default.WithdrawAnswer, cancellation)).Failure;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => node.DisposeAsync();
}
