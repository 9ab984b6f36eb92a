using System.Numerics;
using Cete.Core;

namespace Cete.Swarm;

/// <summary>
/// Which pieces are there: one bit a piece, the first in the highest bit of the first byte (as BEP 3's bitfield). One caller at a time.
/// </summary>
public sealed class PieceMap
{
    private readonly byte[] _bits;

    /// <summary>A map with no piece set.</summary>
    public PieceMap(int count)
    {
        Check.That(count > 0);
        Count = count;
        _bits = new byte[(count + 63) / 64 * 8];
    }

    /// <summary>The map in whole words of 64 bits; those past the end are 0.</summary>
    internal ReadOnlySpan<byte> Bits => _bits;

    /// <summary>Number of pieces, there or not.</summary>
    public int Count { get; }

    /// <summary>Number of pieces that are there.</summary>
    public int Have { get; private set; }

    public bool IsFull => Have == Count;

    public bool this[int piece]
    {
        get
        {
            Check.That((uint)piece < (uint)Count);
            return (_bits[piece >> 3] & (0x80 >> (piece & 7))) != 0;
        }
    }

    /// <summary>A map with every piece set.</summary>
    public static PieceMap Full(int count)
    {
        var map = new PieceMap(count);
        for (var i = 0; i < count; i++)
        {
            map.Set(i);
        }

        return map;
    }

    /// <summary>Reads what <see cref="ToBytes"/> gave; bits past the end do not count.</summary>
    public static PieceMap FromBytes(int count, ReadOnlySpan<byte> bytes)
    {
        var map = new PieceMap(count);
        var length = (count + 7) / 8;
        Check.That(bytes.Length >= length);
        bytes[..length].CopyTo(map._bits);
        if ((count & 7) != 0)
        {
            map._bits[length - 1] &= (byte)(0xFF00 >> (count & 7));
        }

        foreach (var b in map._bits)
        {
            map.Have += BitOperations.PopCount(b);
        }

        return map;
    }

    public byte[] ToBytes() => [.. _bits.AsSpan(0, (Count + 7) / 8)];

    /// <summary>The byte of the map in which the bit of a piece stands, and where.</summary>
    public (int Offset, byte Value) ByteOf(int piece) => (piece >> 3, _bits[piece >> 3]);

    /// <summary>Sets a piece; false when it was set already.</summary>
    public bool Set(int piece)
    {
        Check.That((uint)piece < (uint)Count);
        var bit = (byte)(0x80 >> (piece & 7));
        if ((_bits[piece >> 3] & bit) != 0)
        {
            return false;
        }

        _bits[piece >> 3] |= bit;
        Have++;
        return true;
    }

    /// <summary>Takes a piece out; false when it was not there.</summary>
    public bool Clear(int piece)
    {
        if (!this[piece])
        {
            return false;
        }

        _bits[piece >> 3] &= (byte)~(0x80 >> (piece & 7));
        Have--;
        return true;
    }

    /// <summary>The first piece at or after <paramref name="from"/> that is missing; <see cref="Count"/> when none is.</summary>
    public int NextMissing(int from)
    {
        for (var i = from; i < Count; i++)
        {
            if ((i & 7) == 0 && _bits[i >> 3] == 0xFF)
            {
                i += 7;
            }
            else if (!this[i])
            {
                return i;
            }
        }

        return Count;
    }

    /// <summary>The first piece at or after <paramref name="from"/> that is there; <see cref="Count"/> when none is.</summary>
    public int NextPresent(int from)
    {
        for (var i = from; i < Count; i++)
        {
            if ((i & 7) == 0 && _bits[i >> 3] == 0)
            {
                i += 7;
            }
            else if (this[i])
            {
                return i;
            }
        }

        return Count;
    }

    /// <summary>The runs of missing pieces in order: first piece and count.</summary>
    public IEnumerable<(int First, int Count)> MissingRuns()
    {
        for (var first = NextMissing(0); first < Count;)
        {
            var end = NextPresent(first);
            yield return (first, end - first);
            first = NextMissing(end);
        }
    }

    public PieceMap Copy() => FromBytes(Count, _bits);
}
