using System.Diagnostics.CodeAnalysis;

namespace Cete.Swarm.Caching;

/// <summary>A part of a cache, in the order in which its contents were asked for.</summary>
internal sealed class CacheSegment
{
    private readonly LinkedList<CacheEntry> _entries = new();

    public long Bytes { get; private set; }

    public long BytesMax { get; set; }

    public bool IsOver => Bytes > BytesMax;

    /// <summary>What was asked for the longest ago.</summary>
    public CacheEntry? Oldest => _entries.Last?.Value;

    public void Add(CacheEntry entry)
    {
        entry.Segment = this;
        _entries.AddFirst(entry.Node);
        Bytes += entry.Size;
    }

    public void Take(CacheEntry entry)
    {
        _entries.Remove(entry.Node);
        Bytes -= entry.Size;
        entry.Segment = null;
    }

    public void Refresh(CacheEntry entry)
    {
        _entries.Remove(entry.Node);
        _entries.AddFirst(entry.Node);
    }

    public bool TryTakeOldest([NotNullWhen(true)] out CacheEntry? entry)
    {
        entry = Oldest;
        if (entry is not null)
        {
            Take(entry);
        }

        return entry is not null;
    }

    /// <summary>From the one that was asked for the longest ago on.</summary>
    public IEnumerable<CacheEntry> FromOldest()
    {
        for (var node = _entries.Last; node is not null; node = node.Previous)
        {
            yield return node.Value;
        }
    }
}

/// <summary>A content and where it stands.</summary>
internal sealed class CacheEntry
{
    public CacheEntry(CachedContent content) => (Content, Node) = (content, new LinkedListNode<CacheEntry>(this));

    public CachedContent Content { get; }

    public long Size => Content.Size;

    public LinkedListNode<CacheEntry> Node { get; }

    public CacheSegment? Segment { get; set; }
}
