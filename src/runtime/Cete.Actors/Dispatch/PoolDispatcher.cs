using Cete.Core;

namespace Cete.Actors;

/// <summary>Runs actors on the thread pool of .NET: for actors that never block.</summary>
public sealed class PoolDispatcher : IDispatcher
{
    private readonly int _throughput;

    /// <summary>Makes a dispatcher.</summary>
    /// <param name="throughput">
    /// Messages that an actor may handle in one turn, at least 1, before others get theirs. Higher is faster for busy actors and less
    /// fair to the rest.
    /// </param>
    /// <exception cref="CheckFailedException"><paramref name="throughput"/> is below 1.</exception>
    public PoolDispatcher(int throughput = 128)
    {
        Check.That(throughput >= 1);
        _throughput = throughput;
    }

    /// <summary>The one that systems use unless told otherwise.</summary>
    public static PoolDispatcher Shared { get; } = new();

    /// <inheritdoc/>
    public void Schedule(IRunnable work)
    {
        // A cell is its own work item, so that waking an actor allocates nothing.
        IThreadPoolWorkItem item = work is ActorCell cell && ReferenceEquals(cell.Dispatcher, this) ? cell : new Item(this, work);
        ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);
    }

    internal void Turn(IRunnable work)
    {
        if (work.Run(_throughput))
        {
            Schedule(work);
        }
    }

    private sealed class Item(PoolDispatcher dispatcher, IRunnable work) : IThreadPoolWorkItem
    {
        public void Execute() => dispatcher.Turn(work);
    }
}
