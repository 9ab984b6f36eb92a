using Cete.Api;
using Cete.Core;
using Cete.Formats.Metalinks;
using Cete.Formats.Torrents;
using Cete.Net.Payments;
using Cete.Net.Swarms;
using Cete.Ports;
using Cete.Ports.Payments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Cete.Net;

/// <summary>
/// <c>GET /content/ROOT</c>: whole or in part, conditional, and of content that is still on its way as a live stream: verified bytes are
/// passed on as they come in, which is what makes a chain.
/// </summary>
/// <param name="contents">What there is.</param>
/// <param name="digests">Digests that were made of it.</param>
/// <param name="clock">For streams that stall.</param>
/// <param name="toll">Asks those to pay who get contents; null where nothing is asked for.</param>
public sealed class ContentServer(IContents contents, IDigestStore digests, TimeProvider clock, ContentToll? toll = null)
{
    /// <summary>
    /// What somebody put in has an origin of its own that nobody else has, and loads and runs nothing. Styles are what browsers themselves put around a
    /// picture or text that is opened alone.
    /// </summary>
    private const string ContentPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'";

    private readonly ContentGate _gate = new(toll, clock);

    /// <summary>Adds the addresses to an application.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Routes.Content + "/{root}", [HttpMethods.Get, HttpMethods.Head], ServeAsync);
        routes.MapMethods(Routes.Content + "/{root}/{name}", [HttpMethods.Get, HttpMethods.Head], ServeAsync);
        new LeafServer(contents, _gate).Map(routes);
    }

    /// <summary>Serves a content at an address that may hold another one tomorrow.</summary>
    internal Task ServeNowAsync(HttpContext context, Hash256 root, string name) => ServeAsync(context, root, name, isForever: false);

    private Task ServeAsync(HttpContext context)
    {
        var values = context.Request.RouteValues;
        return Hash256.TryParse(values["root"] as string, out var root)
            ? ServeAsync(context, root, values["name"] is string name && EntryName.Check(name) is null ? name : null, isForever: true)
            : Answers.WriteAsync(context, new Failure(FailureKind.Invalid, "a content is named by the 64 hexadecimal digits of its root"));
    }

    private async Task ServeAsync(HttpContext context, Hash256 root, string? name, bool isForever)
    {
        using var content = contents.Find(root);
        if (content is null)
        {
            await Answers.WriteAsync(context,
                new Failure(FailureKind.NotFound, $"this node does not have the content {root}; ask the index for one that does"));
            return;
        }

        var tag = new EntityTagHeaderValue($"\"{root}\"");
        Describe(context, tag, name, isForever);
        AddDigests(context, root, content, name);
        if (Judge(context, tag, content.Length) is not { } range || !HttpMethods.IsGet(context.Request.Method))
        {
            return;
        }

        if (range.Length > 0 && toll?.Asks(context) == true && ContentToll.VisitOf(context) is { } visit)
        {
            await SendToVisitorAsync(context, content, range, visit, new PaidAsk(root, name, content.Length, NothingPaid));
            return;
        }

        await _gate.PassAsync(context, root, content, range.Length, sender => sender.SendAsync(range.Offset, range.Offset + range.Length));
    }

    /// <summary>Sends what a browser asks for, part by part as it is paid in its place.</summary>
    private async Task SendToVisitorAsync(HttpContext context, IContentFile content, ByteRange range, IPaidVisit visit, PaidAsk ask)
    {
        var failure = visit.Pass is null ? NothingPaid : visit.Pass.Want(range.Length);
        if (failure is null)
        {
            // What somebody paid for is kept by his own browser alone.
            context.Response.GetTypedHeaders().CacheControl = new CacheControlHeaderValue { Private = true, MaxAge = TimeSpan.FromDays(365) };
            using var passage = toll!.LetInPaid();
            using var sender = new ContentSender(context, content, passage, clock);
            try
            {
                failure = await SendPartsAsync(context, content, range, visit.Pass!, sender);
            }
            finally
            {
                visit.Pass!.GiveUp(range.Length - sender.Sent);
            }
        }

        if (failure is not null && context.Response.HasStarted)
        {
            // A browser tells a download that was broken off from one that ended, and can go on with it.
            context.Abort();
        }
        else if (failure is not null)
        {
            context.Response.Clear();
            await visit.AskAsync(ask with { Failure = failure });
        }
    }

    /// <summary>Sends part by part; null, or why nothing more was paid.</summary>
    private static async Task<Failure?> SendPartsAsync(HttpContext context, IContentFile content, ByteRange range, IPaidPass pass, ContentSender sender)
    {
        while (sender.Sent < range.Length)
        {
            var next = await pass.NextAsync(content.PieceLength, range.Length - sender.Sent, context.RequestAborted);
            if (!next.Succeeded)
            {
                return next.Failure;
            }

            var before = sender.Sent;
            try
            {
                await sender.SendAsync(range.Offset + before, range.Offset + before + next.Value.Bytes);
            }
            finally
            {
                next.Value.End(sender.Sent - before);
            }

            if (sender.Sent - before < next.Value.Bytes)
            {
                return null;
            }
        }

        return null;
    }

    private static Failure NothingPaid { get; } = new(FailureKind.Unpaid, "nothing was paid for");

    /// <summary>What is the same for every answer about a content.</summary>
    internal static void Describe(HttpContext context, EntityTagHeaderValue tag, string? name, bool isForever)
    {
        var response = context.Response;
        var headers = response.GetTypedHeaders();
        headers.ETag = tag;
        headers.CacheControl = isForever
            ? new CacheControlHeaderValue { Public = true, MaxAge = TimeSpan.FromDays(365), Extensions = { new NameValueHeaderValue("immutable") } }
            : new CacheControlHeaderValue { NoCache = true };
        response.Headers.AcceptRanges = "bytes";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = ContentPolicy;
        response.ContentType = MediaTypes.Unknown;
        if (name is not null)
        {
            response.ContentType = MediaTypes.Of(name);
            headers.ContentDisposition = MediaTypes.Disposition(name, isShown: MediaTypes.IsShown(name));
        }
    }

    /// <summary>What lets a download manager verify and look for more sources (RFC 9530, RFC 6249).</summary>
    private void AddDigests(HttpContext context, Hash256 root, IContentFile content, string? name)
    {
        if (name is not null)
        {
            var metalink = Routes.ContentAs(root.ToString(), name, Routes.MetalinkEnding);
            var torrent = Routes.ContentAs(root.ToString(), name, Routes.TorrentEnding);
            context.Response.Headers.Link = new Microsoft.Extensions.Primitives.StringValues(
            [
                $"<{metalink}>; rel=describedby; type=\"{Metalink.MediaType}\"",
                $"<{torrent}>; rel=describedby; type=\"{Torrent.MediaType}\"",
            ]);
        }

        if (digests.FindSha256(root, content.PieceLength) is { } sha256)
        {
            context.Response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(sha256.ToArray())}:";
        }
    }

    /// <summary>What part is to be sent by the conditions and ranges of a request (RFC 9110 §13 and §14); null when it is answered by its status.</summary>
    internal static ByteRange? Judge(HttpContext context, EntityTagHeaderValue tag, long length)
    {
        var (request, response) = (context.Request, context.Response);
        var conditions = request.GetTypedHeaders();
        if (IsPreconditionFailed(conditions, tag))
        {
            response.GetTypedHeaders().CacheControl = null;
            response.StatusCode = StatusCodes.Status412PreconditionFailed;
            return null;
        }

        if (conditions.IfNoneMatch.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Compare(tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }

        // Of a HEAD the RFC wants ranges ignored; a validator that cannot be read is one that does not match.
        var rangeHolds = HttpMethods.IsGet(request.Method)
            && (request.Headers.IfRange.Count == 0 || (conditions.IfRange?.EntityTag is { } t && t.Compare(tag, useStrongComparison: true)));
        var range = ByteRange.Read(rangeHolds ? request.Headers.Range.ToString() : null, length);
        if (!range.IsSatisfiable)
        {
            response.GetTypedHeaders().CacheControl = null;
            response.Headers.ContentRange = $"bytes */{length}";
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            return null;
        }

        if (range.IsPart)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {range.Offset}-{range.Offset + range.Length - 1}/{length}";
        }

        response.ContentLength = range.Length;
        return range;
    }

    private static bool IsPreconditionFailed(Microsoft.AspNetCore.Http.Headers.RequestHeaders conditions, EntityTagHeaderValue tag) =>
        conditions.IfMatch.Count > 0 && !conditions.IfMatch.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Compare(tag, useStrongComparison: true));
}
