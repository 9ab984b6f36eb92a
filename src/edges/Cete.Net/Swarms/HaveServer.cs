using Cete.Api;
using Cete.Core;
using Cete.Ports;
using Cete.Ports.Swarms;
using Cete.Swarm;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Net.Swarms;

/// <summary>
/// <c>GET /swarm/ROOT/have</c>: tells which pieces are here, and then each that comes, in batches, for as long as somebody listens. What BitTorrent's
/// messages BITFIELD and HAVE are (BEP 3).
/// </summary>
/// <param name="contents">What there is.</param>
/// <param name="clock">For batches.</param>
public sealed class HaveServer(IContents contents, TimeProvider clock)
{
    /// <summary>Pieces that come within so long are told together.</summary>
    private static readonly TimeSpan BatchInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Listeners at a time: each is a connection, and a look at a map ten times a second.</summary>
    internal const int ListenersMax = 1_000;

    private int _listeners;

    /// <summary>Adds the address to an application.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet(Routes.Swarm + "/{root}/have", (HttpContext context, string root, CancellationToken gone) =>
        ServeAsync(context, root, gone));

    private async Task ServeAsync(HttpContext context, string name, CancellationToken gone)
    {
        using var content = Hash256.TryParse(name, out var root) ? contents.Find(root) : null;
        if (content?.Manifest is null)
        {
            await Answers.WriteAsync(context, new Failure(FailureKind.NotFound, $"the content {EntryName.Show(name)} is not here"));
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
            // An answer that rests between pieces is no slow client.
            context.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinResponseDataRateFeature>()?.MinDataRate = null;
            context.Response.ContentType = MediaTypes.Unknown;
            await TellAsync(context.Response.Body, content, gone);
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

    private async Task TellAsync(Stream body, IContentFile content, CancellationToken gone)
    {
        var told = content.Pieces;
        await SendAsync(body, HaveFrames.Begin(told), gone);
        var spoke = clock.GetTimestamp();
        while (true)
        {
            await Task.Delay(told.IsFull ? HaveFrames.AliveInterval : BatchInterval, clock, gone);
            foreach (var batch in Missing(told, content).Chunk(HaveFrames.PiecesMax))
            {
                foreach (var piece in batch)
                {
                    told.Set(piece);
                }

                await SendAsync(body, HaveFrames.Frame(batch), gone);
                spoke = clock.GetTimestamp();
            }

            if (clock.GetElapsedTime(spoke) >= HaveFrames.AliveInterval)
            {
                await SendAsync(body, HaveFrames.Frame([]), gone);
                spoke = clock.GetTimestamp();
            }
        }
    }

    /// <summary>What came since.</summary>
    private static List<int> Missing(PieceMap told, IContentFile content)
    {
        List<int> pieces = [];
        if (told.IsFull)
        {
            return pieces;
        }

        var now = content.Pieces;
        for (var piece = now.NextPresent(0); now.Have > told.Have && piece < now.Count; piece = now.NextPresent(piece + 1))
        {
            if (!told[piece])
            {
                pieces.Add(piece);
            }
        }

        return pieces;
    }

    private static async Task SendAsync(Stream body, byte[] bytes, CancellationToken gone)
    {
        await body.WriteAsync(bytes, gone);
        await body.FlushAsync(gone);
    }
}
