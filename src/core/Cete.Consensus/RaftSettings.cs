using Cete.Core;

namespace Cete.Consensus;

/// <summary>How eager the members of a group are. All members of one group should have like values; safety hangs on none but the drift.</summary>
public sealed record RaftSettings
{
    /// <summary>How often a leader says that it leads. Less than a quarter of <see cref="ElectionTimeout"/>, so that a lost one does no harm.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>
    /// Silence of the leader after which an election begins: between once and twice this, at random (paper, section 9.3: an order of magnitude
    /// above the time of a round trip with its sync). A leader that hears no majority for so long steps down (check-quorum, section 6.2).
    /// </summary>
    public TimeSpan ElectionTimeout { get; init; } = TimeSpan.FromMilliseconds(1_500);

    /// <summary>
    /// By how many percent the clocks of two members may differ in speed. Reads by lease are safe up to that (section 6.4.1): the leader trusts
    /// a lease for so much less time than the others keep their promise. Crystals differ by 0.01; 10 is for virtual machines that stall.
    /// </summary>
    public int ClockDriftPercent { get; init; } = 10;

    /// <summary>Whether reads may be answered by lease, without a round of messages.</summary>
    public bool ReadsByLease { get; init; } = true;

    /// <summary>Bytes of entries in one message; a single larger entry goes alone.</summary>
    public int MessageBytesMax { get; init; } = 256 * 1024;

    /// <summary>Bytes that are on their way to one member, unacknowledged: bounds what queues between two nodes hold.</summary>
    public int InflightBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>Messages that are on their way to one member, unacknowledged.</summary>
    public int InflightMax { get; init; } = 256;

    /// <summary>
    /// How long a member may stay behind what it was sent, and answer heartbeats meanwhile, until that counts as lost and is sent again. Entries
    /// travel beside the heartbeats, so a slow link alone is no loss.
    /// </summary>
    public TimeSpan ResendAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a voter by itself waits at its start for its mirrors to say what they know of it: they may be gone, and meeting one that is there
    /// takes less.
    /// </summary>
    public TimeSpan VouchTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of recent entries kept in memory to send; older ones are read back from the log.</summary>
    public int CacheBytesMax { get; init; } = 8 * 1024 * 1024;

    /// <summary>How long nothing has to happen until a group becomes quiescent.</summary>
    public TimeSpan QuiesceAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How often the leader of a quiescent group says that it leads. Members of some hundred groups hear some dozen messages a second then. Less than
    /// a minute, for which clocks told by members are believed.
    /// </summary>
    public TimeSpan QuiescentInterval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Silence of the leader of a quiescent group after which an election begins, if nobody said that it is gone: two messages are missing.</summary>
    public TimeSpan QuiescentTimeout => (QuiescentInterval * 2) + ElectionTimeout;

    /// <summary>How long a leader may answer reads after the start of a round that a majority answered.</summary>
    public TimeSpan Lease => ElectionTimeout * (100 - ClockDriftPercent) / 100;

    /// <summary>Throws when these cannot work together.</summary>
    public void Validate()
    {
        Check.That(HeartbeatInterval > TimeSpan.Zero && HeartbeatInterval * 2 <= ElectionTimeout, "heartbeats come at least twice an election timeout");
        Check.That(QuiesceAfter > TimeSpan.Zero && QuiescentInterval >= HeartbeatInterval, "quiescent groups are heard of less often than others");
        Check.That(ClockDriftPercent is >= 0 and < 100, "clocks drift by 0 to 99 percent");
        Check.That(MessageBytesMax > 0 && InflightBytesMax >= MessageBytesMax && InflightMax > 0 && CacheBytesMax >= MessageBytesMax);
    }
}
