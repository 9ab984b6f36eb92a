using System.Buffers;

namespace Cete.Net.Fabric;

/// <summary>
/// Frames on their way out, one behind the other, in an array that is rented only while there are any: most connections are silent most of the
/// time, and a node has many. One caller at a time.
/// </summary>
internal sealed class FrameBuffer
{
    private const int RentMin = 4 * 1024;
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>Room for so many bytes behind what is there, which the caller fills.</summary>
    public Span<byte> Append(int size)
    {
        if (_bytes.Length - Length < size)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + size, Math.Max(RentMin, 2 * Length)));
            Written.CopyTo(larger);
            Return();
            _bytes = larger;
        }

        var room = _bytes.AsSpan(Length, size);
        Length += size;
        return room;
    }

    /// <summary>Empties it; nobody may still read what was written.</summary>
    public void Clear()
    {
        Return();
        (_bytes, Length) = ([], 0);
    }

    private void Return()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }
}
