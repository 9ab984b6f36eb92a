using System.Buffers.Binary;
using System.Numerics;
using Cete.Core;

namespace Cete.Swarm.Download;

/// <summary>Peers that tell what they have.</summary>
public sealed partial class DownloadMachine
{
    private const int TurnsMax = 64;
    private const int RareMax = 64;

    /// <summary>Copies among the neighbours up to which the planner's word counts: it is a second old, and beyond this theirs tell more.</summary>
    private const int RareHere = 2;


    private readonly Prng _chance;
    private readonly List<int> _rareNow = [];
    private PieceMap? _rare;
    private ushort[]? _copies;
    private readonly List<DownloadSource> _meshSources = [];
    private int _long;
    private int _meshRuns;
    private Instant _wake;
    private Instant _slowCheck;

    private void Find(DownloadInput.SourceFound found)
    {
        if (_dropped.Contains(found.Source) || _sources.ContainsKey(found.Source))
        {
            return;
        }

        Check.That(found.Have is null || found.Have.Count == _have.Count, "a source's map is of another content");
        var source = new DownloadSource(found.Source, found.Have, found.IsLive);
        _sources.Add(found.Source, source);
        if (found.Have is null)
        {
            _long++;
            return;
        }

        _meshSources.Add(source);
        _copies ??= new ushort[_have.Count];
        Count(found.Have, 1);
    }

    private void Hear(DownloadInput.SourceHas has)
    {
        if (_sources.TryGetValue(has.Source, out var source) && source.Map is { } map)
        {
            foreach (var piece in has.Pieces)
            {
                if ((uint)piece < (uint)map.Count && map.Set(piece))
                {
                    _copies![piece]++;
                    source.IsDry &= !_free[piece];
                }
            }
        }
    }

    /// <summary>Of pieces that are as rare among the neighbours those come first that are rare in the whole swarm.</summary>
    private void Hear(DownloadInput.RarityHeard heard)
    {
        _rare ??= new PieceMap(_have.Count);
        foreach (var piece in _rareNow)
        {
            _rare.Clear(piece);
        }

        _rareNow.Clear();
        foreach (var piece in heard.Pieces)
        {
            if ((uint)piece < (uint)_have.Count && _rareNow.Count < RareMax && _rare.Set(piece))
            {
                _rareNow.Add(piece);
            }
        }
    }

    private void Lose(int number, EffectSink<DownloadEffect> effects)
    {
        if (!_sources.Remove(number, out var source))
        {
            return;
        }

        foreach (var run in source.Runs.ToArray())
        {
            Cancel(run, effects);
        }

        if (source.Map is { } map)
        {
            _meshSources.Remove(source);
            Count(map, -1);
        }
        else
        {
            _long--;
        }
    }

    private void Count(PieceMap map, int by)
    {
        for (var piece = map.NextPresent(0); piece < map.Count; piece = map.NextPresent(piece + 1))
        {
            _copies![piece] = (ushort)(_copies[piece] + by);
        }
    }

    private void Cancel(DownloadRun run, EffectSink<DownloadEffect> effects)
    {
        Remove(run);
        effects.Add(new DownloadEffect.CancelRun(run.Number));
    }

    private void CancelOthers(int piece, EffectSink<DownloadEffect> effects)
    {
        foreach (var run in _runs.Values.Where(run => run.Source.Map is not null && run.Next == piece).ToArray())
        {
            Cancel(run, effects);
        }
    }

    private static void Measure(DownloadRun run, Instant now)
    {
        var took = (now - run.Started).Ticks / TimeSpan.TicksPerMicrosecond;
        run.Source.PieceTime = run.Source.PieceTime == 0 ? took : ((run.Source.PieceTime * 3) + took) / 4;
    }

    private void AssignMesh(Instant now, EffectSink<DownloadEffect> effects)
    {
        if (_meshSources.Count == 0)
        {
            return;
        }

        ShortenLong(effects);
        GiveUpSlow(now, effects);
        while (_meshRuns < _settings.Slots && Readiest(now) is { } source)
        {
            var piece = UrgentOf(source.Map!);
            piece = piece < 0 ? RarestOf(source.Map!) : piece;
            if (piece < 0 && _free.Have == 0 && _have.Count - _have.Have <= _settings.EndGamePieces)
            {
                piece = LatestOf(source);
            }

            if (piece < 0)
            {
                source.IsDry = true;
                continue;
            }

            source.Turns -= source.IsLive ? 1 : 0;
            Start(source, piece, piece + 1, now, effects);
        }

        foreach (var source in _meshSources)
        {
            for (; source.Turns > 0; source.Turns--)
            {
                effects.Add(new DownloadEffect.PassTurn(source.Number));
            }

            source.IsDry &= !source.IsLive;
        }
    }

