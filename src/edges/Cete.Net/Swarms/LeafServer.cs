using System.Buffers;
using Cete.Api;
using Cete.Core;
using Cete.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Net.Swarms;

/// <summary>
/// <c>GET /swarm/ROOT/leaves</c>: content with the hashes of its leaves (see <see cref="LeafRange"/>), so that whoever gets it can pass each leaf on when it
/// came. Of content that is on its way here it is a live stream, leaf by leaf.
/// </summary>
/// <param name="contents">What there is.</param>
/// <param name="gate">Where its bytes pass.</param>
internal sealed class LeafServer(IContents contents, ContentGate gate)
{
    /// <summary>Adds the addresses to an application.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapMethods(Routes.Leaves("{root}"), [HttpMethods.Get], ServeAsync);

    private async Task ServeAsync(HttpContext context)
    {
        if (!Hash256.TryParse(context.Request.RouteValues["root"] as string, out var root))
        {
            await Answers.WriteAsync(context, new Failure(FailureKind.Invalid, "a content is named by the 64 hexadecimal digits of its root"));
            return;
        }

        using var content = contents.Find(root);
        if (content?.Manifest is null)
        {
            await Answers.WriteAsync(
                context, new Failure(FailureKind.NotFound, $"this node does not have the content {root}; ask the index for one that does"));
            return;
        }

        var query = context.Request.Query;
        var range = LeafRange.Read(name => query.TryGetValue(name, out var value) ? value.ToString() : null, content.Length, content.PieceLength);
        if (!range.Succeeded)
        {
            await Answers.WriteAsync(context, range.Failure);
            return;
        }

        var response = context.Response;
        response.ContentType = MediaTypes.Unknown;
        response.ContentLength = range.Value.BodyLength;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        await gate.PassAsync(context, root, content, range.Value.Bytes, sender => SendAsync(context, content, range.Value, sender));
    }

    private static async Task SendAsync(HttpContext context, IContentFile content, LeafRange range, ContentSender sender)
    {
        var offset = range.Start;
        while (offset < range.End)
        {
            // The hashes of a piece are known once a leaf of it is here.
            if (!await sender.WaitAsync(offset))
            {
                return;
            }

            var piece = (int)(offset / range.PieceLength);
            var leaves = content.LeavesOf(piece);
            if (!leaves.Succeeded)
            {
                context.Abort();
                return;
            }

            context.Response.BodyWriter.Write(leaves.Value.Bytes.Span);
            var end = Math.Min(((long)piece + 1) * range.PieceLength, range.End);
            if (!await sender.SendAsync(offset, end))
            {
                return;
            }

            offset = end;
        }
    }
}
