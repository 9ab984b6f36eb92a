using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using Cete.Core;
using Lanes = System.Runtime.Intrinsics.Vector512<uint>;

namespace Cete.Swarm;

/// <summary>
/// SHA-256 (FIPS 180-4) of sixteen messages of one length at once, one in each 32-bit lane of AVX-512 registers: "multi-buffer hashing". A single
/// message is bound by the latency of its rounds, even with SHA instructions; sixteen beside each other are not, and give nearly twice their rate.
/// </summary>
public static class Sha256Lanes
{
    /// <summary>Messages hashed at once.</summary>
    public const int Count = 16;

    private const int BlockSize = 64;
    private const int BlockWords = BlockSize / sizeof(uint);
    private const int Rounds = 64;

    // Truth tables: bit 4x + 2y + z is the answer for x, y, z.
    private const byte Choose = 0b1100_1010;
    private const byte Majority = 0b1110_1000;

    private static readonly uint[] RoundConstants =
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    private static readonly uint[] Initial =
        [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

    private static readonly Vector512<byte> BigEndian = Vector512.Create(
        Vector256.Create(Vector128.Create((byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)));

    /// <summary>Whether this processor has the registers; without them messages are hashed one after the other, which gains nothing.</summary>
    public static bool IsAccelerated => Avx512F.IsSupported && Avx512BW.IsSupported;

    /// <summary>Hashes <see cref="Count"/> messages that lie one behind the other.</summary>
    /// <param name="messages">All messages.</param>
    /// <param name="length">Bytes of each: a multiple of 64.</param>
    /// <param name="hashes">Takes the hashes, in the order of the messages; it may overlap them.</param>
    public static void Hash(ReadOnlySpan<byte> messages, int length, Span<byte> hashes)
    {
        Check.That(length % BlockSize == 0 && messages.Length == Count * length && hashes.Length == Count * Hash256.Size);
        if (IsAccelerated)
        {
            HashTogether(messages, length, hashes);
            return;
        }

        Span<byte> apart = stackalloc byte[Count * Hash256.Size];
        for (var lane = 0; lane < Count; lane++)
        {
            SHA256.HashData(messages.Slice(lane * length, length), apart[(lane * Hash256.Size)..]);
        }

        apart.CopyTo(hashes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void HashTogether(ReadOnlySpan<byte> messages, int length, Span<byte> hashes)
    {
        Words state = default;
        for (var i = 0; i < Initial.Length; i++)
        {
            state[i] = Vector512.Create(Initial[i]);
        }

        Words block = default;
        ref var first = ref MemoryMarshal.GetReference(messages);
        for (var offset = 0; offset < length; offset += BlockSize)
        {
            Load(ref Unsafe.Add(ref first, offset), (nuint)length, ref block);
            Compress(ref state, ref block);
        }

        Pad(ref block, length);
        Compress(ref state, ref block);
        for (var lane = 0; lane < Count; lane++)
        {
            for (var i = 0; i < Initial.Length; i++)
            {
                BinaryPrimitives.WriteUInt32BigEndian(hashes[((lane * Hash256.Size) + (i * sizeof(uint)))..], state[i][lane]);
            }
        }
    }

    private static void Pad(ref Words block, int length)
    {
        block = default;
        block[0] = Vector512.Create(0x80000000u);
        block[BlockWords - 1] = Vector512.Create((uint)length * 8);
    }

    /// <summary>Reads a block of every message and turns rows into columns, so that vector i holds word i of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Load(ref byte first, nuint stride, ref Words block)
    {
        for (var four = 0; four < BlockWords; four += 4)
        {
            ref var row = ref Unsafe.Add(ref first, stride * (nuint)four);
            var a = Row(ref row, 0);
            var b = Row(ref row, stride);
            var c = Row(ref row, stride * 2);
            var d = Row(ref row, stride * 3);
            var abLow = Avx512F.UnpackLow(a, b).AsUInt64();
            var abHigh = Avx512F.UnpackHigh(a, b).AsUInt64();
            var cdLow = Avx512F.UnpackLow(c, d).AsUInt64();
            var cdHigh = Avx512F.UnpackHigh(c, d).AsUInt64();
            block[four] = Avx512F.UnpackLow(abLow, cdLow).AsUInt32();
            block[four + 1] = Avx512F.UnpackHigh(abLow, cdLow).AsUInt32();
            block[four + 2] = Avx512F.UnpackLow(abHigh, cdHigh).AsUInt32();
            block[four + 3] = Avx512F.UnpackHigh(abHigh, cdHigh).AsUInt32();
        }

        for (var i = 0; i < 4; i++)
        {
            var evenLow = Avx512F.Shuffle4x128(block[i], block[i + 4], 0b10_00_10_00);
            var oddLow = Avx512F.Shuffle4x128(block[i], block[i + 4], 0b11_01_11_01);
            var evenHigh = Avx512F.Shuffle4x128(block[i + 8], block[i + 12], 0b10_00_10_00);
            var oddHigh = Avx512F.Shuffle4x128(block[i + 8], block[i + 12], 0b11_01_11_01);
            block[i] = Avx512F.Shuffle4x128(evenLow, evenHigh, 0b10_00_10_00);
            block[i + 4] = Avx512F.Shuffle4x128(oddLow, oddHigh, 0b10_00_10_00);
            block[i + 8] = Avx512F.Shuffle4x128(evenLow, evenHigh, 0b11_01_11_01);
            block[i + 12] = Avx512F.Shuffle4x128(oddLow, oddHigh, 0b11_01_11_01);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes Row(ref byte row, nuint offset) => Avx512BW.Shuffle(Vector512.LoadUnsafe(ref row, offset), BigEndian).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compress(ref Words state, ref Words block)
    {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3]);
        var (e, f, g, h) = (state[4], state[5], state[6], state[7]);
        ref var word = ref block[0];
        ref var constant = ref MemoryMarshal.GetArrayDataReference(RoundConstants);
        for (var i = 0; i < BlockWords; i += 8)
        {
            EightRounds(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, ref word, i, extend: false, ref Unsafe.Add(ref constant, i));
        }

        for (var i = BlockWords; i < Rounds; i += BlockWords)
        {
            EightRounds(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, ref word, 0, extend: true, ref Unsafe.Add(ref constant, i));
            EightRounds(ref a, ref b, ref c, ref d, ref e, ref f, ref g, ref h, ref word, 8, extend: true, ref Unsafe.Add(ref constant, i + 8));
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    /// <summary>Eight rounds, after which each variable is back in its place: the names turn, no value is moved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EightRounds(
        ref Lanes a, ref Lanes b, ref Lanes c, ref Lanes d, ref Lanes e, ref Lanes f, ref Lanes g, ref Lanes h,
        ref Lanes words, int from, bool extend, ref uint k)
    {
        Round(a, b, c, ref d, e, f, g, ref h, Word(ref words, from, extend), k);
        Round(h, a, b, ref c, d, e, f, ref g, Word(ref words, from + 1, extend), Unsafe.Add(ref k, 1));
        Round(g, h, a, ref b, c, d, e, ref f, Word(ref words, from + 2, extend), Unsafe.Add(ref k, 2));
        Round(f, g, h, ref a, b, c, d, ref e, Word(ref words, from + 3, extend), Unsafe.Add(ref k, 3));
        Round(e, f, g, ref h, a, b, c, ref d, Word(ref words, from + 4, extend), Unsafe.Add(ref k, 4));
        Round(d, e, f, ref g, h, a, b, ref c, Word(ref words, from + 5, extend), Unsafe.Add(ref k, 5));
        Round(c, d, e, ref f, g, h, a, ref b, Word(ref words, from + 6, extend), Unsafe.Add(ref k, 6));
        Round(b, c, d, ref e, f, g, h, ref a, Word(ref words, from + 7, extend), Unsafe.Add(ref k, 7));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(Lanes a, Lanes b, Lanes c, ref Lanes d, Lanes e, Lanes f, Lanes g, ref Lanes h, Lanes word, uint constant)
    {
        var sum = h + Xor(Rotate(e, 6), Rotate(e, 11), Rotate(e, 25)) + Avx512F.TernaryLogic(e, f, g, Choose) + word + Vector512.Create(constant);
        d += sum;
        h = sum + Xor(Rotate(a, 2), Rotate(a, 13), Rotate(a, 22)) + Avx512F.TernaryLogic(a, b, c, Majority);
    }

    /// <summary>A word of the message schedule; beyond the sixteenth it takes the place of the one sixteen before, just when it is needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes Word(ref Lanes words, int i, bool extend)
    {
        ref var word = ref Unsafe.Add(ref words, i);
        if (extend)
        {
            var next = Unsafe.Add(ref words, (i + 1) % BlockWords);
            var late = Unsafe.Add(ref words, (i + 14) % BlockWords);
            word += Xor(Rotate(next, 7), Rotate(next, 18), Avx512F.ShiftRightLogical(next, 3))
                + Unsafe.Add(ref words, (i + 9) % BlockWords)
                + Xor(Rotate(late, 17), Rotate(late, 19), Avx512F.ShiftRightLogical(late, 10));
        }

        return word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes Rotate(Lanes value, [ConstantExpected] byte bits) => Avx512F.RotateRight(value, bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes Xor(Lanes a, Lanes b, Lanes c) => a ^ b ^ c;

    [InlineArray(BlockWords)]
    private struct Words
    {
        private Lanes _first;
    }
}
