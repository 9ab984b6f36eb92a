using System.Buffers.Binary;
using Cete.Core;

namespace Cete.Fuzzing;

/// <summary>Makes an input of others: bits, bytes, pieces and lengths change.</summary>
internal sealed class Mutator(Prng chance)
{
    private static readonly long[] Telling =
    [
        0, 1, 2, 16, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, int.MaxValue, (long)int.MaxValue + 1, uint.MaxValue, (long)uint.MaxValue + 1,
        long.MaxValue, long.MinValue, -1, -2,
    ];

    /// <summary>One to four changes of a parent; never longer than <paramref name="bytesMax"/>.</summary>
    public byte[] Mutate(IReadOnlyList<byte[]> pool, IReadOnlyList<byte[]> dictionary, int bytesMax)
    {
        var bytes = pool[chance.Next(pool.Count)].ToList();
        for (var changes = 1 + chance.Next(4); changes > 0; changes--)
        {
            Change(bytes, pool, dictionary);
        }

        return [.. bytes.Take(bytesMax)];
    }

    private void Change(List<byte> bytes, IReadOnlyList<byte[]> pool, IReadOnlyList<byte[]> dictionary)
    {
        switch (chance.Next(12))
        {
            case 0 or 1 when bytes.Count > 0:
                bytes[At(bytes)] ^= (byte)(1 << chance.Next(8));
                break;
            case 2 when bytes.Count > 0:
                bytes[At(bytes)] = (byte)chance.Next(256);
                break;
            case 3:
                bytes.RemoveRange(At(bytes), bytes.Count - At(bytes, bytes.Count));
                break;
            case 4 when bytes.Count > 0:
                var from = At(bytes);
                bytes.RemoveRange(from, 1 + chance.Next(Math.Min(16, bytes.Count - from)));
                break;
            case 5 when bytes.Count > 0:
                Repeat(bytes);
                break;
            case 6:
                Splice(bytes, pool[chance.Next(pool.Count)]);
                break;
            case 7 or 8 when dictionary.Count > 0:
                Put(bytes, dictionary[chance.Next(dictionary.Count)], chance.Chance(1, 2));
                break;
            case 9:
                Put(bytes, Number(), isOver: true);
                break;
            case 10:
                Put(bytes, Varint((ulong)Telling[chance.Next(Telling.Length)]), chance.Chance(1, 2));
                break;
            default:
                bytes.Insert(At(bytes, bytes.Count), (byte)chance.Next(256));
                break;
        }
    }

    private int _at;

    /// <summary>A place in the bytes, remembered so that a cut and its length can be drawn together.</summary>
    private int At(List<byte> bytes) => _at = bytes.Count == 0 ? 0 : chance.Next(bytes.Count);

    private int At(List<byte> bytes, int most) => _at <= most ? _at : bytes.Count;

    private void Repeat(List<byte> bytes)
    {
        var from = At(bytes);
        var piece = bytes.GetRange(from, 1 + chance.Next(Math.Min(64, bytes.Count - from)));
        for (var times = 1 + chance.Next(chance.Chance(1, 10) ? 64 : 3); times > 0; times--)
        {
            bytes.InsertRange(from, piece);
        }
    }

    /// <summary>The beginning of one and the end of another.</summary>
    private void Splice(List<byte> bytes, byte[] other)
    {
        var keep = At(bytes);
        bytes.RemoveRange(keep, bytes.Count - keep);
        bytes.AddRange(other[(other.Length == 0 ? 0 : chance.Next(other.Length))..]);
    }

    private void Put(List<byte> bytes, byte[] piece, bool isOver)
    {
        var at = At(bytes);
        if (isOver)
        {
            bytes.RemoveRange(at, Math.Min(piece.Length, bytes.Count - at));
        }

        bytes.InsertRange(at, piece);
    }

    /// <summary>A number that programs stumble over, as lengths stand in formats: of 2, 4 or 8 bytes, either end first.</summary>
    private byte[] Number()
    {
        var number = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, Telling[chance.Next(Telling.Length)] + chance.Next(3) - 1);
        var bytes = number[..(2 << chance.Next(3))];
        if (chance.Chance(1, 2))
        {
            bytes.AsSpan().Reverse();
        }

        return bytes;
    }

    private static byte[] Varint(ulong number)
    {
        List<byte> bytes = [];
        for (; number >= 0x80; number >>= 7)
        {
            bytes.Add((byte)(number | 0x80));
        }

        return [.. bytes, (byte)number];
    }
}
