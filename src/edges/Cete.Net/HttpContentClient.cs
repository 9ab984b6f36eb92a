using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Cete.Api;
using Cete.Core;
using Cete.Net.Payments;
using Cete.Net.Rates;
using Cete.Net.Swarms;
using Cete.Net.Tickets;
using Cete.Net.Tls;
using Cete.Ports;
using Cete.Ports.Payments;
using Cete.Swarm;

namespace Cete.Net;

/// <summary>
/// Fetches runs of pieces: from peers leaf by leaf (<see cref="LeafRange"/>), from those that do not know that, and from plain servers, by
/// <c>GET /content/ROOT</c> with a range. What came is verified while the rest is on its way.
/// </summary>
public sealed class HttpContentClient : IContentClient, IDisposable
{
    /// <summary>A source that sends nothing for this long is given up for now, and so is one that needs longer for a piece of 70 KiB or less.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(70);

    /// <summary>Bytes a second below which a source counts as one that sends nothing, as servers have it of their clients.</summary>
    private const int RateMin = 1_024;

    /// <summary>Pieces of a rest that are not asked for all at once at a price.</summary>
    private const int HalvedFrom = 8;

    private readonly TimeSpan _silenceMax;
    private readonly HttpClient _http;
    private readonly PeerTransport? _peers;
    private readonly TimeProvider _clock;
    private readonly IPayer? _payer;
    private readonly LeafSources _leaves = new();

    /// <param name="patience">How long its user waits for a byte from anybody: no source may be silent for longer.</param>
    /// <param name="clock">Tells how long a source has been silent.</param>
    /// <param name="trust">Which sources it believes that they are who they say.</param>
    /// <param name="logins">What its user is logged in to; null for one that asks as a guest.</param>
    /// <param name="peers">To those who show keys, which stays the caller's; null for one that does without them.</param>
    /// <param name="payer">Pays sources that want it, stays the caller's; null for one that pays nobody.</param>
    /// <param name="from">The address of this machine that its connections come from; null for any.</param>
    public HttpContentClient(
        TimeSpan patience, TimeProvider clock, TlsTrust trust, ISessionBook? logins = null, PeerTransport? peers = null, IPayer? payer = null,
        IPAddress? from = null)
    {
        (_silenceMax, _clock, _http) = (patience < SilenceMax ? patience : SilenceMax, clock, Transport.NewClient(trust, logins, from));
        (_peers, _payer) = (peers, payer);
    }

    /// <summary>How fast it fetches, together with others who share it; stays the caller's, null for as fast as it can.</summary>
    public Pacer? Pace { get; init; }

    public async Task<RunResult> FetchAsync(PieceRun run, IContentFile target, Action<int> taken, CancellationToken cancellation)
    {
        for (var next = run.FirstPiece; ;)
        {
            if (next >= run.EndPiece)
            {
                return new RunResult(RunEnd.Completed, next, null);
            }

            var part = new RunPart(run, next, _leaves.Gives(run) ? target : null);
            if (part.IsThere)
            {
                taken(next++);
                continue;
            }

            var result = _payer is null
                ? await FetchAsync(part, target, taken, cancellation)
                : await PayAsync(_payer, part, target, taken, cancellation);
            if (result.How != RunEnd.Completed)
            {
                return result;
            }

            next = result.Piece;
        }
    }

    /// <summary>Fetches as much as may be unpaid. Completed without a piece: the source was told that it will be paid, and is to be asked again.</summary>
    private async Task<RunResult> PayAsync(IPayer payer, RunPart part, IContentFile target, Action<int> taken, CancellationToken cancellation)
    {
        var (run, manifest, next) = (part.Run, part.Run.Manifest, part.FirstPiece);
        var wish = new PaidWish(
            manifest.Root, manifest.PieceLength, BytesOf(manifest, next, run.EndPiece), BytesOf(manifest, next, next + 1), PeerAddress.Of(run.Source)?.Key);
        Outcome<IPaidTurn> begun;
        try
        {
            begun = await payer.BeginAsync(run.Source, wish, cancellation);
        }
        catch (OperationCanceledException)
        {
            return new RunResult(RunEnd.Broken, next, new Failure(FailureKind.Cancelled, "stopped on request"));
        }

        if (!begun.Succeeded)
        {
            return Ended(next, begun.Failure);
        }

        using var turn = begun.Value;
        part.Turn = turn;
        if (turn.Channel is not null || turn.IsLast)
        {
            part.AskedEnd = run.Ask(EndOf(manifest, next, part.EndPiece, turn.BytesMax));
            turn.Ask(BytesOf(manifest, next, part.EndPiece) - part.BytesHere);
        }

        var result = await FetchAsync(part, target, taken, cancellation);
        if (result.How == RunEnd.Broken)
        {
            turn.Broke();
        }

        return result;
    }

