namespace Cete.Net.Tls;

/// <summary>
/// Reads a stream in long stretches for one that asks in short ones: TLS asks for a record of 16 KiB at a time, and each would be a call to the
/// system and often a wait of its own.
/// </summary>
internal sealed class ReadAhead(Stream inner) : Stream
{
    private const int BufferSize = 256 * 1024;

    private readonly RecordWait? _records = RecordWait.For(inner);
    private byte[]? _buffer;
    private int _start;
    private int _end;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_start == _end)
        {
            _records?.Prepare();

            // Who only waits for bytes asks for none of them.
            if (buffer.IsEmpty)
            {
                return await inner.ReadAsync(buffer, cancellationToken);
            }

            _buffer ??= GC.AllocateUninitializedArray<byte>(BufferSize);
            _start = 0;
            _end = await inner.ReadAsync(_buffer, cancellationToken);
            _records?.Came(_buffer.AsSpan(0, _end));
        }

        var count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(buffer.Span);
        _start += count;
        return count;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
