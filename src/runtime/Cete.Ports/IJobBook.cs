using System.Text.Json.Serialization;
using Cete.Core;

namespace Cete.Ports;

/// <summary>What a user wants downloaded.</summary>
/// <param name="What">Paths, roots and ID files, as <c>cete get</c> takes them.</param>
/// <param name="To">Folder to save in, as a full path.</param>
/// <param name="Overwrite">Files that are there with other content are replaced.</param>
/// <param name="AtOnce">Files that are fetched at the same time.</param>
/// <param name="PatienceSeconds">Seconds without a byte from anybody after which it gives up.</param>
/// <param name="Node">Address of a node of the community.</param>
/// <param name="Trust">Whom to believe over HTTPS beside the authorities of the system; null for those alone.</param>
/// <param name="MaxPrice">Micro-credits that may be spent on it.</param>
public sealed record JobRequest(
    IReadOnlyList<string> What, string To, bool Overwrite, int AtOnce, int PatienceSeconds, string Node, string? Trust, long MaxPrice = 0)
{
    /// <summary>The account that filed all that is wanted, which is paid its part as the author; null for none, or for several.</summary>
    public string? Author { get; init; }

    /// <summary>The subscription that wants it; null where its user asked for it himself.</summary>
    public long? Subscription { get; init; }

    /// <summary>What comes of it is not given back, whatever its user's agent does with others.</summary>
    public bool IsKeptPrivate { get; init; }

    /// <summary>How soon it is to have its turn; null for the usual, and for what it has where it was asked for before.</summary>
    public JobPriority? Priority { get; init; }

    /// <summary>Whether another one asks for the same at the same place.</summary>
    public bool IsFor(JobRequest other) => To == other.To && Node == other.Node && What.SequenceEqual(other.What, StringComparer.Ordinal);
}

/// <summary>How soon a download has its turn.</summary>
public enum JobPriority
{
    /// <summary>After all others; it gives way while one that is high waits.</summary>
    Low = -1,

    /// <summary>In the order in which they were asked for.</summary>
    Normal = 0,

    /// <summary>Before all others.</summary>
    High = 1,
}

/// <summary>How a download stands.</summary>
public enum JobState
{
    /// <summary>It waits for its turn.</summary>
    Waiting,

    /// <summary>It is being fetched.</summary>
    Running,

    /// <summary>Its user stopped it; it can go on.</summary>
    Paused,

    /// <summary>Everything is there.</summary>
    Done,

    /// <summary>Not everything came; its problems say why. It can be tried again.</summary>
    Failed,

    /// <summary>Its user gave it up.</summary>
    Cancelled,
}

/// <summary>Why something was not fetched.</summary>
/// <param name="Path">What.</param>
/// <param name="Kind">Kind of the failure.</param>
/// <param name="Message">In words.</param>
public sealed record JobProblem(string Path, FailureKind Kind, string Message);

/// <summary>How far a download is.</summary>
/// <param name="Current">A file in hand.</param>
/// <param name="Done">Bytes that are there and verified.</param>
/// <param name="Total">Bytes in all; null while that is not known.</param>
/// <param name="Fetched">Bytes that had to be fetched.</param>
/// <param name="Files">Files that are whole.</param>
/// <param name="AlreadyThere">Of them, those that were before.</param>
/// <param name="Paid">Micro-credits that were promised for it.</param>
public sealed record JobProgress(string Current, long Done, long? Total, long Fetched, int Files, int AlreadyThere, long Paid = 0)
{
    /// <summary>Who gave how much, those that gave most first.</summary>
    public IReadOnlyList<JobSource> Sources { get; init; } = [];

    /// <summary>Who gave how much, by what they are; of all of them.</summary>
    public JobOrigins From { get; init; }

    /// <summary>Nothing was done yet.</summary>
    public static JobProgress None { get; } = new(string.Empty, 0, null, 0, 0, 0);
}

/// <summary>Somebody who gave parts of a download.</summary>
/// <param name="Address">Where.</param>
/// <param name="Bytes">How much of it was verified.</param>
public sealed record JobSource(string Address, long Bytes)
{
    /// <summary>Sources that are told of; a swarm has many.</summary>
    public const int Max = 64;

    /// <summary>What it is.</summary>
    public JobSourceKind Kind { get; init; }
}

/// <summary>What a source of downloads is.</summary>
public enum JobSourceKind
{
    /// <summary>Not known: it was noted before that was told.</summary>
    Unknown,

    /// <summary>A node of the community, or any other server.</summary>
    Node,

    /// <summary>Somebody who has it, or is fetching it too.</summary>
    Peer,

    /// <summary>A node that keeps what is hot.</summary>
    Cache,
}

/// <summary>Bytes by what gave them.</summary>
/// <param name="Nodes">By nodes.</param>
/// <param name="Peers">By other users.</param>
/// <param name="Caches">By caches.</param>
public readonly record struct JobOrigins(long Nodes, long Peers, long Caches)
{
    /// <summary>Both together.</summary>
    public JobOrigins Plus(JobOrigins other) => new(Nodes + other.Nodes, Peers + other.Peers, Caches + other.Caches);
}

/// <summary>What a download fetched in the runs before this one.</summary>
/// <param name="Fetched">Bytes.</param>
/// <param name="From">Who gave them.</param>
public readonly record struct JobEarlier(long Fetched, JobOrigins From);

/// <summary>A download of a user.</summary>
/// <param name="Id">Counts up from 1.</param>
/// <param name="Request">What is wanted.</param>
/// <param name="State">How it stands.</param>
/// <param name="Added">When it was asked for.</param>
/// <param name="Ended">When it ended; null while it did not.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="Seconds">How long it has run in all.</param>
/// <param name="Problems">What could not be fetched.</param>
public sealed record DownloadJob(
    long Id, JobRequest Request, JobState State, DateTimeOffset Added, DateTimeOffset? Ended, JobProgress Progress, double Seconds,
    IReadOnlyList<JobProblem> Problems)
{
    /// <summary>How soon it has its turn.</summary>
    public JobPriority Priority { get; init; }

    /// <summary>Its place among those of the same priority, the lowest first; null for its id.</summary>
    public long? Place { get; init; }

    /// <summary>What was fetched in earlier runs; the progress tells of the last one alone.</summary>
    public JobEarlier Earlier { get; init; }

    /// <summary>Bytes that were fetched in all runs.</summary>
    [JsonIgnore]
    public long FetchedInAll => Earlier.Fetched + Progress.Fetched;

    /// <summary>Who gave them.</summary>
    [JsonIgnore]
    public JobOrigins FromInAll => Earlier.From.Plus(Progress.From);

    /// <summary>Nothing more happens to it by itself.</summary>
    public bool HasEnded => State is JobState.Done or JobState.Failed or JobState.Cancelled;
}

/// <summary>Keeps a user's downloads, so that they survive what carries them out.</summary>
public interface IJobBook
{
    /// <summary>All of them, the oldest first; what cannot be read is left out.</summary>
    IReadOnlyList<DownloadJob> All();

    /// <summary>Keeps one in the place of its earlier state; null, or why that failed.</summary>
    Failure? Keep(DownloadJob job);

    /// <summary>Forgets one.</summary>
    void Forget(long id);
}
