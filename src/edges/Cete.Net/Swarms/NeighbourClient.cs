using System.Net;
using Cete.Api;
using Cete.Core;
using Cete.Net.Tickets;
using Cete.Ports.Swarms;
using Cete.Swarm;

namespace Cete.Net.Swarms;

/// <summary>Speaks with other peers at their peer doors.</summary>
/// <param name="peers">To them; stays the caller's.</param>
/// <param name="clock">Tells how long one has been silent.</param>
public sealed class NeighbourClient(PeerTransport peers, TimeProvider clock) : INeighbourClient
{
    /// <inheritdoc/>
    public async Task<Failure> ListenAsync(Uri peer, Manifest manifest, INeighbourListener listener, CancellationToken cancellation)
    {
        if (PeerAddress.Of(peer) is not { } address)
        {
            return new Failure(FailureKind.Invalid, $"{peer} is no peer that shows a key");
        }

        using var silence = new CancellationTokenSource(HaveFrames.SilenceMax, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Routes.Have(manifest.Root.ToString())) { Version = HttpVersion.Version11 };
            var answer = await peers.SendAsync(address, manifest.Root, request, either.Token);
            if (!answer.Succeeded)
            {
                return answer.Failure;
            }

            using var response = answer.Value;
            if (!response.IsSuccessStatusCode)
            {
                var isBusy = response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
                return new Failure(isBusy ? FailureKind.Unavailable : FailureKind.NotFound, $"{peer} answered {(int)response.StatusCode}");
            }

            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            return await ListenAsync(peer, body, manifest, listener, silence, either.Token);
        }
        catch (OperationCanceledException)
        {
            return cancellation.IsCancellationRequested
                ? new Failure(FailureKind.Cancelled, "stopped on request")
                : new Failure(FailureKind.Unavailable, $"{peer} was silent for {HaveFrames.SilenceMax.TotalSeconds:0} s");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or NotSupportedException)
        {
            return new Failure(
                Transport.Refusal(error) is null ? FailureKind.Unavailable : FailureKind.Forbidden, $"{peer}: {Transport.Refusal(error) ?? error.Message}");
        }
    }

    /// <inheritdoc/>
    public async Task TellAsync(Uri peer, Manifest manifest, Func<CancellationToken, Task<NeighbourNews?>> next, CancellationToken cancellation)
    {
        if (PeerAddress.Of(peer) is not { } address)
        {
            return;
        }

        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Routes.Tell(manifest.Root.ToString()))
            {
                Version = HttpVersion.Version11,
                Content = new ToldContent(next, cancellation),
            };
            var answer = await peers.SendAsync(address, manifest.Root, request, cancellation);
            if (answer.Succeeded)
            {
                answer.Value.Dispose();
            }
        }
        catch (Exception error) when (error is OperationCanceledException or HttpRequestException or IOException or NotSupportedException)
        {
            // Whether it is still there, whoever listens to it finds out.
            return;
        }
    }

    private static async Task<Failure> ListenAsync(
        Uri peer, Stream body, Manifest manifest, INeighbourListener listener, CancellationTokenSource silence, CancellationToken stop)
    {
        if (await HaveFrames.ReadBeginAsync(body, manifest.PieceCount, stop) is not { } begun)
        {
            return new Failure(FailureKind.Invalid, $"{peer} told of another content, or of none");
        }

        listener.Begin(begun);
        while (true)
        {
            silence.CancelAfter(HaveFrames.SilenceMax);
            switch (await HaveFrames.ReadFrameAsync(body, manifest.PieceCount, stop))
            {
                case null:
                    return new Failure(FailureKind.Unavailable, $"{peer} ended");
                case { Kind: HaveFrameKind.Have, Pieces: { Count: > 0 } pieces }:
                    listener.Has(pieces);
                    break;
                case { Kind: HaveFrameKind.Ready, Count: > 0 and var turns }:
                    listener.Ready(Math.Min(turns, TurnsMax));
                    break;
            }
        }
    }

    /// <summary>More than a sensible peer gives at once.</summary>
    private const int TurnsMax = 64;

    /// <summary>A request body that is written as there is something to tell: a request for each would cost a hundred times what it tells.</summary>
    private sealed class ToldContent(Func<CancellationToken, Task<NeighbourNews?>> next, CancellationToken stop) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            List<byte> frames = [];
            while (await next(stop) is { } news)
            {
                frames.Clear();
                HaveFrames.AddHave(frames, news.Pieces);
                if (news.Passed > 0)
                {
                    HaveFrames.AddCount(frames, HaveFrameKind.Pass, news.Passed);
                }

                await stream.WriteAsync(frames.ToArray(), stop);
                await stream.FlushAsync(stop);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
