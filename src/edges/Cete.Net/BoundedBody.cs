namespace Cete.Net;

/// <summary>
/// The body of an answer that has parts and no end: more than a part may have, with none in it, is an error. The parser of events keeps what it
/// has read until the event is whole.
/// </summary>
internal sealed class BoundedBody(Stream inner, int partBytesMax) : ReadingStream(inner)
{
    private long _left = partBytesMax;

    /// <summary>A part is whole; the next one may have as much.</summary>
    public void Renew() => _left = partBytesMax;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await Inner.ReadAsync(buffer, cancellationToken);
        _left -= count;
        return _left >= 0 ? count : throw new IOException($"an event of more than {partBytesMax} bytes");
    }
}
