using System.Numerics;

namespace Cete.Core;

/// <summary>
/// A small seeded generator whose sequence is the same on every machine and in every version:
/// xoshiro256** (Blackman and Vigna, 2018), its state filled by splitmix64. Not for secrets. One caller at a time.
/// </summary>
public sealed class Prng
{
    private ulong _a, _b, _c, _d;

    public Prng(ulong seed)
    {
        _a = SplitMix(ref seed);
        _b = SplitMix(ref seed);
        _c = SplitMix(ref seed);
        _d = SplitMix(ref seed);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A number from 0 to below <paramref name="bound"/>, each equally likely (Lemire 2019).</summary>
    public long Next(long bound)
    {
        Check.That(bound > 0);
        var limit = (ulong)bound;
        var threshold = (0UL - limit) % limit;
        while (true)
        {
            var high = Math.BigMul(NextBits(), limit, out var low);
            if (low >= threshold)
            {
                return (long)high;
            }
        }
    }

    /// <summary>A number from 0 to below <paramref name="bound"/>.</summary>
    public int Next(int bound) => (int)Next((long)bound);

    /// <summary>True in <paramref name="parts"/> of <paramref name="whole"/> cases.</summary>
    public bool Chance(int parts, int whole) => Next(whole) < parts;

    /// <summary>Fills the whole span.</summary>
    public void Fill(Span<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(bytes, NextBits());
            bytes = bytes[8..];
        }

        var rest = NextBits();
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(rest >> (8 * i));
        }
    }

    /// <summary>A generator of its own for one part of a run, so that parts do not shift each other's sequences.</summary>
    public Prng Split() => new(NextBits());

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
