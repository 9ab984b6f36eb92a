namespace Cete.Net.Rates;

/// <summary>What comes from a source, read no faster than a limit allows: what is not read waits at the source, since its connection is full.</summary>
/// <param name="source">What is read; becomes this object's.</param>
/// <param name="pace">The limit.</param>
/// <param name="held">Told when it waits for its turn, and when it does no longer: that is no silence of the source.</param>
internal sealed class PacedStream(Stream source, Pacer pace, Action<bool>? held = null) : ReadingStream(source)
{
    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        pace.IsOpen ? Inner.ReadAsync(buffer, cancellationToken) : ReadPacedAsync(buffer, cancellationToken);

    /// <summary>What came is counted when it came: a source that is slow by itself takes nothing from the others.</summary>
    private async ValueTask<int> ReadPacedAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        var count = await Inner.ReadAsync(buffer[..Math.Min(buffer.Length, pace.Turn)], cancellation);
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
