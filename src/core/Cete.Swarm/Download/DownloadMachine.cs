using Cete.Core;

namespace Cete.Swarm.Download;

/// <summary>
/// Decides which source is asked for which pieces. A source that is whole and says nothing of pieces gets the longest run of pieces that nobody
/// was asked for; when there is none, half of what the slowest has left to do. Peers that tell what they have are asked for single pieces, rare
/// ones first, several at a time. A source that breaks is tried again with back-off as long as the patience lasts, one that gives bad bytes never.
/// </summary>
public sealed partial class DownloadMachine : IMachine<DownloadInput, DownloadEffect>
{
    /// <summary>The wait after the first break of a source; it doubles with each break without a piece in between.</summary>
    public static readonly TimeSpan BackoffMin = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait: what a source that comes back is left idle at most.</summary>
    public static readonly TimeSpan BackoffMax = TimeSpan.FromSeconds(15);

    private readonly PieceMap _have;
    private readonly PieceMap _free;
    private readonly byte[] _asked;
    private readonly TimeSpan _patience;
    private readonly DownloadSettings _settings;
    private readonly SortedDictionary<int, DownloadSource> _sources = [];
    private readonly SortedDictionary<int, DownloadRun> _runs = [];
    private readonly HashSet<int> _dropped = [];
    private int _nextRun = 1;
    private Instant? _lastPiece;
    private bool _ended;

    /// <param name="have">What is there already; becomes the machine's own.</param>
    /// <param name="patience">How long nothing may come before the download ends as stalled.</param>
    /// <param name="settings">How it deals with peers; null for the usual.</param>
    /// <param name="seed">Of its chance: peers that choose alike would all choose the same piece.</param>
    public DownloadMachine(PieceMap have, TimeSpan patience, DownloadSettings? settings = null, ulong seed = 0)
    {
        (_have, _patience, _settings, _chance) = (have, patience, settings ?? new DownloadSettings(), new Prng(seed));
        _free = new PieceMap(have.Count);
        _asked = new byte[have.Count];
        Release(0, have.Count);
    }

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
                Find(found);
                break;
            case DownloadInput.SourceHas has:
                Hear(has);
                break;
            case DownloadInput.SourceReady ready when _sources.TryGetValue(ready.Source, out var source):
                source.Turns = Math.Clamp(source.Turns + ready.Turns, 0, TurnsMax);
                break;
            case DownloadInput.SourceLost lost:
                Lose(lost.Source, effects);
                break;
            case DownloadInput.RarityHeard heard:
                Hear(heard);
                break;
            case DownloadInput.PiecesUrged urged:
                Hear(urged, effects);
                break;
            case DownloadInput.PieceTaken taken:
                Take(taken, now, effects);
                break;
            case DownloadInput.RunMoved moved when _runs.TryGetValue(moved.Run, out var run):
                (run.Moved, run.HasMoved) = (now, true);
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

    private void Take(DownloadInput.PieceTaken taken, Instant now, EffectSink<DownloadEffect> effects)
    {
        _lastPiece = now;
        _have.Set(taken.Piece);
        _free.Clear(taken.Piece);
        if (_runs.TryGetValue(taken.Run, out var run))
        {
            (run.Moved, run.HasMoved) = (now, true);
            run.Source.Breaks = 0;
            if (taken.Piece >= run.Next && taken.Piece < run.End)
            {
                var skipped = run.Next;
                run.Next = taken.Piece + 1;
                Unask(skipped, run.Next);
            }
        }

        if (_asked[taken.Piece] > 0)
        {
            CancelOthers(taken.Piece, effects);
        }
    }

