using Cete.Core;

namespace Cete.Consensus;

/// <summary>
/// What is to be done for a member of a group, in the order given. Writes are numbered and become durable in that order, none before the one
/// in front of it; <see cref="ConsensusInput.Persisted"/> says how far they are. The machine holds back itself what must not be said before.
/// </summary>
public abstract record ConsensusEffect
{
    private ConsensusEffect()
    {
    }

    /// <summary>Make term and vote durable.</summary>
    public sealed record PersistState(long Write, long Term, KeyId? VotedFor) : ConsensusEffect;

    /// <summary>Make entries durable, in the place of all that stood at the first one's index and behind it.</summary>
    public sealed record Append(long Write, IReadOnlyList<ConsensusEntry> Entries) : ConsensusEffect;

    /// <summary>Drop the whole log and let it go on behind a snapshot.</summary>
    public sealed record ResetLog(long Write, long Index, long Term) : ConsensusEffect;

    /// <summary>Send a message; that it may be lost is expected.</summary>
    public sealed record Send(KeyId To, RaftMessage Message) : ConsensusEffect;

    /// <summary>Everything up to this index is committed, durable here, and may be applied.</summary>
    public sealed record Commit(long Index) : ConsensusEffect;

    /// <summary>Role, term or leader changed; they are read from the machine.</summary>
    public sealed record RoleChanged : ConsensusEffect
    {
        public static RoleChanged Instance { get; } = new();
    }

    /// <summary>Who reads sees everything once this index is applied.</summary>
    public sealed record ReadReady(long Token, long Index) : ConsensusEffect;

    /// <summary>This member does not lead any more: ask who does.</summary>
    public sealed record ReadFailed(long Token) : ConsensusEffect;

    /// <summary>Read entries back from the log, for a member that lacks them: at least the first, at most up to the last.</summary>
    public sealed record Load(KeyId For, long From, long To) : ConsensusEffect;

    /// <summary>The leader's log does not reach back to what this member lacks: fetch a snapshot from it, of this index or a later one.</summary>
    public sealed record FetchSnapshot(KeyId From, long Index) : ConsensusEffect;

    /// <summary>A member said what no member that follows the rules can say. It is ignored, and worth an operator's look.</summary>
    public sealed record Misbehaved(KeyId Who, string What) : ConsensusEffect;
}
