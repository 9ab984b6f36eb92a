using Cete.Api;
using Cete.Core;
using Cete.Index;
using Cete.Ports;
using Cete.Swarm;
using Cete.Web.Formats;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Api;

/// <summary>Where to get a content: as JSON, and as an ID file by plain HTTP.</summary>
/// <param name="index">The file index.</param>
/// <param name="contents">Contents of this node.</param>
/// <param name="manifests">What is known of contents that it does not hold.</param>
/// <param name="peer">Where other peers reach this node.</param>
/// <param name="holders">Peers that have a content now.</param>
internal sealed class SourcesApi(
    IndexService index, IContentStore contents, IManifestStore? manifests, Func<string, PeerAddress?>? peer,
    Func<Hash256, string, IReadOnlyList<PeerAddress>> holders)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Contents + "/{root}/sources", SourcesAsync)
            .Tells("Contents", "Who has a content, whole or in part").Gives<SourcesAnswer>();
        routes.MapGet(Routes.Contents + "/{root}/id-file", IdFileOfContentAsync)
            .Tells("Contents", "The ID file of a content").GivesBytes(IdFile.MediaType);
        routes.MapGet("/entries/{id:long}/{name}.cete", IdFileOfEntryAsync);
    }

    private async Task<IResult> SourcesAsync(HttpContext context, string root, CancellationToken cancellation)
    {
        if (!Hash256.TryParse(root, out var hash))
        {
            return ApiAnswers.Of(new Failure(FailureKind.Invalid, "a content is named by the 64 hexadecimal digits of its root"));
        }

        var site = SiteAddresses.Of(context.Request);
        if (!site.Succeeded)
        {
            return ApiAnswers.Of(site.Failure);
        }

        using var content = contents.Find(hash);
        if ((content?.Manifest ?? await ElsewhereAsync(hash, null, cancellation)) is not { } manifest)
        {
            return ApiAnswers.Of(new Failure(FailureKind.NotFound, $"no node of this community is known to have the content {EntryName.Show(root)}"));
        }

        List<SourceInfo> sources = [];
        if (content?.Manifest is not null)
        {
            var pieces = content.Pieces;
            sources.Add(new SourceInfo(site.Value.Site.AbsoluteUri, content.IsWhole ? "provider" : "downloader", pieces.Have, pieces.Count));
        }

        sources.AddRange(holders(hash, ApiAnswers.HostOf(context)).Select(holder => new SourceInfo(holder.ToString(), "peer", 0, manifest.PieceCount)));
        return Results.Json(new SourcesAnswer(root, manifest.Length, manifest.PieceLength, sources), ApiJson.Default.SourcesAnswer);
    }

    /// <summary>The manifest of a content that this node does not hold: handed in by whoever does, or, of one piece, as its entry says.</summary>
    private async Task<Manifest?> ElsewhereAsync(Hash256 root, EntryRecord? entry, CancellationToken cancellation)
    {
        if (manifests is null)
        {
            return null;
        }

        if (entry is null)
        {
            var entries = await index.EntriesOfAsync(root, cancellation);
            entry = entries is { Succeeded: true, Value: [var first, ..] } ? first : null;
        }

        return entry is { Length: <= PieceLengths.Shortest } && entry.Length <= entry.PieceLength
            ? Manifest.OfOnePiece(entry.Length, root)
            : manifests.Find(root);
    }

    private async Task<IResult> IdFileOfContentAsync(HttpContext context, string root, CancellationToken cancellation)
    {
        if (!Hash256.TryParse(root, out var hash))
        {
            return ApiAnswers.Of(new Failure(FailureKind.Invalid, "a content is named by the 64 hexadecimal digits of its root"));
        }

        var entries = await index.EntriesOfAsync(hash, cancellation);
        var first = entries is { Succeeded: true, Value: [var oldest, ..] } ? oldest : null;
        return (entries.Failure ?? first?.CheckNotTakenDown()) is { } failure
            ? ApiAnswers.Of(failure)
            : await WriteAsync(context, hash, first, cancellation);
    }

    private async Task<IResult> IdFileOfEntryAsync(HttpContext context, long id, CancellationToken cancellation)
    {
        var entry = await index.EntryAsync(id, cancellation);
        var got = entry.Succeeded ? entry.Value.CheckNotTakenDown() : entry.Failure;
        return got is null ? await WriteAsync(context, entry.Value.Root, entry.Value, cancellation) : ApiAnswers.Of(got);
    }

    private async Task<IResult> WriteAsync(HttpContext context, Hash256 root, EntryRecord? entry, CancellationToken cancellation)
    {
        var site = SiteAddresses.Of(context.Request);
        if (!site.Succeeded)
        {
            return ApiAnswers.Of(site.Failure);
        }

        using var content = contents.Find(root);
        if ((content?.Manifest ?? await ElsewhereAsync(root, entry, cancellation)) is not { } manifest)
        {
            return ApiAnswers.Of(new Failure(FailureKind.NotFound, $"no node of this community is known to have the content {root}"));
        }

        var name = entry is null ? root.ToString() : entry.Path[(entry.Path.LastIndexOf('/') + 1)..];
        var file = new IdFile
        {
            Name = name,
            Manifest = manifest,
            Path = entry?.Path ?? string.Empty,
            Description = entry?.Description ?? string.Empty,
            Tags = entry?.Tags ?? [],
            Sources = content?.Manifest is null ? [] : [site.Value.Site],
            Peers =
            [
                .. content?.Manifest is not null && peer?.Invoke(context.Request.Host.Host) is { } here ? [here] : Array.Empty<PeerAddress>(),
                .. holders(root, ApiAnswers.HostOf(context)),
            ],
        };
        context.Response.GetTypedHeaders().ContentDisposition = MediaTypes.Disposition(name + ".cete", isShown: false);
        return Results.Bytes(file.Write(), IdFile.MediaType);
    }
}
