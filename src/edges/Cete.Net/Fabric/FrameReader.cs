using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Authentication;
using Cete.Core;
using Cete.Net.Fabric.Proto;
using Cete.Ports;

namespace Cete.Net.Fabric;

/// <summary>Takes frames out of a stream of bytes. While it waits for the first byte of one, it holds no buffer. One caller at a time.</summary>
internal sealed class FrameReader : IDisposable
{
    private const int LengthSize = sizeof(int);
    private const int RentMin = 32 * 1024;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private Failure? _failure;

    /// <summary>Whether there is another whole frame; one that is too large is none.</summary>
    public bool HasMore => _failure is null && LengthOfNext() is { } length && length <= _end - _start - LengthSize;

    /// <summary>Reads until there is a whole frame at least; tells why there will be none.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async ValueTask<Failure?> FillAsync(Stream stream, int frameMax, CancellationToken cancellation)
    {
        while (true)
        {
            if (Whole(frameMax) || _failure is not null)
            {
                return _failure;
            }

            try
            {
                // An empty read waits for bytes; TLS lets go of its own buffer meanwhile too.
                var room = _buffer.AsMemory(_end);
                var read = await stream.ReadAsync(room, cancellation);
                if (room.IsEmpty)
                {
                    _buffer = ArrayPool<byte>.Shared.Rent(RentMin);
                    continue;
                }

                if (read == 0)
                {
                    return new Failure(FailureKind.Unavailable, _start == _end ? "the other side closed it" : "it was cut off within a message");
                }

                _end += read;
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException or AuthenticationException or InvalidOperationException)
            {
                cancellation.ThrowIfCancellationRequested();
                return new Failure(FailureKind.Unavailable, error.Message);
            }
        }
    }

    /// <summary>The next whole frame that was read.</summary>
    public bool TryTake([NotNullWhen(true)] out Envelope? envelope)
    {
        envelope = null;
        if (!HasMore)
        {
            return false;
        }

        var length = LengthOfNext()!.Value;
        try
        {
            envelope = ProtobufBytes.Read(Envelope.Parser, _buffer.AsSpan(_start + LengthSize, (int)length));
        }
        catch (Exception error) when (MalformedBytes.Caused(error))
        {
            _failure = new Failure(FailureKind.Invalid, "what came is no message of a node");
            return false;
        }

        _start += LengthSize + (int)length;
        if (_start == _end)
        {
            Dispose();
        }

        return true;
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            (_start, _end) = (0, 0);
        }
    }

    /// <summary>What stands before a frame says how long it is; a negative number is a large one.</summary>
    private uint? LengthOfNext() => _end - _start < LengthSize ? null : BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start));

    private bool Whole(int frameMax)
    {
        if (_failure is not null)
        {
            return false;
        }

        var wanted = LengthSize;
        if (LengthOfNext() is { } length)
        {
            if (length > frameMax)
            {
                _failure = new Failure(FailureKind.TooLarge, $"a message of {length} bytes; {frameMax} are the most");
                return false;
            }

            wanted += (int)length;
            if (_end - _start >= wanted)
            {
                return true;
            }
        }

        if (_buffer.Length > 0)
        {
            MakeRoom(wanted);
        }

        return false;
    }

    private void MakeRoom(int wanted)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (wanted > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(wanted);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