    private async Task<RunResult> FetchAsync(RunPart part, IContentFile target, Action<int> taken, CancellationToken cancellation)
    {
        var run = part.Run;
        var pieceMax = TimeSpan.FromSeconds(Math.Max(SilenceMax.TotalSeconds, run.Manifest.PieceLength / (double)RateMin));
        using var silence = new CancellationTokenSource(_silenceMax, _clock);
        using var slowness = new CancellationTokenSource(pieceMax, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token, slowness.Token);
        var next = part.FirstPiece;
        try
        {
            using var request = NewRequest(part);
            var answer = await SendAsync(run, request, either.Token);
            if (!answer.Succeeded)
            {
                // Without a ticket no peer gives anything; when there is none for now, there may be one later.
                return Ended(next, answer.Failure);
            }

            using var response = answer.Value;
            if (await RefusalAsync(part, response, either.Token) is { } refusal)
            {
                return refusal;
            }

            // What waits for its turn is not silent, nor slow.
            void Hold(bool isHeld)
            {
                silence.CancelAfter(isHeld ? Timeout.InfiniteTimeSpan : _silenceMax);
                slowness.CancelAfter(isHeld ? Timeout.InfiniteTimeSpan : pieceMax);
            }

            var came = await response.Content.ReadAsStreamAsync(either.Token);
            await using var body = Pace is null ? came : new PacedStream(came, Pace, Hold);
            void Take(int piece)
            {
                next = piece + 1;
                slowness.CancelAfter(pieceMax);
                taken(piece);
            }

            void Hear()
            {
                silence.CancelAfter(_silenceMax);
                run.Moved?.Invoke();
            }

            var result = part.Leaves is { } leaves
                ? await new LeafIntake(run.Manifest, target, Take) { Heard = Hear, Verified = bytes => part.Turn?.Verified(bytes) }
                    .RunAsync(body, leaves.From, () => part.EndPiece, either.Token)
                : await new PieceIntake(target, piece =>
                {
                    part.Turn?.Verified(run.Manifest.LengthOfPiece(piece));
                    Take(piece);
                })
                {
                    Heard = Hear,
                }.RunAsync(body, part.FirstPiece, () => part.EndPiece, mayEnd: false, either.Token);
            if (result.How == RunEnd.Damaged)
            {
                await ReportAsync(run, result.Piece);
            }

            return result;
        }
        catch (Exception error) when (Judge(run, next, error, cancellation) is not null)
        {
            return Judge(run, next, error, cancellation)!.Value;
        }
    }

    private RunResult? Judge(PieceRun run, int next, Exception error, CancellationToken cancellation) => error switch
    {
        OperationCanceledException when !cancellation.IsCancellationRequested => new RunResult(RunEnd.Broken, next,
            new Failure(FailureKind.Unavailable, $"{run.Source} sent nothing for {_silenceMax.TotalSeconds:0} s, or next to nothing")),
        OperationCanceledException => new RunResult(RunEnd.Broken, next, new Failure(FailureKind.Cancelled, "stopped on request")),

        // Who is not believed now is not believed a second later either.
        HttpRequestException when Transport.Refusal(error) is string refusal =>
            new RunResult(RunEnd.Refused, next, new Failure(FailureKind.Unavailable, $"{run.Source}: {refusal}")),
        HttpRequestException or IOException or NotSupportedException =>
            new RunResult(RunEnd.Broken, next, new Failure(FailureKind.Unavailable, $"{run.Source}: {error.Message}")),
        _ => null,
    };

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

