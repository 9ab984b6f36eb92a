using Cete.Actors;

namespace Cete.Benchmarks.Actors;

/// <summary>What is sent in the comparison. One instance is sent over and over, so that only the way of it is measured.</summary>
public sealed class Letter
{
    /// <summary>The only one.</summary>
    public static Letter Only { get; } = new();
}

/// <summary>Counts what arrives and says when a round is complete: the same work on each side of a comparison.</summary>
public sealed class Rounds(int size) : IDisposable
{
    private readonly ManualResetEventSlim _complete = new();
    private int _arrived;

    /// <summary>One more has arrived. Called by one reader only.</summary>
    public void Count()
    {
        if (++_arrived == size)
        {
            _arrived = 0;
            _complete.Set();
        }
    }

    /// <summary>Waits for the end of a round and begins the next.</summary>
    public void Await()
    {
        _complete.Wait();
        _complete.Reset();
    }

    /// <inheritdoc/>
    public void Dispose() => _complete.Dispose();
}

/// <summary>The reader of letters as an actor.</summary>
public sealed class Reader(Rounds rounds) : Actor<Letter>
{
    /// <inheritdoc/>
    protected override void Receive(Letter message) => rounds.Count();
}
