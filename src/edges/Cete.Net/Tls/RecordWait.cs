using System.Buffers.Binary;
using System.Net.Sockets;

namespace Cete.Net.Tls;

/// <summary>
/// Lets a reader of TLS sleep until a record is whole. A record that has begun is of no use before its last byte, and on a slow link it comes in a dozen
/// packets, each of which would wake the reader for nothing. How much a record lacks stands in its head, so nothing is ever waited for that is not under way.
/// </summary>
/// <param name="socket">Where the records come from.</param>
internal sealed class RecordWait(Socket socket)
{
    private const int HeadSize = 5;

    /// <summary>No record is longer (RFC 8446 §5.2).</summary>
    private const int RecordMax = (16 * 1024) + 256;

    /// <summary>SOL_SOCKET and SO_RCVLOWAT of Linux.</summary>
    private const int SocketLevel = 1;
    private const int ReceiveLowWater = 18;

    private readonly byte[] _head = new byte[HeadSize];
    private int _headCount;
    private int _lacking;
    private int _mark = 1;
    private bool _isOff;

    /// <summary>For a stream that reads from a socket, where the system knows of it; else null.</summary>
    public static RecordWait? For(Stream stream) => OperatingSystem.IsLinux() && stream is NetworkStream { Socket: var socket } ? new RecordWait(socket) : null;

    /// <summary>Before a read that may have to wait.</summary>
    public void Prepare()
    {
        var mark = _lacking > 0 ? Math.Min(_lacking, RecordMax) : 1;
        if (_isOff || mark == _mark)
        {
            return;
        }

        try
        {
            Span<byte> value = stackalloc byte[sizeof(int)];
            BitConverter.TryWriteBytes(value, mark);
            socket.SetRawSocketOption(SocketLevel, ReceiveLowWater, value);
            _mark = mark;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It saves work alone; whether the socket still works the read will tell.
            _isOff = true;
        }
    }

    /// <summary>Bytes came.</summary>
    public void Came(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_lacking > 0)
            {
                var body = Math.Min(_lacking, bytes.Length);
                _lacking -= body;
                bytes = bytes[body..];
                continue;
            }

            var count = Math.Min(HeadSize - _headCount, bytes.Length);
            bytes[..count].CopyTo(_head.AsSpan(_headCount));
            _headCount += count;
            bytes = bytes[count..];
            if (_headCount == HeadSize)
            {
                (_headCount, _lacking) = (0, BinaryPrimitives.ReadUInt16BigEndian(_head.AsSpan(HeadSize - sizeof(ushort))));
            }
        }
    }
}
