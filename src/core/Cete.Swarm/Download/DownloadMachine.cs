using Cete.Core;

namespace Cete.Swarm.Download;

/// <summary>
/// Decides which source is asked for which pieces. Each idle source gets the longest run of pieces that nobody was asked for; when there
/// is none, half of what the slowest has left to do. A source that breaks is tried again with back-off as long as the patience lasts, one that
/// gives bad bytes never.
/// </summary>
public sealed class DownloadMachine : IMachine<DownloadInput, DownloadEffect>
{
    /// <summary>The wait after the first break of a source; it doubles with each break without a piece in between.</summary>
    public static readonly TimeSpan BackoffMin = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait: what a source that comes back is left idle at most.</summary>
    public static readonly TimeSpan BackoffMax = TimeSpan.FromSeconds(15);

    private readonly PieceMap _have;
    private readonly TimeSpan _patience;
    private readonly SortedDictionary<int, Source> _sources = [];
    private readonly SortedDictionary<int, Run> _runs = [];
    private int _nextRun = 1;
    private Instant? _lastPiece;
    private bool _ended;

    /// <param name="have">What is there already; becomes the machine's own.</param>
    /// <param name="patience">How long nothing may come before the download ends as stalled.</param>
    public DownloadMachine(PieceMap have, TimeSpan patience) => (_have, _patience) = (have, patience);

    /// <summary>Pieces that are there.</summary>
    public int Have => _have.Have;

    public void Step(in DownloadInput input, Instant now, EffectSink<DownloadEffect> effects)
    {
        if (_ended)
        {
            return;
        }

        _lastPiece ??= now;
        switch (input)
        {
            case DownloadInput.SourceFound found:
                _sources.TryAdd(found.Source, new Source(found.Source));
                break;
            case DownloadInput.PieceTaken taken:
                Take(taken, now);
                break;
            case DownloadInput.RunAsked asked when _runs.TryGetValue(asked.Run, out var run):
                run.Asked = Math.Max(run.Asked, asked.EndPiece);
                break;
            case DownloadInput.RunEnded ended:
                End(ended, now, effects);
                break;
        }

        if (!_ended)
        {
            Assign(now, effects);
        }
    }

    private void Take(DownloadInput.PieceTaken taken, Instant now)
    {
        _lastPiece = now;
        _have.Set(taken.Piece);
        if (_runs.TryGetValue(taken.Run, out var run))
        {
            run.Next = Math.Max(run.Next, taken.Piece + 1);
            run.Source.Breaks = 0;
        }
    }

    private void End(DownloadInput.RunEnded ended, Instant now, EffectSink<DownloadEffect> effects)
    {
        if (!_runs.Remove(ended.Run, out var run))
        {
            return;
        }

        var source = run.Source;
        source.Run = null;
        switch (ended.Outcome)
        {
            case RunOutcome.Broken:
                var wait = BackoffMin * (1L << Math.Min(source.Breaks++, 10));
                source.NotBefore = now + (wait < BackoffMax ? wait : BackoffMax);
                break;
            case RunOutcome.Refused or RunOutcome.Damaged:
                _sources.Remove(source.Number);
                effects.Add(new DownloadEffect.DropSource(source.Number));
                break;
            case RunOutcome.LocalFailure:
                Finish(DownloadEnd.LocalFailure, effects);
                break;
        }
    }

    private void Assign(Instant now, EffectSink<DownloadEffect> effects)
    {
        if (_have.IsFull)
        {
            Finish(DownloadEnd.Whole, effects);
            return;
        }

        if (_sources.Count == 0)
        {
            Finish(DownloadEnd.NoSource, effects);
            return;
        }

        var deadline = _lastPiece!.Value + _patience;
        if (now >= deadline && _runs.Count == 0)
        {
            Finish(DownloadEnd.Stalled, effects);
            return;
        }

        Instant? wake = null;
        foreach (var source in _sources.Values)
        {
            if (source.Run is not null)
            {
                continue;
            }

            if (source.NotBefore > now)
            {
                wake = wake is null || source.NotBefore < wake ? source.NotBefore : wake;
            }
            else
            {
                Assign(source, effects);
            }
        }

        if (_runs.Count == 0 && wake is { } at)
        {
            effects.Add(new DownloadEffect.WakeAt(at < deadline ? at : deadline));
        }
    }

    private void Assign(Source source, EffectSink<DownloadEffect> effects)
    {
        var (first, end) = LongestFree();
        if (first == end)
        {
            (first, end) = Steal(effects);
        }

        if (first < end)
        {
            var run = new Run(_nextRun++, source, first, end);
            source.Run = run;
            _runs.Add(run.Number, run);
            effects.Add(new DownloadEffect.StartRun(run.Number, source.Number, first, end));
        }
    }

    /// <summary>The longest stretch of missing pieces that no run is to bring.</summary>
    private (int First, int End) LongestFree()
    {
        var best = (First: 0, End: 0);
        foreach (var (first, count) in _have.MissingRuns())
        {
            var from = first;
            foreach (var run in _runs.Values.Where(r => r.End > first && r.Next < first + count).OrderBy(r => r.Next))
            {
                best = Longer(best, (from, Math.Min(run.Next, first + count)));
                from = Math.Max(from, run.End);
            }

            best = Longer(best, (from, first + count));
        }

        return best;
    }

    /// <summary>The later half of the longest rest that a run has to bring; nothing when every rest is short.</summary>
    private (int First, int End) Steal(EffectSink<DownloadEffect> effects)
    {
        var longest = _runs.Values.MaxBy(run => run.End - run.Kept);
        if (longest is null || longest.End - longest.Kept < (longest.Kept > longest.Next ? 1 : 2))
        {
            return (0, 0);
        }

        var (middle, end) = (longest.Kept + ((longest.End - longest.Kept + 1) / 2), longest.End);
        middle = longest.Kept > longest.Next && middle == end ? longest.Kept : middle;
        longest.End = middle;
        effects.Add(new DownloadEffect.ShortenRun(longest.Number, middle));
        return (middle, end);
    }

    private void Finish(DownloadEnd end, EffectSink<DownloadEffect> effects)
    {
        _ended = true;
        effects.Add(new DownloadEffect.Finish(end));
    }

    private static (int First, int End) Longer((int First, int End) a, (int First, int End) b) => b.End - b.First > a.End - a.First ? b : a;

    private sealed class Source(int number)
    {
        public int Number { get; } = number;

        public Run? Run { get; set; }

        public int Breaks { get; set; }

        public Instant NotBefore { get; set; }
    }

    private sealed class Run(int number, Source source, int first, int end)
    {
        public int Number { get; } = number;

        public Source Source { get; } = source;

        public int Next { get; set; } = first;

        public int End { get; set; } = end;

        /// <summary>One past the last piece that was asked for at a price.</summary>
        public int Asked { get; set; }

        /// <summary>The first piece that another source may bring.</summary>
        public int Kept => Math.Max(Next, Asked);
    }
}
