using Cete.Core;
using Cete.Swarm.Caching;

namespace Cete.Swarm.Tests.Caching;

/// <summary>How a request ended.</summary>
internal enum Asked
{
    Hit,
    Fetched,
    Refused,
}

/// <summary>A way to decide what is kept.</summary>
internal interface IRivalCache
{
    Asked Ask(Hash256 root, long size);
}

/// <summary>Ours.</summary>
internal sealed class OwnCache(long capacity) : IRivalCache
{
    private readonly CachePolicy _policy = new(new CacheSettings { Capacity = capacity }, seed: 7);

    public Asked Ask(Hash256 root, long size)
    {
        var decision = _policy.Seen(root, size);
        Assert.True(_policy.Used <= capacity);
        return decision.IsHit ? Asked.Hit : decision.IsAdmitted ? Asked.Fetched : Asked.Refused;
    }
}

/// <summary>Keeps what was asked for last.</summary>
internal sealed class LruCache(long capacity) : IRivalCache
{
    private readonly Dictionary<Hash256, LinkedListNode<(Hash256 Root, long Size)>> _entries = [];
    private readonly LinkedList<(Hash256 Root, long Size)> _order = new();
    private long _used;

    public Asked Ask(Hash256 root, long size)
    {
        if (_entries.TryGetValue(root, out var known))
        {
            _order.Remove(known);
            _order.AddFirst(known);
            return Asked.Hit;
        }

        if (size <= capacity)
        {
            _entries.Add(root, _order.AddFirst((root, size)));
            _used += size;
        }

        while (_used > capacity)
        {
            var (oldest, bytes) = _order.Last!.Value;
            _order.RemoveLast();
            _entries.Remove(oldest);
            _used -= bytes;
        }

        return Asked.Fetched;
    }
}

/// <summary>The segmented LRU that ours has inside, but whoever comes gets in (Karedla, Love and Wherry 1994).</summary>
internal sealed class OpenCache(long capacity) : IRivalCache
{
    private readonly LinkedList<(Hash256 Root, long Size)> _once = new();
    private readonly LinkedList<(Hash256 Root, long Size)> _again = new();
    private readonly Dictionary<Hash256, LinkedListNode<(Hash256 Root, long Size)>> _entries = [];
    private long _used, _usedAgain;

    public Asked Ask(Hash256 root, long size)
    {
        var isHit = _entries.TryGetValue(root, out var node);
        if (node is not null)
        {
            _usedAgain += node.List == _again ? 0 : size;
            node.List!.Remove(node);
            _again.AddFirst(node);
            while (_usedAgain > capacity * 8 / 10)
            {
                var demoted = _again.Last!;
                _again.Remove(demoted);
                _once.AddFirst(demoted);
                _usedAgain -= demoted.Value.Size;
            }
        }
        else if (size <= capacity)
        {
            _entries.Add(root, _once.AddFirst((root, size)));
            _used += size;
        }

        while (_used > capacity)
        {
            var list = _once.Count > 0 ? _once : _again;
            var (oldest, bytes) = list.Last!.Value;
            _usedAgain -= list == _again ? bytes : 0;
            list.RemoveLast();
            _entries.Remove(oldest);
            _used -= bytes;
        }

        return isHit ? Asked.Hit : Asked.Fetched;
    }
}

/// <summary>Keeps what is asked for most for its size, by a clock that each eviction sets (Cherkasova 1998, "Greedy-Dual-Size-Frequency").</summary>
internal sealed class GdsfCache(long capacity) : IRivalCache
{
    private readonly Dictionary<Hash256, (double Priority, long Size, int Count)> _entries = [];
    private readonly PriorityQueue<(Hash256 Root, double Priority), double> _order = new();
    private long _used;
    private double _clock;

    public Asked Ask(Hash256 root, long size)
    {
        var isHit = _entries.TryGetValue(root, out var known);
        if (!isHit && size > capacity)
        {
            return Asked.Refused;
        }

        var count = known.Count + 1;
        var priority = _clock + ((double)count / size);
        _entries[root] = (priority, size, count);
        _order.Enqueue((root, priority), priority);
        _used += isHit ? 0 : size;
        while (_used > capacity)
        {
            var (oldest, told) = _order.Dequeue();
            if (_entries.TryGetValue(oldest, out var entry) && entry.Priority == told)
            {
                _clock = told;
                _used -= entry.Size;
                _entries.Remove(oldest);
            }
        }

        return isHit ? Asked.Hit : Asked.Fetched;
    }
}
