using Cete.Core;
using Cete.Ports;
using Cete.Swarm;

namespace Cete.Net.Swarms;

/// <summary>Leaves of one piece that came, while they are verified and written. A value, so that a leaf costs no memory of its own.</summary>
/// <param name="Leaves">The hashes of the leaves of their piece.</param>
/// <param name="First">The first leaf.</param>
/// <param name="Data">Their bytes.</param>
internal readonly record struct LeafWork(LeafHashes Leaves, int First, ReadOnlyMemory<byte> Data)
{
    /// <summary>What the bytes stand in, if nothing else of it is in use any more afterwards.</summary>
    public byte[]? Buffer { get; init; }

    /// <summary>They are the last leaves of the piece.</summary>
    public bool EndsPiece { get; init; }

    /// <summary>Whether it is done.</summary>
    public bool IsDone => Task?.IsCompleted ?? true;

    private Task<Outcome<bool>>? Task { get; init; }

    private Outcome<bool> Outcome { get; init; }

    /// <summary>Does it here and now.</summary>
    public LeafWork Do(IContentFile target) => this with { Outcome = target.WriteLeaves(Leaves, First, Data.Span) };

    /// <summary>Has it done by another thread.</summary>
    public LeafWork Begin(IContentFile target)
    {
        var work = this;
        return this with { Task = System.Threading.Tasks.Task.Run(() => work.Do(target).Outcome, CancellationToken.None) };
    }

    /// <summary>What came of it.</summary>
    public ValueTask<Outcome<bool>> EndAsync() => Task is null ? new(Outcome) : new(Task);
}
