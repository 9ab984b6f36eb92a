using System.Buffers.Binary;
using Cete.Swarm;

namespace Cete.Net.Swarms;

/// <summary>What a frame says.</summary>
internal enum HaveFrameKind : byte
{
    /// <summary>Somebody is there.</summary>
    Alive = 0,

    /// <summary>Pieces are there that were not.</summary>
    Have = 1,

    /// <summary>So many more pieces may be asked for.</summary>
    Ready = 2,

    /// <summary>So many turns are given back.</summary>
    Pass = 3,
}

/// <summary>A frame.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Count">Of how many.</param>
/// <param name="Pieces">Which pieces, in a frame that names some.</param>
internal readonly record struct HaveFrame(HaveFrameKind Kind, int Count, IReadOnlyList<int> Pieces);

/// <summary>
/// What peers tell each other of a content. <c>GET /swarm/ROOT/have</c> is answered with the number of pieces (32 bits, big-endian) and the map of those that
/// are there, as BEP 3 has it, and then with frames for as long as somebody listens; <c>POST /swarm/ROOT/tell</c> has frames alone, for as long. A frame is
/// a kind (8 bits), a count (16 bits), and in one of pieces as many numbers (32 bits each).
/// </summary>
internal static class HaveFrames
{
    /// <summary>Pieces of one frame.</summary>
    public const int PiecesMax = 1_024;

    private const int HeadSize = 1 + sizeof(ushort);

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

    /// <summary>Adds frames that name pieces.</summary>
    public static void AddHave(List<byte> bytes, IReadOnlyList<int> pieces)
    {
        Span<byte> number = stackalloc byte[sizeof(int)];
        foreach (var batch in pieces.Chunk(PiecesMax))
        {
            AddCount(bytes, HaveFrameKind.Have, batch.Length);
            foreach (var piece in batch)
            {
                BinaryPrimitives.WriteInt32BigEndian(number, piece);
                bytes.AddRange(number);
            }
        }
    }

    /// <summary>Adds a frame with nothing but a count.</summary>
    public static void AddCount(List<byte> bytes, HaveFrameKind kind, int count)
    {
        Span<byte> head = stackalloc byte[HeadSize];
        head[0] = (byte)kind;
        BinaryPrimitives.WriteUInt16BigEndian(head[1..], (ushort)Math.Min(count, ushort.MaxValue));
        bytes.AddRange(head);
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
    public static async Task<HaveFrame?> ReadFrameAsync(Stream body, int pieceCount, CancellationToken cancellation)
    {
        var head = new byte[HeadSize];
        if (await body.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation) < head.Length)
        {
            return null;
        }

        var (kind, count) = ((HaveFrameKind)head[0], BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(1)));
        if (kind != HaveFrameKind.Have)
        {
            return Enum.IsDefined(kind) ? new HaveFrame(kind, count, []) : null;
        }

        var bytes = new byte[Math.Min((int)count, PiecesMax) * sizeof(int)];
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

        return new HaveFrame(kind, count, pieces);
    }
}
