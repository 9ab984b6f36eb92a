namespace Cete.Simulation.World;

/// <summary>How connections behave: the numbers are those of Linux's TCP with TLS 1.3 unless a reason says otherwise.</summary>
public sealed record ConnectionSettings
{
    /// <summary>Round trips until the one who asked may send: TCP, TLS, and one more for certificates that do not fit a first flight.</summary>
    public int HandshakeRoundTrips { get; init; } = 3;

    /// <summary>Bytes of each flight of a handshake.</summary>
    public int HandshakeBytes { get; init; } = 1_500;

    /// <summary>How many handshakes fail at their end, as for a bad certificate.</summary>
    public int HandshakeFailurePpm { get; init; }

    /// <summary>How long who asks for a connection waits for it.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>When an unanswered flight of a handshake is first repeated; then after twice that, and so on.</summary>
    public TimeSpan HandshakeRetransmit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The least time after which an unacknowledged packet is repeated; then after twice that, and so on.</summary>
    public TimeSpan RetransmitLeast { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The most that it waits between two repetitions.</summary>
    public TimeSpan RetransmitMost { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// How long sent bytes may stay unacknowledged before the sender takes the connection for broken (TCP_USER_TIMEOUT). Linux alone
    /// would wait a quarter of an hour, which no program that has peers leaves as it is.
    /// </summary>
    public TimeSpan RetransmitTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Bytes that may be on their way or lie unread at the receiver.</summary>
    public int WindowBytes { get; init; } = 1 << 20;

    /// <summary>Bytes that a connection takes before it says that it is full.</summary>
    public int SendQueueBytes { get; init; } = 1 << 20;

    /// <summary>Bytes that are lost and repeated together: a TLS record. Larger messages are sent in such parts.</summary>
    public int SegmentBytes { get; init; } = 16 * 1024;
}

/// <summary>Why a connection ended.</summary>
public enum CloseReason
{
    /// <summary>The other side closed it after all that it had to send.</summary>
    Ended,

    /// <summary>The other side dropped it, or its process is gone.</summary>
    Reset,

    /// <summary>Nothing runs on the other host.</summary>
    Refused,

    /// <summary>The handshake failed.</summary>
    HandshakeFailed,

    /// <summary>Nothing was heard of the other side for too long.</summary>
    TimedOut,

    /// <summary>This side closed it, its process is gone, or its host lost power; nobody is told.</summary>
    Local,
}
