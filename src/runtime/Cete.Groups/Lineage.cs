using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Cete.Groups;

/// <summary>
/// Which group of a name it is: drawn when a group is founded, and anew whenever one replica goes on by itself or a backup is restored. Replicas
/// of one lineage have one log; those of another are another group, whatever it is called.
/// </summary>
/// <param name="High">Its first 64 bits.</param>
/// <param name="Low">Its last 64 bits.</param>
public readonly record struct Lineage(long High, long Low)
{
    /// <summary>Bytes of one on the wire.</summary>
    public const int Size = 16;

    /// <summary>That of every group which was founded before lineages were kept: they are told apart no better than then.</summary>
    public static Lineage None => default;

    /// <summary>Whether it is <see cref="None"/>.</summary>
    public bool IsNone => this == default;

    /// <summary>Epoch of the feed: whoever followed that of another lineage must not go on with this one. Not negative.</summary>
    public long FeedEpoch => Low & long.MaxValue;

    /// <summary>A new one, by chance.</summary>
    public static Lineage Draw()
    {
        Span<byte> bytes = stackalloc byte[Size];
        RandomNumberGenerator.Fill(bytes);
        return new Lineage(BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));
    }

    /// <summary>Null for bytes that are none; no bytes at all are <see cref="None"/>, as older programs write it.</summary>
    public static Lineage? Read(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        0 => None,
        Size => new Lineage(BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[8..])),
        _ => null,
    };

    /// <summary>As <see cref="Read"/> reads it.</summary>
    public byte[] ToArray()
    {
        if (IsNone)
        {
            return [];
        }

        var bytes = new byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8), Low);
        return bytes;
    }

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => $"{High:x16}{Low:x16}";
}
