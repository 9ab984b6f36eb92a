using Cete.Api;
using Cete.Core;
using Cete.Formats.Metalinks;
using Cete.Formats.Torrents;
using Cete.Formats.Tracking;
using Cete.Web.Api;
using Cete.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Cete.Web.Formats;

/// <summary>Entries and folders as torrents, magnet links and metalinks: by these, programs take part that know nothing of Cete.</summary>
internal sealed class FormatsDoor(DigestedEntries entries, TrackerKey key, NodeFacts facts)
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    // libtorrent for one takes such a torrent for a broken one.
    private static readonly Failure NoBytes = new(
        FailureKind.NotFound, "files of no bytes alone make no torrent that clients take; fetch them by their plain address or a metalink");

    public void Map(IEndpointRouteBuilder routes)
    {
        const string Entry = Addresses.Entries + "/{id:long}";
        const string Named = Routes.FolderAs + "/{name}";
        const string Content = Routes.FolderAs + "/{root}/{name}";
        Entries(Entry + "/{name}" + Routes.TorrentEnding, TorrentOf);
        Entries(Entry + "/{name}" + Routes.MetalinkEnding, MetalinkOf);
        Entries(Entry + "/magnet", MagnetOf);
        Contents(Content + Routes.TorrentEnding, TorrentOf);
        Contents(Content + Routes.MetalinkEnding, MetalinkOf);
        Folders(Named + Routes.TorrentEnding, TorrentOf);
        Folders(Named + Routes.MetalinkEnding, MetalinkOf);
        Folders(Routes.FolderAs + "/magnet", MagnetOf);

        void Entries(string address, Func<HttpContext, Offer, IResult> write) =>
            routes.MapMethods(address, Reading, (HttpContext context, long id) => EntryAsync(context, id, write));
        void Contents(string address, Func<HttpContext, Offer, IResult> write) =>
            routes.MapMethods(address, Reading, (HttpContext context, string root, string name) => ContentAsync(context, root, name, write));
        void Folders(string address, Func<HttpContext, Offer, IResult> write) =>
            routes.MapMethods(address, Reading, (HttpContext context, string? folder) => FolderAsync(context, folder, write));
    }

    private async Task<IResult> EntryAsync(HttpContext context, long id, Func<HttpContext, Offer, IResult> write)
    {
        var site = SiteAddresses.Of(context.Request);
        var entry = await entries.OfEntryAsync(id, context.RequestAborted);
        return !site.Succeeded ? ApiAnswers.Of(site.Failure)
            : entry.Succeeded ? write(context, Offer.OfEntry(site.Value, entry.Value))
            : Refuse(context, entry.Failure);
    }

    private async Task<IResult> ContentAsync(HttpContext context, string root, string name, Func<HttpContext, Offer, IResult> write)
    {
        var site = SiteAddresses.Of(context.Request);
        var entry = Hash256.TryParse(root, out var hash)
            ? await entries.OfContentAsync(hash, name, context.RequestAborted)
            : new Failure(FailureKind.Invalid, "a content is named by the 64 hexadecimal digits of its root");
        return !site.Succeeded ? ApiAnswers.Of(site.Failure)
            : entry.Succeeded ? write(context, Offer.OfEntry(site.Value, entry.Value))
            : Refuse(context, entry.Failure);
    }

    private async Task<IResult> FolderAsync(HttpContext context, string? folder, Func<HttpContext, Offer, IResult> write)
    {
        var site = SiteAddresses.Of(context.Request);
        var path = EntryPath.Parse(folder ?? "/");
        var list = path.Succeeded ? await entries.OfFolderAsync(path.Value, context.RequestAborted) : path.Failure;
        return !site.Succeeded ? ApiAnswers.Of(site.Failure)
            : list.Succeeded ? write(context, Offer.OfFolder(site.Value, path.Value, facts.Community, list.Value))
            : Refuse(context, list.Failure);
    }

    private static IResult Refuse(HttpContext context, Failure failure)
    {
        if (failure.Kind == FailureKind.Unavailable)
        {
            context.Response.Headers.RetryAfter = "20";
        }

        return ApiAnswers.Of(failure);
    }

    private IResult TorrentOf(HttpContext context, Offer offer) => offer.Length == 0
        ? ApiAnswers.Of(NoBytes)
        : Send(context, offer.MakeTorrent(key).File, Torrent.MediaType, offer.Name + Routes.TorrentEnding);

    private static IResult MetalinkOf(HttpContext context, Offer offer) =>
        Send(context, offer.MakeMetalink(offer.Site.Self(context.Request)), Metalink.MediaType, offer.Name + Routes.MetalinkEnding);

    private IResult MagnetOf(HttpContext context, Offer offer)
    {
        if (offer.Length == 0)
        {
            return ApiAnswers.Of(NoBytes);
        }

        context.Response.Headers.Location = offer.MakeMagnet(key);
        return Results.StatusCode(StatusCodes.Status302Found);
    }

    private static IResult Send(HttpContext context, byte[] file, string mediaType, string name)
    {
        context.Response.GetTypedHeaders().ContentDisposition = MediaTypes.Disposition(name, isShown: false);
        return Results.Bytes(file, mediaType, entityTag: new EntityTagHeaderValue($"\"{Hash256.Of(file)}\""));
    }
}
