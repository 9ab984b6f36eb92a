using System.Net;
using Cete.Api;
using Cete.Core;
using Cete.Formats.Tracking;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Formats;

/// <summary>
/// A BitTorrent tracker over HTTP (BEP 3, 23, 48) for the torrents of this node, and for no others: so that clients find each other and make
/// chains as members do.
/// </summary>
internal sealed class TrackerDoor(TrackerKey key, TrackerSwarms swarms, TimeProvider clock)
{
    private const int QueryMax = 8_192;
    private static readonly Failure Foreign = new(FailureKind.Forbidden, "this tracker serves the torrents of its own node only; fetch the torrent again");
    private readonly Lock _gate = new();

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Announce, Announce);
        routes.MapGet(Routes.Scrape, Scrape);
    }

    private IResult Announce(HttpContext context)
    {
        var request = Read(context, AnnounceRequest.Parse);
        if (!request.Succeeded)
        {
            return Send(TrackerAnswers.Failed(request.Failure));
        }

        if (ReadWebSeed(context.Request.Query) is not { } webSeed)
        {
            return Send(TrackerAnswers.Failed(Foreign));
        }

        var site = SiteAddresses.Of(context.Request);
        var from = context.Connection.RemoteIpAddress ?? IPAddress.None;
        Outcome<(SwarmCounts Counts, IReadOnlyList<TrackedPeer> Peers)> told;
        lock (_gate)
        {
            told = swarms.Announce(webSeed, request.Value, from, Now);
        }

        return Send(told.Succeeded
            ? TrackerAnswers.Announced(told.Value.Counts, told.Value.Peers, request.Value.IsCompact, site.Succeeded ? [site.Value.At(webSeed)] : [])
            : TrackerAnswers.Failed(told.Failure));
    }

    private IResult Scrape(HttpContext context)
    {
        var hashes = Read(context, ScrapeRequest.Parse);
        if (!hashes.Succeeded)
        {
            return Send(TrackerAnswers.Failed(hashes.Failure));
        }

        if (ReadWebSeed(context.Request.Query) is not { } webSeed)
        {
            return Send(TrackerAnswers.Failed(Foreign));
        }

        lock (_gate)
        {
            return Send(TrackerAnswers.Scraped([.. hashes.Value.Select(hash => (hash, swarms.Scrape(webSeed, hash, Now)))]));
        }
    }

    private Instant Now => Instant.From(clock.GetUtcNow());

    /// <summary>The web seed that the announce address was made for; null when it was not made here.</summary>
    private string? ReadWebSeed(IQueryCollection query) =>
        query["seed"] is [{ } seed] && query["code"] is [{ } code] && key.Verifies(code, seed) ? seed : null;

    private static Outcome<T> Read<T>(HttpContext context, Func<string, Outcome<T>> parse) =>
        context.Request.QueryString.Value is { Length: <= QueryMax } query ? parse(query) : new Failure(FailureKind.TooLarge, "the query is too long");

    /// <summary>Refusals too are answers with status 200: clients of BitTorrent look no further at others.</summary>
    private static IResult Send(byte[] answer) => Results.Bytes(answer, TrackerAnswers.MediaType);
}
