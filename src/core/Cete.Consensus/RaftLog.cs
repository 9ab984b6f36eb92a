using Cete.Core;

namespace Cete.Consensus;

/// <summary>
/// What the machine knows of its log: the term of every entry that is still there, and the newest entries themselves, for sending. All the
/// others are on the disk alone.
/// </summary>
internal sealed class RaftLog
{
    private readonly List<TermSpan> _terms = [];
    private readonly List<ConsensusEntry> _cache = [];
    private int _cacheStart;
    private long _cacheBytes;

    public RaftLog(LogExtent extent)
    {
        Last = extent.Last;
        if (extent.Terms.Count == 0)
        {
            (Base, BaseTerm) = (extent.Last, extent.LastTerm);
        }
        else
        {
            (Base, BaseTerm) = (extent.First - 1, extent.First == 1 ? 0 : extent.PreviousTerm);
            _terms.AddRange(extent.Terms);
        }
    }

    /// <summary>Up to here, entries are gone.</summary>
    public long Base { get; private set; }

    /// <summary>The oldest entry whose term is known: who has it can be sent all that comes behind it.</summary>
    public long Oldest => BaseTerm is null ? Base + 1 : Base;

    /// <summary>Null when a log was read back and nobody knew it.</summary>
    private long? BaseTerm { get; set; }

    public long Last { get; private set; }

    public long LastTerm => _terms.Count > 0 ? _terms[^1].Term : BaseTerm ?? 0;

    /// <summary>The first entry that is in memory; behind <see cref="Last"/> when none is.</summary>
    public long CacheFirst => Last - (_cache.Count - _cacheStart) + 1;

    /// <summary>The term of an entry; null for one that is gone or not there yet.</summary>
    public long? TermAt(long index)
    {
        if (index == Base)
        {
            return BaseTerm;
        }

        if (index < Base || index > Last)
        {
            return null;
        }

        return _terms[SpanOf(index)].Term;
    }

    /// <summary>The newest entry up to an index whose term is not above another's: where two logs may agree (section 3.5, "back up quickly").</summary>
    public long NewestUpTo(long index, long term)
    {
        index = Math.Min(index, Last);
        while (index > Base && TermAt(index) > term)
        {
            index = Math.Max(Base, _terms[SpanOf(index)].First - 1);
        }

        return index;
    }

    public void Append(in ConsensusEntry entry)
    {
        Check.That(entry.Index == Last + 1 && entry.Term >= LastTerm, "a log has no gaps, and terms do not fall");
        if (_terms.Count == 0 || _terms[^1].Term != entry.Term)
        {
            _terms.Add(new TermSpan(entry.Index, entry.Term));
        }

        _cache.Add(entry);
        _cacheBytes += entry.Bytes;
        Last = entry.Index;
    }

    /// <summary>Drops everything behind an index.</summary>
    public void CutBack(long last)
    {
        Check.That(last >= Base && last <= Last);
        while (_terms.Count > 0 && _terms[^1].First > last)
        {
            _terms.RemoveAt(_terms.Count - 1);
        }

        while (_cache.Count > _cacheStart && Last > last)
        {
            _cacheBytes -= _cache[^1].Bytes;
            _cache.RemoveAt(_cache.Count - 1);
            Last--;
        }

        Last = last;
    }

    /// <summary>The disk does not hold entries up to here any more.</summary>
    public void Compact(long index)
    {
        if (index <= Base || index > Last)
        {
            return;
        }

        (BaseTerm, Base) = (TermAt(index)!.Value, index);
        var gone = 0;
        while (gone + 1 < _terms.Count && _terms[gone + 1].First <= index)
        {
            gone++;
        }

        _terms.RemoveRange(0, gone);
        if (index == Last)
        {
            _terms.Clear();
        }

        DropCached(index);
    }

    /// <summary>Begins anew behind a snapshot.</summary>
    public void Reset(long index, long term)
    {
        _terms.Clear();
        _cache.Clear();
        (_cacheStart, _cacheBytes) = (0, 0);
        (Base, BaseTerm, Last) = (index, term, index);
    }

    /// <summary>Entries in memory from an index on, up to some bytes but at least one; empty when the first is not in memory.</summary>
    public IReadOnlyList<ConsensusEntry> Slice(long from, int bytesMax)
    {
        if (from < CacheFirst || from > Last)
        {
            return [];
        }

        var start = _cacheStart + (int)(from - CacheFirst);
        var (count, bytes) = (1, (long)_cache[start].Bytes);
        while (start + count < _cache.Count && (bytes += _cache[start + count].Bytes) <= bytesMax)
        {
            count++;
        }

        return _cache.GetRange(start, count);
    }

    /// <summary>Lets go of entries in memory up to an index, while there are more bytes of them than wanted.</summary>
    public void Trim(long through, long bytesMax)
    {
        while (_cacheBytes > bytesMax && _cacheStart < _cache.Count && _cache[_cacheStart].Index <= through)
        {
            DropFirstCached();
        }

        PackCache();
    }

    private void DropCached(long through)
    {
        while (_cacheStart < _cache.Count && _cache[_cacheStart].Index <= through)
        {
            DropFirstCached();
        }

        PackCache();
    }

    private void DropFirstCached()
    {
        _cacheBytes -= _cache[_cacheStart].Bytes;
        _cache[_cacheStart++] = default;
    }

    private void PackCache()
    {
        if (_cacheStart > 64 && _cacheStart > _cache.Count / 2)
        {
            _cache.RemoveRange(0, _cacheStart);
            _cacheStart = 0;
        }
    }

    private int SpanOf(long index)
    {
        var (low, high) = (0, _terms.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = _terms[middle].First <= index ? (middle, high) : (low, middle - 1);
        }

        return low;
    }
}
