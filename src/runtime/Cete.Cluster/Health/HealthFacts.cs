using Cete.Cluster.Membership;
using Cete.Core;
using Cete.Groups;

namespace Cete.Cluster.Health;

/// <summary>What the checks look at. What is null was not measured, and its check is left out.</summary>
public sealed record HealthFacts
{
    /// <summary>By the node's own clock.</summary>
    public required Instant Now { get; init; }

    /// <summary>The community as the node sees it.</summary>
    public required ClusterView View { get; init; }

    /// <summary>The node's own certificate.</summary>
    public required CertificateFacts Certificate { get; init; }

    /// <summary>Why the node was refused by all others, or refuses them; null when it meets somebody, or nobody is there.</summary>
    public Failure? Refusal { get; init; }

    /// <summary>Preset of the membership: <c>wan</c>, <c>lan</c> or <c>local</c>.</summary>
    public required string Preset { get; init; }

    /// <summary>The newest roster that the node has.</summary>
    public long RosterVersion { get; init; }

    /// <summary>The replicas on this node.</summary>
    public IReadOnlyList<(string Name, GroupStatus Status)> Groups { get; init; } = [];

    public WebFacts? Web { get; init; }

    public DiskFacts? Disk { get; init; }

    public LogFacts? Log { get; init; }

    public OpenFilesFacts? OpenFiles { get; init; }

    /// <summary>Answers of other members; empty when none gave one.</summary>
    public IReadOnlyList<ClockOffset>? Clocks { get; init; }
}

/// <summary>The node's certificate.</summary>
/// <param name="NotAfter">When it ends.</param>
/// <param name="RenewalDue">From when on the node asks for a new one.</param>
/// <param name="RenewalFailure">Why the last try to get one failed; null if it did not.</param>
public sealed record CertificateFacts(Instant NotAfter, Instant RenewalDue, Failure? RenewalFailure);

/// <summary>The http port.</summary>
/// <param name="Listen">Where it listens.</param>
/// <param name="IsLoopback">Only this machine reaches it.</param>
/// <param name="CertificateEnds">When the certificate that it shows ends; null when it speaks no TLS.</param>
public sealed record WebFacts(string Listen, bool IsLoopback, Instant? CertificateEnds);

/// <summary>The disk with the data folder.</summary>
/// <param name="Folder">The data folder.</param>
/// <param name="FreeBytes">Bytes that the node may still write.</param>
/// <param name="TotalBytes">Bytes that it holds.</param>
/// <param name="WriteFailure">Why nothing can be written; null when it can.</param>
/// <param name="SyncTime">Median time of a small write and its fsync; null when not measured.</param>
public sealed record DiskFacts(string Folder, long FreeBytes, long TotalBytes, Failure? WriteFailure, TimeSpan? SyncTime);

/// <summary>The node's log.</summary>
/// <param name="Bytes">What its folder holds.</param>
/// <param name="CheckpointBytes">What a group writes between two checkpoints, after which the log before can go.</param>
/// <param name="Groups">Groups that share it.</param>
public sealed record LogFacts(long Bytes, long CheckpointBytes, int Groups);

/// <summary>File descriptors of the process.</summary>
/// <param name="Open">Open ones.</param>
/// <param name="Limit">How many it may open.</param>
public sealed record OpenFilesFacts(long Open, long Limit);

/// <summary>How far another member's clock is from this node's.</summary>
/// <param name="Node">The member.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Offset">Its time less this node's; as uncertain as half the round trip.</param>
/// <param name="RoundTrip">Of the question and its answer.</param>
public sealed record ClockOffset(KeyId Node, string Name, TimeSpan Offset, TimeSpan RoundTrip);
