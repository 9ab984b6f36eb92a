using System.Buffers.Binary;
using Cete.Swarm;

namespace Cete.Net.Swarms;

/// <summary>
/// What <c>GET /swarm/ROOT/have</c> is answered with: the number of pieces (32 bits, big-endian) and the map of those that are there, as BEP 3 has it; then,
/// as they come, frames of a count (16 bits) and as many piece numbers (32 bits). A frame of none says that the peer is still there.
/// </summary>
internal static class HaveFrames
{
    /// <summary>Pieces of one frame.</summary>
    public const int PiecesMax = 1_024;

    /// <summary>A peer that says nothing for so long is gone.</summary>
    public static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(30);

    /// <summary>How often it says that it is there.</summary>
    public static readonly TimeSpan AliveInterval = TimeSpan.FromSeconds(10);

    /// <summary>The beginning.</summary>
    public static byte[] Begin(PieceMap map)
    {
        var bits = map.ToBytes();
        var bytes = new byte[sizeof(int) + bits.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, map.Count);
        bits.CopyTo(bytes, sizeof(int));
        return bytes;
    }

    /// <summary>A frame.</summary>
    public static byte[] Frame(IReadOnlyList<int> pieces)
    {
        var bytes = new byte[sizeof(ushort) + (pieces.Count * sizeof(int))];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)pieces.Count);
        for (var i = 0; i < pieces.Count; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(sizeof(ushort) + (i * sizeof(int))), pieces[i]);
        }

        return bytes;
    }

    /// <summary>Reads the beginning; null where it is about another content, or the sender ended.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public static async Task<PieceMap?> ReadBeginAsync(Stream body, int pieceCount, CancellationToken cancellation)
    {
        var head = new byte[sizeof(int)];
        if (await body.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation) < head.Length
            || BinaryPrimitives.ReadInt32BigEndian(head) != pieceCount)
        {
            return null;
        }

        var bits = new byte[(pieceCount + 7) / 8];
        return await body.ReadAtLeastAsync(bits, bits.Length, throwOnEndOfStream: false, cancellation) == bits.Length
            ? PieceMap.FromBytes(pieceCount, bits)
            : null;
    }

    /// <summary>Reads a frame; null where it makes no sense, or the sender ended.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public static async Task<IReadOnlyList<int>?> ReadFrameAsync(Stream body, int pieceCount, CancellationToken cancellation)
    {
        var head = new byte[sizeof(ushort)];
        if (await body.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation) < head.Length)
        {
            return null;
        }

        var count = BinaryPrimitives.ReadUInt16BigEndian(head);
        var bytes = new byte[count * sizeof(int)];
        if (count > PiecesMax || await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation) < bytes.Length)
        {
            return null;
        }

        var pieces = new int[count];
        for (var i = 0; i < count; i++)
        {
            pieces[i] = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(i * sizeof(int)));
            if ((uint)pieces[i] >= (uint)pieceCount)
            {
                return null;
            }
        }

        return pieces;
    }
}
