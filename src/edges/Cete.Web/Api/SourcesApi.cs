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
internal sealed class SourcesApi(IndexService index, IContentStore contents, Func<string, PeerAddress?>? peer)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Contents + "/{root}/sources", Sources)
            .Tells("Contents", "Who has a content, whole or in part").Gives<SourcesAnswer>();
        routes.MapGet(Routes.Contents + "/{root}/id-file", IdFileOfContentAsync)
            .Tells("Contents", "The ID file of a content").GivesBytes(IdFile.MediaType);
        routes.MapGet("/entries/{id:long}/{name}.cete", IdFileOfEntryAsync);
    }

    private IResult Sources(HttpContext context, string root)
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
        if (content?.Manifest is not { } manifest)
        {
            return ApiAnswers.Of(new Failure(FailureKind.NotFound, $"no node of this community is known to have the content {EntryName.Show(root)}"));
        }

        var pieces = content.Pieces;
        var here = new SourceInfo(site.Value.Site.AbsoluteUri, content.IsWhole ? "provider" : "downloader", pieces.Have, pieces.Count);
        return Results.Json(new SourcesAnswer(root, manifest.Length, manifest.PieceLength, [here]), ApiJson.Default.SourcesAnswer);
    }

    private async Task<IResult> IdFileOfContentAsync(HttpContext context, string root, CancellationToken cancellation)
    {
        if (!Hash256.TryParse(root, out var hash))
        {
            return ApiAnswers.Of(new Failure(FailureKind.Invalid, "a content is named by the 64 hexadecimal digits of its root"));
        }

        var entries = await index.EntriesOfAsync(hash, cancellation);
        return entries.Succeeded ? Write(context, hash, entries.Value is [var first, ..] ? first : null) : ApiAnswers.Of(entries.Failure);
    }

    private async Task<IResult> IdFileOfEntryAsync(HttpContext context, long id, CancellationToken cancellation)
    {
        var entry = await index.EntryAsync(id, cancellation);
        return entry.Succeeded ? Write(context, entry.Value.Root, entry.Value) : ApiAnswers.Of(entry.Failure);
    }

    private IResult Write(HttpContext context, Hash256 root, EntryRecord? entry)
    {
        var site = SiteAddresses.Of(context.Request);
        if (!site.Succeeded)
        {
            return ApiAnswers.Of(site.Failure);
        }

        using var content = contents.Find(root);
        if (content?.Manifest is not { } manifest)
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
            Sources = [site.Value.Site],
            Peers = peer?.Invoke(context.Request.Host.Host) is { } here ? [here] : [],
        };
        context.Response.GetTypedHeaders().ContentDisposition = MediaTypes.Disposition(name + ".cete", isShown: false);
        return Results.Bytes(file.Write(), IdFile.MediaType);
    }
}
