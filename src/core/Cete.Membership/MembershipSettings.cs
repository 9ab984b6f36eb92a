namespace Cete.Membership;

/// <summary>
/// How eager a membership is. The presets are memberlist's where it has them (hashicorp/memberlist, config.go), which thousands of clusters use.
/// </summary>
public sealed record MembershipSettings
{
    /// <summary>Time from one probe to the next.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time after which others are asked to probe too.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many others are asked.</summary>
    public int IndirectProbes { get; init; } = 3;

    /// <summary>The shortest suspicion is so many probe intervals times the decimal logarithm of the number of members.</summary>
    public int SuspicionFactor { get; init; } = 4;

    /// <summary>The longest suspicion is so many times the shortest (Lifeguard §3).</summary>
    public int SuspicionMaxFactor { get; init; } = 6;

    /// <summary>Other accusers after which a suspicion is the shortest (Lifeguard's K).</summary>
    public int Confirmations { get; init; } = 3;

    /// <summary>Time from one round of gossip to the next, while there is news.</summary>
    public TimeSpan GossipInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Members told in a round.</summary>
    public int GossipFanout { get; init; } = 3;

    /// <summary>
    /// Time from one round to the next while there is news that nobody was told yet, or that somebody came or went. Time enough that what comes in
    /// a burst travels together, and few times what a message takes on its way.
    /// </summary>
    public TimeSpan EagerInterval { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// That somebody came or went is told so many times in such rounds, at least. Where each tells k others, a share of e^-k hears of it from nobody
    /// (Demers et al. 1987): 5 % after one round of three, one in 160,000 after four.
    /// </summary>
    public int EagerTransmits { get; init; } = 12;

    /// <summary>Each piece of news is told so many times the decimal logarithm of the number of members.</summary>
    public int RetransmitFactor { get; init; } = 4;

    /// <summary>Bytes of news in a message.</summary>
    public int UpdateBytesMax { get; init; } = 16 * 1024;

    /// <summary>Time from one exchange of everything to the next; it grows with the logarithm of the members beyond 32.</summary>
    public TimeSpan SyncInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time from one try to reach a dead member to the next: bounds how long a healed partition goes unnoticed.</summary>
    public TimeSpan ReconnectInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long news are told to the dead too, so that one declared dead by mistake hears of it.</summary>
    public TimeSpan GossipToDead { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the dead and those who left are remembered.</summary>
    public TimeSpan DeadKept { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The local health multiplier's greatest score (Lifeguard's S).</summary>
    public int HealthMax { get; init; } = 8;

    /// <summary>Members at most; further ones are not taken up. What a node can hold and tell, with 1,000 as the size it is made for.</summary>
    public int MembersMax { get; init; } = 10_000;

    /// <summary>Nodes on one machine.</summary>
    public static MembershipSettings Local { get; } = new()
    {
        ProbeTimeout = TimeSpan.FromMilliseconds(200),
        SuspicionFactor = 3,
        GossipInterval = TimeSpan.FromMilliseconds(100),
        EagerInterval = TimeSpan.FromMilliseconds(10),
        SyncInterval = TimeSpan.FromSeconds(15),
    };

    /// <summary>Nodes in one building.</summary>
    public static MembershipSettings Lan { get; } = new();

    /// <summary>Nodes of many owners, anywhere.</summary>
    public static MembershipSettings Wan { get; } = new()
    {
        ProbeInterval = TimeSpan.FromSeconds(2),
        ProbeTimeout = TimeSpan.FromSeconds(1),
        SuspicionFactor = 6,
        GossipInterval = TimeSpan.FromMilliseconds(300),
        GossipFanout = 4,
        EagerInterval = TimeSpan.FromMilliseconds(30),
        EagerTransmits = 16,
        SyncInterval = TimeSpan.FromSeconds(60),
        ReconnectInterval = TimeSpan.FromSeconds(1),
    };
}
