using Cete.Core;

namespace Cete.Groups;

/// <summary>
/// A service's rules: deterministic and synchronous. From the same entries every replica must come to the same store, so
/// <see cref="Apply"/> sees the command and its store, nothing else: no clock, no chance, no culture, ordered SELECTs only.
/// </summary>
public interface IStateMachine
{
    /// <summary>The newest apply level that this code knows, 1 or more.</summary>
    int LevelMax { get; }

    /// <summary>Brings the store from <paramref name="level"/> - 1 to <paramref name="level"/>. Level 1 makes the first tables.</summary>
    void Raise(int level, SqlSession sql);

    /// <summary>Carries out one command. A failure undoes what it wrote; it is an answer like any other and is remembered.</summary>
    Outcome<ReadOnlyMemory<byte>> Apply(AppliedCommand command, ApplyContext context);

    /// <summary>
    /// A command failed, and what it wrote is undone. What is written here stays, so refusals can be counted; as deterministic as <see cref="Apply"/>,
    /// and without events. Nothing by itself.
    /// </summary>
    void Refused(AppliedCommand command, Failure failure, ApplyContext context)
    {
    }
}

/// <summary>What a command may touch.</summary>
public sealed class ApplyContext(SqlSession sql, int level)
{
    private readonly List<(string Type, byte[] Body)> _events = [];

    /// <summary>The group's store, within the command's savepoint.</summary>
    public SqlSession Sql { get; } = sql;

    /// <summary>The apply level of the group: code keeps the old behaviour below the level that brought a new one.</summary>
    public int Level { get; } = level;

    internal IReadOnlyList<(string Type, byte[] Body)> Events => _events;

    /// <summary>Bytes of the largest event.</summary>
    internal int EventBytes { get; private set; }

    /// <summary>
    /// Adds an event to the group's feed, if the command succeeds. A command fails that has one of more than <see cref="Limits.EventBytesMax"/>
    /// bytes: others could not import it.
    /// </summary>
    public void Emit(string type, ReadOnlySpan<byte> body)
    {
        EventBytes = Math.Max(EventBytes, body.Length);
        _events.Add((type, body.ToArray()));
    }
}
