using System.Buffers.Binary;
using Cete.Core;

namespace Cete.Swarm.Caching;

/// <summary>
/// How often contents were asked for of late, in little memory: a count-min sketch of four rows of 4-bit counters that are halved from time to time, behind
/// a doorkeeper, a Bloom filter that keeps what is seen once out of it (Einziger, Friedman and Manes 2017, "TinyLFU: A Highly Efficient Cache Admission
/// Policy"). Only the lowest of a content's counters are raised (Estan and Varghese 2002), which halves what strangers add. One caller at a time.
/// </summary>
public sealed class FrequencySketch
{
    /// <summary>The highest count: fifteen in a counter, one in the doorkeeper.</summary>
    public const int CountMax = CounterMax + 1;

    private const int Rows = 4;
    private const int CounterMax = 15;
    private const int CountersAWord = 16;

    /// <summary>Three bits of eight a content: 3 % of strangers pass the doorkeeper at once.</summary>
    private const int DoorBits = 3;

    private readonly ulong[] _counters;
    private readonly ulong[] _door;
    private readonly ulong _seed;
    private long _added;

    /// <param name="contents">How many contents are to be told apart well: 10 bytes each, rounded up to a power of two.</param>
    /// <param name="seed">Secret, so that nobody can make contents which share counters with others on purpose.</param>
    public FrequencySketch(int contents, ulong seed)
    {
        Check.That(contents is > 0 and <= 1 << 24);
        var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(contents, 64));
        (_counters, _door, _seed) = (new ulong[size], new ulong[size / 4], seed);
    }

    /// <summary>How often all was halved.</summary>
    public long Halvings { get; private set; }

    /// <summary>A content is asked for.</summary>
    /// <param name="content">Its root.</param>
    /// <param name="period">After so many, all counts are halved.</param>
    public void Add(in Hash256 content, long period)
    {
        var (first, second) = Mix(content);
        if (PassesDoor(first, second, isEntering: true))
        {
            Raise(first, second);
        }

        if (++_added >= period)
        {
            Halve();
        }
    }

    /// <summary>How often it was asked for of late: never less than that, seldom more, 16 at most.</summary>
    public int CountOf(in Hash256 content)
    {
        var (first, second) = Mix(content);
        return Lowest(first, second) + (PassesDoor(first, second, isEntering: false) ? 1 : 0);
    }

    private void Halve()
    {
        for (var i = 0; i < _counters.Length; i++)
        {
            _counters[i] = (_counters[i] >> 1) & 0x7777_7777_7777_7777;
        }

        Array.Clear(_door);
        _added /= 2;
        Halvings++;
    }

    private void Raise(ulong first, ulong second)
    {
        var lowest = Lowest(first, second);
        if (lowest == CounterMax)
        {
            return;
        }

        for (var row = 0; row < Rows; row++)
        {
            var (word, shift) = PlaceOf(first, second, row);
            if (((_counters[word] >> shift) & CounterMax) == (ulong)lowest)
            {
                _counters[word] += 1UL << shift;
            }
        }
    }

    private int Lowest(ulong first, ulong second)
    {
        var lowest = CounterMax;
        for (var row = 0; row < Rows; row++)
        {
            var (word, shift) = PlaceOf(first, second, row);
            lowest = Math.Min(lowest, (int)((_counters[word] >> shift) & CounterMax));
        }

        return lowest;
    }

    /// <summary>A word holds four counters of each row, so that rows never share one.</summary>
    private (int Word, int Shift) PlaceOf(ulong first, ulong second, int row)
    {
        var hash = Stir(first + ((ulong)row * second));
        return ((int)(hash & (ulong)(_counters.Length - 1)), (row * CountersAWord) + (int)((hash >> 60) & 3) * 4);
    }

    private bool PassesDoor(ulong first, ulong second, bool isEntering)
    {
        var isKnown = true;
        for (var i = 1; i <= DoorBits; i++)
        {
            var bit = Stir(second + ((ulong)i * first)) & (((ulong)_door.Length * 64) - 1);
            var (word, mask) = ((int)(bit / 64), 1UL << (int)(bit % 64));
            isKnown &= (_door[word] & mask) != 0;
            _door[word] |= isEntering ? mask : 0;
        }

        return isKnown;
    }

    private (ulong First, ulong Second) Mix(in Hash256 content)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        content.CopyTo(bytes);
        var first = Stir(BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ _seed);
        return (first, Stir(BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) + first) | 1);
    }

    /// <summary>The end of splitmix64 (Steele, Lea and Flood 2014).</summary>
    private static ulong Stir(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
