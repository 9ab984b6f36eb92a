using Cete.Api;
using Cete.Core;
using Cete.Net.Tickets;
using Cete.Ports.Swarms;
using Cete.Swarm;

namespace Cete.Net.Swarms;

/// <summary>Hears from peers which pieces they have.</summary>
/// <param name="peers">To them; stays the caller's.</param>
/// <param name="clock">Tells how long one has been silent.</param>
public sealed class HaveWatcher(PeerTransport peers, TimeProvider clock) : IHaveWatcher
{
    /// <inheritdoc/>
    public async Task<Failure> WatchAsync(
        Uri peer, Manifest manifest, Action<PieceMap> map, Action<IReadOnlyList<int>> more, CancellationToken cancellation)
    {
        if (PeerAddress.Of(peer) is not { } address)
        {
            return new Failure(FailureKind.Invalid, $"{peer} is no peer that shows a key");
        }

        using var silence = new CancellationTokenSource(HaveFrames.SilenceMax, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Routes.Have(manifest.Root.ToString())) { Version = System.Net.HttpVersion.Version11 };
            var answer = await peers.SendAsync(address, manifest.Root, request, either.Token);
            if (!answer.Succeeded)
            {
                return answer.Failure;
            }

            using var response = answer.Value;
            if (!response.IsSuccessStatusCode)
            {
                var isBusy = (int)response.StatusCode is 429 or >= 500;
                return new Failure(isBusy ? FailureKind.Unavailable : FailureKind.NotFound, $"{peer} answered {(int)response.StatusCode}");
            }

            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            return await ListenAsync(peer, body, manifest, map, more, silence, either.Token);
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

    private static async Task<Failure> ListenAsync(
        Uri peer, Stream body, Manifest manifest, Action<PieceMap> map, Action<IReadOnlyList<int>> more, CancellationTokenSource silence,
        CancellationToken stop)
    {
        if (await HaveFrames.ReadBeginAsync(body, manifest.PieceCount, stop) is not { } begun)
        {
            return new Failure(FailureKind.Invalid, $"{peer} told of another content, or of none");
        }

        map(begun);
        while (true)
        {
            silence.CancelAfter(HaveFrames.SilenceMax);
            if (await HaveFrames.ReadFrameAsync(body, manifest.PieceCount, stop) is not { } pieces)
            {
                return new Failure(FailureKind.Unavailable, $"{peer} ended");
            }

            if (pieces.Count > 0)
            {
                more(pieces);
            }
        }
    }
}
