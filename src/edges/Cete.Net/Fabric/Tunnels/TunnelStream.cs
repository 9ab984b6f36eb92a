using Cete.Core;
using Cete.Net.Fabric.Proto;
using Google.Protobuf;

namespace Cete.Net.Fabric.Tunnels;

/// <summary>
/// The end of a tunnel as a stream, which TLS runs over. What may come is bounded by the credit that this side gave; who sends more loses the
/// tunnel. One reader and one writer at a time.
/// </summary>
internal sealed class TunnelStream(FabricConnection leg, ulong id, KeyId far, Action<TunnelStream> forget) : Stream, ITunnelEnd
{
    private const string TooMuchWaits = "too much waits to be sent to the relay";

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<Failure?> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _arrived = new byte[TunnelLimits.Window(leg.Lane)];
    private TaskCompletionSource? _changed;
    private int _credit = TunnelLimits.Window(leg.Lane);
    private int _start;
    private int _unread;
    private int _consumed;
    private bool _isEnded;

    /// <summary>The other end closed it and had nothing to complain of.</summary>
    private bool _isLeft;
    private Failure? _failure;

    /// <summary>The connection with the relay.</summary>
    public FabricConnection Leg => leg;

    public ulong Id => id;

    /// <summary>Who the relay says is at the other end; only the handshake proves it.</summary>
    public KeyId Far => far;

    /// <summary>Completes when the other end has taken it, or with why it did not.</summary>
    public Task<Failure?> Opened => _opened.Task;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Take(TunnelFrame frame)
    {
        switch (frame.Kind)
        {
            case TunnelFrame.Types.Kind.Opened:
                _opened.TrySetResult(null);
                break;
            case TunnelFrame.Types.Kind.Data when !TakeData(frame.Data.Span):
                End(new Failure(FailureKind.Invalid, "more came through a tunnel than it was given credit for"), tellsOther: true);
                break;
            case TunnelFrame.Types.Kind.Credit when !TakeCredit(frame.Credit):
                End(new Failure(FailureKind.Invalid, "more credit was given to a tunnel than it had used"), tellsOther: true);
                break;
            case TunnelFrame.Types.Kind.Close:
                End(TunnelFrames.FailureOf(frame), tellsOther: false);
                break;
        }
    }

    public void Lose(Failure failure) => End(failure, tellsOther: false);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task changed;
            var (read, credit) = (0, 0);
            lock (_gate)
            {
                if (_unread > 0)
                {
                    (read, credit) = Consume(buffer.Span);
                }
                else if (_isEnded)
                {
                    return _failure is null ? 0 : throw new IOException(_failure.Message);
                }

                changed = (_changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            if (credit > 0 && !TunnelFrames.TrySend(leg, TunnelFrames.Credit(id, credit)))
            {
                End(new Failure(FailureKind.Unavailable, TooMuchWaits), tellsOther: true);
            }

            if (read > 0 || buffer.IsEmpty)
            {
                return read;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            Task? changed = null;
            var now = 0;
            lock (_gate)
            {
                if (_isLeft)
                {
                    // As with a socket: what its last words were is still to be read, and a failing write would keep that from being done.
                    return;
                }

                if (_isEnded)
                {
                    throw new IOException(_failure?.Message ?? "the tunnel was closed");
                }

                // A small frame costs more than its bytes: so much credit there must be even for the last of them.
                now = _credit < TunnelLimits.FrameCostMin ? 0 : Math.Min(Math.Min(_credit, TunnelLimits.DataMax), buffer.Length);
                if (now > 0)
                {
                    _credit -= TunnelLimits.Cost(now);
                }
                else
                {
                    changed = (_changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                }
            }

            if (changed is not null)
            {
                await changed.WaitAsync(cancellationToken);
                continue;
            }

            if (!TunnelFrames.TrySend(leg, TunnelFrames.Data(id, ByteString.CopyFrom(buffer.Span[..now]))))
            {
                End(new Failure(FailureKind.Unavailable, TooMuchWaits), tellsOther: true);
            }

            buffer = buffer[now..];
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            End(null, tellsOther: true);
        }

        base.Dispose(disposing);
    }

    private bool TakeData(ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            // What was consumed and not yet credited is no room either: the other end does not know of it.
            var cost = TunnelLimits.Cost(data.Length);
            if (data.Length > TunnelLimits.DataMax || _unread + _consumed + cost > _arrived.Length)
            {
                return false;
            }

            var at = (_start + _unread) % _arrived.Length;
            var first = Math.Min(data.Length, _arrived.Length - at);
            data[..first].CopyTo(_arrived.AsSpan(at));
            data[first..].CopyTo(_arrived);
            _unread += data.Length;
            _consumed += cost - data.Length;
        }

        Change();
        return true;
    }

    private bool TakeCredit(uint bytes)
    {
        lock (_gate)
        {
            if (bytes > _arrived.Length - _credit)
            {
                return false;
            }

            _credit += (int)bytes;
        }

        Change();
        return true;
    }

    /// <summary>Hands out what came; the credit to give for it, by halves of the window.</summary>
    private (int Read, int Credit) Consume(Span<byte> into)
    {
        var copied = Math.Min(_unread, into.Length);
        var first = Math.Min(copied, _arrived.Length - _start);
        _arrived.AsSpan(_start, first).CopyTo(into);
        _arrived.AsSpan(0, copied - first).CopyTo(into[first..]);
        (_start, _unread, _consumed) = ((_start + copied) % _arrived.Length, _unread - copied, _consumed + copied);
        if (_isEnded || _consumed < _arrived.Length / 2)
        {
            return (copied, 0);
        }

        var credit = _consumed;
        _consumed = 0;
        return (copied, credit);
    }

    private void End(Failure? failure, bool tellsOther)
    {
        lock (_gate)
        {
            if (_isEnded)
            {
                return;
            }

            (_isEnded, _isLeft, _failure) = (true, failure is null && !tellsOther, failure);
        }

        forget(this);
        if (tellsOther)
        {
            TunnelFrames.TrySend(leg, TunnelFrames.Close(id, failure));
        }

        _opened.TrySetResult(failure ?? new Failure(FailureKind.Unavailable, "the tunnel was closed"));
        Change();
    }

    private void Change()
    {
        TaskCompletionSource? changed;
        lock (_gate)
        {
            (changed, _changed) = (_changed, null);
        }

        changed?.TrySetResult();
    }
}
