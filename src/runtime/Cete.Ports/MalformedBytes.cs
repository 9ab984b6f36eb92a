namespace Cete.Ports;

/// <summary>Tells what a parser of protobuf throws at bytes that are no message from bugs.</summary>
public static class MalformedBytes
{
    /// <summary>
    /// Whether the bytes are to blame. The parser promises an exception that is an <see cref="IOException"/>; but it adds lengths without a look at
    /// overflow (Google.Protobuf 3.25.1), so that one near 2^31 makes it read beside its buffer, or ask for an array larger than any.
    /// </summary>
    /// <param name="error">What a parser threw. Nothing else may be done within the same try.</param>
    public static bool Caused(Exception error) =>
        error is IOException or IndexOutOfRangeException or ArgumentOutOfRangeException or OutOfMemoryException;
}
