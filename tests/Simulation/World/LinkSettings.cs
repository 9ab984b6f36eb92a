namespace Cete.Simulation.World;

/// <summary>
/// What the way from one host to another does to packets, in one direction. Chances are in parts per million of packets. Delays are
/// <see cref="Delay"/> plus an exponentially distributed <see cref="Jitter"/>, drawn for each packet, so that jitter alone reorders datagrams.
/// </summary>
public sealed record LinkSettings
{
    /// <summary>A local network that behaves.</summary>
    public static LinkSettings Lan { get; } = new();

    /// <summary>The open internet on a good day.</summary>
    public static LinkSettings Wan { get; } = new()
    {
        Delay = TimeSpan.FromMilliseconds(40),
        Jitter = TimeSpan.FromMilliseconds(5),
        LossPpm = 2_000,
        DuplicatePpm = 100,
        ReorderPpm = 1_000,
    };

    /// <summary>The least time from one end to the other.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMicroseconds(300);

    /// <summary>The mean of what comes on top; one in a thousand waits about seven times as long.</summary>
    public TimeSpan Jitter { get; init; } = TimeSpan.FromMicroseconds(100);

    /// <summary>How many packets are lost.</summary>
    public int LossPpm { get; init; }

    /// <summary>How many datagrams come twice.</summary>
    public int DuplicatePpm { get; init; }

    /// <summary>How many datagrams are held back while others overtake them.</summary>
    public int ReorderPpm { get; init; }

    /// <summary>How long a datagram is held back at most.</summary>
    public TimeSpan ReorderDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The largest datagram that passes; 1,400 bytes pass unfragmented nearly everywhere.</summary>
    public int DatagramBytesMost { get; init; } = 1_400;

    /// <summary>What goes through in a second; 0 is no bound.</summary>
    public long BytesPerSecond { get; init; }

    /// <summary>Datagrams are lost when so many bytes wait in front of the link or of the sender's uplink.</summary>
    public int QueueBytes { get; init; } = 256 * 1024;

    internal string ToText() => FormattableString.Invariant(
        $"{Delay} +{Jitter}, lost {LossPpm} ppm, twice {DuplicatePpm} ppm, late {ReorderPpm} ppm by {ReorderDelay}, ")
        + FormattableString.Invariant($"at most {DatagramBytesMost} B, {BytesPerSecond} B/s, queue {QueueBytes} B");
}
