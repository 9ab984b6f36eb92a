using Cete.Actors;
using Cete.Core;
using Cete.Ports;
using Cete.Swarm.Download;

namespace Cete.Transfer;

internal abstract record DownloadMessage
{
    private DownloadMessage()
    {
    }

    public sealed record PieceTaken(int Run, int Piece) : DownloadMessage;

    public sealed record RunAsked(int Run, int EndPiece) : DownloadMessage;

    public sealed record RunEnded(int Run, RunResult Result) : DownloadMessage;

    public sealed record Wake : DownloadMessage;

    public sealed record Cancel : DownloadMessage;
}

/// <summary>Drives one <see cref="DownloadMachine"/>: runs are fetched outside of it, their news come back as messages.</summary>
internal sealed class DownloadActor(DownloadOrder order, IContentClient client, Action<int> taken, TaskCompletionSource<Outcome<bool>> done)
    : Actor<DownloadMessage>
{
    private readonly EffectSink<DownloadEffect> _effects = new();
    private readonly Dictionary<int, PieceRun> _runs = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly DownloadMachine _machine = new(order.Target.Pieces, order.Patience);
    private Failure? _lastFailure;
    private Outcome<bool>? _result;

    protected override void Started()
    {
        if (order.Sources.Count == 0)
        {
            _lastFailure = new Failure(FailureKind.NotFound, "nobody is known to have it");
        }

        for (var i = 0; i < order.Sources.Count; i++)
        {
            Step(new DownloadInput.SourceFound(i));
        }

        if (order.Sources.Count == 0)
        {
            Step(new DownloadInput.Tick());
        }
    }

    protected override void Receive(DownloadMessage message)
    {
        switch (message)
        {
            case DownloadMessage.PieceTaken piece:
                taken(order.Manifest.LengthOfPiece(piece.Piece));
                Step(new DownloadInput.PieceTaken(piece.Run, piece.Piece));
                break;
            case DownloadMessage.RunAsked asked:
                Step(new DownloadInput.RunAsked(asked.Run, asked.EndPiece));
                break;
            case DownloadMessage.RunEnded ended:
                _runs.Remove(ended.Run);
                _lastFailure = ended.Result.Failure ?? _lastFailure;
                Step(new DownloadInput.RunEnded(ended.Run, ToOutcome(ended.Result.How)));
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
        done.TrySetResult(_result ?? new Failure(FailureKind.Unavailable, "the download was stopped"));
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
                    left = longer.ShortenTo(shorten.EndPiece);
                    break;
                case DownloadEffect.CancelRun cancel when _runs.TryGetValue(cancel.Run, out var cancelled):
                    cancelled.ShortenTo(0);
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
        var run = new PieceRun(
            order.Sources[start.Source], order.Manifest, first, start.EndPiece, end => self.Tell(new DownloadMessage.RunAsked(start.Run, end)));
        _runs.Add(start.Run, run);
        if (first < start.EndPiece)
        {
            _ = FetchAsync(self, client, start.Run, run, order.Target, _stop.Token);
        }
        else
        {
            self.Tell(new DownloadMessage.RunEnded(start.Run, new RunResult(RunEnd.Completed, first, null)));
        }
    }

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
}