    private void End(DownloadInput.RunEnded ended, Instant now, EffectSink<DownloadEffect> effects)
    {
        if (!_runs.TryGetValue(ended.Run, out var run))
        {
            return;
        }

        Remove(run);
        var source = run.Source;
        switch (ended.Outcome)
        {
            case RunOutcome.Completed when source.Map is not null:
                Measure(run, now);
                break;
            case RunOutcome.Broken:
                var wait = BackoffMin * (1L << Math.Min(source.Breaks++, 10));
                source.NotBefore = now + (wait < BackoffMax ? wait : BackoffMax);
                break;
            case RunOutcome.Refused or RunOutcome.Damaged:
                _dropped.Add(source.Number);
                Lose(source.Number, effects);
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

        if (_sources.Count == 0 && !_settings.MoreMayCome)
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

        AssignLong(now, effects);
        AssignMesh(now, effects);
        Wake(now, deadline, effects);
    }

    private void AssignLong(Instant now, EffectSink<DownloadEffect> effects)
    {
        if (_long == 0)
        {
            return;
        }

        foreach (var source in _sources.Values)
        {
            if (source.Map is not null || source.Runs.Count > 0 || source.NotBefore > now)
            {
                continue;
            }

            var urgent = UrgentFree();
            var (first, end) = urgent >= 0 ? (urgent, Math.Min(_free.NextMissing(urgent), _meshSources.Count > 0 ? _urgentEnd : _free.Count))
                : _meshSources.Count > 0 ? SomeFree() : LongestFree();
            if (first == end)
            {
                (first, end) = Steal(effects);
            }

            if (first < end)
            {
                Start(source, first, end, now, effects);
            }
        }
    }

    /// <summary>Says when to look again: where nothing is on its way, when one may be asked again; with peers also when one is slow.</summary>
    private void Wake(Instant now, Instant deadline, EffectSink<DownloadEffect> effects)
    {
        if (_runs.Count > 0 && _meshSources.Count == 0)
        {
            return;
        }

        var at = _runs.Count == 0 ? deadline : new Instant(long.MaxValue);
        foreach (var source in _sources.Values)
        {
            if (source.NotBefore > now && source.NotBefore < at)
            {
                at = source.NotBefore;
            }

            foreach (var run in source.Map is null ? [] : source.Runs)
            {
                var slow = run.Moved + _settings.SlowAfter;
                at = slow > now && slow < at ? slow : at;
            }
        }

        if (at.Microseconds != long.MaxValue && (_meshSources.Count == 0 || _wake <= now || at < _wake))
        {
            _wake = at;
            effects.Add(new DownloadEffect.WakeAt(at));
        }
    }

    /// <summary>The longest stretch of missing pieces that no run is to bring.</summary>
    private (int First, int End) LongestFree()
    {
        var best = (First: 0, End: 0);
        for (var first = _free.NextPresent(0); first < _free.Count;)
        {
            var end = _free.NextMissing(first);
            best = end - first > best.End - best.First ? (first, end) : best;
            first = _free.NextPresent(end);
        }

        return best;
    }

    /// <summary>The later half of the longest rest that a run has to bring; nothing when every rest is short.</summary>
    private (int First, int End) Steal(EffectSink<DownloadEffect> effects)
    {
        var longest = _runs.Values.Where(run => run.Source.Map is null).MaxBy(run => run.End - run.Kept);
        if (longest is null || longest.End - longest.Kept < (longest.Kept > longest.Next ? 1 : 2))
        {
            return (0, 0);
        }

        var (middle, end) = (longest.Kept + ((longest.End - longest.Kept + 1) / 2), longest.End);
        middle = longest.Kept > longest.Next && middle == end ? longest.Kept : middle;
        Shorten(longest, middle, effects);
        return (middle, end);
    }

    private void Shorten(DownloadRun run, int end, EffectSink<DownloadEffect> effects)
    {
        var before = run.End;
        run.End = end;
        Unask(end, before);
        effects.Add(new DownloadEffect.ShortenRun(run.Number, end));
    }

    private void Start(DownloadSource source, int first, int end, Instant now, EffectSink<DownloadEffect> effects)
    {
        var run = new DownloadRun(_nextRun++, source, first, end, now);
        _runs.Add(run.Number, run);
        source.Runs.Add(run);
        _meshRuns += source.Map is null ? 0 : 1;
        for (var piece = first; piece < end; piece++)
        {
            _asked[piece]++;
            _free.Clear(piece);
        }

        effects.Add(new DownloadEffect.StartRun(run.Number, source.Number, first, end));
    }

    private void Remove(DownloadRun run)
    {
        _runs.Remove(run.Number);
        _meshRuns -= run.Source.Map is null ? 0 : 1;
        run.Source.Runs.Remove(run);
        Unask(run.Next, run.End);
    }

    private void Unask(int first, int end)
    {
        for (var piece = first; piece < end; piece++)
        {
            _asked[piece]--;
        }

        Release(first, end);
    }

    private void Release(int first, int end)
    {
        for (var piece = first; piece < end; piece++)
        {
            if (_asked[piece] == 0 && !_have[piece] && _free.Set(piece))
            {
                foreach (var source in _meshSources)
                {
                    source.IsDry &= !source.Map![piece];
                }
            }
        }
    }

    private void Finish(DownloadEnd end, EffectSink<DownloadEffect> effects)
    {
        _ended = true;
        effects.Add(new DownloadEffect.Finish(end));
    }
}
