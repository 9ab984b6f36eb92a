using Cete.Core;

namespace Cete.Swarm.Caching;

/// <summary>
/// What is worth keeping: W-TinyLFU for contents of very different sizes. Newcomers pass through a small window; what leaves it, or is larger than it, has to
/// be worth more than all those together that would have to go for it (aggregated victims: Einziger, Eytan, Friedman and Manes 2021, "Lightweight Robust
/// Size Aware Cache Management"). Those are the ones of a segmented LRU that were not asked for the longest. So neither a scan nor one large content drives
/// out what many small ones earn, and little is fetched in vain. Knows nothing of disks: whoever asks carries out what it says. The same calls give the same
/// answers. One caller at a time.
/// </summary>
public sealed class CachePolicy
{
    /// <summary>
    /// Counts are halved after so many times as many requests as contents are kept. Ten is usual where pages and lines of programs are kept; two does better
    /// where what is new is popular.
    /// </summary>
    private const int PeriodFactor = 2;

    /// <summary>Where few are kept the period is that of so many.</summary>
    private const int PeriodContentsMin = 128;

    private readonly Dictionary<Hash256, CacheEntry> _entries = [];
    private readonly CacheSegment _window = new();
    private readonly CacheSegment _probation = new();
    private readonly CacheSegment _protected = new();
    private readonly FrequencySketch _sketch;
    private readonly CacheSettings _settings;
    private List<CachedContent> _evicted = [];

    /// <param name="settings">Its bounds.</param>
    /// <param name="seed">Secret: <see cref="FrequencySketch"/>.</param>
    public CachePolicy(CacheSettings settings, ulong seed)
    {
        Check.That(settings is { Capacity: >= 0, ContentsMax: > 0, WindowShare: >= 0 and <= 1000, ProtectedShare: >= 0 and <= 1000 });
        (_settings, Capacity) = (settings, settings.Capacity);
        _sketch = new FrequencySketch(Math.Min(settings.ContentsMax, 1 << 24), seed);
        Share();
    }

    /// <summary>Bytes of all that may be kept.</summary>
    public long Capacity { get; private set; }

    /// <summary>Bytes of all that is kept.</summary>
    public long Used => _window.Bytes + MainBytes;

    /// <summary>Contents that are kept.</summary>
    public int Count => _entries.Count;

    private long MainBytes => _probation.Bytes + _protected.Bytes;

    private long MainMax => Capacity - _window.BytesMax;

    private long Period => (long)PeriodFactor * Math.Max(_entries.Count, PeriodContentsMin);

    /// <summary>Whether a content is kept.</summary>
    public bool Has(in Hash256 root) => _entries.ContainsKey(root);

    /// <summary>How often a content was asked for of late: never less than that, 16 at most.</summary>
    public int FrequencyOf(in Hash256 root) => _sketch.CountOf(root);

    /// <summary>A content is asked for.</summary>
    /// <param name="root">Its root.</param>
    /// <param name="size">Its bytes; what it has when it is kept already does not change.</param>
    public CacheDecision Seen(in Hash256 root, long size)
    {
        Check.That(size >= 0);
        _evicted = [];
        _sketch.Add(root, Period);
        var isHit = _entries.TryGetValue(root, out var known);
        if (known is not null)
        {
            Touch(known);
        }
        else
        {
            Enter(new CacheEntry(new CachedContent(root, size)));
        }

        var isAdmitted = !isHit && _entries.ContainsKey(root);
        var asked = root;
        _evicted.RemoveAll(one => one.Root == asked && !isHit);
        return new CacheDecision(isHit, isAdmitted, _evicted);
    }

    /// <summary>Takes back what was kept before a restart; false where there is no room for it.</summary>
    public bool Restore(in Hash256 root, long size)
    {
        Check.That(size >= 0);
        if (_entries.ContainsKey(root) || MainBytes + size > MainMax || _entries.Count >= _settings.ContentsMax)
        {
            return false;
        }

        Keep(new CacheEntry(new CachedContent(root, size)), _probation);
        return true;
    }

