using System.Buffers.Binary;

namespace Cete.Simulation.World;

/// <summary>
/// A running 64-bit hash over words, texts and bytes, the same in every process and on every machine. It tells runs apart; it is no
/// defence against anybody. Each word is folded by one wide multiplication, as wyhash does (Wang Yi, 2019).
/// </summary>
public struct Fingerprint(ulong start)
{
    private const ulong Odd = 0xA0761D6478BD642F;
    private const ulong Spread = 0xE7037ED1A0B428DB;

    /// <summary>The hash of all that was added, in that order.</summary>
    public ulong Value { get; private set; } = start ^ Odd;

    /// <summary>The hash of a text.</summary>
    public static ulong Of(ReadOnlySpan<char> text)
    {
        var hash = new Fingerprint(0);
        hash.Add(text);
        return hash.Value;
    }

    /// <summary>The hash of bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = new Fingerprint(0);
        hash.Add(bytes);
        return hash.Value;
    }

    /// <summary>The hash of some words.</summary>
    public static ulong Of(params ReadOnlySpan<long> words)
    {
        var hash = new Fingerprint(0);
        foreach (var word in words)
        {
            hash.Add(word);
        }

        return hash.Value;
    }

    /// <summary>Adds one word.</summary>
    public void Add(long word) => Add((ulong)word);

    /// <summary>Adds one word.</summary>
    public void Add(ulong word)
    {
        var high = Math.BigMul(Value ^ word, Spread, out var low);
        Value = high ^ low ^ Odd;
    }

    /// <summary>Adds a text with its length, so that two texts in a row are not one.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        Add(text.Length);
        for (; text.Length >= 4; text = text[4..])
        {
            Add(text[0] | ((ulong)text[1] << 16) | ((ulong)text[2] << 32) | ((ulong)text[3] << 48));
        }

        foreach (var letter in text)
        {
            Add((ulong)letter);
        }
    }

    /// <summary>Adds bytes with their number.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Add(bytes.Length);
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            Add(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            Add((ulong)value);
        }
    }
}