    /// <summary>Who brings long runs keeps the beginning of them: the rest is for all.</summary>
    private void ShortenLong(EffectSink<DownloadEffect> effects)
    {
        if (_long == 0)
        {
            return;
        }

        foreach (var source in _sources.Values)
        {
            if (source.Map is null && source.Runs is [var run] && run.End - run.Kept > _settings.LongRunMax)
            {
                Shorten(run, run.Kept + _settings.LongRunMax, effects);
            }
        }
    }

    /// <summary>What did not move for too long is left to others, where one has it; the slow one is asked for less for a while.</summary>
    private void GiveUpSlow(Instant now, EffectSink<DownloadEffect> effects)
    {
        if (_slowCheck > now)
        {
            return;
        }

        var next = now + _settings.SlowAfter;
        List<DownloadRun>? slow = null;
        foreach (var source in _meshSources)
        {
            foreach (var run in source.Runs)
            {
                var due = run.Moved + _settings.SlowAfter;
                if (due > now)
                {
                    next = Instant.Min(next, due);
                }
                else if (run.Asked == 0 && _copies![run.Next] > 1)
                {
                    (slow ??= []).Add(run);
                }
            }
        }

        _slowCheck = next;
        foreach (var run in slow ?? [])
        {
            run.Source.NotBefore = now + BackoffMin;
            Cancel(run, effects);
        }
    }

    /// <summary>Of the last pieces one that another was asked for and that comes late.</summary>
    private int LatestOf(DownloadSource source)
    {
        DownloadRun? latest = null;
        foreach (var other in _meshSources)
        {
            foreach (var run in other == source ? [] : other.Runs)
            {
                if (run.Asked == 0 && _asked[run.Next] == 1 && source.Map![run.Next] && (latest is null || run.Number < latest.Number))
                {
                    latest = run;
                }
            }
        }

        return latest?.Next ?? -1;
    }

    /// <summary>The source that would bring a piece soonest, as far as can be known; those that were not tried come first.</summary>
    private DownloadSource? Readiest(Instant now)
    {
        DownloadSource? best = null;
        var bestScore = long.MaxValue;
        foreach (var source in _meshSources)
        {
            if (source.IsDry || (source.IsLive ? source.Turns == 0 : source.Runs.Count >= _settings.RunsASource) || source.NotBefore > now)
            {
                continue;
            }

            var score = ((source.Runs.Count + 1) * (source.PieceTime + 1) * 16) + _chance.Next(16 * (source.PieceTime + 1));
            if (score < bestScore)
            {
                (best, bestScore) = (source, score);
            }
        }

        return best;
    }

    private int RarestOf(PieceMap map)
    {
        var (best, bestScore) = (-1, ulong.MaxValue);
        var has = map.Bits;
        var free = _free.Bits;
        for (var at = 0; at < has.Length; at += 8)
        {
            var both = BinaryPrimitives.ReadUInt64BigEndian(has[at..]) & BinaryPrimitives.ReadUInt64BigEndian(free[at..]);
            while (both != 0)
            {
                var bit = BitOperations.LeadingZeroCount(both);
                both &= ~(1UL << (63 - bit));
                var piece = (at * 8) + bit;
                var isRare = _rare is not null && _copies![piece] <= RareHere && _rare[piece];
                var score = ((ulong)_copies![piece] << 33) | (isRare ? 0 : 1UL << 32) | (uint)_chance.NextBits();
                if (score < bestScore)
                {
                    (best, bestScore) = (piece, score);
                }
            }
        }

        return best;
    }

    /// <summary>Some missing pieces at a place of chance, so that not all who download ask a web server for the same ones.</summary>
    private (int First, int End) SomeFree()
    {
        var first = _free.NextPresent(_chance.Next(_free.Count));
        first = first < _free.Count ? first : _free.NextPresent(0);
        return first == _free.Count ? (0, 0) : (first, Math.Min(_free.NextMissing(first), first + _settings.LongRunMax));
    }
}