    /// <summary>A content is gone, or did not come.</summary>
    public void Remove(in Hash256 root)
    {
        if (_entries.Remove(root, out var entry))
        {
            entry.Segment!.Take(entry);
        }
    }

    /// <summary>There is more room or less from now on.</summary>
    /// <returns>What has to go.</returns>
    public IReadOnlyList<CachedContent> Resize(long capacity)
    {
        Check.That(capacity >= 0);
        _evicted = [];
        Capacity = capacity;
        Share();
        Settle();
        return _evicted;
    }

    private void Share()
    {
        _window.BytesMax = (long)((Int128)Capacity * _settings.WindowShare / 1000);
        _protected.BytesMax = (long)((Int128)MainMax * _settings.ProtectedShare / 1000);
    }

    private void Touch(CacheEntry entry)
    {
        if (entry.Segment != _probation || entry.Size > _protected.BytesMax)
        {
            entry.Segment!.Refresh(entry);
            return;
        }

        _probation.Take(entry);
        _protected.Add(entry);
        Demote();
    }

    private void Demote()
    {
        while (_protected.IsOver && _protected.TryTakeOldest(out var oldest))
        {
            _probation.Add(oldest);
        }
    }

    private void Enter(CacheEntry entry)
    {
        if (_settings.FrequencyMin > 1 && _sketch.CountOf(entry.Content.Root) < _settings.FrequencyMin)
        {
            return;
        }

        if (entry.Size > _window.BytesMax || _entries.Count >= _settings.ContentsMax)
        {
            Contest(entry);
            return;
        }

        Keep(entry, _window);
        while (_window.IsOver && _window.TryTakeOldest(out var oldest))
        {
            _entries.Remove(oldest.Content.Root);
            Contest(oldest);
        }
    }

    /// <summary>One that is kept nowhere takes the place of those that were not asked for the longest, if it earns more than they do.</summary>
    private void Contest(CacheEntry candidate)
    {
        var free = MainMax - MainBytes;
        var places = _settings.ContentsMax - _entries.Count;
        var wins = candidate.Size <= MainMax;
        List<CacheEntry> victims = [];
        if (wins && (free < candidate.Size || places == 0))
        {
            var worth = WorthOf(candidate);
            foreach (var victim in _probation.FromOldest().Concat(_protected.FromOldest()))
            {
                if (free >= candidate.Size && places > 0)
                {
                    break;
                }

                worth -= WorthOf(victim);
                if (worth <= 0)
                {
                    break;
                }

                victims.Add(victim);
                (free, places) = (free + victim.Size, places + 1);
            }

            wins = worth > 0 && free >= candidate.Size && places > 0;
        }

        if (!wins)
        {
            _evicted.Add(candidate.Content);
            return;
        }

        victims.ForEach(Evict);
        Keep(candidate, _probation);
    }

    /// <summary>
    /// Frequency alone would keep all that is large out: what a large one displaces is hundreds of small ones, and counts end at 16. Frequency times size
    /// serves most bytes, frequency alone most requests; this is between them.
    /// </summary>
    private double WorthOf(CacheEntry entry) => _sketch.CountOf(entry.Content.Root) * Math.Sqrt(entry.Size + 1.0);

    /// <summary>Has each part within its bounds again after they changed.</summary>
    private void Settle()
    {
        Demote();
        while (_window.IsOver && _window.TryTakeOldest(out var oldest))
        {
            _entries.Remove(oldest.Content.Root);
            Contest(oldest);
        }

        while (MainBytes > MainMax && (_probation.Oldest ?? _protected.Oldest) is { } oldest)
        {
            if (_window.Bytes + oldest.Size > _window.BytesMax)
            {
                Evict(oldest);
                continue;
            }

            oldest.Segment!.Take(oldest);
            _window.Add(oldest);
        }
    }

    private void Keep(CacheEntry entry, CacheSegment segment)
    {
        _entries.Add(entry.Content.Root, entry);
        segment.Add(entry);
    }

    private void Evict(CacheEntry entry)
    {
        entry.Segment!.Take(entry);
        _entries.Remove(entry.Content.Root);
        _evicted.Add(entry.Content);
    }
}
