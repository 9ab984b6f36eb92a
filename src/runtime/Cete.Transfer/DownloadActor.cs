using Cete.Actors;
using Cete.Core;
using Cete.Ports;
using Cete.Swarm;
using Cete.Swarm.Download;
using Cete.Transfer.Swarms;

namespace Cete.Transfer;

/// <summary>Drives one <see cref="DownloadMachine"/>: runs are fetched outside of it, their news and those of neighbours come back as messages.</summary>
internal sealed class DownloadActor(DownloadOrder order, IContentClient client, Action<int> taken, TaskCompletionSource<Outcome<bool>> done)
    : Actor<DownloadMessage>, INeighbourNews
{
    private readonly EffectSink<DownloadEffect> _effects = new();
    private readonly Dictionary<int, RunningFetch> _runs = [];
    private readonly List<Uri> _sources = [];

    /// <summary>By their whole address: addresses as such are equal whatever key they name.</summary>
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly DownloadMachine _machine = new(
        order.Target.Pieces, order.Patience, new DownloadSettings { MoreMayCome = order.Neighbours is not null }, order.Seed);
    private ActorRef<DownloadMessage>? _self;
    private IDisposable? _attached;
    private Failure? _lastFailure;
    private Outcome<bool>? _result;

    /// <inheritdoc/>
    void INeighbourNews.Found(Uri peer, PieceMap? have) => _self?.Tell(new DownloadMessage.SourceFound(peer, have));

    /// <inheritdoc/>
    void INeighbourNews.Has(Uri peer, IReadOnlyList<int> pieces) => _self?.Tell(new DownloadMessage.SourceHas(peer, pieces));

    /// <inheritdoc/>
    void INeighbourNews.Ready(Uri peer, int turns) => _self?.Tell(new DownloadMessage.SourceReady(peer, turns));

    /// <inheritdoc/>
    void INeighbourNews.Lost(Uri peer) => _self?.Tell(new DownloadMessage.SourceLost(peer));

    /// <inheritdoc/>
    void INeighbourNews.Rarest(IReadOnlyList<int> pieces) => _self?.Tell(new DownloadMessage.RarityHeard(pieces));

    protected override void Started()
    {
        _self = Context.Self;
        if (order.Sources.Count == 0)
        {
            _lastFailure = new Failure(FailureKind.NotFound, "nobody is known to have it");
        }

        var self = Context.Self;
        order.Urgent?.Attach((first, count) => self.Tell(new DownloadMessage.PiecesUrged(first, count)));
        _attached = order.Neighbours?.Attach(this);
        foreach (var source in order.Neighbours is null ? order.Sources : [])
        {
            Step(new DownloadInput.SourceFound(NumberOf(source)));
        }

        Step(new DownloadInput.Tick());
    }

    protected override void Receive(DownloadMessage message)
    {
        switch (message)
        {
            case DownloadMessage.SourceFound found:
                Find(found);
                break;
            case DownloadMessage.SourceHas has:
                Step(new DownloadInput.SourceHas(NumberOf(has.Source), has.Pieces));
                break;
            case DownloadMessage.SourceReady ready:
                Step(new DownloadInput.SourceReady(NumberOf(ready.Source), ready.Turns));
                break;
            case DownloadMessage.SourceLost lost:
                Step(new DownloadInput.SourceLost(NumberOf(lost.Source)));
                break;
            case DownloadMessage.RarityHeard heard:
                Step(new DownloadInput.RarityHeard(heard.Pieces));
                break;
            case DownloadMessage.PiecesUrged urged:
                Step(new DownloadInput.PiecesUrged(urged.First, urged.Count));
                break;
            case DownloadMessage.RunMoved moved:
                Step(new DownloadInput.RunMoved(moved.Run));
                break;
            case DownloadMessage.PieceTaken piece:
                taken(order.Manifest.LengthOfPiece(piece.Piece));
                if (_runs.TryGetValue(piece.Run, out var from))
                {
                    order.Gave?.Invoke(from.Run.Source, order.Manifest.LengthOfPiece(piece.Piece));
                }

                Step(new DownloadInput.PieceTaken(piece.Run, piece.Piece));
                break;
            case DownloadMessage.RunAsked asked:
                Step(new DownloadInput.RunAsked(asked.Run, asked.EndPiece));
                break;
            case DownloadMessage.RunEnded ended:
                TakeEnd(ended);
                break;
            case DownloadMessage.Wake:
                Step(new DownloadInput.Tick());
                break;
            case DownloadMessage.Cancel:
                End(new Failure(FailureKind.Cancelled, "stopped on request"));
                break;
        }

        EndWhenQuiet();
    }

    protected override void Stopped()
    {
        _stop.Cancel();
        order.Urgent?.Detach();
        _attached?.Dispose();
        done.TrySetResult(_result ?? new Failure(FailureKind.Unavailable, "the download was stopped"));
    }

    /// <summary>One that was known as whole, and now tells what it has, is another one to the machine.</summary>
    private void Find(DownloadMessage.SourceFound found)
    {
        var number = NumberOf(found.Source);
        if (found.Have is not null)
        {
            Step(new DownloadInput.SourceLost(number));
        }

        Step(new DownloadInput.SourceFound(number, found.Have, IsLive: found.Have is not null));
    }

    private int NumberOf(Uri source)
    {
        if (!_numbers.TryGetValue(source.AbsoluteUri, out var number))
        {
            number = _sources.Count;
            _sources.Add(source);
            _numbers.Add(source.AbsoluteUri, number);
        }

        return number;
    }

    private void TakeEnd(DownloadMessage.RunEnded ended)
    {
        if (_runs.Remove(ended.Run, out var run))
        {
            run.Stop.Dispose();
            if (ended.Result.How == RunEnd.Damaged)
            {
                order.Neighbours?.Accuse(run.Run.Source);
            }
        }

        _lastFailure = ended.Result.Failure is { Kind: not FailureKind.Cancelled } failure ? failure : _lastFailure;
        Step(new DownloadInput.RunEnded(ended.Run, ToOutcome(ended.Result.How)));
    }

    private void Step(DownloadInput input)
    {
        _machine.Step(input, Instant.From(Context.Clock.GetUtcNow()), _effects);
        var effects = _effects.Effects.ToArray();
        _effects.Clear();
        var left = 0;
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case DownloadEffect.StartRun start:
                    Start(start, Math.Max(start.FirstPiece, left));
                    left = 0;
                    break;
                case DownloadEffect.ShortenRun shorten when _runs.TryGetValue(shorten.Run, out var longer):
                    // It may have asked for more at a price by now: whoever takes the rest over begins behind that.
                    left = longer.Run.ShortenTo(shorten.EndPiece);
                    break;
                case DownloadEffect.CancelRun cancel when _runs.TryGetValue(cancel.Run, out var cancelled):
                    cancelled.Stop.Cancel();
                    break;
                case DownloadEffect.PassTurn pass:
                    order.Neighbours?.Pass(_sources[pass.Source]);
                    break;
                case DownloadEffect.WakeAt wake:
                    Context.Timers.StartSingle(nameof(DownloadMessage.Wake), new DownloadMessage.Wake(), DelayUntil(wake.At));
                    break;
                case DownloadEffect.Finish finish:
                    End(ToResult(finish.End));
                    break;
            }
        }

        EndWhenQuiet();
    }

    private void Start(DownloadEffect.StartRun start, int first)
    {
        var self = Context.Self;
        var clock = Context.Clock;
        var heard = 0L;
        var run = new PieceRun(
            _sources[start.Source], order.Manifest, first, start.EndPiece, end => self.Tell(new DownloadMessage.RunAsked(start.Run, end)))
        {
            Moved = () =>
            {
                // Bytes come in thousands of parts; that they come is worth saying a few times a second.
                if (clock.GetElapsedTime(Interlocked.Read(ref heard)) >= HeardInterval)
                {
                    Interlocked.Exchange(ref heard, clock.GetTimestamp());
                    self.Tell(new DownloadMessage.RunMoved(start.Run));
                }
            },
        };
        var fetch = new RunningFetch(run, CancellationTokenSource.CreateLinkedTokenSource(_stop.Token));
        _runs.Add(start.Run, fetch);
        if (first < start.EndPiece)
        {
            _ = FetchAsync(self, client, start.Run, run, order.Target, fetch.Stop.Token);
        }
        else
        {
            self.Tell(new DownloadMessage.RunEnded(start.Run, new RunResult(RunEnd.Completed, first, null)));
        }
    }

    private static TimeSpan HeardInterval { get; } = TimeSpan.FromMilliseconds(200);

    private TimeSpan DelayUntil(Instant at)
    {
        var delay = at - Instant.From(Context.Clock.GetUtcNow());
        return delay > TimeSpan.Zero ? delay : TimeSpan.FromMilliseconds(1);
    }

    private static async Task FetchAsync(
        ActorRef<DownloadMessage> self, IContentClient client, int number, PieceRun run, IContentFile target, CancellationToken stop)
    {
        RunResult result;
        try
        {
            result = await client.FetchAsync(run, target, piece => self.Tell(new DownloadMessage.PieceTaken(number, piece)), stop);
        }
        catch (Exception bug)
        {
            // Whatever a client does wrong, a run that never ended would keep the download waiting for ever.
            var failure = new Failure(FailureKind.Unavailable, $"fetching from {run.Source} failed: {bug.Message}");
            result = new RunResult(RunEnd.LocalFailure, run.FirstPiece, failure);
        }

        self.Tell(new DownloadMessage.RunEnded(number, result));
    }

    private void End(Outcome<bool> result)
    {
        _result ??= result;
        _stop.Cancel();
    }

    /// <summary>The target may be closed only when no run writes to it any more.</summary>
    private void EndWhenQuiet()
    {
        if (_result is not null && _runs.Count == 0)
        {
            Context.StopSelf();
        }
    }

    private Outcome<bool> ToResult(DownloadEnd end) => end switch
    {
        DownloadEnd.Whole => true,
        DownloadEnd.Stalled => new Failure(
            FailureKind.Unavailable, $"nothing came for {order.Patience.TotalSeconds:0} s; what is there stays, run it again later ({_lastFailure?.Message})"),
        DownloadEnd.LocalFailure => _lastFailure ?? new Failure(FailureKind.Unavailable, "writing failed"),
        _ => new Failure(
            _lastFailure?.Kind ?? FailureKind.NotFound,
            $"no source is left that has what is missing ({order.Target.Pieces.Have} of {order.Target.Pieces.Count} pieces are here and stay): {_lastFailure?.Message}"),
    };

    private static RunOutcome ToOutcome(RunEnd end) => end switch
    {
        RunEnd.Completed => RunOutcome.Completed,
        RunEnd.Broken => RunOutcome.Broken,
        RunEnd.Refused => RunOutcome.Refused,
        RunEnd.Damaged => RunOutcome.Damaged,
        _ => RunOutcome.LocalFailure,
    };

    /// <summary>A run that is on its way.</summary>
    private sealed record RunningFetch(PieceRun Run, CancellationTokenSource Stop);
}
