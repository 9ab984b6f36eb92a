using Cete.Consensus;

namespace Cete.Groups;

/// <summary>How groups run on a node. All but <see cref="Readers"/> may change while they do.</summary>
public sealed record GroupSettings
{
    /// <summary>Bytes that a store writes before it makes a checkpoint: more makes restarts longer, less makes writes dearer.</summary>
    public long CheckpointBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Connections that read, a group: bounds what slow queries can hold up.</summary>
    public int Readers { get; init; } = 2;

    /// <summary>How long an answer is waited for before the asker is told to ask again.</summary>
    public TimeSpan AnswerDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How eager members are; taken up at the start of a replica.</summary>
    public RaftSettings Raft { get; init; } = new();

    /// <summary>How long a store that failed (a full disk) is left alone before it is tried again.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);
}
