using Cete.Api;
using Cete.Core;
using Cete.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Cete.Net.Swarms;

/// <summary>
/// <c>GET /swarm/ROOT/have</c>: tells which pieces are here, then each that comes and whose turn it is to ask, for as long as somebody listens;
/// <c>POST /swarm/ROOT/tell</c>: is told what somebody has who listens. What BitTorrent's messages BITFIELD, HAVE and UNCHOKE are (BEP 3), but that
/// a turn is for one piece.
/// </summary>
/// <param name="contents">What there is.</param>
/// <param name="rooms">Who listens.</param>
/// <param name="clock">For batches.</param>
public sealed class HaveServer(IContents contents, UploadRooms rooms, TimeProvider clock)
{
    /// <summary>News that come within so long are told together, but for turns.</summary>
    private static readonly TimeSpan BatchInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Listeners at a time: each is a connection.</summary>
    internal const int ListenersMax = 1_000;

    private int _listeners;

    /// <summary>Adds the addresses to an application.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Routes.Swarm + "/{root}/have", (HttpContext context, string root, CancellationToken gone) => ServeAsync(context, root, gone));
        routes.MapPost(Routes.Swarm + "/{root}/tell", (HttpContext context, string root, CancellationToken gone) => TakeAsync(context, root, gone));
    }

    private static Failure NotHere(string name) => new(FailureKind.NotFound, $"the content {EntryName.Show(name)} is not here");

    private async Task ServeAsync(HttpContext context, string name, CancellationToken gone)
    {
        if (PeerKey.Of(context) is not { } key)
        {
            await Answers.WriteAsync(context, new Failure(FailureKind.Forbidden, "peers that show keys are told what is here; others ask for the content itself"));
            return;
        }

        if (Interlocked.Increment(ref _listeners) > ListenersMax)
        {
            Interlocked.Decrement(ref _listeners);
            await Answers.WriteAsync(context, new Failure(FailureKind.Unavailable, "too many listen already; try again later"));
            return;
        }

        try
        {
            if (!Hash256.TryParse(name, out var root) || rooms.Join(root, key) is not { } joined)
            {
                await Answers.WriteAsync(context, NotHere(name));
                return;
            }

            await TellAsync(context, joined.Room, joined.Listener, gone);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // Who listened is gone.
            return;
        }
        finally
        {
            Interlocked.Decrement(ref _listeners);
        }
    }

    private async Task TellAsync(HttpContext context, UploadRoom room, RoomListener listener, CancellationToken gone)
    {
        try
        {
            // An answer that rests between pieces is no slow client.
            context.Features.Get<IHttpMinResponseDataRateFeature>()?.MinDataRate = null;
            context.Response.ContentType = MediaTypes.Unknown;
            await SendAsync(context.Response.Body, HaveFrames.Begin(listener.Beginning), gone);
            List<byte> frames = [];
            while (!listener.IsEnded)
            {
                var isNews = await listener.WaitAsync(HaveFrames.AliveInterval, gone);
                var (pieces, turns) = room.Take(listener);
                frames.Clear();
                HaveFrames.AddHave(frames, pieces);
                if (turns > 0 || !isNews)
                {
                    HaveFrames.AddCount(frames, isNews ? HaveFrameKind.Ready : HaveFrameKind.Alive, turns);
                }

                await SendAsync(context.Response.Body, [.. frames], gone);
                if (turns == 0)
                {
                    await Task.Delay(BatchInterval, clock, gone);
                }
            }
        }
        finally
        {
            room.Leave(listener);
        }
    }

    private async Task TakeAsync(HttpContext context, string name, CancellationToken gone)
    {
        using var content = Hash256.TryParse(name, out var root) ? contents.Find(root) : null;
        if (content?.Manifest is not { } manifest || PeerKey.Of(context) is not { } key)
        {
            await Answers.WriteAsync(context, NotHere(name));
            return;
        }

        // It is told for as long as the other listens: each word is bounded, and one that says nothing new changes nothing.
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = null;
        context.Features.Get<IHttpMinRequestBodyDataRateFeature>()?.MinDataRate = null;
        try
        {
            while (await HaveFrames.ReadFrameAsync(context.Request.Body, manifest.PieceCount, gone) is { } frame)
            {
                var room = rooms.Find(root);
                switch (frame.Kind)
                {
                    case HaveFrameKind.Have:
                        room?.Has(key, frame.Pieces);
                        break;
                    case HaveFrameKind.Pass:
                        room?.Passed(key, frame.Count);
                        break;
                }
            }

            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        catch (BadHttpRequestException error)
        {
            await Answers.WriteAsync(context, new Failure(FailureKind.TooLarge, error.Message));
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // Who told is gone.
            return;
        }
    }

    private static async Task SendAsync(Stream body, byte[] bytes, CancellationToken gone)
    {
        if (bytes.Length > 0)
        {
            await body.WriteAsync(bytes, gone);
            await body.FlushAsync(gone);
        }
    }
}
