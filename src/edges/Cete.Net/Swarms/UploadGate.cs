using System.Globalization;
using Cete.Api;
using Cete.Core;
using Cete.Swarm;
using Microsoft.AspNetCore.Http;

namespace Cete.Net.Swarms;

/// <summary>Before parts of contents are sent to peers: each waits for a slot, and those who listen are told when it is their turn.</summary>
/// <param name="slots">How much is sent at a time.</param>
/// <param name="rooms">Who listens.</param>
public sealed class UploadGate(UploadSlots slots, UploadRooms rooms)
{
    /// <summary>Has a request wait for a slot where it is for a part of a content, and hold it until it is answered.</summary>
    public async Task HoldAsync(HttpContext context, RequestDelegate next)
    {
        if (Wanted(context.Request) is not { } root)
        {
            await next(context);
            return;
        }

        var key = PeerKey.Of(context);
        var room = key is null ? null : rooms.Find(root);
        var peer = key ?? default;
        var isSent = false;
        room?.Asked(key!.Value);
        try
        {
            if (!await slots.EnterAsync(peer, context.RequestAborted))
            {
                context.Response.Headers.RetryAfter = "1";
                await Answers.WriteAsync(context, new Failure(FailureKind.Unavailable, "all upload slots are taken; others have parts of it too"));
                return;
            }

            try
            {
                await next(context);
                isSent = context.Response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status206PartialContent
                    && !context.RequestAborted.IsCancellationRequested;
            }
            finally
            {
                slots.Leave(peer);
            }
        }
        finally
        {
            var (first, end) = isSent ? PiecesOf(context.Request) : (0, 0);
            room?.Ended(key!.Value, first, end);
        }
    }

    /// <summary>The content of which a part is asked for; null for any other request.</summary>
    private static Hash256? Wanted(HttpRequest request) => HttpMethods.IsGet(request.Method)
        && (request.Path.StartsWithSegments(Routes.Content, StringComparison.Ordinal)
            || (request.Path.StartsWithSegments(Routes.Swarm, StringComparison.Ordinal) && request.Path.Value!.EndsWith("/leaves", StringComparison.Ordinal)))
        ? Tickets.TicketDoor.ContentOf(request.Path)
        : null;

    /// <summary>Pieces that were asked for whole.</summary>
    private static (int First, int End) PiecesOf(HttpRequest request)
    {
        long Number(string name) => long.TryParse(request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var each = Number("piece") / Merkle.LeafSize;
        var (first, end) = each == 0 ? (0, 0) : ((Number("from") + each - 1) / each, (Number("to") + each - 1) / each);
        return end > first && end <= PieceLengths.CountMax ? ((int)first, (int)end) : (0, 0);
    }
}
