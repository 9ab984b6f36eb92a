using Cete.Api;
using Cete.Core;
using Cete.Formats.Feeds;
using Cete.Index;
using Cete.Web.Api;
using Cete.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Cete.Web.Formats;

/// <summary>Folders and searches as feeds and playlists, and the search itself for a browser's own box.</summary>
internal sealed class FeedsDoor(IndexService index, NodeFacts facts, string icon, TimeProvider clock)
{
    private const int ItemsMax = 100;
    private const int TracksMax = 5_000;
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Routes.Rss, Reading, context => FeedAsync(context, Feed.RssMediaType, feed => feed.WriteRss()));
        routes.MapMethods(Routes.Atom, Reading, context => FeedAsync(context, Feed.AtomMediaType, feed => feed.WriteAtom()));
        routes.MapMethods(Routes.FolderAs + "/{name}" + Routes.PlaylistEnding, Reading, (Delegate)PlaylistAsync);
        routes.MapMethods(Routes.OpenSearch, Reading, (Delegate)OpenSearchOf);
    }

    private async Task FeedAsync(HttpContext context, string mediaType, Func<Feed, byte[]> write)
    {
        var answer = await ReadFeedAsync(context);
        var result = answer.Succeeded ? Send(write(answer.Value), mediaType, answer.Value.Updated) : ApiAnswers.Of(answer.Failure);
        await result.ExecuteAsync(context);
    }

    private async Task<Outcome<Feed>> ReadFeedAsync(HttpContext context)
    {
        var fields = context.Request.Query;
        var words = EntryName.Show(fields["q"].ToString().Trim());
        var filter = new EntryFilterText(fields["kind"], fields["size"], fields["min-size"], fields["max-size"], fields["newer"], fields["older"]);
        var query = EntryQueryText.Parse(
            fields["folder"].FirstOrDefault(), below: true, words, "added", "desc", cursor: null, ItemsMax, filter, Instant.From(clock.GetUtcNow()));
        var site = SiteAddresses.Of(context.Request);
        if (!query.Succeeded || !site.Succeeded)
        {
            return query.Failure ?? site.Failure!;
        }

        var page = await index.ListAsync(query.Value, context.RequestAborted);
        if (!page.Succeeded)
        {
            return page.Failure;
        }

        var folder = query.Value.Folder;
        var place = folder.IsTop ? facts.Community : $"{folder.Name} – {facts.Community}";
        var title = words.Length > 0 ? $"“{words}” – {place}" : place;
        var about = words.Length > 0 ? $"What is found for “{words}” in {folder}, the newest first" : $"What is new in {folder} and below";
        var readable = site.Value.At(words.Length > 0 ? Addresses.SearchFor(words) : Addresses.Folder(folder));
        var items = page.Value.Items.Where(entry => entry.TakenDown is null).Select(entry => ItemOf(entry, site.Value));
        return new Feed(title, about, readable, site.Value.Self(context.Request), [.. items]);
    }

    private static FeedItem ItemOf(EntryRecord entry, SiteAddresses site)
    {
        var name = Texts.NameOf(entry.Path);
        return new FeedItem(
            $"urn:cete:entry:{entry.Id}:{entry.Root}", name, site.Page(entry), site.Content(entry), entry.Length, MediaTypes.Of(name), entry.Added,
            entry.Owner, entry.Description, entry.Tags);
    }

    private async Task<IResult> PlaylistAsync(HttpContext context, string? folder)
    {
        var path = EntryPath.Parse(folder ?? "/");
        var site = SiteAddresses.Of(context.Request);
        if (!path.Succeeded || !site.Succeeded)
        {
            return ApiAnswers.Of(path.Failure ?? site.Failure!);
        }

        var entries = await FolderEntries.AllAsync(index, path.Value, TracksMax, context.RequestAborted);
        if (!entries.Succeeded)
        {
            return ApiAnswers.Of(entries.Failure);
        }

        var tracks = entries.Value.Where(entry => IsPlayed(entry.Path)).Select(entry => (Texts.NameOf(entry.Path), site.Value.Content(entry))).ToList();
        var title = path.Value.IsTop ? facts.Community : path.Value.Name;
        return tracks.Count == 0
            ? ApiAnswers.Of(new Failure(FailureKind.NotFound, $"there is nothing to play in {EntryName.Show(path.Value.ToString())}"))
            : Send(Playlist.Write(title, tracks), Playlist.MediaType, entries.Value.Max(entry => entry.Added));
    }

    private IResult OpenSearchOf(HttpContext context)
    {
        var site = SiteAddresses.Of(context.Request);
        if (!site.Succeeded)
        {
            return ApiAnswers.Of(site.Failure);
        }

        var feed = Routes.FeedOf(Routes.Atom, "/", string.Empty);
        var suggestions = Routes.SuggestionsForBrowsers + "?q=";
        return Results.Bytes(
            OpenSearch.Write(facts.Community, site.Value.Site, Addresses.Search + "?q=", suggestions, feed, icon), OpenSearch.MediaType);
    }

    private static bool IsPlayed(string path) => MediaTypes.Of(path) is var type
        && (type.StartsWith("audio/", StringComparison.Ordinal) || type.StartsWith("video/", StringComparison.Ordinal));

    /// <summary>Readers come often: with a tag and a date they are told that nothing is new.</summary>
    private static IResult Send(byte[] bytes, string mediaType, Instant updated) => Results.Bytes(
        bytes, mediaType + "; charset=utf-8", lastModified: updated == default ? null : updated.ToDateTimeOffset(),
        entityTag: new EntityTagHeaderValue($"\"{Hash256.Of(bytes)}\""));
}
