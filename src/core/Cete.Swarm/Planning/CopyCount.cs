using System.Buffers.Binary;
using System.Numerics;
using Cete.Core;

namespace Cete.Swarm.Planning;

/// <summary>How many copies of each piece there are, and which are the rarest.</summary>
internal sealed class CopyCount
{
    /// <summary>How long an order stands: 100 ms, and longer the more there is to sort, so that sorting stays a small part of the work.</summary>
    private readonly TimeSpan _sortedFor;

    private readonly int[] _copies;
    private readonly PieceMap _none;
    private readonly PieceMap _single;
    private readonly int[] _order;
    private readonly long[] _keys;
    private readonly Prng _chance;
    private Instant? _sorted;

    public CopyCount(int pieces, Prng chance)
    {
        (_copies, _order, _keys, _chance) = (new int[pieces], new int[pieces], new long[pieces], chance);
        _sortedFor = TimeSpan.FromMilliseconds(100 * Math.Max(1, pieces / 4_096));
        (_none, _single) = (PieceMap.Full(pieces), new PieceMap(pieces));
    }

    /// <summary>A piece has one copy only.</summary>
    public bool HasSingle => _single.Have > 0;

    public int this[int piece] => _copies[piece];

    public void Add(PieceMap map) => Each(map, 1);

    public void Take(PieceMap map) => Each(map, -1);

    /// <summary>A peer's map becomes another one, in place.</summary>
    public void Change(PieceMap map, bool wasCounted, PieceMap to, bool isCounted)
    {
        if (wasCounted && !isCounted)
        {
            Take(map);
        }

        var counted = wasCounted && isCounted;
        for (var at = 0; at < map.Bits.Length; at += 8)
        {
            var (before, after) = (BinaryPrimitives.ReadUInt64BigEndian(map.Bits[at..]), BinaryPrimitives.ReadUInt64BigEndian(to.Bits[at..]));
            for (var changed = before ^ after; changed != 0;)
            {
                var bit = BitOperations.LeadingZeroCount(changed);
                changed &= ~(1UL << (63 - bit));
                var piece = (at * 8) + bit;
                var isThere = (after & (1UL << (63 - bit))) != 0;
                _ = isThere ? map.Set(piece) : map.Clear(piece);
                if (counted)
                {
                    Count(piece, isThere ? 1 : -1);
                }
            }
        }

        if (isCounted && !wasCounted)
        {
            Add(map);
        }
    }

    /// <summary>A map has a piece that nobody else has.</summary>
    public bool IsLast(PieceMap map, bool isCounted)
    {
        var lonely = isCounted ? _single : _none;
        if (lonely.Have == 0)
        {
            return false;
        }

        for (var at = 0; at < map.Bits.Length; at += 8)
        {
            if ((BinaryPrimitives.ReadUInt64BigEndian(map.Bits[at..]) & BinaryPrimitives.ReadUInt64BigEndian(lonely.Bits[at..])) != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The rarest pieces that a map lacks, of those that somebody has; equals in an order of chance.</summary>
    public int[] RarestLackedBy(PieceMap map, int most, Instant now)
    {
        if (_sorted is not { } sorted || now - sorted >= _sortedFor || now < sorted)
        {
            Sort(now);
        }

        Span<int> found = stackalloc int[Math.Min(most, 256)];
        var count = 0;
        for (var i = 0; i < _order.Length && count < found.Length; i++)
        {
            if (!map[_order[i]])
            {
                found[count++] = _order[i];
            }
        }

        return [.. found[..count]];
    }

    private void Sort(Instant now)
    {
        _sorted = now;
        for (var piece = 0; piece < _order.Length; piece++)
        {
            var copies = _copies[piece] == 0 ? int.MaxValue : _copies[piece];
            (_order[piece], _keys[piece]) = (piece, ((long)copies << 24) | (uint)_chance.Next(1 << 24));
        }

        Array.Sort(_keys, _order);
    }

    private void Each(PieceMap map, int by)
    {
        for (var piece = map.NextPresent(0); piece < map.Count; piece = map.NextPresent(piece + 1))
        {
            Count(piece, by);
        }
    }

    private void Count(int piece, int by)
    {
        var copies = _copies[piece] += by;
        _ = copies == 0 ? _none.Set(piece) : _none.Clear(piece);
        _ = copies == 1 ? _single.Set(piece) : _single.Clear(piece);
    }
}