    private static HttpRequestMessage NewRequest(RunPart part)
    {
        var run = part.Run;
        part.Leaves = part.AskForLeaves();
        var request = new HttpRequestMessage(HttpMethod.Get, part.Leaves?.AddressOf(run.Manifest.Root) ?? $"{Routes.Content}/{run.Manifest.Root}")
        {
            Version = HttpVersion.Version11,
        };
        if (part.Turn?.Channel is { } channel)
        {
            request.Headers.Add(Headers.Channel, channel);
            if (part.Turn.Voucher is { } voucher)
            {
                request.Headers.Add(Headers.Voucher, voucher);
            }
        }

        if (part.Turn?.IsLast == true)
        {
            request.Headers.Add(Headers.Last, "1");
        }

        var from = (long)part.FirstPiece * run.Manifest.PieceLength;
        var to = Math.Min((long)part.EndPiece * run.Manifest.PieceLength, run.Manifest.Length) - 1;
        if (part.Leaves is null && from <= to && (from > 0 || to < run.Manifest.Length - 1))
        {
            request.Headers.Range = new RangeHeaderValue(from, to);
        }

        return request;
    }

    /// <summary>Null when the answer is what was asked for.</summary>
    private async Task<RunResult?> RefusalAsync(RunPart part, HttpResponseMessage response, CancellationToken cancellation)
    {
        var run = part.Run;
        if (response.StatusCode == HttpStatusCode.PaymentRequired)
        {
            return await AgreeAsync(part, response, cancellation);
        }

        if (response.StatusCode == HttpStatusCode.UnavailableForLegalReasons)
        {
            return new RunResult(RunEnd.Refused, part.FirstPiece, new Failure(
                FailureKind.TakenDown, $"the community's moderators took the content {run.Manifest.Root} down; 'cete moderation list' tells why"));
        }

        if (part.Leaves is { } leaves)
        {
            if (_leaves.IsUnknown(run, response.StatusCode))
            {
                // It is asked in the other way.
                return new RunResult(RunEnd.Completed, part.FirstPiece, null);
            }

            if (response.IsSuccessStatusCode)
            {
                return response.Content.Headers.ContentLength is not { } length || length == leaves.BodyLength ? null : new RunResult(
                    RunEnd.Refused,
                    part.FirstPiece,
                    new Failure(FailureKind.Invalid, $"{run.Source} sends {length} bytes in place of the {leaves.BodyLength} that were asked for"));
            }
        }

        if (!response.IsSuccessStatusCode)
        {
            var busy = response.StatusCode is HttpStatusCode.TooManyRequests || (int)response.StatusCode >= 500;
            var text = $"{run.Source} answered {(int)response.StatusCode} for {run.Manifest.Root}";
            return new RunResult(busy ? RunEnd.Broken
                : RunEnd.Refused, part.FirstPiece, new Failure(busy ? FailureKind.Unavailable : FailureKind.NotFound, text));
        }

        // A server that does not know ranges sends all of it: only a run from the start can use that.
        var starts = response.Content.Headers.ContentRange?.From ?? 0;
        return starts == (long)part.FirstPiece * run.Manifest.PieceLength
            ? null
            : new RunResult(RunEnd.Refused, part.FirstPiece, new Failure(FailureKind.Invalid, $"{run.Source} does not serve ranges"));
    }

    /// <summary>Completed without a piece where the source is going to be paid.</summary>
    private static async Task<RunResult> AgreeAsync(RunPart part, HttpResponseMessage response, CancellationToken cancellation)
    {
        var read = await BillReader.ReadAsync(response, cancellation);
        var failure = !read.Succeeded ? read.Failure
            : part.Turn is null ? new Failure(FailureKind.Unpaid, read.Value.Detail)
            : await part.Turn.RefusedAsync(read.Value.Bill, cancellation);
        return failure is null ? new RunResult(RunEnd.Completed, part.FirstPiece, null)
            : Ended(part.FirstPiece, failure with { Message = $"{part.Run.Source}: {failure.Message}" });
    }

    private static RunResult Ended(int next, Failure failure) => new(
        failure.Kind is FailureKind.Unavailable or FailureKind.Throttled ? RunEnd.Broken : RunEnd.Refused, next, failure);

    private static long BytesOf(Manifest manifest, int first, int end) =>
        Math.Max(0, Math.Min((long)end * manifest.PieceLength, manifest.Length) - ((long)first * manifest.PieceLength));

    /// <summary>As many pieces as are covered, one at least. Of a rest that would go at once half is left, should somebody else be quicker.</summary>
    private static int EndOf(Manifest manifest, int first, int end, long bytesMax)
    {
        var pieces = Math.Max(1, bytesMax >= BytesOf(manifest, first, end) ? end - first : (int)(bytesMax / manifest.PieceLength));
        return first + (pieces == end - first && pieces > HalvedFrom ? (pieces + 1) / 2 : pieces);
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
