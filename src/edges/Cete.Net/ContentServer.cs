using Cete.Api;
using Cete.Core;
using Cete.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Cete.Net;

/// <summary>
/// <c>GET /content/ROOT</c>: whole or in part, conditional, and of content that is still on its way as a live stream: verified bytes are
/// passed on as they come in, which is what makes a chain.
/// </summary>
public sealed class ContentServer(IContentStore contents, TimeProvider clock)
{
    /// <summary>A live stream that has not grown for this long is broken off: its own source is gone, and the reader has others.</summary>
    private static readonly TimeSpan StallMax = TimeSpan.FromSeconds(60);

    private const int ChunkSize = 256 * 1024;

    /// <summary>Adds the addresses to an application.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Routes.Content + "/{root}", [HttpMethods.Get, HttpMethods.Head], ServeAsync);
        routes.MapMethods(Routes.Content + "/{root}/{name}", [HttpMethods.Get, HttpMethods.Head], ServeAsync);
    }

    private async Task ServeAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (!Hash256.TryParse(request.RouteValues["root"] as string, out var root))
        {
            await Answers.WriteAsync(context, new Failure(FailureKind.Invalid, "a content is named by the 64 hexadecimal digits of its root"));
            return;
        }

        using var content = contents.Find(root);
        if (content is null)
        {
            await Answers.WriteAsync(context,
                new Failure(FailureKind.NotFound, $"this node does not have the content {root}; ask the index for one that does"));
            return;
        }

        var tag = new EntityTagHeaderValue($"\"{root}\"");
        var headers = response.GetTypedHeaders();
        headers.ETag = tag;
        headers.CacheControl = new CacheControlHeaderValue
        {
            Public = true,
            MaxAge = TimeSpan.FromDays(365),
            Extensions = { new NameValueHeaderValue("immutable") }
        };
        response.Headers.AcceptRanges = "bytes";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'; media-src 'self'; img-src 'self'; style-src 'unsafe-inline'";
        if (request.RouteValues["name"] is string name && EntryName.Check(name) is null)
        {
            response.ContentType = MediaTypes.Of(name);
            headers.ContentDisposition = new ContentDispositionHeaderValue(MediaTypes.IsShown(name) ? "inline" : "attachment") { FileNameStar = name };
        }
        else
        {
            response.ContentType = MediaTypes.Unknown;
        }

        var conditions = request.GetTypedHeaders();
        if (IsPreconditionFailed(conditions, tag))
        {
            response.StatusCode = StatusCodes.Status412PreconditionFailed;
            return;
        }

        if (conditions.IfNoneMatch.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Compare(tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var rangeHolds = conditions.IfRange is not { } ifRange || (ifRange.EntityTag is { } t && t.Compare(tag, useStrongComparison: true));
        var range = ByteRange.Read(rangeHolds ? request.Headers.Range.ToString() : null, content.Length);
        if (!range.IsSatisfiable)
        {
            response.Headers.ContentRange = $"bytes */{content.Length}";
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            return;
        }

        if (range.IsPart)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {range.Offset}-{range.Offset + range.Length - 1}/{content.Length}";
        }

        response.ContentLength = range.Length;
        if (HttpMethods.IsGet(request.Method))
        {
            await SendAsync(context, content, range);
        }
    }

    private static bool IsPreconditionFailed(Microsoft.AspNetCore.Http.Headers.RequestHeaders conditions, EntityTagHeaderValue tag) =>
        conditions.IfMatch.Count > 0 && !conditions.IfMatch.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Compare(tag, useStrongComparison: true));

    private async Task SendAsync(HttpContext context, IContentFile content, ByteRange range)
    {
        var writer = context.Response.BodyWriter;
        var gone = context.RequestAborted;
        var (offset, end) = (range.Offset, range.Offset + range.Length);
        while (offset < end)
        {
            if (content.AvailableFrom(offset) == 0)
            {
                // What was verified so far must not wait in a buffer for what comes next.
                await writer.FlushAsync(gone);
                if (!await WaitAsync(content, offset, gone))
                {
                    context.Abort();
                    return;
                }

                continue;
            }

            var memory = writer.GetMemory((int)Math.Min(ChunkSize, end - offset));
            var count = await content.ReadAsync(memory[..(int)Math.Min(memory.Length, end - offset)], offset, gone);
            if (count == 0)
            {
                context.Abort();
                return;
            }

            writer.Advance(count);
            offset += count;
            if ((await writer.FlushAsync(gone)).IsCompleted)
            {
                return;
            }
        }
    }

    private async Task<bool> WaitAsync(IContentFile content, long offset, CancellationToken gone)
    {
        using var stalled = new CancellationTokenSource(StallMax, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, stalled.Token);
        try
        {
            return await content.WaitForMoreAsync(offset, either.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
