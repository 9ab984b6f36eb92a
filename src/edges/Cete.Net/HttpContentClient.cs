using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Cete.Api;
using Cete.Core;
using Cete.Net.Tickets;
using Cete.Net.Tls;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Net;

/// <summary>Fetches runs of pieces by <c>GET /content/ROOT</c> with a range; pieces are verified while the next ones come.</summary>
public sealed class HttpContentClient : IContentClient, IDisposable
{
    /// <summary>A source that sends nothing for this long is given up for now, and so is one that needs longer for a piece of 70 KiB or less.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(70);

    /// <summary>Bytes a second below which a source counts as one that sends nothing, as servers have it of their clients.</summary>
    private const int RateMin = 1_024;

    private readonly TimeSpan _silenceMax;
    private readonly HttpClient _http;
    private readonly PeerTransport? _peers;
    private readonly TimeProvider _clock;

    /// <param name="patience">How long its user waits for a byte from anybody: no source may be silent for longer.</param>
    /// <param name="clock">Tells how long a source has been silent.</param>
    /// <param name="trust">Which sources it believes that they are who they say.</param>
    /// <param name="logins">What its user is logged in to; null for one that asks as a guest.</param>
    /// <param name="peers">To those who show keys, which stays the caller's; null for one that does without them.</param>
    public HttpContentClient(TimeSpan patience, TimeProvider clock, TlsTrust trust, ISessionBook? logins = null, PeerTransport? peers = null)
    {
        (_silenceMax, _clock, _http) = (patience < SilenceMax ? patience : SilenceMax, clock, Transport.NewClient(trust, logins));
        _peers = peers;
    }

    public async Task<RunResult> FetchAsync(PieceRun run, IContentFile target, Action<int> taken, CancellationToken cancellation)
    {
        var pieceMax = TimeSpan.FromSeconds(Math.Max(SilenceMax.TotalSeconds, run.Manifest.PieceLength / (double)RateMin));
        using var silence = new CancellationTokenSource(_silenceMax, _clock);
        using var slowness = new CancellationTokenSource(pieceMax, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token, slowness.Token);
        var next = run.FirstPiece;
        try
        {
            using var request = NewRequest(run);
            var answer = await SendAsync(run, request, either.Token);
            if (!answer.Succeeded)
            {
                // Without a ticket no peer gives anything; when there is none for now, there may be one later.
                var isForNow = answer.Failure.Kind is FailureKind.Unavailable or FailureKind.Throttled;
                return new RunResult(isForNow ? RunEnd.Broken : RunEnd.Refused, next, answer.Failure);
            }

            using var response = answer.Value;
            if (Refusal(run, response) is { } refusal)
            {
                return refusal;
            }

            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            var intake = new PieceIntake(target, piece =>
            {
                next = piece + 1;
                slowness.CancelAfter(pieceMax);
                taken(piece);
            })
            {
                Heard = () => silence.CancelAfter(_silenceMax),
            };
            var result = await intake.RunAsync(body, run.FirstPiece, () => run.EndPiece, mayEnd: false, either.Token);
            if (result.How == RunEnd.Damaged)
            {
                await ReportAsync(run, result.Piece);
            }

            return result;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new RunResult(RunEnd.Broken, next,
                new Failure(FailureKind.Unavailable, $"{run.Source} sent nothing for {_silenceMax.TotalSeconds:0} s, or next to nothing"));
        }
        catch (OperationCanceledException)
        {
            return new RunResult(RunEnd.Broken, next, new Failure(FailureKind.Cancelled, "stopped on request"));
        }
        catch (HttpRequestException error) when (Transport.Refusal(error) is string refusal)
        {
            // Who is not believed now is not believed a second later either.
            return new RunResult(RunEnd.Refused, next, new Failure(FailureKind.Unavailable, $"{run.Source}: {refusal}"));
        }
        catch (Exception error) when (error is HttpRequestException or IOException or NotSupportedException)
        {
            return new RunResult(RunEnd.Broken, next, new Failure(FailureKind.Unavailable, $"{run.Source}: {error.Message}"));
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<Outcome<HttpResponseMessage>> SendAsync(PieceRun run, HttpRequestMessage request, CancellationToken cancellation)
    {
        if (PeerAddress.Of(run.Source) is { } peer)
        {
            return _peers is null
                ? new Failure(FailureKind.Forbidden, $"{run.Source} wants to see a ticket, and there is nobody to ask for one")
                : await _peers.SendAsync(peer, run.Manifest.Root, request, cancellation);
        }

        request.RequestUri = new Uri(run.Source, request.RequestUri!);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    private static HttpRequestMessage NewRequest(PieceRun run)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"{Routes.Content}/{run.Manifest.Root}") { Version = HttpVersion.Version11 };
        var from = (long)run.FirstPiece * run.Manifest.PieceLength;
        var to = Math.Min((long)run.EndPiece * run.Manifest.PieceLength, run.Manifest.Length) - 1;
        if (from <= to && (from > 0 || to < run.Manifest.Length - 1))
        {
            request.Headers.Range = new RangeHeaderValue(from, to);
        }

        return request;
    }

    /// <summary>Null when the answer is what was asked for.</summary>
    private static RunResult? Refusal(PieceRun run, HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            var busy = response.StatusCode is HttpStatusCode.TooManyRequests || (int)response.StatusCode >= 500;
            var text = $"{run.Source} answered {(int)response.StatusCode} for {run.Manifest.Root}";
            return new RunResult(busy ? RunEnd.Broken
                : RunEnd.Refused, run.FirstPiece, new Failure(busy ? FailureKind.Unavailable : FailureKind.NotFound, text));
        }

        // A server that does not know ranges sends all of it: only a run from the start can use that.
        var starts = response.Content.Headers.ContentRange?.From ?? 0;
        return starts == (long)run.FirstPiece * run.Manifest.PieceLength
            ? null
            : new RunResult(RunEnd.Refused, run.FirstPiece, new Failure(FailureKind.Invalid, $"{run.Source} does not serve ranges"));
    }

    private async Task ReportAsync(PieceRun run, int piece)
    {
        if (PeerAddress.Of(run.Source) is not null)
        {
            // A ticket opens the content alone.
            return;
        }

        try
        {
            using var brief = new CancellationTokenSource(TimeSpan.FromSeconds(5), _clock);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(run.Source, Routes.Reports(run.Manifest.Root.ToString())))
            {
                Content = JsonContent.Create(new DamageReport(piece), ApiJson.Default.DamageReport),
            };

            // The answer is not read: whoever sends bad pieces may send anything there too.
            using var _ = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, brief.Token);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            // It is a courtesy to the source; whoever downloads has dropped it already.
            return;
        }
    }
}
