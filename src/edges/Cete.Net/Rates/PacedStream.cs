namespace Cete.Net.Rates;

/// <summary>What comes from a source, read no faster than a limit allows: what is not read waits at the source, since its connection is full.</summary>
/// <param name="source">What is read; becomes this object's.</param>
/// <param name="pace">The limit.</param>
/// <param name="held">Told when it waits for its turn, and when it does no longer: that is no silence of the source.</param>
internal sealed class PacedStream(Stream source, Pacer pace, Action<bool>? held = null) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        pace.IsOpen ? source.ReadAsync(buffer, cancellationToken) : ReadPacedAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is written.
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>What came is counted when it came: a source that is slow by itself takes nothing from the others.</summary>
    private async ValueTask<int> ReadPacedAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        var count = await source.ReadAsync(buffer[..Math.Min(buffer.Length, pace.Turn)], cancellation);
        if (count == 0)
        {
            return 0;
        }

        var turn = pace.WaitAsync(default, count, cancellation);
        if (!turn.IsCompletedSuccessfully)
        {
            held?.Invoke(true);
            await turn;
            held?.Invoke(false);
        }

        return count;
    }
}
